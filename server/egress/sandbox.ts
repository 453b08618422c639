import { Worker } from 'node:worker_threads';
import type { Delivered, Happened } from '#sdk';
import { type SandboxDelivery, type Supervised, supervise } from './sandbox-delivery.ts';
import type { FromWorker, Outcome } from './sandbox-protocol.ts';
import { readHappened, readOutcome, SandboxError } from './sandbox-result.ts';

export type { SandboxDelivery } from './sandbox-delivery.ts';
export type { PartnerAnswer, PartnerInfo, PartnerRequest } from './sandbox-protocol.ts';
export { SandboxError, type SandboxErrorKind } from './sandbox-result.ts';

/** Limits of the sandbox. Times in milliseconds, pages of 64 KiB. */
export interface SandboxOptions {
  /** Threads at most, one delivery each; more deliveries wait in line. */
  workers: number;
  memoryPages: number;
  /** Time an adapter may work; waiting for the partner does not count. */
  cpuDeadlineMs: number;
  /** Time from start to end of a delivery, the partner's answers included. */
  totalDeadlineMs: number;
  /** Milliseconds of a clock that never goes back. */
  monotonic?: () => number;
  /** The worker's file; by default the one beside this module, built or not. */
  worker?: URL;
}

/** Runs adapters away from everything (DESIGN.md 3, GATE.md e.1.1, R85). */
export interface Sandbox {
  /** Rejects with SandboxError, or with what `call` rejected with. */
  run(delivery: SandboxDelivery): Promise<Delivered>;
  /** Hands one event of a partner, parsed, to the adapter's `webhook`; it can call nobody. Rejects with SandboxError. */
  hear(event: { code: string; event: object }): Promise<Happened | undefined>;
  /** Ends all threads; what still runs or waits is rejected as unavailable. */
  close(): Promise<void>;
  /** Threads alive, deliveries running and waiting now, deliveries finished, threads ended by force so far. */
  readonly stats: { workers: number; running: number; waiting: number; done: number; ended: number };
}

interface Slot {
  worker: Worker;
  ready: boolean;
  running?: Supervised;
}
interface Job {
  delivery: SandboxDelivery;
  read(outcome: Outcome): unknown;
  resolve(result: never): void;
  reject(error: unknown): void;
}

/** An event is no delivery: nothing is known of a chat, and whoever calls out all the same is stopped. */
const hearing = {
  purpose: 'webhook',
  partner: { chat: { number: 0, at: '' }, key: '' },
  call: () => Promise.reject(new SandboxError('refused')),
};

// built, the worker is its own entry beside the server's; unbuilt, Node strips its types
const beside = import.meta.url.endsWith('.ts') ? './sandbox-worker.ts' : './sandbox-worker.js';

/** Makes a pool of at most `workers` threads; none is started before the first delivery. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { workers, memoryPages, worker: file = new URL(beside, import.meta.url) } = options;
  const clocks = { ...options, monotonic: options.monotonic ?? (() => performance.now()) };
  const slots = new Set<Slot>();
  const waiting: Job[] = [];
  let lastId = 0;
  let closed = false;
  let done = 0;
  let ended = 0;

  function spawn(): void {
    const worker = new Worker(file, {
      env: {},
      execArgv: [],
      workerData: { memoryPages },
      resourceLimits: { maxOldGenerationSizeMb: 64 },
    });
    worker.unref();
    const slot: Slot = { worker, ready: false };
    slots.add(slot);
    worker.on('message', (message: FromWorker) => {
      if (message.type !== 'ready') return slot.running?.receive(message);
      slot.ready = true;
      next();
    });
    // a thread that dies by itself, or never starts, takes one delivery with it and not the hub
    const gone = () => {
      if (!slots.delete(slot)) return;
      slot.running?.lost();
      if (!slot.ready) waiting.shift()?.reject(new SandboxError('unavailable'));
      next();
    };
    worker.on('error', gone);
    worker.on('exit', gone);
  }

  async function start(slot: Slot, { delivery, read, resolve, reject }: Job): Promise<void> {
    lastId += 1;
    slot.running = supervise(
      delivery,
      read,
      { id: lastId, post: (message) => slot.worker.postMessage(message) },
      clocks,
    );
    const end = await slot.running.ended;
    slot.running = undefined;
    done += 1;
    if (!end.clean && slots.delete(slot)) {
      ended += 1;
      // the sure way to end whatever it is doing (2 ms); the next delivery gets a new thread
      void slot.worker.terminate();
    }
    if ('result' in end) resolve(end.result as never);
    else reject(end.error);
    next();
  }

  function next(): void {
    if (closed) return;
    for (const slot of slots) {
      if (!slot.ready || slot.running) continue;
      const job = waiting.shift();
      if (job) void start(slot, job);
    }
    const starting = [...slots].filter((slot) => !slot.ready).length;
    for (let missing = waiting.length - starting; missing > 0 && slots.size < workers; missing -= 1) spawn();
  }

  const queue = <T>(delivery: SandboxDelivery, read: (outcome: Outcome) => T): Promise<T> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new SandboxError('unavailable'));
      waiting.push({ delivery, read, resolve, reject });
      next();
    });

  return {
    run: (delivery) => queue(delivery, readOutcome),
    hear: ({ code, event }) => queue({ ...hearing, code, visitor: event }, readHappened),
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(new SandboxError('unavailable'));
      const threads = [...slots];
      slots.clear();
      for (const slot of threads) slot.running?.lost();
      await Promise.all(threads.map((slot) => slot.worker.terminate()));
    },
    get stats() {
      const running = [...slots].filter((slot) => slot.running).length;
      return { workers: slots.size, running, waiting: waiting.length, done, ended };
    },
  };
}
