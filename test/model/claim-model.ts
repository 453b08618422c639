/*
 * The claim protocol of GATE.md e as an explicit-state model. A design says what is checked when; the search walks every
 * interleaving of workers, visitor, clock, crash and reaper, and returns the shortest trace that breaks an invariant.
 */

/** The invariants of GATE.md b that e.4 judges a design by. */
export const invariants = ['I1', 'I2', 'I3', 'I4', 'I5'] as const;
/** One of them. */
export type Invariant = (typeof invariants)[number];

/** One way to build a gate: a row of GATE.md e.4. */
export interface Design {
  /** Where consent is read: when the share is queued, in a step before the send, or in the transaction that writes the row. */
  decide: 'queue' | 'send' | 'claim';
  /** Reads consent once more, in a step of its own before the write. */
  recheck: boolean;
  /** The claim opens a lease, and the acknowledgement waits until none is open. */
  lease: boolean;
  /** A worker may sleep longer than its lease. */
  pause: boolean;
  /** Asked in the tick of the write: nothing, the holder's own lease, or lease and epoch (one process). */
  fence: 'none' | 'lease' | 'lease+epoch';
  /** When the reaper counts a lease as over: after lease + skew, or before its holder does. */
  reaper: 'late' | 'early';
  /** A second request of the same share: never, after a renewed lease, or just written. */
  second: 'none' | 'renewed' | 'unfenced';
  /** A lock from the claim to the outcome, which the opt-out needs too. */
  lock: boolean;
  /** What the acknowledgement lists beside settled rows: open rows without a live lease, or also those that wrote. */
  lists: 'leaseless' | 'written';
}

type Place = 'new' | 'queued' | 'picked' | 'ready' | 'rechecked' | 'written' | 'answered' | 'dead' | 'over';
interface Worker {
  at: Place;
  row: boolean;
  /** The lease as the database sees it, and as its holder's clock does. */
  open: boolean;
  live: boolean;
  locked: boolean;
  writes: number;
  outcome: '' | 'sent' | 'unknown' | 'aborted';
  jobs: number;
}
interface State {
  /** The visitor: granted, opted out, or holding the acknowledgement. */
  visitor: 'yes' | 'no' | 'acknowledged';
  workers: Worker[];
}
/** What one event leads to, and what it broke. */
interface Step {
  event: string;
  to: State;
  breaks: Invariant[];
}

const fresh: Worker = {
  at: 'new',
  row: false,
  open: false,
  live: false,
  locked: false,
  writes: 0,
  outcome: '',
  jobs: 0,
};
const settledOut = (w: Worker) => w.row && (w.outcome === 'sent' || w.outcome === 'unknown');

/** Adds the one propagation job of a disclosure that is known to have left, once there is an opt-out (I5). */
const covered = (s: State, w: Worker): Worker =>
  s.visitor !== 'yes' && settledOut(w) && w.jobs === 0 ? { ...w, jobs: 1 } : w;
const ended = (s: State, w: Worker, outcome: Worker['outcome']): Worker =>
  covered(s, { ...w, at: 'over', open: false, live: false, locked: false, outcome: w.outcome || outcome });

function write(d: Design, s: State, w: Worker): { next: Worker; breaks: Invariant[] } {
  const passes = d.fence === 'none' || (w.live && (d.fence === 'lease' || s.visitor === 'yes'));
  const unfenced = w.writes > 0 && d.second === 'unfenced';
  if (!passes && !unfenced) return { next: ended(s, w, w.writes > 0 ? 'sent' : 'aborted'), breaks: [] };
  const breaks: Invariant[] = [];
  if (!w.row) breaks.push('I1');
  if (s.visitor !== 'yes') breaks.push('I3');
  if (s.visitor === 'acknowledged') breaks.push('I4');
  return { next: { ...w, at: 'written', writes: w.writes + 1, open: false, live: false }, breaks };
}

/** What one worker may do next, by itself. */
function worker(d: Design, s: State, w: Worker): { event: string; next: Worker; breaks?: Invariant[] }[] {
  const granted = s.visitor === 'yes';
  const stop = ended(s, w, 'aborted');
  const toWrite = { event: 'write', ...write(d, s, w) };
  switch (w.at) {
    case 'new':
      return [{ event: 'queue', next: d.decide === 'queue' && !granted ? stop : { ...w, at: 'queued' } }];
    case 'queued':
      return [{ event: 'pick', next: { ...w, at: 'picked' } }];
    case 'picked':
      if (d.decide === 'queue') return [toWrite];
      if (d.decide === 'send') return [{ event: 'check', next: granted ? { ...w, at: 'ready' } : stop }];
      if (!granted) return [{ event: 'claim', next: stop }];
      return [{ event: 'claim', next: { ...w, at: 'ready', row: true, open: d.lease, live: d.lease, locked: d.lock } }];
    case 'ready':
      if (d.recheck) return [{ event: 'recheck', next: granted ? { ...w, at: 'rechecked' } : stop }];
      return [toWrite];
    case 'rechecked':
      return [toWrite];
    case 'written':
      if (!w.row) return [{ event: 'record', next: { ...w, row: true }, breaks: granted ? [] : ['I2'] }];
      return [{ event: 'answer', next: { ...w, at: 'answered' } }];
    case 'answered': {
      const outcome = { event: 'outcome', next: ended(s, w, 'sent') };
      if (w.writes > 1 || d.second === 'none') return [outcome];
      if (d.second === 'unfenced') return [outcome, toWrite];
      const renewed = granted && w.outcome === '' ? { ...w, at: 'ready' as const, open: true, live: true } : undefined;
      return [outcome, { event: 'renew', next: renewed ?? ended(s, w, 'sent') }];
    }
    case 'dead':
      return [{ event: 'restart', next: ended(s, w, w.row ? 'unknown' : '') }];
    case 'over':
      return [];
  }
}

/** Clock, reaper and crash, as they may hit one worker. */
function fate(d: Design, s: State, w: Worker): { event: string; next: Worker }[] {
  const list: { event: string; next: Worker }[] = [];
  const running = w.at !== 'new' && w.at !== 'dead' && w.at !== 'over';
  if (running) list.push({ event: 'crash', next: { ...w, at: 'dead', live: false, locked: false } });
  if (w.live && d.pause) list.push({ event: 'lease ends', next: { ...w, live: false } });
  if (w.open && (d.reaper === 'early' || !w.live))
    list.push({ event: 'reap', next: covered(s, { ...w, open: false, outcome: w.outcome || 'unknown' }) });
  return list;
}

/** What the acknowledgement names: settled rows, and open ones that may be out. */
const listed = (d: Design, w: Worker): boolean =>
  settledOut(w) || (w.row && w.outcome === '' && (!w.open || (d.lists === 'written' && w.writes > 0)));

function visitor(d: Design, s: State): Step[] {
  if (s.visitor === 'yes') {
    if (s.workers.some((w) => w.locked)) return [];
    const no: State = { ...s, visitor: 'no' };
    return [{ event: 'opt-out', to: { ...no, workers: s.workers.map((w) => covered(no, w)) }, breaks: [] }];
  }
  if (s.visitor === 'acknowledged') return [];
  // One process cancels its own leases in the commit; several wait until none is open (GATE.md e.3).
  if (d.lease && d.fence !== 'lease+epoch' && s.workers.some((w) => w.open)) return [];
  const hidden = s.workers.some((w) => w.writes > 0 && !listed(d, w));
  return [{ event: 'ack', to: { ...s, visitor: 'acknowledged' }, breaks: hidden ? ['I4'] : [] }];
}

function steps(d: Design, s: State): Step[] {
  const each = s.workers.flatMap((w, i): Step[] => {
    const name = (event: string) => (s.workers.length > 1 ? `${event} ${i + 1}` : event);
    const own: { event: string; next: Worker; breaks?: Invariant[] }[] = [...worker(d, s, w), ...fate(d, s, w)];
    return own.map(({ event, next, breaks = [] }) => ({
      event: name(event),
      to: { ...s, workers: s.workers.with(i, next) },
      breaks,
    }));
  });
  return [...each, ...visitor(d, s)];
}

/** Every disclosure that left has its one job once nothing can happen any more (I5). */
const uncovered = (s: State): boolean => s.visitor !== 'yes' && s.workers.some((w) => w.writes > 0 && w.jobs !== 1);
const start = (workers: number): State => ({ visitor: 'yes', workers: Array.from({ length: workers }, () => fresh) });

/** What the search found: the shortest trace that breaks each invariant, absent where none does, and how much it saw. */
export interface Found {
  broken: Partial<Record<Invariant, string[]>>;
  states: number;
}

/** Walks every interleaving of `workers` shares of one person in one design. */
export function explore(d: Design, workers = 1): Found {
  const first = start(workers);
  const from = new Map<string, { parent: string; event: string }>();
  const key = (s: State) => JSON.stringify(s);
  const traceTo = (k: string): string[] => {
    const step = from.get(k);
    return step ? [...traceTo(step.parent), step.event] : [];
  };
  const broken: Found['broken'] = {};
  const seen = new Set([key(first)]);
  let level = [first];
  while (level.length > 0) {
    const next: State[] = [];
    for (const s of level) {
      const here = key(s);
      const all = steps(d, s);
      if (all.length === 0 && uncovered(s)) broken.I5 ??= traceTo(here);
      for (const { event, to, breaks } of all) {
        for (const invariant of breaks) broken[invariant] ??= [...traceTo(here), event];
        const k = key(to);
        if (seen.has(k)) continue;
        seen.add(k);
        from.set(k, { parent: here, event });
        next.push(to);
      }
    }
    level = next;
  }
  return { broken, states: seen.size };
}

/** True when some run has these events in this order, others between them, and its last one breaks the invariant. */
export function happens(d: Design, events: readonly string[], invariant: Invariant): boolean {
  const seen = new Set<string>();
  const todo: { s: State; done: number }[] = [{ s: start(1), done: 0 }];
  for (let at = todo.pop(); at; at = todo.pop()) {
    const { s, done } = at;
    const k = `${done} ${JSON.stringify(s)}`;
    if (seen.has(k)) continue;
    seen.add(k);
    for (const { event, to, breaks } of steps(d, s)) {
      const now = event === events[done] ? done + 1 : done;
      if (now === events.length && now > done && breaks.includes(invariant)) return true;
      todo.push({ s: to, done: now });
    }
  }
  return false;
}

/** True when an opt-out can stand still until the partner answers: no other way leads to its acknowledgement (I6). */
export function waitsForPartner(d: Design): boolean {
  const silent = (s: State) => steps(d, s).filter((x) => x.event !== 'answer' && x.event !== 'crash');
  const reaches = (s: State, seen: Set<string>): boolean => {
    if (s.visitor === 'acknowledged') return true;
    const k = JSON.stringify(s);
    if (seen.has(k)) return false;
    seen.add(k);
    return silent(s).some((x) => reaches(x.to, seen));
  };
  const seen = new Set<string>();
  const todo = [start(1)];
  for (let s = todo.pop(); s; s = todo.pop()) {
    const k = JSON.stringify(s);
    if (seen.has(k)) continue;
    seen.add(k);
    if (!reaches(s, new Set())) return true;
    todo.push(...silent(s).map((x) => x.to));
  }
  return false;
}
