import { mkdirSync, writeFileSync } from 'node:fs';
import { benchBrowser } from './browser.ts';
import { benchClaim } from './claim.ts';
import { benchConnect } from './connect.ts';
import { benchConsentRows } from './consent-rows.ts';
import { benchDecide } from './decide.ts';
import { benchDelivery } from './delivery.ts';
import { benchDrawn } from './drawn.ts';
import { benchEgress } from './egress.ts';
import { benchHttp } from './http.ts';
import { benchLookUp } from './look-up.ts';
import { benchMessages } from './messages.ts';
import { benchOptOut } from './opt-out.ts';
import { benchProof } from './proof.ts';
import { openRig, type Rig } from './rig.ts';
import type { BenchRow } from './row.ts';
import { benchSandbox } from './sandbox.ts';
import { benchStart } from './start.ts';
import { benchVisitors } from './visitors.ts';

/** How much is measured: `share` of the full counts, people in the look-up, answers, ledger rows, open streams, idle visitors. */
export interface BenchSize {
  share: number;
  heads: number;
  consents: number;
  leaves: number;
  streams: number;
  visitors: number;
  /** False leaves out what needs the built hub. */
  built: boolean;
}

/** The same counts as `npm run bench` takes; BENCH_ROWS, BENCH_CONSENTS, BENCH_LEAVES, BENCH_STREAMS and BENCH_VISITORS change them. */
export const sizeOf = (env: Record<string, string | undefined>): BenchSize => ({
  share: 1,
  heads: Number(env.BENCH_ROWS ?? 200_000),
  consents: Number(env.BENCH_CONSENTS ?? 1_000_000),
  leaves: Number(env.BENCH_LEAVES ?? 1_000_000),
  streams: Number(env.BENCH_STREAMS ?? 1_000),
  visitors: Number(env.BENCH_VISITORS ?? 10_000),
  built: true,
});

/** Runs every benchmark, one after another, each over a database file of its own; `tell` is handed each row at once. */
export async function runBench(size: BenchSize, tell: (row: BenchRow) => void): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const of = (count: number) => Math.max(2, Math.round(count * size.share));
  const keep = (more: BenchRow | readonly BenchRow[]) => {
    for (const row of [more].flat()) {
      rows.push(row);
      tell(row);
    }
  };
  const withRig = async (work: (rig: Rig) => Promise<BenchRow | BenchRow[]>) => {
    const rig = await openRig();
    try {
      keep(await work(rig));
    } finally {
      await rig.close();
    }
  };
  keep(benchDecide({ calls: of(200_000) }));
  const base = Math.min(10_000, Math.ceil(size.heads / 20));
  await withRig((rig) => benchConsentRows(rig, { rows: size.consents, calls: of(50_000) }));
  keep(benchProof({ leaves: size.leaves, calls: of(5_000) }));
  await withRig((rig) => benchLookUp(rig, { heads: size.heads, base, calls: of(20_000) }));
  await withRig((rig) => benchClaim(rig, { people: of(1_600), each: 5, turns: size.share < 1 ? 1 : 7 }));
  keep(await benchOptOut({ people: of(200), each: 5 }));
  await withRig((rig) => benchMessages(rig, { streams: size.streams, messages: of(800) }));
  await withRig((rig) => benchDelivery(rig, { count: of(200) }));
  keep(await benchSandbox(of(400)));
  keep(await benchEgress({ rounds: of(2_000), warmUp: of(300) }));
  keep(await benchConnect({ count: of(200) }));
  await withRig((rig) => benchHttp(rig, { requests: of(10_000) }));
  if (!size.built) return rows;
  keep(await benchStart({ streams: Math.max(1_000, size.streams) }));
  keep(await benchDrawn({ streams: size.streams, messages: of(1_600) }));
  keep(await benchBrowser());
  keep(await benchVisitors({ visitors: size.visitors }));
  return rows;
}

/** The table for people; bench.json has the same rows. */
export const tableOf = (rows: readonly BenchRow[]): string =>
  rows
    .map(({ name, value, unit, limit, ratio, goal, met }) =>
      [
        name.padEnd(84),
        `${value} ${unit}`.padStart(16),
        `${limit ?? '–'}`.padStart(10),
        `${ratio ?? '–'}`.padStart(9),
        met ? '  ' : ' !',
        goal,
      ].join(' '),
    )
    .join('\n');

/** Writes the rows as an array to `test/output/bench.json`. */
export function writeRows(rows: readonly BenchRow[], folder = 'test/output'): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/bench.json`, `${JSON.stringify(rows, null, 2)}\n`);
}
