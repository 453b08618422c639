/** As many calls in so many seconds, as a partner states it (sdk facts, PARTNERS.md 3). */
interface Rate {
  requests: number;
  perSeconds: number;
}

/** Keeps the calls to each connection under its partner's rate. */
export interface Pace {
  /** Resolves when one more call may go; in the order of asking. */
  turn(connection: string, rate: Rate): Promise<void>;
  /** Milliseconds until one more call may go, 0 for now: with a wait ahead no claim is made. */
  waitMs(connection: string, rate: Rate): number;
}

/**
 * Makes the pace. A window that slides and not a bucket that fills: a bucket lets twice the number through in one window,
 * its content and what is refilled meanwhile. The calls of this process count, and one process is all there is.
 */
export function createPace({
  monotonic,
  after = (ms, then) => void setTimeout(then, ms),
}: {
  /** Milliseconds that never run back. */
  monotonic: () => number;
  after?: (ms: number, then: () => void) => void;
}): Pace {
  /** When the newest calls of a connection went, oldest first, never more than its rate; and the end of its queue. */
  const windows = new Map<string, { times: number[]; last: Promise<void> }>();

  function windowOf(connection: string) {
    const window = windows.get(connection) ?? { times: [], last: Promise.resolve() };
    windows.set(connection, window);
    return window;
  }
  const left = (times: readonly number[], { requests, perSeconds }: Rate): number => {
    const first = times.length < requests ? undefined : times[times.length - requests];
    return first === undefined ? 0 : Math.max(0, first + perSeconds * 1_000 - monotonic());
  };
  /** The time is taken once the wait is over: a timer that fires late moves the window with it. */
  async function go({ times }: { times: number[] }, rate: Rate): Promise<void> {
    for (let ms = left(times, rate); ms > 0; ms = left(times, rate)) await new Promise<void>((then) => after(ms, then));
    times.push(monotonic());
    if (times.length > rate.requests) times.shift();
  }
  return {
    waitMs: (connection, rate) => left(windowOf(connection).times, rate),
    turn(connection, rate) {
      const window = windowOf(connection);
      window.last = window.last.then(() => go(window, rate));
      return window.last;
    },
  };
}
