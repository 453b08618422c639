import type { Entry } from '#contract/chat.ts';
import { type HubClient, HubError } from '#contract/client.ts';
import type { Score } from '#contract/survey.ts';
import type { Keep } from './keep.ts';
import type { Cell, Ending } from './state.ts';
import { plain, words } from './words.ts';

/** What a visitor can do at the end of a chat. */
export function endingOf(
  cell: Cell,
  around: {
    client: HubClient;
    keep: Keep;
    newId: () => string;
    take: (entries: Entry[]) => void;
    /** Sends what waits; true where nothing is left. */
    sent: () => Promise<boolean>;
  },
) {
  const { client, keep, newId, take, sent } = around;
  let running: Promise<boolean> | undefined;
  /** The same mailing keeps its id until it is acknowledged, so that a lost answer mails nothing twice. */
  let mailing: { to: string; clientId: string } | undefined;
  const set = (part: Ending) => cell.set({ ending: { ...cell.get().ending, ...part } });

  /** Nothing here is tried again by itself, so the words are those of a press that did not get through. */
  const said = (status: number) => (status === 0 ? words.noAnswerBegin : plain(status));

  /** Does one thing; a refusal stands as a sentence. The result says whether it was done. */
  async function once(act: () => Promise<void>, refused: (status: number) => string = said): Promise<boolean> {
    if (cell.get().ending.busy) return false;
    running = attempt(act, refused);
    return running;
  }
  async function attempt(act: () => Promise<void>, refused: (status: number) => string): Promise<boolean> {
    set({ busy: true, note: undefined, mailed: undefined });
    try {
      await act();
      set({ busy: false });
      return true;
    } catch (error) {
      set({ busy: false, note: refused(error instanceof HubError ? error.status : 0) });
      return false;
    }
  }
  async function read(): Promise<void> {
    set({ copy: await client.call('chatTranscript', { lang: words.tag }) });
  }

  return {
    /** Opens the second step or the copy, or puts either away. */
    show(shown: Ending['shown']): void {
      set({ shown, note: undefined, copy: undefined, mailed: undefined });
      if (shown !== 'copy') return;
      // Opened while a rating is on its way, it is read after that.
      void Promise.resolve(cell.get().ending.busy && running).then(() => once(read));
    },
    /**
     * Ends the chat. What waits to be sent goes first, so that it neither is lost with this page nor opens the chat again;
     * where it cannot, the chat goes on, and a sentence says why (R62). Whoever goes on chatting meanwhile ends nothing.
     */
    async end(): Promise<boolean> {
      let over = false;
      const { shown } = cell.get().ending;
      await once(async () => {
        if (!(await sent())) return set({ note: words.endUnsent });
        if (cell.get().ending.shown !== shown) return;
        await client.call('chatEnd', {});
        over = true;
        set({ shown: undefined });
      });
      return over;
    },
    mail: (to: string): Promise<boolean> =>
      once(
        async () => {
          if (mailing?.to !== to) mailing = { to, clientId: newId() };
          const { entry } = await client.call('chatMail', { ...mailing, lang: words.tag });
          mailing = undefined;
          take([entry]);
          set({ mailed: to });
          await read();
        },
        (status) =>
          status === 400
            ? words.badEmail(true)
            : status === 409
              ? words.mailStopped
              : status === 429
                ? words.mailedOften
                : said(status),
      ),
    rate: (score: Score, comment: string): Promise<boolean> =>
      once(
        async () => take([(await client.call('chatRate', { score, comment })).entry]),
        (status) => (status === 409 ? words.notAsked : said(status)),
      ),
    /** Changes nothing, and is kept only here. */
    skip(): void {
      keep.saveSkipped();
      set({ skipped: true, note: undefined });
    },
  };
}
