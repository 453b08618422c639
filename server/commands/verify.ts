import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Problem } from '#contract/problem.ts';
import { publicKeyOf } from '../gate/keys.ts';
import { keysIn } from '../gate/receipt-check.ts';
import { type StoredLedger, verifyLedger as verify } from '../gate/verify-ledger.ts';
import { schemaOf } from '../store/migrate.ts';

/** What the command needs from its surroundings; nothing here can reach a network or write to the database. */
export interface VerifyIo {
  /** Reads a whole file as text; throws when there is none. */
  read: (path: string) => string;
  write: (path: string, text: string) => void;
  print: (line: string) => void;
  /** The data folder: `hub.db`, and `receipt-key.pub` where no key is named. */
  folder: string;
}

const usage =
  'npm run verify -- [--key <public key, base64url>] [--keys <list of keys>] [--origin <name of the ledger>] [--checkpoint <exported file>] [--export <file>]';

/** Words for the person at the terminal, thrown to end the command. */
class Stop extends Error {}

const names = ['key', 'keys', 'origin', 'checkpoint', 'export'] as const;
type Args = Partial<Record<(typeof names)[number], string>>;

function parseArgs(argv: readonly string[]): Args {
  const args: Args = {};
  for (let i = 0; i < argv.length; i += 2) {
    const name = names.find((n) => argv[i] === `--${n}`);
    const value = argv[i + 1];
    if (!name || !value || args[name] !== undefined) throw new Stop(usage);
    args[name] = value;
  }
  return args;
}

function readText(io: VerifyIo, path: string, what: string): string {
  try {
    return io.read(path);
  } catch {
    throw new Stop(`${what} cannot be read: ${path}`);
  }
}

function readKeys(io: VerifyIo, { key, keys }: Args) {
  const file = keys ?? join(io.folder, 'receipt-key.pub');
  const text = key ?? readText(io, file, 'The hub’s public key (or give one with --key)');
  try {
    return keysIn(text).map(publicKeyOf);
  } catch (error) {
    throw error instanceof Problem ? new Stop(`This is not a public key: ${error.message}.`) : error;
  }
}

/** Opens the database for reading alone; a running hub is not disturbed. */
function openReadOnly(folder: string): DatabaseSync {
  const file = join(folder, 'hub.db');
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    if (schemaOf(db) === 0) throw new Error('empty');
    return db;
  } catch {
    db?.close();
    throw new Stop(`There is no ledger to read in ${file}.`);
  }
}

const minute = (iso: unknown): string => `${String(iso).slice(0, 16)}Z`;
/** Undefined, and so different from every row, where somebody broke the text. */
const parsed = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
};

/** The ledger and what the tables beside it say, streamed row by row. */
function storedIn(db: DatabaseSync): StoredLedger {
  const all = (sql: string) => db.prepare(sql).iterate() as Iterable<Record<string, unknown>>;
  function* rows() {
    for (const r of all('select idx, type, row, leaf_hash from ledger_leaf order by idx'))
      yield { index: Number(r.idx), type: String(r.type), row: String(r.row), hash: String(r.leaf_hash) };
  }
  function* nodes() {
    for (const n of all('select level, idx, hash from ledger_node'))
      yield { level: Number(n.level), index: Number(n.idx), hash: String(n.hash) };
  }
  function* records() {
    for (const e of all('select * from consent_event where leaf_index is not null order by leaf_index')) {
      const { integration_id: integration, manifest_hash: manifest, regime, by, method } = e;
      const says = { t: 'consent', integration, manifest, regime, by, method, event: e.type };
      const more = { purpose: `dpv:${e.purpose}`, fields: parsed(e.fields_json), notice: e.notice_hash ?? '' };
      yield {
        index: Number(e.leaf_index),
        what: 'the answer',
        says: { ...says, ...more, minute: minute(e.received_at) },
      };
    }
    for (const d of all('select * from disclosure order by leaf_index')) {
      const says = { t: 'disclosure', integration: d.integration_id, purpose: `dpv:${d.purpose}` };
      const more = { fields: parsed(d.fields_json), rule: parsed(d.rules_json), minute: minute(d.at) };
      yield { index: Number(d.leaf_index), what: 'the send', says: { ...says, ...more } };
    }
  }
  const erased = db.prepare('select 1 as yes from subject where erased_at is not null limit 1').get();
  const checkpoints = db.prepare('select size, note from checkpoint order by size').all();
  return {
    rows: rows(),
    nodes: nodes(),
    records: records(),
    checkpoints: checkpoints.map((c) => ({ size: Number(c.size), note: String(c.note) })),
    complete: !erased,
  };
}

function run(args: Args, io: VerifyIo): 0 | 1 {
  const keys = readKeys(io, args);
  const exported = args.checkpoint && readText(io, args.checkpoint, 'The checkpoint');
  const db = openReadOnly(io.folder);
  try {
    db.exec('begin'); // one snapshot, whatever the hub writes meanwhile
    const ledger = storedIn(db);
    const newest = ledger.checkpoints.at(-1)?.note;
    // The signature covers the ledger's name, so where nobody gives one it can be taken from what is signed.
    const origin = args.origin ?? (exported || ledger.checkpoints[0]?.note || '').split('\n')[0] ?? '';
    const verdict = verify(ledger, { keys, origin, ...(exported ? { exported } : {}) });
    if (!verdict.ok) {
      io.print(`The ledger is broken at row ${verdict.fault.index} (${verdict.fault.kind}): ${verdict.fault.says}`);
      return 1;
    }
    const { size, signed } = verdict;
    const under = signed === 0 ? 'nothing is signed yet' : `the first ${signed} are signed as ${origin}`;
    io.print(`The ledger is whole: ${size} rows, ${under}.`);
    if (args.export === undefined) return 0;
    if (newest === undefined)
      throw new Stop('There is no checkpoint to export yet: one is signed a second after the first row.');
    io.write(args.export, newest);
    io.print(`Its newest checkpoint is now in ${args.export}; keep it away from this machine.`);
    return 0;
  } finally {
    db.close();
  }
}

/**
 * Verifies the ledger of a data folder, offline and read-only, also while the hub runs (R33): rows, nodes, checkpoints,
 * and the answers and sends beside them. Prints one sentence; broken, it names the first bad row. Exit code 0 or 1.
 */
export function verifyLedger(argv: readonly string[], io: VerifyIo): 0 | 1 {
  try {
    return run(parseArgs(argv), io);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    io.print(error.message);
    return 1;
  }
}

/** `npm run verify`: the process's own arguments, files and folder (`ASKFIRST_DATA`, else `data`). */
export const main = (): 0 | 1 =>
  verifyLedger(process.argv.slice(2), {
    read: (path) => readFileSync(path, 'utf8'),
    write: (path, text) => writeFileSync(path, text),
    print: (line) => console.log(line),
    folder: process.env.ASKFIRST_DATA ?? 'data',
  });

// Run, not imported: the first file Node was given is this one, links resolved.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = main();
