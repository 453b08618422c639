import type { DatabaseSync } from 'node:sqlite';
import { start } from './migrations/001-start.ts';
import { people } from './migrations/002-people.ts';
import type { Tx } from './open.ts';

/** Every schema step, oldest first. A released step is never edited: the next one changes what it made. */
const steps: readonly (readonly string[])[] = [start, people];

/**
 * Brings the file to this program's schema, each step in one transaction.
 * Throws when a newer program wrote the file, or when it holds tables but no schema number (SECURITY.md DB5).
 */
export function migrate(db: DatabaseSync): void {
  const hasTables = db.prepare("select count(*) as n from sqlite_master where type = 'table'").get() as { n: number };
  const found = (db.prepare('pragma user_version').get() as { user_version: number }).user_version;
  if (found === 0 && hasTables.n > 0) throw new Error('The database file belongs to another program.');
  if (found > steps.length) throw new Error('A newer askfirst wrote this database; start that version.');
  for (let version = found; version < steps.length; version++) {
    db.exec('begin exclusive');
    try {
      if (version === 0) db.exec('create table meta (key text primary key, value text not null) strict');
      for (const sql of steps[version] ?? []) db.exec(sql);
      db.exec(`pragma user_version = ${version + 1}`);
      db.exec('commit');
    } catch (e) {
      db.exec('rollback');
      throw e;
    }
  }
}

/**
 * Empties everything the first step made by making it anew, for *reset demo* and nothing else: append-only tables
 * cannot be emptied row by row. People and their sessions stay.
 */
export function recreate(tx: Pick<Tx, 'exec' | 'hot'>): void {
  const names = start.flatMap((sql) => /^create table (\w+)/.exec(sql)?.[1] ?? []);
  tx.exec('pragma defer_foreign_keys = on');
  for (const name of names.toReversed()) tx.exec(`drop table ${name}`);
  for (const sql of start) tx.exec(sql);
  tx.exec("delete from meta where key like 'demo.%'");
}
