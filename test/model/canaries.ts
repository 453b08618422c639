import type { Purpose } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import type { Simulator } from '../support/simulator.ts';
import { type Chat, care, crm, openChat, openPreferences, type Setting, until } from '../unit/hub/stage.ts';

/** What each purpose of the HubSpot adapter declares. */
export const declared: Record<typeof crm | typeof care, Field[]> = {
  [crm]: ['name', 'email', 'phone'],
  [care]: ['transcript'],
};
type Asked = keyof typeof declared;

/** One thing somebody does; `wait` says whether the next one waits for its answer. */
export type Act = { wait: boolean } & (
  | { do: 'send'; who: number; purpose: Asked }
  | { do: 'answer'; who: number; purpose: Asked; yes: Field[] }
  | { do: 'opt-out' | 'signal' | 'message'; who: number }
  | { do: 'turns'; turns: number }
);

/** Markers no other person and no other field has. */
type Marks = Record<'name' | 'email' | 'phone' | 'transcript', string>;
const marksOf = (n: number): Marks => ({
  name: `Canaryname${n}q Markedfamily${n}q`,
  email: `canary.mail${n}q@brandt.example`,
  phone: `+45 99 88 ${String(100_000 + n).slice(1)}`,
  transcript: `canaryword${n}q`,
});
/** What of a marker is looked for in raw bytes: the adapter cuts a name in two. */
const trace = (field: keyof Marks, marks: Marks) => marks[field].split(' ')[field === 'phone' ? 3 : 0] as string;

/** A person of one run: how often they were acknowledged, and whether they said yes again since. */
export interface Player {
  chat: Chat;
  marks: Marks;
  subject: string;
  optOut(): Promise<unknown>;
  /** Writes about this person that stood when an opt-out was acknowledged and no later yes was begun. */
  writesAtAck: number | undefined;
  /** Yeses begun so far, and those of them under way. */
  yeses: number;
  saying: number;
  /** A signal that was heard before takes no newer yes away (GATE.md h). */
  signalled: boolean;
}

/** What egress did with its leases since the watch began: each is one intent to write, committed before. */
export interface Watch {
  /** Disclosures and renewals: leases opened. */
  opened: number;
  /** Leases that ended without a write: an opt-out, a partner out of reach, a lease too old. */
  lapsed: number;
  /** Calls handed to a socket. */
  written: number;
  writesOf: Map<string, number>;
  faults: string[];
}

/** Listens at the fence of a hub: what it opens, and what is written under it. */
export function watchFence({ door }: Setting): Watch {
  const { fence } = door.hub.deps;
  const { open, written, forget } = fence;
  const live = new Set<string>();
  const person = new Map<string, string>();
  const watch: Watch = { opened: 0, lapsed: 0, written: 0, writesOf: new Map(), faults: [] };
  fence.open = (lease) => {
    watch.opened++;
    if (live.has(lease.disclosureId)) watch.lapsed++;
    live.add(lease.disclosureId);
    person.set(lease.disclosureId, lease.subjectId);
    open(lease);
  };
  fence.written = (id, cut) => {
    watch.written++;
    if (!live.delete(id)) watch.faults.push(`e.2.5: ${id} was written without a lease of its own`);
    const subject = person.get(id) ?? '';
    watch.writesOf.set(subject, (watch.writesOf.get(subject) ?? 0) + 1);
    written(id, cut);
  };
  fence.forget = (id) => {
    if (live.delete(id)) watch.lapsed++;
    forget(id);
  };
  return watch;
}

/** A person with a marker in every field and one in their words, and a preference page open beside the chat. */
export async function openPlayer(set: Setting, n: number): Promise<Player> {
  const { transcript, ...values } = marksOf(n);
  const chat = await openChat(set, values, `${transcript} in the chat`);
  const page = await openPreferences(set, chat);
  const row = set.door.store.read.hot('select subject_id from conversation where id = ?').get(chat.ada.conversation);
  return {
    chat,
    marks: marksOf(n),
    subject: row?.subject_id as string,
    optOut: () => page.choose('no'),
    writesAtAck: undefined,
    yeses: 0,
    saying: 0,
    signalled: false,
  };
}

const turn = () => new Promise((done) => setImmediate(done));

async function perform(watch: Watch, players: readonly Player[], act: Act): Promise<void> {
  if (act.do === 'turns') {
    for (let i = 0; i < act.turns; i++) await turn();
    return;
  }
  const player = players[act.who] as Player;
  const { chat } = player;
  if (act.do === 'send') await chat.press(act.purpose);
  if (act.do === 'message') await chat.message('and one more word');
  if (act.do === 'answer') {
    if (act.yes.length > 0) {
      player.yeses++;
      player.saying++;
      player.writesAtAck = undefined;
    }
    const fields = declared[act.purpose];
    await chat.answer(
      Object.fromEntries(fields.map((f) => [f, act.yes.includes(f) ? 'yes' : 'no'] as const)),
      act.purpose,
    );
    if (act.yes.length > 0) player.saying--;
  }
  if (act.do === 'opt-out' || act.do === 'signal') {
    const before = player.saying === 0 ? player.yeses : undefined;
    const heard = act.do === 'signal' && player.signalled;
    if (act.do === 'signal') player.signalled = true;
    if (act.do === 'opt-out') await player.optOut();
    else await chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, 'sec-gpc': '1' });
    // A yes that was on its way meanwhile may have come after it, and then it counts.
    if (player.yeses === before && !heard) player.writesAtAck ??= watch.writesOf.get(player.subject) ?? 0;
  }
}

/** Does what the plan says, everything of it under way at once where nothing is waited for; then brings all to rest. */
export async function play(
  { door }: Setting,
  simulator: Simulator,
  watch: Watch,
  players: readonly Player[],
  acts: readonly Act[],
): Promise<void> {
  const doing: Promise<void>[] = [];
  for (const act of acts) {
    const done = perform(watch, players, act);
    doing.push(done);
    if (act.wait) await done;
  }
  await Promise.all(doing);
  const { runner } = door.hub.deps;
  const left = () => door.store.read.hot("select 1 as ok from share where state in ('queued', 'sending')").get();
  simulator.faults.length = 0;
  do {
    await door.store.write((tx) => tx.exec("update share set not_before_ms = 0 where state = 'queued'"));
    runner.wake();
    let idle = false;
    void runner.idle().then(() => {
      idle = true;
    });
    await until('all is at rest', () => {
      simulator.release();
      return idle;
    });
  } while (left());
}

interface Disclosed {
  id: string;
  subject: string;
  integration: string;
  purpose: Purpose;
  seq: number;
  fields: Field[];
  outcome: string | null;
}

const occurrences = (text: string, part: string) => text.split(part).length - 1;

/** Compares what arrived with what the ledger says of these people; returns what is wrong. */
export function judgeArrivals(
  { door }: Setting,
  simulator: Simulator,
  watch: Watch,
  players: readonly Player[],
): string[] {
  const faults = [...watch.faults];
  const raw = simulator.raw().join('\0');
  const { read } = door.store;
  for (const { subject, marks, writesAtAck } of players) {
    const rows = read
      .hot(
        `select x.id, x.subject_id as subject, x.integration_id as integration, x.purpose, x.claim_seq as seq,
         x.fields_json as fields, o.state as outcome from disclosure x
         left join outcome o on o.disclosure_id = x.id where x.subject_id = ?`,
      )
      .all(subject)
      .map((r) => ({ ...r, fields: JSON.parse(r.fields as string) }) as unknown as Disclosed);
    for (const d of rows) faults.push(...judgeClaim(read, d));
    for (const field of Object.keys(marks) as (keyof Marks)[]) {
      const out = rows.filter((d) => d.fields.includes(field) && (d.outcome === 'sent' || d.outcome === 'unknown'));
      const arrived = occurrences(raw, trace(field, marks));
      if (arrived !== out.length)
        faults.push(`I1: ${trace(field, marks)} arrived ${arrived} times; the ledger names it ${out.length} times`);
    }
    const writes = watch.writesOf.get(subject) ?? 0;
    if (writesAtAck !== undefined && writes !== writesAtAck)
      faults.push(`I4: ${writes - writesAtAck} writes about ${marks.email} after its opt-out was acknowledged`);
    if (writes > 0 !== rows.some((d) => d.outcome === 'sent' || d.outcome === 'unknown'))
      faults.push(`GATE-a: ${writes} writes about ${marks.email}, and the outcomes say otherwise`);
  }
  const count = (table: string) => read.hot(`select count(*) as n from ${table}`).get()?.n as number;
  const intents = count('disclosure') + count('renewed');
  if (watch.opened !== intents) faults.push(`I1: ${watch.opened} leases for ${intents} committed intents`);
  if (simulator.calls !== intents - watch.lapsed)
    faults.push(`I1: ${simulator.calls} calls arrived for ${intents} intents, ${watch.lapsed} of them unused`);
  return faults;
}

/** I2: at its claim the last answer was a yes to each of these fields, later than every signal. */
function judgeClaim(read: Setting['door']['store']['read'], d: Disclosed): string[] {
  if (d.outcome === null) return [`${d.id} has no outcome`];
  const head = read
    .hot(
      `select seq, type, fields_json from consent_event where subject_id = ? and integration_id = ? and purpose = ?
       and type not in ('requested', 'deferred') and seq < ? order by seq desc limit 1`,
    )
    .get(d.subject, d.integration, d.purpose, d.seq);
  const signal = read
    .hot('select max(seq) as seq from signal_seen where subject_id = ? and seq < ?')
    .get(d.subject, d.seq)?.seq as number | null;
  const granted = head?.type === 'given' || head?.type === 'renewed';
  if (!granted) return [`I2: ${d.id} was claimed under ${head?.type ?? 'no answer'}`];
  const yes = JSON.parse(head?.fields_json as string) as Field[];
  if (d.fields.some((f) => !yes.includes(f))) return [`I2: ${d.id} claims more than was granted`];
  return signal !== null && signal > (head?.seq as number) ? [`I2: ${d.id} was claimed after a signal`] : [];
}
