import type { ChatDeps } from './conversations.ts';
import { route } from './holding.ts';
import { choose, mark, markMs, type Seat } from './presence.ts';

/** Keeps who is there, and looks after chats nobody looks after. */
export interface RoutingDesk {
  /** A stream of this agent lives. Returns at once; a mark that cannot be kept is told to `failed`. */
  seen(seat: Seat): void;
  /** What an agent chose, durable when this resolves; chats are given out, or back, in the same transaction. */
  choose(seat: Seat, available: boolean): Promise<void>;
  /** Brings chats in order: of one brand, or of all. */
  look(brandId?: string): Promise<void>;
  /** Resolves when no mark is under way. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** What createRouting needs. */
export interface RoutingDeps extends Pick<ChatDeps, 'store' | 'keys' | 'now' | 'publish'> {
  failed: (error: unknown) => void;
  /** Milliseconds between two looks at all brands, for agents who fell silent; absent: only when told. */
  everyMs?: number;
}

/** Makes the desk. One look at a time; what is decided is decided in the store, so that two processes agree. */
export function createRouting(d: RoutingDeps): RoutingDesk {
  const marked = new Map<string, number>();
  const running = new Set<Promise<void>>();
  let looking = Promise.resolve();

  async function lookAt(brandId: string, first?: (tx: Parameters<typeof route>[0]) => void): Promise<void> {
    const lines = await d.store.write((tx) => {
      first?.(tx);
      return route(tx, d, brandId);
    });
    if (lines.length > 0) d.publish(lines, brandId);
  }
  function inBackground(act: () => Promise<void>): void {
    const one: Promise<void> = act()
      .catch(d.failed)
      .finally(() => running.delete(one));
    running.add(one);
  }
  /** Brands with something to do or to give: an open chat that waits, or that somebody holds. */
  const busy = (): string[] =>
    d.store.read
      .hot('select distinct brand_id from conversation where closed_at is null')
      .all()
      .map((row) => row.brand_id as string);

  const desk: RoutingDesk = {
    seen(seat) {
      const now = d.now();
      const key = `${seat.brandId} ${seat.userId}`;
      if (now.getTime() - (marked.get(key) ?? 0) < markMs) return;
      marked.set(key, now.getTime());
      inBackground(() => lookAt(seat.brandId, (tx) => mark(tx, seat, now)));
    },
    choose: (seat, available) => lookAt(seat.brandId, (tx) => choose(tx, seat, !available, d.now())),
    look(brandId) {
      const turn = looking.then(async () => {
        for (const id of brandId === undefined ? busy() : [brandId]) await lookAt(id);
      });
      looking = turn.catch(() => {});
      return turn;
    },
    settled: async () => void (await Promise.all(running)),
    async stop() {
      clearInterval(timer);
      await looking;
      await desk.settled();
    },
  };
  const timer = d.everyMs === undefined ? undefined : setInterval(() => inBackground(() => desk.look()), d.everyMs);
  timer?.unref();
  return desk;
}
