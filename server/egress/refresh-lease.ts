import type { Store, Tx } from '../store/open.ts';
import { backOff } from './schedule.ts';
import type { KeptSet } from './token-store.ts';

/** The right to ask the authorization server about one token set, held for the length of one call. */
export interface RefreshLease {
  kept: KeptSet;
  stamp: number;
  /** Attempts before this one whose answer may have been lost on the way. */
  lost: number;
  failures: number;
  /** The process that held it before ended in the middle of its call. */
  takenOver: boolean;
}

/** The lease row of a refresh, shared by every process over the same store (SECURITY.md OA13). */
export interface RefreshLeases {
  /** What keeps others from asking: milliseconds of a cool-down, `held` by another process, or nothing. */
  hindrance(kept: KeptSet): { coolMs: number } | 'held' | undefined;
  /** Takes the lease; undefined when the row or the set changed since it was looked at. Call `hindrance` first. */
  take(kept: KeptSet): Promise<RefreshLease | undefined>;
  /** Gives it back after a failure: nobody asks for `waitMs`. Does nothing when another process took it over. */
  giveBack(lease: RefreshLease, after: { lost: number; failures: number; waitMs: number }): Promise<void>;
}

/** Longer than the longest call to an authorization server and the storing of its answer (http.ts: 10 s). */
export const leaseMs = 15_000;
/** 1 s, 2 s, 4 s … 5 min between refreshes that failed, milliseconds. */
export const refreshWait = { firstMs: 1_000, longestMs: 300_000 };

interface Row {
  version: number;
  stamp: number;
  owner: string | null;
  lost: number;
  failures: number;
  wait_ms: number;
  until_ms: number;
}

/**
 * Makes them. Compare-and-set on version and stamp, so that of many processes one asks; no transaction is open while it
 * does. A dead holder is told by its row, unchanged for `leaseMs` of the looker's own clock: a clock that is set, here or
 * there, ends no lease early (sec-R08). `sole` says that no other process can be alive on this store.
 */
export function createRefreshLeases(d: {
  store: Store;
  /** Names this process. */
  me: string;
  sole: boolean;
  monotonic: () => number;
  /** Wall clock, milliseconds: carries a cool-down over a restart and can only shorten it. */
  now: () => number;
  random: () => number;
}): RefreshLeases {
  /** By connection: the row last looked at, and when its lease and its cool-down end on our clock. */
  const seen = new Map<string, { stamp: number; leaseEndMs: number; coolEndMs: number }>();

  function rowOf(read: Pick<Tx, 'hot'>, { brandId, integrationId, version }: KeptSet): Row | undefined {
    const row = read
      .hot('select * from token_refresh where brand_id = ? and integration_id = ?')
      .get(brandId, integrationId) as Row | undefined;
    return row?.version === version ? row : undefined;
  }

  function look(integrationId: string, row: Row) {
    const known = seen.get(integrationId);
    if (known?.stamp === row.stamp) return known;
    const left = Math.min(row.wait_ms, Math.max(0, row.until_ms - d.now()));
    const at = d.monotonic();
    const made = { stamp: row.stamp, leaseEndMs: at + leaseMs, coolEndMs: at + left };
    seen.set(integrationId, made);
    return made;
  }

  /** Writes the row where nobody changed it since `before`; its new stamp, or undefined. */
  const change = (kept: KeptSet, before: number | undefined, next: Omit<Row, 'version' | 'stamp' | 'until_ms'>) =>
    d.store.write((tx) => {
      const { brandId, integrationId, version } = kept;
      const stored = tx
        .hot('select version from vault where brand_id = ? and integration_id = ?')
        .get(brandId, integrationId)?.version;
      if (stored !== version || rowOf(tx, kept)?.stamp !== before) return undefined;
      const stamp = tx.seq();
      tx.hot(
        `insert or replace into token_refresh (integration_id, brand_id, version, stamp, owner, lost, failures, wait_ms,
         until_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        integrationId,
        brandId,
        version,
        stamp,
        next.owner,
        next.lost,
        next.failures,
        next.wait_ms,
        d.now() + next.wait_ms,
      );
      return stamp;
    });

  return {
    hindrance(kept) {
      const row = rowOf(d.store.read, kept);
      if (!row) return undefined;
      const { leaseEndMs, coolEndMs } = look(kept.integrationId, row);
      const held = row.owner !== null && row.owner !== d.me && !d.sole;
      if (held && d.monotonic() < leaseEndMs) return 'held';
      const coolMs = Math.ceil(coolEndMs - d.monotonic());
      return coolMs > 0 ? { coolMs } : undefined;
    },
    async take(kept) {
      const row = rowOf(d.store.read, kept);
      const { lost = 0, failures = 0 } = row ?? {};
      // Counted and slowed down before the call: whoever is killed in it leaves word, so a crash never loops (R4).
      const next = { owner: d.me, lost: lost + 1, failures, wait_ms: backOff(lost, refreshWait, d.random()) };
      const stamp = await change(kept, row?.stamp, next);
      return stamp === undefined
        ? undefined
        : { kept, stamp, lost, failures, takenOver: (row?.owner ?? null) !== null };
    },
    async giveBack({ kept, stamp }, { lost, failures, waitMs }) {
      await change(kept, stamp, { owner: null, lost, failures, wait_ms: waitMs });
      const row = rowOf(d.store.read, kept);
      if (row) look(kept.integrationId, row);
    },
  };
}
