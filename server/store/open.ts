import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Compilable, Kysely, SqliteDialect } from 'kysely';
import { migrate, NotOurs, schemaOf } from './migrate.ts';
import type { Tables } from './tables.ts';

/** What a write job may do: synchronous statements inside the one open transaction. */
export interface Tx {
  /** Kysely without a connection of its own: builds statements, runs none. */
  readonly sql: Kysely<Tables>;
  get<T>(query: Compilable<T>): T | undefined;
  all<T>(query: Compilable<T>): T[];
  run(query: Compilable<unknown>): void;
  /** A hot statement, prepared once; parameters are checked like all others. */
  hot(sql: string): HotStatement;
  /** A statement without parameters that changes the schema. */
  exec(sql: string): void;
  /** The next number of database order. */
  seq(): number;
}
/** A prepared statement behind the parameter guard. */
interface HotStatement {
  get(...params: SQLInputValue[]): Record<string, unknown> | undefined;
  all(...params: SQLInputValue[]): Record<string, unknown>[];
  run(...params: SQLInputValue[]): void;
}

/** The store: one SQLite file, one writer. */
export interface Store {
  /** For reads, and for better-auth. Single statements only; what belongs together goes through `write`. */
  readonly db: Kysely<Tables>;
  /** Synchronous read on the hub's own handle, for the fence and for hot paths (GATE.md e.3). */
  readonly read: Pick<Tx, 'get' | 'all' | 'hot' | 'sql'>;
  /**
   * Runs `job` in a transaction it shares with the other jobs of this tick and resolves after the commit (FULL).
   * A job that throws is rolled back alone; a commit that fails rejects all. Nothing may be awaited inside, and a job
   * may run twice: it changes nothing but the store.
   */
  write<T>(job: (tx: Tx) => T): Promise<T>;
  /** Calls the listener after each commit of a write, in the same tick; it only reads. Returns how to stop. */
  onCommit(listener: () => void): () => void;
  close(): void;
}

/**
 * node:sqlite takes a plain object as the first bound value for a bag of named parameters, and binds NULL for what is
 * missing (SERVER.md): a look-up would then ask about the wrong row. Count and types are checked before each bind.
 */
function guard(sql: string, expected: number, params: readonly unknown[]): asserts params is SQLInputValue[] {
  if (params.length !== expected) throw new TypeError(`${params.length} parameters for ${expected} places: ${sql}`);
  for (const p of params) {
    const ok = p === null || typeof p === 'string' || typeof p === 'bigint' || p instanceof Uint8Array;
    if (!ok && !(typeof p === 'number' && Number.isFinite(p))) throw new TypeError(`unbindable ${typeof p}: ${sql}`);
  }
}

const places = (sql: string) => sql.replace(/'[^']*'|"[^"]*"/g, '').split('?').length - 1;

/** The file of `path`, ours and up to date, in WAL with FULL. Throws NotOurs, or what SQLite says of a damaged file. */
function openFile(path: string): DatabaseSync {
  const raw = new DatabaseSync(path);
  try {
    ready(raw, path);
  } catch (e) {
    raw.close();
    throw e;
  }
  return raw;
}

function ready(raw: DatabaseSync, path: string): void {
  raw.exec('pragma busy_timeout = 2000');
  schemaOf(raw); // before the first pragma that writes
  raw.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  // What is deleted is overwritten, so that an erasure leaves nothing in free pages (I9); a claim is no slower for it.
  raw.exec('pragma secure_delete = on');
  const sync = raw.prepare('pragma synchronous').get() as { synchronous: number };
  const mode = raw.prepare('pragma journal_mode').get() as { journal_mode: string };
  if (sync.synchronous !== 2 || (path !== ':memory:' && mode.journal_mode !== 'wal'))
    throw new NotOurs('it does not run with WAL and synchronous=FULL');
  migrate(raw);
}

/**
 * Opens or creates the store at `path` (":memory:" for tests), migrates it, and checks WAL and FULL (SECURITY.md DB1).
 * Throws NotOurs for a file of another program or a newer askfirst.
 */
export function openStore(path: string): Store {
  const raw = openFile(path);
  const cache = new Map<string, { statement: StatementSync; expected: number; writes: boolean }>();
  /** Whether anything but a read ran since it was last reset. */
  let wrote = false;
  const prepare = (sql: string) => {
    let hit = cache.get(sql);
    if (!hit) {
      hit = { statement: raw.prepare(sql), expected: places(sql), writes: !/^\s*select\b/i.test(sql) };
      cache.set(sql, hit);
    }
    return hit;
  };
  const bind = <R>(sql: string, params: readonly unknown[], use: (s: StatementSync, p: SQLInputValue[]) => R): R => {
    const { statement, expected, writes } = prepare(sql);
    guard(sql, expected, params);
    if (writes) wrote = true;
    return use(statement, params);
  };
  const hots = new Map<string, HotStatement>();
  function hot(sql: string): HotStatement {
    const known = hots.get(sql);
    if (known) return known;
    let found: ReturnType<typeof prepare> | undefined;
    const ready = (params: readonly unknown[]) => {
      // Prepared at its first use, as always: a statement may be asked for before its table is there.
      found ??= prepare(sql);
      guard(sql, found.expected, params);
      if (found.writes) wrote = true;
      return found.statement;
    };
    const made: HotStatement = {
      get: (...p) => ready(p).get(...p),
      all: (...p) => ready(p).all(...p),
      run: (...p) => void ready(p).run(...p),
    };
    hots.set(sql, made);
    return made;
  }

  const nextSeq = hot("update counter set value = value + 1 where name = 'seq' returning value");

  const dialect = new SqliteDialect({
    database: {
      close: () => {},
      prepare: (sql: string) => ({
        reader: /^\s*(select|with|pragma)|\breturning\b/i.test(sql),
        all: (p: readonly unknown[]) => bind(sql, p, (s, v) => s.all(...v)),
        run: (p: readonly unknown[]) => bind(sql, p, (s, v) => s.run(...v)),
        iterate: (p: readonly unknown[]) => bind(sql, p, (s, v) => s.iterate(...v)),
      }),
    },
  });
  const db = new Kysely<Tables>({ dialect });
  const tx: Tx = {
    sql: db,
    hot,
    get: (q) => {
      const { sql, parameters } = q.compile();
      return bind(sql, parameters, (s, v) => s.get(...v)) as never;
    },
    all: (q) => {
      const { sql, parameters } = q.compile();
      return bind(sql, parameters, (s, v) => s.all(...v)) as never;
    },
    run: (q) => {
      const { sql, parameters } = q.compile();
      bind(sql, parameters, (s, v) => s.run(...v));
    },
    exec(sql) {
      wrote = true;
      raw.exec(sql);
    },
    seq: () => nextSeq.get()?.value as number,
  };

  /** A job that waits would go on after the commit, outside every transaction (SECURITY.md DB3): it counts as failed. */
  function perform(job: (tx: Tx) => unknown): unknown {
    const value = job(tx);
    if (value instanceof Promise) {
      value.catch(() => {});
      wrote = true;
      throw new TypeError('a write job must not wait for anything');
    }
    return value;
  }

  type Job = { job: (tx: Tx) => unknown; resolve: (v: never) => void; reject: (e: unknown) => void };
  let waiting: Job[] = [];
  const listeners = new Set<() => void>();

  /** Runs the jobs in one transaction without a savepoint each; nothing when one failed after it had written. */
  function together(batch: readonly Job[]): (() => void)[] | undefined {
    const settle: (() => void)[] = [];
    for (const { job, resolve, reject } of batch) {
      wrote = false;
      try {
        const value = perform(job);
        settle.push(() => resolve(value as never));
      } catch (e) {
        if (wrote) return undefined;
        settle.push(() => reject(e));
      }
    }
    return settle;
  }
  function oneByOne(batch: readonly Job[]): (() => void)[] {
    return batch.map(({ job, resolve, reject }) => {
      raw.exec('savepoint job');
      try {
        const value = perform(job);
        raw.exec('release job');
        return () => resolve(value as never);
      } catch (e) {
        raw.exec('rollback to job; release job');
        return () => reject(e);
      }
    });
  }
  function drain(): void {
    const batch = waiting;
    waiting = [];
    let settle: (() => void)[] | undefined;
    try {
      raw.exec('begin immediate');
      settle = together(batch);
      if (!settle) {
        // A savepoint costs a fifth of a claim, and a job that fails after it wrote is rare: begin again, with them.
        raw.exec('rollback; begin immediate');
        settle = oneByOne(batch);
      }
      raw.exec('commit');
    } catch (e) {
      try {
        raw.exec('rollback');
      } catch {
        // no transaction was open
      }
      for (const { reject } of batch) reject(e);
      return;
    }
    for (const done of settle) done();
    for (const listener of listeners) listener();
  }

  return {
    db,
    read: tx,
    write: (job) =>
      new Promise((resolve, reject) => {
        if (waiting.push({ job, resolve, reject } as Job) === 1) setImmediate(drain);
      }),
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => raw.close(),
  };
}
