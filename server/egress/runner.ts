import type { Store } from '../store/open.ts';

/** Runs queued shares: in order per person and connection, several persons at a time (R71). */
export interface Runner {
  /** Looks for due shares now; called after a share was queued and after an opt-out. */
  wake(): void;
  /** Resolves when nothing runs and nothing due is left; for tests and for a clean stop. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** What the runner needs; `atMost` is how many deliveries run side by side. */
export interface RunnerDeps {
  store: Store;
  now: () => Date;
  deliver(shareId: string): Promise<void>;
  prepare(share: { brandId: string; integrationId: string }): Promise<void>;
  /** True while sending to this connection is stopped: its shares wait, and are decided again when it goes on. */
  held?(share: { brandId: string; integrationId: string }): boolean;
  /** Told when a delivery itself broke: the store failed, or a fault of ours. */
  failed(error: unknown): void;
  /** From when on a connection may be worked with, as seen at `now`: milliseconds since 1970, Infinity until somebody acts. */
  openAt(share: { brandId: string; integrationId: string }, now: Date): number;
  /** Settles what a broken delivery left open, before the next look. */
  mend(): Promise<void>;
  atMost?: number;
}

interface Place {
  brandId: string;
  integrationId: string;
}
const placeOf = (row: Record<string, unknown>): Place => ({
  brandId: row.brand_id as string,
  integrationId: row.integration_id as string,
});

/** Starts nothing until `wake`; afterwards a timer waits for the next share that is due. */
export function createRunner(d: RunnerDeps): Runner {
  const { store, now, deliver, prepare, held = () => false, failed, mend, openAt, atMost = 16 } = d;
  const busy = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let mending: NodeJS.Timeout | undefined;
  let stopped = false;

  function wake(): void {
    try {
      look();
    } catch (e) {
      failed(e);
      later();
    }
  }

  function look(): void {
    if (stopped) return;
    clearTimeout(timer);
    const waiting = store.read
      .hot(
        `select h.id, h.brand_id, coalesce(s.merged_into, h.subject_id) as person, h.integration_id, h.not_before_ms
         from share h left join subject s on s.id = h.subject_id where h.state = 'queued' order by h.seq`,
      )
      .all();
    const blocked = new Set(busy.keys());
    const doors = new Map<string, number>();
    // One clock reading for the whole look: a door that opens "now" must not lie a millisecond ahead of it.
    const seen = now();
    const at = seen.getTime();
    let next = Number.POSITIVE_INFINITY;
    /** A connection that is stopped waits for somebody to let it go on, whatever time it is. */
    const doorOf = (share: Place) => (held(share) ? Number.POSITIVE_INFINITY : openAt(share, seen));
    for (const row of waiting) {
      const lane = `${row.person}|${row.integration_id}`;
      // The first of a lane decides for those behind it, due or not: sends of one person stay in order.
      if (blocked.has(lane) || busy.size >= atMost) continue;
      blocked.add(lane);
      const share = placeOf(row);
      const door = doors.get(share.integrationId) ?? doorOf(share);
      doors.set(share.integrationId, door);
      const due = Math.max(row.not_before_ms as number, door);
      if (due <= at) start(lane, row.id as string, share);
      else next = Math.min(next, due);
    }
    if (Number.isFinite(next)) timer = setTimeout(wake, Math.min(next - at, 60_000)).unref();
  }

  function start(lane: string, id: string, share: Place): void {
    const run = prepare(share)
      .then(() => (held(share) ? undefined : deliver(id)))
      .then(
        () => true,
        (e: unknown) => {
          failed(e);
          return false;
        },
      )
      .then((went) => {
        busy.delete(lane);
        // A fault of ours (the store is down) is not hammered: the next look is a second away.
        if (went) wake();
        else later();
      });
    busy.set(lane, run);
  }

  /** A second from now, once: what broke is settled first, or looked at again another second later. */
  function later(): void {
    if (stopped || mending) return;
    mending = setTimeout(() => {
      mending = undefined;
      void mend().then(wake, (e: unknown) => {
        failed(e);
        later();
      });
    }, 1_000).unref();
  }

  const settled = async () => {
    while (busy.size > 0) await Promise.allSettled(busy.values());
  };
  return {
    wake,
    idle: settled,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(mending);
      await settled();
    },
  };
}
