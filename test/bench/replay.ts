import { copyFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Tx } from '../../server/store/open.ts';
import type { Rig } from './rig.ts';

/** One statement of a job as it ran, with its values. */
export interface Statement {
  sql: string;
  how: 'get' | 'all' | 'run';
  params: SQLInputValue[];
}
const nextSeq = "update counter set value = value + 1 where name = 'seq' returning value";

/** The same transaction handle, with every statement of a job written down. */
export function recording(tx: Tx, into: Statement[]): Tx {
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

/** Replays the jobs' statements with their values on bare node:sqlite, `group` jobs a commit; milliseconds of each commit. */
export function replay(file: string, jobs: readonly Statement[][], group: number): number[] {
  const db = new DatabaseSync(file);
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  const cache = new Map<string, StatementSync>();
  for (const { sql } of jobs.flat()) if (!cache.has(sql)) cache.set(sql, db.prepare(sql));
  const times: number[] = [];
  for (let at = 0; at < jobs.length; at += group) {
    const start = performance.now();
    db.exec('begin immediate');
    for (const job of jobs.slice(at, at + group))
      for (const { sql, how, params } of job) (cache.get(sql) as StatementSync)[how](...params);
    db.exec('commit');
    times.push(performance.now() - start);
  }
  db.close();
  return times;
}

let copies = 0;
/** A copy of the rig's file as it stands, everything of it in the one file. */
export function copyOf(rig: Rig): string {
  rig.store.read.hot('pragma wal_checkpoint(truncate)').get();
  const file = `${rig.file}.${copies++}`;
  copyFileSync(rig.file, file);
  return file;
}
