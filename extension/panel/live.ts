import type { StreamEvent } from '#contract/sse.ts';

/** What the follower of a stream is handed; nothing here knows a browser or a panel. */
export interface LiveDeps {
  /** One connection; rejects with an error that has `status`, 0 where nothing answered. */
  open: (signal: AbortSignal) => AsyncGenerator<StreamEvent>;
  /** Any sign of life, beats included. */
  onAlive: (first: boolean) => void;
  onEvent: (event: StreamEvent) => void;
  /** The connection ended or was refused; it is tried again by itself. */
  onDown: () => void;
  /** The hub does not know the cursor (404): read everything afresh before the next try. */
  onLost: () => Promise<void>;
  /** The caller's right ended (401, 403 or the event "gone"); nothing is tried again. */
  onGone: () => void;
  /** 0 up to 1. */
  random: () => number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds without any sign of life after which the connection counts as dead; the hub beats every 15 s. */
  stallMs?: number | undefined;
}

const longestWaitMs = 5000;
/** A stream that missed a beat is not trusted after a sleep: the timer that would end it slept too. */
const missedBeatMs = 20_000;

/** Milliseconds before try `n` (0 is the first repeat): doubles from 250, at most 5,000, jitter over the upper half. */
export const backoff = (n: number, random: number): number =>
  Math.min(longestWaitMs, 250 * 2 ** Math.min(n, 10)) * (0.5 + random / 2);

/**
 * Keeps one stream open: reconnects with backoff, at once on `wake()`, which also gives up one that missed a beat. The
 * caller's `open` resumes after its own cursor, so that a dropped connection loses nothing (SECURITY.md P5).
 */
export function follow(deps: LiveDeps): { wake: () => void; stop: () => void } {
  let stopped = false;
  let tries = 0;
  let wakeUp = (): void => {};
  let connection = new AbortController();
  let heard = 0;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** One connection until it ends; true when the caller's right ended. */
  async function connect(): Promise<boolean> {
    connection = new AbortController();
    const { signal } = connection;
    let stall = setTimeout(() => connection.abort(), deps.stallMs ?? 40_000);
    let first = true;
    heard = deps.now();
    try {
      for await (const event of deps.open(signal)) {
        if (stopped || signal.aborted) return false;
        clearTimeout(stall);
        heard = deps.now();
        stall = setTimeout(() => connection.abort(), deps.stallMs ?? 40_000);
        if (event.event === 'gone') return true;
        tries = 0;
        deps.onAlive(first);
        first = false;
        if (event.event !== 'beat') deps.onEvent(event);
      }
      return false;
    } catch (error) {
      const status = (error as { status?: number }).status;
      if (status === 404) await deps.onLost().catch(() => {});
      return status === 401 || status === 403;
    } finally {
      clearTimeout(stall);
      connection.abort();
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const gone = await connect();
      if (stopped) return;
      if (gone) {
        stopped = true;
        return deps.onGone();
      }
      deps.onDown();
      await pause(backoff(tries++, deps.random()));
    }
  }
  void run();

  return {
    wake: () => {
      tries = 0;
      if (deps.now() - heard > missedBeatMs) connection.abort();
      wakeUp();
    },
    stop: () => {
      stopped = true;
      connection.abort();
      wakeUp();
    },
  };
}
