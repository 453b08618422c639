import { copyFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { claimShare } from '../../server/egress/claim.ts';
import { openStore, type Store, type Tx } from '../../server/store/open.ts';
import type { Rig } from './rig.ts';
import { type BenchRow, row } from './row.ts';

interface Statement {
  sql: string;
  how: 'get' | 'all' | 'run';
  params: SQLInputValue[];
}
const nextSeq = "update counter set value = value + 1 where name = 'seq' returning value";

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

/** The same transaction handle, with every statement of a job written down. */
function recording(tx: Tx, into: Statement[]): Tx {
  return {
    ...tx,
    hot: (sql) => {
      const statement = tx.hot(sql);
      const noted = (how: Statement['how'], params: SQLInputValue[]) => {
        into.push({ sql, how, params });
        return statement;
      };
      return {
        get: (...p) => noted('get', p).get(...p),
        all: (...p) => noted('all', p).all(...p),
        run: (...p) => noted('run', p).run(...p),
      };
    },
    seq() {
      into.push({ sql: nextSeq, how: 'get', params: [] });
      return tx.seq();
    },
  };
}

/** Replays the jobs' statements with their values on bare node:sqlite, `group` jobs a commit; returns jobs a second. */
function replay(file: string, jobs: readonly Statement[][], group: number): number {
  const db = new DatabaseSync(file);
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  const cache = new Map<string, StatementSync>();
  for (const { sql } of jobs.flat()) if (!cache.has(sql)) cache.set(sql, db.prepare(sql));
  const start = performance.now();
  for (let at = 0; at < jobs.length; at += group) {
    db.exec('begin immediate');
    for (const job of jobs.slice(at, at + group))
      for (const { sql, how, params } of job) (cache.get(sql) as StatementSync)[how](...params);
    db.exec('commit');
  }
  const rate = jobs.length / ((performance.now() - start) / 1000);
  db.close();
  return rate;
}

/**
 * DESIGN.md 7, second row: the real claim through the store on a file with synchronous=FULL, beside the very same
 * statements with the very same values on bare node:sqlite in groups of as many. Each side starts from its own copy of
 * one file, and they take turns; the best turn counts on both sides.
 */
export async function benchClaim(
  rig: Rig,
  { people = 400, each = 5, callers = 64, turns = 4 } = {},
): Promise<BenchRow[]> {
  const shares = await rig.shares(await rig.people(people), each);
  rig.store.read.hot('pragma wal_checkpoint(truncate)').get(); // all of it in the one file that is copied
  let copies = 0;
  const copy = () => {
    const file = `${rig.file}.${copies++}`;
    copyFileSync(rig.file, file);
    return file;
  };
  const run = async (claim: (tx: Tx, share: string) => unknown) => {
    const store = openStore(copy());
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
  const rates = { ours: 0, raw: 0 };
  for (let turn = 0; turn < turns; turn++) {
    rates.raw = Math.max(rates.raw, replay(copy(), jobs, callers));
    rates.ours = Math.max(rates.ours, await run((tx, share) => claimShare(tx, rig.claim, share)));
  }
  const statements = jobs.flat().length / jobs.length;
  return [
    row(
      `durable claims, ${callers} callers, ${statements.toFixed(0)} statements each`,
      '1/s',
      rates.ours,
      rates.raw,
      'at least half of raw node:sqlite',
      (_, ratio) => ratio >= 0.5,
    ),
  ];
}
