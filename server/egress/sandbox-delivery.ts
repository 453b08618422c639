import type { FromWorker, Outcome, PartnerAnswer, PartnerInfo, PartnerRequest, ToWorker } from './sandbox-protocol.ts';
import { readRequest, SandboxError } from './sandbox-result.ts';

/** One delivery: the adapter's bundle, and all it is told. */
export interface SandboxDelivery {
  code: string;
  purpose: string;
  /** The projection: plain strings. For an event, what the partner sent. */
  visitor: object;
  partner: PartnerInfo;
  /** Done by egress. When it rejects, the adapter is stopped and the delivery rejects with that very error. */
  call(request: PartnerRequest): Promise<PartnerAnswer>;
}

/** How a delivery ended; a thread that is not `clean` must be ended too. */
type Ended<T> = { clean: boolean } & ({ result: T } | { error: unknown });

/** The hub's side of one delivery in one thread. */
export interface Supervised<T = unknown> {
  receive(message: FromWorker): void;
  /** The thread is gone. */
  lost(): void;
  ended: Promise<Ended<T>>;
}

/** Starts a delivery in a thread that is ready; keeps both clocks (milliseconds), does its calls, judges its result by `read`. */
export function supervise<T>(
  delivery: SandboxDelivery,
  read: (outcome: Outcome) => T,
  thread: { id: number; post(message: ToWorker): void },
  limits: { cpuDeadlineMs: number; totalDeadlineMs: number; monotonic: () => number },
): Supervised<T> {
  const { id, post } = thread;
  const { promise: ended, resolve } = Promise.withResolvers<Ended<T>>();
  const open = new Set<Promise<void>>();
  let over = false;
  let answered = 0;
  // the first refusal of `call`: nothing is answered after it
  let stopped: { error: unknown } | undefined;
  let cpuLeftMs = limits.cpuDeadlineMs;
  let working: { since: number; timer: NodeJS.Timeout } | undefined;
  const totalTimer = setTimeout(() => late(() => true), limits.totalDeadlineMs);

  function finish(end: Ended<T>): void {
    if (over) return;
    over = true;
    clearTimeout(totalTimer);
    clearTimeout(working?.timer);
    resolve(end);
  }

  // timers run before messages: when the hub itself was busy, the thread's word may lie unread
  function late(stillLate: () => boolean): void {
    setImmediate(() => {
      if (stillLate()) finish({ clean: false, error: stopped ? stopped.error : new SandboxError('deadline') });
    });
  }

  function work(): void {
    if (working) return;
    const turn = { since: limits.monotonic(), timer: setTimeout(() => late(() => working === turn), cpuLeftMs) };
    working = turn;
  }

  function rest(): void {
    if (!working) return;
    clearTimeout(working.timer);
    cpuLeftMs -= limits.monotonic() - working.since;
    working = undefined;
  }

  function stop(error: unknown): void {
    stopped ??= { error };
    // only a thread that waits can be dropped; one that works is asked again when it waits, or runs out of time
    if (!working && !over) drop();
  }

  function drop(): void {
    post({ type: 'drop', id });
    finish({ clean: true, error: stopped?.error });
  }

  async function perform(call: number, text: string): Promise<void> {
    try {
      const request = readRequest(text);
      if (!request) throw new SandboxError('refused');
      const answer = JSON.stringify(await delivery.call(request));
      if (over || stopped) return;
      answered += 1;
      work();
      post({ type: 'answer', id, call, answer });
    } catch (error) {
      stop(error);
    }
  }

  async function judge(text: string): Promise<void> {
    rest();
    // a call the handler did not wait for is still part of this delivery
    await Promise.all(open);
    if (stopped) return finish({ clean: true, error: stopped.error });
    try {
      finish({ clean: true, result: read(JSON.parse(text) as Outcome) });
    } catch (error) {
      finish({ clean: !(error instanceof SandboxError && error.kind === 'memory'), error });
    }
  }

  const { code, purpose } = delivery;
  const visitor = JSON.stringify(delivery.visitor);
  post({ type: 'run', id, code, purpose, visitor, partner: JSON.stringify(delivery.partner) });
  work();
  return {
    ended,
    lost: () => finish({ clean: false, error: new SandboxError('threw') }),
    receive(message) {
      if (over || message.type === 'ready' || message.id !== id) return;
      if (message.type === 'call' && !stopped) open.add(perform(message.call, message.request));
      if (message.type === 'end') void judge(message.outcome);
      if (message.type === 'waiting' && message.answered === answered) {
        rest();
        if (cpuLeftMs <= 0) stop(new SandboxError('deadline'));
        else if (stopped) drop();
      }
    },
  };
}
