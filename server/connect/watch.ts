import type { ConnectDeps } from './connect.ts';
import { followOperator, type StopDeps, stopSending } from './stop.ts';
import { endUnused } from './unused.ts';

type WatchDeps = ConnectDeps & StopDeps & { alarm(name: 'kill-failed' | 'over-budget', facts: Facts): void };
interface Facts {
  kind?: string;
  brandId?: string;
  integration?: string;
}

/** What ends connections and sending without anybody asking. */
export interface Watch {
  /** Does all of it now. */
  look(): Promise<void>;
  stop(): void;
}

/**
 * How often the operator's folder is looked at, milliseconds. The fence looks by itself before each write; this is for
 * what was handed to a socket already and has not left it: the last byte is due within 2 s (P4).
 */
const operatorMs = 500;
/** How often unused connections are looked for, milliseconds. */
const unusedMs = 600_000;

/** The operator's folder, as far as it is followed here. */
interface Followed {
  stopped(): string[];
  changedAt(): number;
}

/**
 * Follows the operator's stops and ends unused connections, until stopped. A stop that was taken away before it was seen
 * here leaves no row; what it held up goes on all the same.
 */
export function watchOver(d: WatchDeps & { stopFile?: Followed }): Watch {
  let looking: Promise<void> | undefined;
  let seen = 0;
  const failed = (e: unknown) => d.alarm('kill-failed', { kind: (e as Error).name });
  const operator = () => {
    const changed = d.stopFile?.changedAt() ?? 0;
    looking ??= followOperator(d, d.stopFile?.stopped() ?? [])
      .then(() => {
        if (changed !== seen) d.runner.wake();
        seen = changed;
      })
      .catch(failed)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const unused = () => endUnused(d).catch(failed);
  const timers = [...(d.stopFile ? [setInterval(operator, operatorMs)] : []), setInterval(unused, unusedMs)];
  for (const timer of timers) timer.unref();
  return {
    async look() {
      await operator();
      await unused();
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

const words = {
  minute: 'in a minute',
  hour: 'in an hour',
  day: 'in a day',
  'minute without an open chat': 'in a minute, with no open chat',
} as const;

/** Stops one connection that would be told of too many people (SECURITY.md control 6), with an alarm. */
export async function stopOverBudget(
  d: WatchDeps,
  { brandId, integrationId, limit }: { brandId: string; integrationId: string; limit: keyof typeof words },
): Promise<void> {
  const why = `More people than usual were about to be sent ${words[limit]}. If that was you, say so and go on.`;
  const reach = { brandId, integrationId, provider: '' };
  if (await stopSending(d, reach, { by: 'hub', why, cause: 'budget' }))
    d.alarm('over-budget', { brandId, integration: integrationId });
}
