import type { Entry } from '#contract/chat.ts';
import type { Country } from '#contract/places.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import type { Tx } from '../store/open.ts';
import { actingSignals, dntActs } from '../store/signals.ts';
import { isNewCountry, keepCountry } from './country.ts';
import type { OptOutDeps } from './opt-out.ts';
import { byConsent, propagateAll } from './propagation.ts';
import { stopPerson } from './under-way.ts';

/** A wish of the browser that came with a request: Global Privacy Control, or Do Not Track. */
export type Signal = 'gpc' | 'dnt';

/** What a request tells without a word of the visitor's: its signals, and the country of its network address. */
export interface Heard {
  signals: readonly Signal[];
  /** Absent where the address names none: a private one, or one nobody knows. */
  country?: Country;
}

/** Whom a signal binds: the person whose call carried it. */
interface Bound {
  brandId: string;
  subjectId: string;
}

const names = { 'sec-gpc': 'gpc', dnt: 'dnt' } as const;

/**
 * The signals in raw header lines (name, value, name, value …): one line that is exactly `1` is enough, anything else is
 * ignored (GATE.md h). Joined values would hide the difference between two lines and one `0, 1`; trailers are not here.
 */
export function heardIn(rawHeaders: readonly string[]): Signal[] {
  const heard = rawHeaders.flatMap((name, at) => {
    const kind = at % 2 === 0 ? names[name.toLowerCase() as keyof typeof names] : undefined;
    return kind && rawHeaders[at + 1] === '1' ? [kind] : [];
  });
  return [...new Set(heard)];
}

/** The signal in force for a person, and whether anything could have been shared before it (GATE.md h). */
export function signalInForce(
  read: Pick<Tx, 'hot'>,
  { brandId, subjectId }: Bound,
): { kind: Signal; late: boolean } | undefined {
  const closure = closureOf(read, brandId, subjectId);
  const first = actingSignals(read, brandId, closure)[0];
  if (!first) return undefined;
  const late = everyoneIn(closure).some((id) =>
    read
      .hot(
        `select 1 as ok from consent_event where brand_id = ? and subject_id = ? and seq < ? and type in ('given', 'renewed')
         union all select 1 from disclosure where brand_id = ? and subject_id = ? and claim_seq < ? limit 1`,
      )
      .get(brandId, id, first.seq, brandId, id, first.seq),
  );
  return { kind: first.kind, late };
}

/** Of the signals a browser nobody knows sends, the one this brand acts on. */
export function actingHere(read: Pick<Tx, 'hot'>, brandId: string, heard: readonly Signal[]): Signal | undefined {
  return heard.find((kind) => kind === 'gpc' || dntActs(read, brandId));
}

const seen = (read: Pick<Tx, 'hot'>, { brandId, subjectId }: Bound, kind: Signal) =>
  read
    .hot('select 1 as ok from signal_seen where brand_id = ? and subject_id = ? and kind = ?')
    .get(brandId, subjectId, kind) !== undefined;

/** What a request does before it is answered: `inside` belongs into the request's own commit, `after` behind it. */
export interface Hearing {
  inside(tx: Tx, who: Bound): void;
  after(): void;
}

/**
 * Takes signals as the opt-out they are (GATE.md e), and a country nobody knew of as the new candidate it is (GATE.md d):
 * a row on change only, and where either acts the epoch rises, every open question dies and what is queued is decided
 * again, all in one commit. A signal's later absence is no change: it re-opens nothing, and its return takes no newer yes
 * away.
 */
export function hearing(d: OptOutDeps, { signals, country }: Heard): Hearing {
  let stopped: { brandId: string; root: string; entries: Entry[] } | undefined;
  return {
    inside(tx, who) {
      stopped = undefined; // a write job may run twice
      const fresh = signals.filter((kind) => !seen(tx, who, kind));
      for (const kind of fresh)
        tx.hot('insert into signal_seen (id, brand_id, subject_id, kind, value, seq) values (?, ?, ?, ?, ?, ?)').run(
          d.ids(),
          who.brandId,
          who.subjectId,
          kind,
          '1',
          tx.seq(),
        );
      const moved = keepCountry(tx, d, who, country);
      const closure = closureOf(tx, who.brandId, who.subjectId);
      const acts = actingSignals(tx, who.brandId, closure).some((s) => fresh.includes(s.kind));
      // What a contract let leave is none of a signal's business: D13 stands before D17.
      if (acts) propagateAll(tx, d, who, 'suppress', byConsent);
      if (acts || moved) stopped = { brandId: who.brandId, root: closure.root, entries: stopPerson(tx, d, who) };
    },
    after() {
      if (!stopped) return;
      d.fence.cancel({ subjectId: stopped.root });
      d.publish(stopped.entries, stopped.brandId);
    },
  };
}

/** Stores what was heard from a person that is known already, in force when this resolves; nothing new writes nothing. */
export async function noteHeard(d: OptOutDeps, who: Bound, heard: Heard): Promise<void> {
  const { read } = d.store;
  if (heard.signals.every((kind) => seen(read, who, kind)) && !isNewCountry(read, d, who, heard.country)) return;
  const { inside, after } = hearing(d, heard);
  await d.store.write((tx) => inside(tx, who));
  after();
}
