import { DatabaseSync } from 'node:sqlite';

/** The sandbox partners' own file: never the hub's, so that what a partner holds is really elsewhere. */
export interface SandboxStore {
  get(sql: string, ...params: (string | number | null)[]): Record<string, unknown> | undefined;
  all(sql: string, ...params: (string | number | null)[]): Record<string, unknown>[];
  /** Runs one statement; the number of rows it changed. */
  run(sql: string, ...params: (string | number | null)[]): number;
  close(): void;
}

const tables = `
create table if not exists secret (partner text primary key, jwks text not null, cookie text not null);
create table if not exists grantable (
  partner text, model text, id text, payload text not null, grant_id text, uid text, expires integer,
  primary key (partner, model, id));
create index if not exists grantable_grant on grantable (partner, grant_id);
create index if not exists grantable_uid on grantable (partner, model, uid);
create table if not exists record (
  id integer primary key autoincrement, partner text not null, hub integer not null, type text not null,
  email text, properties text not null, created text not null, updated text not null, archived text);
create unique index if not exists record_email on record (partner, hub, type, email) where archived is null;
create table if not exists link (
  partner text, hub integer, from_type text, from_id integer, to_type text, to_id integer,
  primary key (partner, hub, from_type, from_id, to_type, to_id));
create table if not exists blocked (partner text, hub integer, email text, primary key (partner, hub, email));
`;

/** Opens or creates the sandbox's file, or keeps all in memory when no path is given; `now` in milliseconds. */
export function openSandboxStore(path: string | undefined, now: () => number): SandboxStore {
  const db = new DatabaseSync(path ?? ':memory:');
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000');
  db.exec(tables);
  db.prepare('delete from grantable where expires < ?').run(Math.floor(now() / 1000));
  const cache = new Map<string, ReturnType<typeof db.prepare>>();
  const prepare = (sql: string) => {
    const hit = cache.get(sql) ?? db.prepare(sql);
    cache.set(sql, hit);
    return hit;
  };
  return {
    get: (sql, ...params) => prepare(sql).get(...params),
    all: (sql, ...params) => prepare(sql).all(...params),
    run: (sql, ...params) => Number(prepare(sql).run(...params).changes),
    close: () => db.close(),
  };
}
