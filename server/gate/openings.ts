import { problem } from '#contract/problem.ts';
import { type Asking, hashed } from './asking.ts';
import { bytesOf, fromBase64Url, toBase64Url } from './encoding.ts';
import { jcs } from './jcs.ts';
import { leafPrefix, provenLeaf } from './proving.ts';
import type { Pending } from './receipt-check.ts';

/** One ledger row of a person, with the keys that open it: they say nothing about any other row (GATE.md f). */
export interface OwnRow {
  readonly index: number;
  /** The row as it stands in the ledger. */
  readonly row: Readonly<Record<string, unknown>>;
  readonly tlog: string | Pending;
  /** HKDF("row"), base64url: with the row's nonce it makes the row's tag. */
  readonly key: string;
  /** `f:<field>`, `consent`, `epoch` of a send: the opening key, base64url, and what it opens where that is still known. */
  readonly open?: Readonly<Record<string, { readonly key: string; readonly value?: unknown }>>;
}

/** A person's proof keys as one file: the JCS text of this. Who has it can read their rows, so it is for them alone. */
export interface Openings {
  readonly v: 1;
  readonly ledger: string;
  readonly rows: readonly OwnRow[];
}

/** A row that was opened: it stands in the signed ledger, belongs to the holder of the keys, and said these values. */
export interface OpenedRow {
  readonly index: number;
  readonly row: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The longest file of proof keys that is read, in bytes: some thousand rows. */
export const longestOpenings = 5_000_000;

const refuse = (why: string): never => problem('bad-input', why);
const object = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** base64url of HMAC-SHA256 by its definition (RFC 2104), for a key of 32 bytes: a browser and Node hash alike. */
function* macOf(key: Uint8Array, data: Uint8Array): Asking<string> {
  const pad = (byte: number) => Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ byte);
  return toBase64Url(yield* hashed(pad(0x5c), yield* hashed(pad(0x36), data)));
}

function keyIn(text: unknown): Uint8Array {
  const key = fromBase64Url(typeof text === 'string' ? text : '', 'a proof key');
  return key.length === 32 ? key : refuse('a proof key has another length');
}

/** True for an object with these members, perhaps those, and no other: an unknown name is a changed one. */
const shaped = (value: unknown, names: string, perhaps = ''): value is Record<string, unknown> => {
  if (!object(value)) return false;
  const must = names.split(' ');
  return (
    must.every((name) => Object.hasOwn(value, name)) &&
    Object.keys(value).every((name) => name === perhaps || must.includes(name))
  );
};

const isOwnRow = (own: unknown): own is OwnRow =>
  shaped(own, 'index key row tlog', 'open') &&
  object(own.row) &&
  (own.open === undefined ||
    (object(own.open) && Object.values(own.open).every((opening) => shaped(opening, 'key', 'value'))));

function readOpenings(file: string): Openings {
  const text = file.replace(/\r?\n$/, '');
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    refuse(noFile);
  }
  const whole = shaped(read, 'ledger rows v') && read.v === 1 && Array.isArray(read.rows) && read.rows.every(isOwnRow);
  // In its one form, so that no byte of it is ignored.
  return whole && jcs(read) === text ? (read as unknown as Openings) : refuse(noFile);
}
const noFile = 'this is no file of proof keys';

/** What a row says under the name of an opening: the commitment of a field, or the keyed consent row or epoch. */
function sealedIn(row: OwnRow['row'], name: string): unknown {
  const commitments = object(row.c) ? row.c : {};
  return name.startsWith('f:')
    ? commitments[name.slice(2)]
    : name === 'consent' || name === 'epoch'
      ? row[name]
      : undefined;
}

function* openRow(own: OwnRow, tlog: string, keys: readonly Uint8Array[], ledger: string): Asking<OpenedRow> {
  const { row, index } = own;
  const leaf = yield* hashed(leafPrefix, jcs(row));
  if ((yield* provenLeaf(tlog, leaf, keys, ledger)).index !== index) refuse(`row ${index} stands elsewhere`);
  const tag = yield* macOf(keyIn(own.key), fromBase64Url(String(row.nonce), 'a nonce'));
  if (tag !== row.tag) refuse(`row ${index} is not of the person these keys are of`);
  const values: Record<string, unknown> = {};
  for (const [name, { key, value }] of Object.entries(own.open ?? {})) {
    const opening = keyIn(key);
    if (value === undefined) continue; // not known any more: who remembers it can still try
    if ((yield* macOf(opening, bytesOf(jcs(value)))) !== sealedIn(row, name))
      refuse(`the key for ${name} does not open row ${index}`);
    values[name] = value;
  }
  return { index, row, values };
}

/**
 * Opens the rows of a file of proof keys: each stands in a tree that one of `keys` signed, its tag is of the holder, and
 * every value opens its commitment (GATE.md g). Rows not proved yet are left out. Raises `bad-input` where one bit is wrong.
 */
export function* openedRows(file: string, keys: readonly Uint8Array[]): Asking<OpenedRow[]> {
  const { ledger, rows } = readOpenings(file);
  const opened: OpenedRow[] = [];
  for (const own of rows) if (typeof own.tlog === 'string') opened.push(yield* openRow(own, own.tlog, keys, ledger));
  return opened;
}
