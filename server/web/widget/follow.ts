import type { Entry } from '#contract/chat.ts';
import { type HubClient, HubError } from '#contract/client.ts';
import type { OutputOf } from '#contract/endpoints.ts';
import type { StreamEvent } from '#contract/sse.ts';

/** Timers, passed in so that tests need not wait. Milliseconds; the result cancels. */
export type After = (ms: number, act: () => void) => () => void;

/** What following a conversation needs and whom it tells. */
export interface Following {
  client: HubClient;
  after: After;
  random: () => number;
  now: () => Date;
  /** The hub answered: the history up to now. Called at each connection, so nothing can be missed in between. */
  history: (answer: OutputOf<'chatEntries'>) => void;
  entry: (entry: Entry) => void;
  /** The notice changed: a question on the screen can no longer be answered. */
  notice: () => void;
  /** Who writes, and what was read: no line of the chat. */
  told: (event: StreamEvent) => void;
  offline: () => void;
  ended: () => void;
}

/** A stream that is silent for three beats is dead, whatever the socket says (a beat comes every 15 s). */
const silence = 45_000;
/** One that missed a beat is not trusted after a sleep: the timer above slept too. */
const missedBeat = 20_000;

/**
 * Follows one conversation until `stop`: history, then the live stream from its end, again after each break with
 * waits of 1, 2, 4 up to 30 s, each shortened by up to a half by chance. `wake` tries at once (the network is back, or
 * the page is seen again), and gives up a stream that missed a beat meanwhile.
 */
export function follow(deps: Following): { stop(): void; wake(): void } {
  const over = new AbortController();
  let current = new AbortController();
  let wake = () => {};
  let tries = 0;
  let heard = 0;

  async function connection(): Promise<void> {
    current = new AbortController();
    let quiet = deps.after(silence, () => current.abort());
    const alive = () => {
      heard = deps.now().getTime();
      quiet();
      quiet = deps.after(silence, () => current.abort());
    };
    heard = deps.now().getTime();
    try {
      const answer = await deps.client.call('chatEntries', {});
      deps.history(answer);
      // From where that answer ends: the answer to a message of our own can be ahead of it, and of a line in between.
      for await (const event of deps.client.stream('/api/chat/stream', answer.lastSeq, current.signal)) {
        if (over.signal.aborted) return;
        alive();
        tries = 0;
        if (event.event === 'gone') throw new HubError(401);
        if (event.event === 'notice') deps.notice();
        if (event.event === 'typing' || event.event === 'marks') deps.told(event);
        if (event.event === 'message' && event.data) deps.entry(JSON.parse(event.data) as Entry);
      }
    } finally {
      quiet();
    }
  }

  async function run(): Promise<void> {
    for (; !over.signal.aborted; tries++) {
      try {
        await connection();
      } catch (error) {
        if (over.signal.aborted) return;
        // 401 and 404 are how a token or its conversation ends (sec-H04).
        if (error instanceof HubError && (error.status === 401 || error.status === 404)) return deps.ended();
      }
      if (over.signal.aborted) return;
      deps.offline();
      const wait = Math.min(30_000, 1000 * 2 ** Math.min(tries, 5)) * (1 - deps.random() / 2);
      await new Promise<void>((resolve) => {
        const cancel = deps.after(wait, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
    }
  }
  void run();
  return {
    stop: () => {
      over.abort();
      current.abort();
      wake();
    },
    wake: () => {
      tries = 0;
      if (deps.now().getTime() - heard > missedBeat) current.abort();
      wake();
    },
  };
}
