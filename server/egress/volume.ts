/** How many people one connection may be told of, and what its past says is usual; all times are milliseconds. */
export interface Volume {
  /** Counts one person at `at`; undefined, or the limit that this would break, and then it is not counted. */
  add(person: string, at: number, inOpenChat: boolean): Limit | undefined;
  /** Counts what was sent before, oldest first, and refuses nothing; `usual` only: it fills no window of now. */
  remember(person: string, at: number, only?: 'usual'): void;
}

/** A limit by the name of its window. */
export type Limit = 'minute' | 'hour' | 'day' | 'minute without an open chat';

const windows = [
  // `floor`: no window is full below it, so that a small brand is not stopped by its third chat. `least`: how many windows
  // with anything in them a connection must have behind it before its past says what is usual.
  { name: 'minute', ms: 60_000, floor: 20, least: 60 },
  { name: 'hour', ms: 3_600_000, floor: 100, least: 24 },
  { name: 'day', ms: 86_400_000, floor: 500, least: 5 },
] as const;

/** Over the 99th percentile of the past by this much is too many (SECURITY.md control 6). */
const times = 3;
/** So many people a minute may be sent with no open chat (control 6). */
const mostWithout = 20;
/** How far back the past goes, milliseconds: a week, so that each day of it counts once. */
export const pastMs = 7 * 86_400_000;

/** The value that 99 of 100 do not exceed (nearest rank). */
export function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
}

/** Distinct people of the last `ms`, oldest first: a Map keeps the order of insertion. */
function slidingCount(ms: number) {
  const people = new Map<string, number>();
  let newest = 0;
  return {
    has: (person: string) => people.has(person),
    /** How many there are at `at`; those who came later, when sends come out of order, are counted too. */
    size(at: number): number {
      newest = Math.max(newest, at);
      for (const [person, when] of people) {
        if (when > newest - ms) break;
        people.delete(person);
      }
      return people.size;
    },
    add(person: string, at: number): void {
      people.delete(person);
      people.set(person, at);
    },
    /** False for what lies before the window: it was counted when it was new. */
    covers: (at: number) => at > newest - ms,
  };
}

/** One count per whole minute, hour or day that had anybody in it, of the last week. */
function past(ms: number, floor: number, least: number) {
  const counts: { slot: number; n: number }[] = [];
  let open: { slot: number; people: Set<string> } | undefined;
  let known: number | undefined;
  return {
    /** Worked out once a slot, when it is asked for: a week of minutes is sorted at most once a minute. */
    limit(): number {
      const usual = () => Math.max(floor, times * p99(counts.map((c) => c.n)));
      known ??= counts.length < least ? Number.POSITIVE_INFINITY : usual();
      return known;
    },
    add(person: string, at: number): void {
      const slot = Math.floor(at / ms);
      if (open && slot < open.slot) return; // late: its own time is over
      if (open?.slot === slot) return void open.people.add(person);
      if (open) counts.push({ slot: open.slot, n: open.people.size });
      while (counts[0] && counts[0].slot <= slot - pastMs / ms) counts.shift();
      open = { slot, people: new Set([person]) };
      known = undefined;
    },
  };
}

/**
 * Counts the people of one connection (SECURITY.md control 6). A limit is three times the 99th percentile of the counts of
 * the non-empty minutes, hours and days of the last week, never below a floor, and only after a least number of them; and
 * 20 people a minute with no open chat, from the first day. Which percentile, floors and least numbers are guesses about
 * control 6, which gives the factor alone.
 */
export function createVolume(): Volume {
  const all = windows.map((w) => ({ ...w, now: slidingCount(w.ms), past: past(w.ms, w.floor, w.least) }));
  const without = slidingCount(60_000);
  function remember(person: string, at: number, only?: 'usual'): void {
    for (const w of all) {
      w.past.add(person, at);
      if (only) continue;
      w.now.size(at);
      if (w.now.covers(at)) w.now.add(person, at);
    }
  }
  return {
    remember,
    add(person, at, inOpenChat) {
      for (const w of all) {
        const n = w.now.size(at);
        if (!w.now.has(person) && w.now.covers(at) && n >= w.past.limit()) return w.name;
      }
      if (!inOpenChat) {
        const n = without.size(at);
        if (!without.has(person) && without.covers(at) && n >= mostWithout) return 'minute without an open chat';
        if (without.covers(at)) without.add(person, at);
      }
      remember(person, at);
      return undefined;
    },
  };
}
