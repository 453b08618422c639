import type { Tx } from '../store/open.ts';
import { doubled } from './schedule.ts';

/** The connection a call was made for, and when. */
export interface CircuitPlace {
  brandId: string;
  integrationId: string;
  now: Date;
}

/** What is broken about a connection: its partner cannot be worked with, or turned our key down. */
export type Broken = 'circuit' | 'reconnect';

/** The word in `integration.trouble` for a key that a person has to renew. */
export const needsReconnect = 'needs_reconnect';

/**
 * Rounds of failed calls in a row after which the circuit opens. A guess (SECURITY.md OA14, sec-O28 "opens after n").
 * Calls made side by side that fail together are one round: sixteen of them say no more than one.
 */
const opensAfter = 3;

/**
 * "It breaks" (R7), a guess: the partner turned our key down for good, or the circuit is open and nothing has worked for
 * this many milliseconds. One failed call, a wait the partner asked for and a blip are no break. "It recovered" is the
 * first good call after it. A break of the circuit that turns into a refused key is a second break, for now a person
 * has to act.
 */
const brokenAfterMs = 60_000;

/** Wait before the first probe of an open circuit, doubled at each that fails; milliseconds, guesses. */
const probeWait = { firstMs: 30_000, longestMs: 300_000 };
/** How long one probe keeps others out, should it never come to an answer. */
const probeMs = 60_000;

interface Row {
  failures: number;
  failedSeq: number;
  failingSinceMs: number;
  isOpen: boolean;
  openUntilMs: number;
  breaks: number;
  broken: Broken | null;
}

const well: Row = {
  failures: 0,
  failedSeq: 0,
  failingSinceMs: 0,
  isOpen: false,
  openUntilMs: 0,
  breaks: 0,
  broken: null,
};

function read(tx: Pick<Tx, 'hot'>, integrationId: string): Row | undefined {
  const r = tx.hot('select * from circuit where integration_id = ?').get(integrationId);
  return (
    r && {
      failures: r.failures as number,
      failedSeq: r.failed_seq as number,
      failingSinceMs: r.failing_since_ms as number,
      isOpen: r.is_open === 1,
      openUntilMs: r.open_until_ms as number,
      breaks: r.breaks as number,
      broken: r.broken as Broken | null,
    }
  );
}

function store(tx: Tx, { brandId, integrationId }: CircuitPlace, r: Row): void {
  tx.hot(
    `insert into circuit (integration_id, brand_id, failures, failed_seq, failing_since_ms, is_open, open_until_ms,
     breaks, broken) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (integration_id) do update set failures = excluded.failures, failed_seq = excluded.failed_seq,
     failing_since_ms = excluded.failing_since_ms, is_open = excluded.is_open, open_until_ms = excluded.open_until_ms,
     breaks = excluded.breaks, broken = excluded.broken`,
  ).run(
    integrationId,
    brandId,
    r.failures,
    r.failedSeq,
    r.failingSinceMs,
    r.isOpen ? 1 : 0,
    r.openUntilMs,
    r.breaks,
    r.broken,
  );
}

/** In the transaction that noticed it; a second one who notices finds the row there (R7). */
function alert(tx: Tx, at: CircuitPlace, r: Row, kind: 'broken' | 'works', cause: string): void {
  tx.hot(
    `insert into alert (integration_id, break, kind, what, brand_id, cause, at) values (?, ?, ?, ?, ?, ?, ?)
     on conflict do nothing`,
  ).run(at.integrationId, r.breaks, kind, r.broken, at.brandId, cause, at.now.toISOString());
}

/** The row as it is once this break is known; a break that is known already changes nothing. */
function broke(tx: Tx, at: CircuitPlace, r: Row, broken: Broken, cause: string): Row {
  if (r.broken === broken || r.broken === 'reconnect') return r;
  const next = { ...r, broken, breaks: r.breaks + 1 };
  alert(tx, at, next, 'broken', cause);
  return next;
}

/**
 * A call failed for what lies with the partner: no answer, a 5xx, 429, or its authorization server does not renew.
 * `claimSeq` and `seq` are database order of the claim and of this outcome; `waitMs` is the wait the partner asked for,
 * which holds at once and for the whole connection (sec-O28).
 */
export function noteDown(
  tx: Tx,
  at: CircuitPlace,
  call: { claimSeq: number; seq: number; cause: string; waitMs?: number | undefined },
): void {
  let row = read(tx, at.integrationId) ?? well;
  const now = at.now.getTime();
  if (call.claimSeq > row.failedSeq)
    row = {
      ...row,
      failures: row.failures + 1,
      failedSeq: call.seq,
      failingSinceMs: row.failures === 0 ? now : row.failingSinceMs,
      isOpen: row.failures + 1 >= opensAfter,
    };
  const rest = row.isOpen ? doubled(row.failures - opensAfter + 1, probeWait) : 0;
  const wait = Math.max(rest, call.waitMs ?? 0);
  if (wait > 0) row = { ...row, openUntilMs: Math.max(row.isOpen ? 0 : row.openUntilMs, now + wait) };
  if (row.isOpen && now - row.failingSinceMs >= brokenAfterMs) row = broke(tx, at, row, 'circuit', call.cause);
  store(tx, at, row);
}

/** The partner answered, though it took nothing: it is there. */
export function noteAnswered(tx: Tx, at: CircuitPlace): void {
  const row = read(tx, at.integrationId);
  if (row && row.failures > 0 && !row.isOpen) store(tx, at, { ...row, failures: 0, failingSinceMs: 0 });
}

/** A call went well: the circuit closes, what was broken works again, and what waited longer is due now. */
export function noteGood(tx: Tx, at: CircuitPlace): void {
  const row = read(tx, at.integrationId);
  if (!row || (row.failures === 0 && row.openUntilMs === 0 && row.broken === null)) return;
  // From before the key was turned down: such an answer proves nothing about it.
  if (isTurnedDown(tx, at)) return;
  store(tx, at, { ...well, breaks: row.breaks, failedSeq: row.failedSeq });
  if (row.broken === null) return;
  alert(tx, at, row, 'works', '');
  tx.hot(
    `update share set not_before_ms = min(not_before_ms, ?) where brand_id = ? and integration_id = ?
     and state = 'queued'`,
  ).run(at.now.getTime(), at.brandId, at.integrationId);
}

/** The partner turned our key down for good: the connection says so, nothing is claimed, and its admins are told. */
export function noteTurnedDown(tx: Tx, at: CircuitPlace): void {
  tx.hot("update integration set trouble = ? where id = ? and brand_id = ? and connection = 'active'").run(
    needsReconnect,
    at.integrationId,
    at.brandId,
  );
  if (!isTurnedDown(tx, at)) return; // ended meanwhile
  const row = read(tx, at.integrationId) ?? well;
  store(tx, at, broke(tx, at, row, 'reconnect', 'The partner turned our key down.'));
}

/** Somebody signed in at the partner again: what waits may be tried; it counts as working at the first good call. */
export function noteReconnected(tx: Tx, at: CircuitPlace): void {
  const row = read(tx, at.integrationId);
  if (row) store(tx, at, { ...row, failures: 0, failingSinceMs: 0, isOpen: false, openUntilMs: 0 });
}

const isTurnedDown = (tx: Pick<Tx, 'hot'>, { brandId, integrationId }: Omit<CircuitPlace, 'now'>): boolean =>
  tx.hot('select trouble from integration where id = ? and brand_id = ?').get(integrationId, brandId)?.trouble ===
  needsReconnect;

/**
 * Asked inside the claim: whether it may be made. A closed door keeps the share waiting, without a row about it; of an
 * open circuit whose time is over one claim is let through, and the next a minute later or when this one is answered.
 */
export function mayClaim(tx: Tx, at: CircuitPlace): boolean {
  if (isTurnedDown(tx, at)) return false;
  const row = read(tx, at.integrationId);
  if (!row) return true;
  const now = at.now.getTime();
  if (row.openUntilMs > now) return false;
  if (row.isOpen) store(tx, at, { ...row, openUntilMs: now + probeMs });
  return true;
}

/** How a connection's door stands: open for claims, or shut until a time (undefined: until somebody reconnects). */
export interface Door {
  shut: boolean;
  /** Milliseconds since 1970. */
  untilMs?: number;
}

/** The doors of a brand's connection as the runner and the console ask for them. */
export function doorOf(tx: Pick<Tx, 'hot'>, at: CircuitPlace): Door & { broken: Broken | null } {
  const row = read(tx, at.integrationId);
  const broken = row?.broken ?? null;
  if (isTurnedDown(tx, at)) return { shut: true, broken };
  const shut = (row?.openUntilMs ?? 0) > at.now.getTime();
  return { shut, broken, ...(shut && row ? { untilMs: row.openUntilMs } : {}) };
}

/** How many connections of a brand are broken now: the number beside "Connections" in the console (R7 "one badge"). */
export const brokenCount = (tx: Pick<Tx, 'hot'>, brandId: string): number =>
  tx
    .hot(
      `select count(*) as n from circuit c join integration i on i.id = c.integration_id
       where c.brand_id = ? and c.broken is not null and i.connection = 'active'`,
    )
    .get(brandId)?.n as number;
