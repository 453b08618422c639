/** Works rows off that come due: when it is woken, and by its own clock. */
export interface RowWorker {
  /** Looks for due rows now. */
  wake(): void;
  /** Resolves when nothing is being worked on. */
  settled(): Promise<void>;
  /** Begins no more; resolves when what was under way has ended. */
  stop(): Promise<void>;
}

/** What createRowWorker is handed. */
export interface RowWorkerDeps {
  /** Works on what is due; true where more may be. What it throws ends this round. */
  round(): Promise<boolean>;
  /** When the next row is due, milliseconds since 1970; null where none waits. */
  nextMs(): number | null;
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** Told when a round threw; the next try is a minute away, or at the next wake. */
  failed(error: unknown): void;
}

/** The shortest and the longest sleep, milliseconds: the wall clock may be set meanwhile. */
const sleepMs = { least: 1_000, most: 60_000 };

/** Makes one. It does one round at a time, and another where it was woken meanwhile. */
export function createRowWorker(d: RowWorkerDeps): RowWorker {
  let running: Promise<void> | undefined;
  let woken = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function work(): Promise<void> {
    let more: boolean;
    do {
      woken = false;
      more = await d.round();
    } while ((more || woken) && !stopped);
    const next = d.nextMs();
    if (next !== null) sleep(next - d.now());
  }

  function sleep(ms: number): void {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(wake, Math.min(Math.max(ms, sleepMs.least), sleepMs.most)).unref();
  }

  function wake(): void {
    woken = true;
    if (stopped || running) return;
    running = work()
      .catch((error: unknown) => {
        d.failed(error);
        sleep(sleepMs.most);
      })
      .finally(() => {
        running = undefined;
      });
  }

  return {
    wake,
    async settled() {
      while (running) await running;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
