import { claimShare } from '../../server/egress/claim.ts';
import { openStore, type Store, type Tx } from '../../server/store/open.ts';
import { copyOf, recording, replay, type Statement } from './replay.ts';
import type { Rig } from './rig.ts';
import { type BenchRow, row } from './row.ts';

/** Claims all shares, `callers` at a time, each waiting for its commit before the next; returns claims a second. */
async function drive(
  store: Store,
  shares: readonly string[],
  callers: number,
  claim: (tx: Tx, share: string) => unknown,
): Promise<number> {
  let next = 0;
  const caller = async () => {
    for (let share = shares[next++]; share !== undefined; share = shares[next++])
      await store.write((tx) => claim(tx, share as string));
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  return shares.length / ((performance.now() - start) / 1000);
}

/**
 * DESIGN.md 7, second row: the real claim through the store on a file with synchronous=FULL, beside the very same
 * statements with the very same values on bare node:sqlite in groups of as many. Each side starts from its own copy of
 * one file, and they take turns: the two of a turn saw the machine in the same mood, and the turn with the median ratio
 * counts, so that one lucky second of either side does not. 8,000 shares, since a commit touches more pages the more a
 * hub has sent: over an empty file, where the work outside SQLite weighs most, the ratio is lower.
 */
export async function benchClaim(
  rig: Rig,
  { people = 1600, each = 5, callers = 64, turns = 7 } = {},
): Promise<BenchRow[]> {
  const shares = await rig.shares(await rig.people(people), each);
  const run = async (claim: (tx: Tx, share: string) => unknown) => {
    const store = openStore(copyOf(rig));
    const rate = await drive(store, shares, callers, claim);
    const { n } = store.read.hot('select count(*) as n from disclosure').get() as { n: number };
    store.close();
    if (n !== shares.length) throw new Error(`${n} disclosures for ${shares.length} shares`);
    return rate;
  };
  const jobs: Statement[][] = [];
  await run((tx, share) => {
    const job: Statement[] = [];
    jobs.push(job);
    return claimShare(recording(tx, job), rig.claim, share);
  });
  const turnsOf: { ours: number; raw: number }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const rawMs = replay(copyOf(rig), jobs, callers).reduce((sum, ms) => sum + ms, 0);
    const ours = await run((tx, share) => claimShare(tx, rig.claim, share));
    turnsOf.push({ ours, raw: jobs.length / (rawMs / 1000) });
  }
  turnsOf.sort((a, b) => a.ours / a.raw - b.ours / b.raw);
  const { ours, raw } = turnsOf[Math.floor((turns - 1) / 2)] ?? { ours: Number.NaN, raw: Number.NaN };
  const statements = jobs.flat().length / jobs.length;
  return [
    row(
      `durable claims of ${shares.length.toLocaleString('en')} shares, ${callers} callers, ${statements.toFixed(0)} statements each`,
      '1/s',
      ours,
      raw,
      'at least half of raw node:sqlite',
      (_, ratio) => ratio >= 0.5,
    ),
  ];
}
