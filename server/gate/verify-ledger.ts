import { Problem } from '#contract/problem.ts';
import { jcs } from './jcs.ts';
import { type GetNode, leafHash, nodeHash, root } from './merkle.ts';
import { openCheckpoint, type Pinned } from './note.ts';
import type { Checkpoint } from './proving.ts';
import { explainPair, type Fault } from './verify-pair.ts';

/** A row as it is stored; `hash` is hex. */
interface StoredRow {
  readonly index: number;
  readonly type: string;
  readonly row: string;
  readonly hash: string;
}

/** What another table says that a row must say too: members of the row with their values. */
interface StoredRecord {
  readonly index: number;
  /** "an answer", "a send". */
  readonly what: string;
  readonly says: Readonly<Record<string, unknown>>;
}

/** A ledger as it lies in a database, read without belief. Rows come by rising index. */
export interface StoredLedger {
  readonly rows: Iterable<StoredRow>;
  readonly nodes: Iterable<{ level: number; index: number; hash: string }>;
  readonly checkpoints: readonly { size: number; note: string }[];
  readonly records: Iterable<StoredRecord>;
  /** True while nobody was erased: every row then has a record behind it. */
  readonly complete: boolean;
}

/** The ledger is whole, or its first fault. */
export type LedgerVerdict =
  | { readonly ok: true; readonly size: number; readonly signed: number; readonly root: Uint8Array }
  | { readonly ok: false; readonly fault: Fault };

/** Whose signatures count, and a checkpoint kept elsewhere that the ledger must still begin with. */
export interface Trust {
  readonly keys: Pinned;
  readonly origin: string;
  readonly exported?: string;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const rowsFrom = (n: number): string => (n === 1 ? '1 row' : `${n} rows`);

/** The row's members, or undefined where the text is not the one canonical form of an object of this type. */
function read({ row, type }: StoredRow): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(row);
    if (typeof value !== 'object' || value === null || jcs(value) !== row) return undefined;
    const members = value as Record<string, unknown>;
    return members.t === type && members.v === 1 ? members : undefined;
  } catch {
    return undefined;
  }
}

interface Rows {
  leaves: Uint8Array[];
  members: (Record<string, unknown> | undefined)[];
  fault?: Fault;
}

/** Every row by itself: no gap, the stored hash is its own, its text is canonical. */
function checkRows(stored: Iterable<StoredRow>): Rows {
  const rows: Rows = { leaves: [], members: [] };
  const kept: string[] = [];
  let wrong: number | undefined;
  for (const row of stored) {
    const next = rows.leaves.length;
    if (row.index !== next) {
      const says =
        row.index < next
          ? `Row ${row.index} was inserted: the ledger begins with row 0.`
          : `Row ${next} is missing: the next one in the database is row ${row.index}.`;
      const fault: Fault = { index: Math.min(row.index, next), kind: row.index < next ? 'inserted' : 'missing', says };
      if (wrong === undefined) return { ...rows, fault };
      break;
    }
    const hash = leafHash(row.row);
    rows.leaves.push(hash);
    rows.members.push(read(row));
    kept.push(row.hash);
    if (hex(hash) !== row.hash) wrong ??= next;
  }
  if (wrong !== undefined) {
    const text = hex(rows.leaves[wrong] as Uint8Array);
    const other = kept.indexOf(text);
    const says =
      other >= 0
        ? `Row ${wrong} was moved: the text that stands there belongs to row ${other}.`
        : `Row ${wrong} was edited: its text does not give the hash stored with it.`;
    return { ...rows, fault: { index: wrong, kind: other >= 0 ? 'moved' : 'edited', says } };
  }
  const odd = rows.members.indexOf(undefined);
  if (odd < 0) return rows;
  const says = `Row ${odd} was edited: its text is not the form in which rows are written.`;
  return { ...rows, fault: { index: odd, kind: 'edited', says } };
}

/** Complete subtrees above the leaves: levels[n][i] covers 2^n rows from i * 2^n on. */
function subtrees(leaves: Uint8Array[]): Uint8Array[][] {
  const levels = [leaves];
  for (let below = leaves; below.length > 1; ) {
    const level: Uint8Array[] = [];
    for (let i = 0; i + 1 < below.length; i += 2)
      level.push(nodeHash(below[i] as Uint8Array, below[i + 1] as Uint8Array));
    levels.push(level);
    below = level;
  }
  return levels;
}

/** Where answers and sends say something else than their rows; the lowest index first. */
function checkRecords(rows: Rows, ledger: StoredLedger): Fault[] {
  const faults: Fault[] = [];
  const taken = new Uint8Array(rows.leaves.length);
  for (const { index, what, says } of ledger.records) {
    const row = rows.members[index];
    const tell = (words: string) => faults.push({ index, kind: 'record', says: words });
    if (!row) {
      tell(`Row ${index} is missing: ${what} in the database stands on it.`);
      continue;
    }
    if (taken[index]) tell(`Row ${index} has two records in the database where there was one.`);
    taken[index] = 1;
    const differs = Object.entries(says).find(([name, value]) => jcs(row[name] ?? null) !== jcs(value ?? null))?.[0];
    if (differs) tell(`Row ${index} and ${what} in the database differ: each names another ${differs}.`);
  }
  const lone = ledger.complete ? rows.members.findIndex((m, i) => !taken[i] && recorded.includes(m?.t)) : -1;
  if (lone >= 0)
    faults.push({
      index: lone,
      kind: 'inserted',
      says: `Row ${lone} was inserted, or its record taken away: no answer and no send in the database stands behind it.`,
    });
  return faults.sort((a, b) => a.index - b.index);
}
const recorded: readonly unknown[] = ['consent', 'disclosure'];

interface Signed {
  /** Rows up to the largest checkpoint that holds. */
  good: number;
  fault?: Fault;
}

/** Every checkpoint against the tree of the rows there are; equal roots at each size are what consistency means. */
function checkSigned(size: number, rootAt: (size: number) => Uint8Array, ledger: StoredLedger, trust: Trust): Signed {
  const kept = ledger.checkpoints.map((c) => ({ ...c, name: `The checkpoint over ${rowsFrom(c.size)}` }));
  const notes = trust.exported ? [...kept, { size: -1, note: trust.exported, name: 'The exported checkpoint' }] : kept;
  let good = 0;
  const opened: (Checkpoint & { name: string })[] = [];
  for (const { size: at, note, name } of notes) {
    try {
      const checkpoint = openCheckpoint(note, trust.keys, trust.origin);
      if (at >= 0 && checkpoint.size !== at) throw new Problem('bad-input', 'it names another size');
      opened.push({ ...checkpoint, name });
    } catch (e) {
      const why = e instanceof Problem ? e.message : 'it cannot be read';
      return { good, fault: { index: Math.max(at, 0), kind: 'checkpoint', says: `${name} does not hold: ${why}.` } };
    }
  }
  for (const c of opened.sort((a, b) => a.size - b.size)) {
    if (c.size > size) {
      const says = `Row ${size} is missing: ${c.name.toLowerCase()} signed ${rowsFrom(c.size)}, and ${rowsFrom(size)} ${size === 1 ? 'is' : 'are'} left.`;
      return { good, fault: { index: size, kind: 'missing', says } };
    }
    if (hex(rootAt(c.size)) !== hex(c.root)) {
      const where = c.size - good === 1 ? `row ${good}` : `one of the rows ${good} to ${c.size - 1}`;
      const says = `${c.name} does not fit the rows: ${where} is not what was signed.`;
      return { good, fault: { index: good, kind: 'checkpoint', says } };
    }
    good = c.size;
  }
  return { good };
}

type Stored = Map<number, Map<number, string>>;

/** The stored nodes by level, and the first row of one that the rows there are do not fill. */
function readNodes(levels: Uint8Array[][], ledger: StoredLedger): { stored: Stored; extra?: number } {
  const stored: Stored = new Map();
  let extra: number | undefined;
  for (const { level, index, hash } of ledger.nodes) {
    if (level < 1 || !levels[level]?.[index]) extra = Math.min(extra ?? Number.POSITIVE_INFINITY, index * 2 ** level);
    const row = stored.get(level) ?? new Map<number, string>();
    stored.set(level, row.set(index, hash));
  }
  return { stored, ...(extra === undefined ? {} : { extra }) };
}

/** The first stored node that is not what its rows give, told apart from rows that were changed with their hash. */
function checkNodes(
  levels: Uint8Array[][],
  stored: Stored,
  signed: Signed,
  doubts: ReadonlySet<number>,
): Fault | undefined {
  const wrong = (level: number, i: number) => stored.get(level)?.get(i) !== hex(levels[level]?.[i] as Uint8Array);
  for (let level = 1; level < levels.length; level++) {
    const at = levels[level]?.findIndex((_, i) => wrong(level, i)) ?? -1;
    if (at < 0) continue;
    const parent = at >> 1;
    // A changed row spoils every node above it; a changed node only itself.
    const hasParent = parent < (levels[level + 1]?.length ?? 0);
    const above = hasParent ? wrong(level + 1, parent) : signed.fault !== undefined;
    const hashOf = (i: number) => stored.get(1)?.get(i);
    if (level === 1 && above && hashOf(at)) return explainPair(levels[0] as Uint8Array[], at, hashOf, doubts);
    const first = at * 2 ** level;
    const says = `The stored node over rows ${first} to ${first + 2 ** level - 1} is not what its rows give.`;
    return { index: first, kind: 'node', says };
  }
  return undefined;
}

/** A node over rows that are not there: the ledger was longer once. */
const cutOff = (first: number, size: number): Fault => ({
  index: size,
  kind: 'missing',
  says: `Row ${size} is missing: a node over rows from ${first} on is still stored.`,
});

/**
 * Verifies a stored ledger against itself, its signatures and the tables beside it (GATE.md f, R33): every leaf hash and
 * every interior node is made anew, every checkpoint's root and signature, and what answers and sends say of their rows.
 * Names the first bad row.
 */
export function verifyLedger(ledger: StoredLedger, trust: Trust): LedgerVerdict {
  const rows = checkRows(ledger.rows);
  if (rows.fault) return { ok: false, fault: rows.fault };
  const levels = subtrees(rows.leaves);
  const getNode: GetNode = (level, index) => levels[level]?.[index] as Uint8Array;
  const size = rows.leaves.length;
  const signed = checkSigned(size, (n) => root(n, getNode), ledger, trust);
  const records = checkRecords(rows, ledger);
  const { stored, extra } = readNodes(levels, ledger);
  const fault =
    checkNodes(levels, stored, signed, new Set(records.map((r) => r.index))) ??
    (signed.fault && sharpen(signed.fault, records)) ??
    (extra === undefined ? undefined : cutOff(extra, size)) ??
    records[0];
  if (fault) return { ok: false, fault };
  return { ok: true, size, signed: signed.good, root: root(size, getNode) };
}

/** A checkpoint only says that one of many rows is wrong; a record that disagrees within them says which. */
function sharpen(fault: Fault, records: readonly Fault[]): Fault {
  const named = fault.kind === 'checkpoint' ? records.find((r) => r.index >= fault.index) : undefined;
  return named ? { ...fault, index: named.index, says: `${fault.says} ${named.says}` } : fault;
}
