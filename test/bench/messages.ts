import { bareChat } from './bare-chat.ts';
import { type Crowd, crowdOf, openLoad } from './load.ts';
import type { LoadJob } from './load-worker.ts';
import type { Rig } from './rig.ts';
import { type BenchRow, quantile, row } from './row.ts';

/** Milliseconds from each POST to its words in the watched stream. */
async function measure(job: LoadJob): Promise<Float64Array> {
  const load = await openLoad(job);
  const { begun, seen } = await load.send();
  await load.close();
  return seen.map((at, n) => at - (begun[n] ?? 0));
}

/**
 * DESIGN.md 7, third row: POST → durable on a file with synchronous=FULL → in another agent's stream, with `streams`
 * open. The limit is the same fan-out on bare node:http without a store.
 */
export async function benchMessages(
  rig: Rig,
  { streams = 1_000, messages = 800, rate = 200 } = {},
): Promise<BenchRow[]> {
  const crowd: Crowd = { streams, messages, rate };
  // 60 messages a minute and conversation are allowed: enough people that none comes near
  const { hub, bare } = await crowdOf(rig, crowd, Math.max(1, Math.ceil(messages / 40)));
  const raw = await bareChat();
  const limit = await measure({ ...bare(raw.origin), rate });
  raw.close();
  const times = await measure({ ...hub, rate });
  const name = `message: POST to another agent's stream, ${streams} streams open, ${rate}/s`;
  return [
    row(`${name}, p50`, 'ms', quantile(times, 0.5), quantile(limit, 0.5)),
    row(`${name}, p99`, 'ms', quantile(times, 0.99), quantile(limit, 0.99), 'under 50 ms', (value) => value < 50),
  ];
}
