import type { DatabaseSync } from 'node:sqlite';
import { start } from './migrations/001-start.ts';
import { people } from './migrations/002-people.ts';
import { closure } from './migrations/003-closure.ts';
import { secondStepBrands, secondStepPeople } from './migrations/004-second-step.ts';
import { login } from './migrations/005-login.ts';
import { regime } from './migrations/006-regime.ts';
import { egress } from './migrations/007-egress.ts';
import { ledger } from './migrations/008-ledger.ts';
import { mapping } from './migrations/009-mapping.ts';
import { notice } from './migrations/010-notice.ts';
import { scopes } from './migrations/012-scopes.ts';
import { tokenRefresh } from './migrations/014-token-refresh.ts';
import { health } from './migrations/015-health.ts';
import { kill } from './migrations/016-kill.ts';
import { webhooks } from './migrations/017-webhooks.ts';
import { conversationTools } from './migrations/018-conversation-tools.ts';
import { chatSettings } from './migrations/019-chat-settings.ts';
import { routing } from './migrations/020-routing.ts';
import { files } from './migrations/021-files.ts';
import { visit } from './migrations/022-visit.ts';
import { ending } from './migrations/023-ending.ts';
import { cardLayout } from './migrations/024-card-layout.ts';
import { recordLookup } from './migrations/025-record-lookup.ts';
import { signInIndexes } from './migrations/026-sign-in-indexes.ts';
import { keywords } from './migrations/027-keywords.ts';
import { rights } from './migrations/028-rights.ts';
import { mailedLink } from './migrations/029-mailed-link.ts';

/** One schema step: what the hub itself keeps, or better-auth's tables of people, which *reset demo* leaves alone. */
interface Step {
  of: 'hub' | 'people';
  sql: readonly string[];
}

/** Every schema step, oldest first. A released step is never edited: the next one changes what it made. */
const steps: readonly Step[] = [
  { of: 'hub', sql: start },
  { of: 'people', sql: people },
  { of: 'hub', sql: closure },
  { of: 'people', sql: secondStepPeople },
  { of: 'hub', sql: secondStepBrands },
  { of: 'hub', sql: login },
  { of: 'hub', sql: regime },
  { of: 'hub', sql: egress },
  { of: 'hub', sql: ledger },
  { of: 'hub', sql: mapping },
  { of: 'hub', sql: notice },
  { of: 'hub', sql: scopes },
  { of: 'hub', sql: tokenRefresh },
  { of: 'hub', sql: health },
  { of: 'hub', sql: kill },
  { of: 'hub', sql: webhooks },
  { of: 'hub', sql: conversationTools },
  { of: 'hub', sql: chatSettings },
  { of: 'hub', sql: routing },
  { of: 'hub', sql: signInIndexes },
  { of: 'hub', sql: keywords },
  { of: 'hub', sql: cardLayout },
  { of: 'hub', sql: ending },
  { of: 'hub', sql: recordLookup },
  { of: 'hub', sql: visit },
  { of: 'hub', sql: files },
  { of: 'hub', sql: rights },
  { of: 'hub', sql: mailedLink },
];

/** A database that is whole but not one this program may open; its message ends a sentence for the terminal. */
export class NotOurs extends Error {}

/**
 * The schema number of the file, 0 for a new one. Throws NotOurs when a newer program wrote the file, or when what it
 * holds is not ours (SECURITY.md DB5). Reads only: a stranger's file is left as it is.
 */
export function schemaOf(db: DatabaseSync): number {
  const tables = db.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[];
  const found = (db.prepare('pragma user_version').get() as { user_version: number }).user_version;
  const ours = ['meta', 'counter', 'ledger_leaf'].every((name) => tables.some((t) => t.name === name));
  if (found === 0 ? tables.length > 0 : !ours) throw new NotOurs('it belongs to another program');
  if (found > steps.length) throw new NotOurs('a newer askfirst wrote it, so start that version');
  return found;
}

/** Brings the file to this program's schema, each step in one transaction. Throws NotOurs. */
export function migrate(db: DatabaseSync): void {
  const found = schemaOf(db);
  for (let version = found; version < steps.length; version++) {
    db.exec('begin exclusive');
    try {
      if (version === 0) db.exec('create table meta (key text primary key, value text not null) strict');
      for (const sql of steps[version]?.sql ?? []) db.exec(sql);
      db.exec(`pragma user_version = ${version + 1}`);
      db.exec('commit');
    } catch (e) {
      db.exec('rollback');
      throw e;
    }
  }
}

/** The part of a transaction that making anew needs. */
interface Recreating {
  exec(sql: string): void;
  hot(sql: string): { get(): Record<string, unknown> | undefined; run(value: number): void };
}

/**
 * Empties everything the hub's own steps made by making it anew, for *reset demo* and nothing else: append-only tables
 * cannot be emptied row by row. People and their sessions stay.
 */
export function recreate(tx: Recreating): void {
  const ours = steps.filter((step) => step.of === 'hub').flatMap((step) => step.sql);
  const names = ours.flatMap((sql) => /^create table (\w+)/.exec(sql)?.[1] ?? []);
  tx.exec('pragma defer_foreign_keys = on');
  // Numbers of entries go on: an open stream must not take a new line for one it has seen.
  const last = tx.hot("select seq from sqlite_sequence where name = 'entry'").get()?.seq ?? 0;
  for (const name of names.toReversed()) tx.exec(`drop table ${name}`);
  for (const sql of ours) tx.exec(sql);
  tx.hot("insert into sqlite_sequence (name, seq) values ('entry', ?)").run(last as number);
  tx.exec("delete from meta where key like 'demo.%'");
}
