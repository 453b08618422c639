import type { Tx } from '../store/open.ts';
import type { Alarm } from './alarm.ts';

/** What a call without a visitor is for; discovery and keys of a provider belong to its sign-in, `check` tries a typed key or an address. */
export type OauthErrand = 'token' | 'sign-in' | 'revocation' | 'check';

/** What one call is for: a row of the ledger, or something that carries no visitor's data. */
export type Errand =
  | OauthErrand
  | 'alert'
  | { integrationId: string /** Index of its row in the ledger. */; leaf: number };

/** Counts what leaves and holds it against the ledger (SECURITY.md control 7, P3). */
export interface Tally {
  /** Told by the door of every call, in the tick of its write. */
  written(errand: Errand | undefined): void;
  /** Looks up the row of each call since the last look; an alarm for each connection that made one without. */
  reconcile(): void;
  /** Calls since the start, by connection, and those without a visitor, by what they were for. */
  counts(): { connections: ReadonlyMap<string, number>; others: ReadonlyMap<string, number> };
  stop(): void;
}

/** How often calls are held against the ledger, milliseconds: the alarm is due within 60 s of the first (control 7). */
const everyMs = 20_000;

/**
 * Makes the counter of the hub's one door. It is told by the socket's side and asks the ledger's side, so that neither an
 * adapter nor deliver.ts can make a call it does not see. A call that says nothing of what it is for raises the alarm at
 * once. The row is looked for in the ledger itself, which an erasure leaves whole. No partner is known to publish its own
 * count of our calls (PARTNERS.md), so none is compared.
 */
export function createTally(d: { read: Pick<Tx, 'hot'>; alarm: Alarm }): Tally {
  const row = d.read.hot(
    `select brand_id from ledger_leaf where idx = ? and type in ('disclosure', 'propagation')
     and row ->> '$.integration' = ?`,
  );
  const connections = new Map<string, number>();
  const others = new Map<string, number>();
  let waiting = new Map<string, Set<number>>();
  const count = (of: Map<string, number>, key: string) => of.set(key, (of.get(key) ?? 0) + 1);
  const tally: Tally = {
    written(errand) {
      if (errand === undefined) return d.alarm('call-without-row');
      if (typeof errand === 'string') return void count(others, errand);
      const { integrationId, leaf } = errand;
      count(connections, integrationId);
      const leaves = waiting.get(integrationId);
      if (leaves) leaves.add(leaf);
      else waiting.set(integrationId, new Set([leaf]));
    },
    reconcile() {
      const looked = waiting;
      waiting = new Map();
      for (const [integrationId, leaves] of looked)
        if ([...leaves].some((leaf) => !row.get(leaf, integrationId)))
          d.alarm('call-without-row', { integration: integrationId });
    },
    counts: () => ({ connections, others }),
    stop: () => clearInterval(timer),
  };
  const timer = setInterval(() => tally.reconcile(), everyMs).unref();
  return tally;
}
