import type { Entry } from '#contract/chat.ts';
import { type HubClient, HubError } from '#contract/client.ts';
import { type EntryOf, isOff, items, type Topic, topicKey } from './log.ts';
import type { Asking, Cell, State } from './state.ts';
import { words } from './words.ts';

/** A yes or no by field name; fields left out count as not now. */
export type Said = Record<string, 'yes' | 'no'>;

/** What the visitor can do with questions. */
export function askingOf(
  cell: Cell,
  client: HubClient,
  take: (entries: Entry[], extra?: Partial<State>) => void,
  lang?: string,
) {
  const put = (topic: Topic, asking: Asking | undefined, extra: Partial<State> = {}) => {
    const { [topicKey(topic)]: _, ...rest } = cell.get().asking;
    cell.set({ asking: asking ? { ...rest, [topicKey(topic)]: asking } : rest, ...extra });
  };
  const at = (topic: Topic): Asking | undefined => cell.get().asking[topicKey(topic)];

  /** Fetching a question records that its notice was shown, so it happens only while the visitor can see it. */
  async function load(topic: Topic, again: boolean, note?: string, quiet = false): Promise<void> {
    if (!quiet) put(topic, { topic, again, step: 'loading' });
    try {
      const { integration, purpose } = topic;
      const question = await client.call('chatQuestion', { integration, purpose, ...(lang && { lang }) });
      if (!at(topic)) return; // answered or taken back meanwhile
      const said = {
        ...(quiet || (again && !note) ? {} : { said: note ?? words.arrived(question) }),
        ...(question.signal && { signal: true }),
      };
      put(topic, { topic, again, step: 'open', question, saving: false, more: false, ...(note && { note }) }, said);
    } catch (error) {
      const gone = error instanceof HubError && [403, 404, 409].includes(error.status);
      if (at(topic)) put(topic, { topic, again, step: 'failed', gone });
    }
  }

  return {
    /** Fetches every question that stands open in the log and is not on the screen yet. */
    tend(): void {
      const { open, log, asking } = cell.get();
      if (!open) return;
      for (const item of items(log))
        if (item.kind === 'question' && !asking[topicKey(item.topic)]) void load(item.topic, false);
    },
    /** The part of the state that changes when new entries close questions: answers, withdrawals, and new asking. */
    closed(added: readonly Entry[]): Pick<State, 'asking'> {
      const asking = { ...cell.get().asking };
      for (const entry of added) {
        if (entry.kind === 'answered' || entry.kind === 'asked') delete asking[topicKey(entry)];
        else if (entry.kind === 'withdrawn')
          for (const [key, { topic }] of Object.entries(asking)) if (isOff(entry, topic)) delete asking[key];
      }
      return { asking };
    },
    /** The notice changed: no answer to the old words counts any more, so the new ones stand in their place. */
    redraw(): void {
      for (const { topic, again, ...asking } of Object.values(cell.get().asking))
        if (asking.step === 'open' && !asking.saving) void load(topic, again, words.newWords);
    },
    retry: (topic: Topic): Promise<void> => load(topic, at(topic)?.again ?? false),
    /** Change: the question once more, under a new nonce; what was said holds until a new answer is stored. */
    change: (topic: Topic): Promise<void> => load(topic, true),
    leave: (topic: Topic): void => put(topic, undefined),
    more(topic: Topic): void {
      const asking = at(topic);
      if (asking?.step === 'open') put(topic, { ...asking, more: !asking.more });
    },
    /** One answer for the whole screen. The result is its entry, or undefined where nothing was stored. */
    async answer(topic: Topic, said: Said, later: boolean): Promise<EntryOf<'answered'> | undefined> {
      const asking = at(topic);
      if (asking?.step !== 'open' || asking.saving) return;
      const silent = later || Object.keys(said).length === 0;
      const { note: _, ...quiet } = asking;
      put(topic, { ...quiet, saving: true });
      try {
        const done = await client.call('chatAnswer', {
          nonce: asking.question.nonce,
          answers: silent ? {} : said,
          ...(silent && { later: true }),
        });
        if ('confirm' in done) {
          // After an opt-out a yes takes two steps: the same fields once more, on a screen of their own (GATE.md c).
          const fields = asking.question.fields.filter((f) => said[f.field] === 'yes');
          const question = { ...asking.question, nonce: done.confirm, fields };
          const note = words.onceMore(topic.partner);
          return void put(topic, { ...quiet, question, saving: false, note }, { said: note });
        }
        const { entry, receipt } = done;
        if (entry.kind !== 'answered') return;
        const receipts = { ...cell.get().receipts, ...(receipt && { [entry.seq]: receipt }) };
        take([entry], { said: words.status(entry), receipts });
        // A no ends the nonce of every other question on the screen (GATE.md c): each gets a new one before it is pressed.
        if (entry.no.length > 0)
          await Promise.all(
            Object.values(cell.get().asking).map((other) =>
              other.step === 'open' && !other.saving ? load(other.topic, other.again, undefined, true) : undefined,
            ),
          );
        return entry;
      } catch (error) {
        const dead = error instanceof HubError && error.problem?.type === '/problems/nonce-dead';
        // The stream may have brought another tab's answer meanwhile: then there is no question left.
        if (!at(topic)) return;
        if (dead) await load(topic, asking.again, words.ranOut);
        else put(topic, { ...quiet, saving: false, note: words.notSaved }, { said: words.notSaved });
      }
    },
  };
}
