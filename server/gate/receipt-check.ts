import type { ConsentBy } from '#contract/consent.ts';
import { Problem, problem } from '#contract/problem.ts';
import type { Field } from '#contract/visitor.ts';
import { type Asking, hashed, sealFits } from './asking.ts';
import { bytesOf, fromBase64Url, toBase64Url } from './encoding.ts';
import { jcs } from './jcs.ts';
import { leafPrefix, provenLeaf, thumbprintOf } from './proving.ts';
import { type Answer, byTerms, type ReceiptRecord, statusTerms } from './record.ts';
import { recordSchema, validate } from './record-schema.ts';

/** A `consent` row of the ledger (GATE.md f): nothing in it says who. */
export interface ConsentRow {
  readonly v: 1;
  readonly t: 'consent';
  readonly tag: string;
  readonly nonce: string;
  readonly integration: string;
  readonly purpose: string;
  readonly event: Answer;
  readonly fields: readonly Field[];
  readonly manifest: string;
  readonly notice: string;
  readonly regime: string;
  readonly by: ConsentBy;
  readonly method: string;
  readonly evidence: string;
  readonly minute: string;
}

/** In place of a proof while the next checkpoint is not signed: the row's index, and the promise in seconds. */
export interface Pending {
  readonly pending: { readonly index: number; readonly seconds: number };
}

/** What a receipt carries: the 27560 record, the consent row, and its tlog-proof or the promise of one. */
export interface ReceiptBody {
  readonly record: ReceiptRecord;
  readonly row: ConsentRow;
  readonly tlog: string | Pending;
}

/** What verifying found: genuine, signed but its row not proved yet, or not valid. `why` is half a sentence for people. */
export type Verified =
  | { ok: true; record: ReceiptRecord; row: ConsentRow; index: number; size: number; origin: string }
  | { ok: false; pending: boolean; why: string };

/** The verdict of a receipt that is not genuine, or not yet, as a whole sentence or two (R29). */
export const whyNot = ({ pending, why }: Extract<Verified, { ok: false }>): string =>
  pending
    ? `This receipt is not proved yet: ${why}. Fetch it again from where it came; after a second it has its proof.`
    : `This receipt is not valid: ${why}.`;

const refuse = (why: string): never => problem('bad-input', why);
const unsigned = 'the hub signed it before it signed the ledger, so nothing shows yet that its row is in there';

/** The longest receipt that is read, in bytes; a real one has about 5,000. */
export const longestReceipt = 100_000;

/**
 * The JWS in a receipt file: one line, ended by one newline at most; the same strictness as inside it, so that no byte
 * is ignored. Raises `bad-input`, in whole sentences.
 */
export function jwsOf(file: string): string {
  const jws = file.replace(/\r?\n$/, '');
  if (jws.length > longestReceipt) refuse('This file is too large to be a receipt.');
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(jws)
    ? jws
    : refuse('This file is not a receipt. A receipt is one line of three parts with dots between them.');
}

/** More keys than any hub had; a list beyond it is a mistake, or meant to keep a reader busy. */
const mostKeys = 100;

function listed(json: string): unknown[] {
  const { keys } = JSON.parse(json) as { keys?: unknown };
  return Array.isArray(keys) ? keys.map((key: { x?: unknown } | null) => key?.x) : [];
}

/**
 * The Ed25519 public keys a text holds, newest first as they stand, 32 raw bytes each: base64url, one a line, or the
 * hub's `consent-keys.json` (GATE.md f). Raises `bad-input` with half a sentence where one is none, or where none is.
 */
export function keysIn(text: string): Uint8Array[] {
  const bare = text.trim();
  let names: unknown[];
  try {
    names = bare.startsWith('{') ? listed(bare) : bare.split(/\s+/);
  } catch {
    return problem('bad-input', 'the list of keys cannot be read');
  }
  if (names.length === 0 || names.length > mostKeys) problem('bad-input', 'there is no key in it');
  return names.map((name) => {
    const key = fromBase64Url(typeof name === 'string' ? name : '', 'the key');
    return key.length === 32 ? key : problem('bad-input', 'a public key has 32 bytes');
  });
}

/** The only header a receipt of this key has, so that verifying is comparing: no field of it can be bent. */
export function* headOf(key: Uint8Array): Asking<string> {
  const kid = yield* thumbprintOf(key);
  return toBase64Url(bytesOf(jcs({ alg: 'EdDSA', kid, typ: 'consent-receipt+jws' })));
}

/** Says where record and row tell different stories; both are the hub's own words and must be one. */
function disagreement({ 'dpv:hasRecordOfActivity': record }: ReceiptRecord, row: ConsentRow): string | undefined {
  const process = record['dpv:hasProcess'];
  const fields = process['dpv:hasPersonalData'].map((d) => d['dct:identifier']);
  const pairs: [string, unknown, unknown][] = [
    ['integration', process['dpv:hasRecipient'][0]?.['dpv:hasIdentifier'], row.integration],
    ['purpose', process['dpv:hasPurpose'], row.purpose],
    ['fields', fields.toSorted().join(), [...row.fields].sort().join()],
    ['answer', record['dpv:hasConsentStatus'], statusTerms[row.event]],
    ['person', record['dpv:isIndicatedBy'], byTerms[row.by]],
    ['notice', record['dpv:hasNotice']['dct:identifier'], row.notice],
    ['time', record['dpv:isIndicatedAtTime'].slice(0, 16), row.minute.slice(0, 16)],
  ];
  return pairs.find(([, a, b]) => a !== b)?.[0];
}

/** Raises `bad-input` where the record lacks a field or tells another story than the row. */
export function checkBody({ record, row }: ReceiptBody): void {
  const missing = validate(recordSchema, record);
  if (missing.length > 0) refuse(`the record lacks ${missing[0]}`);
  if (row?.v !== 1 || row.t !== 'consent' || !Array.isArray(row.fields) || typeof row.minute !== 'string')
    refuse('the row is not a consent row');
  const differs = disagreement(record, row);
  if (differs) refuse(`record and row name a different ${differs}`);
}

/** The one of `keys` whose header this is: a receipt names its key by that alone. Raises `bad-input` where none is. */
function* keyOfHead(head: string, keys: readonly Uint8Array[]): Asking<Uint8Array> {
  for (const key of keys) if (head === (yield* headOf(key))) return key;
  return refuse('the receipt was signed with another key');
}

/** Reads a receipt signed with one of `keys`, 32 raw bytes each; raises `bad-input`. Proves the signature, not the row's place. */
export function* readReceipt(jws: string, keys: readonly Uint8Array[]): Asking<ReceiptBody> {
  const [head, payload, signature, ...more] = jws.split('.');
  if (!head || !payload || !signature || more.length > 0) return refuse('this is not a receipt');
  const bytes = fromBase64Url(payload, 'the content');
  const seal = fromBase64Url(signature, 'the signature');
  const key = yield* keyOfHead(head, keys);
  if (!(yield* sealFits(key, bytesOf(`${head}.${payload}`), seal))) return refuse('the signature does not fit');
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const body: ReceiptBody = JSON.parse(text);
  if (jcs(body) !== text) return refuse('the content is not in canonical form');
  checkBody(body);
  return body;
}

/**
 * Verifies a receipt with pinned keys, the hub's own and those before it, see `verifyReceipt` of receipt.ts. Without an
 * `origin` the ledger is the one that the receipt names: a pinned key signed that name. Never raises what the receipt is
 * to blame for.
 */
export function* verdictOf(jws: string, keys: readonly Uint8Array[], origin?: string): Asking<Verified> {
  try {
    const { record, row, tlog } = yield* readReceipt(jws, keys);
    if (typeof tlog !== 'string') return { ok: false, pending: true, why: unsigned };
    const ledger = origin ?? tlog.split('\n\n')[1]?.split('\n')[0] ?? '';
    const { index, size } = yield* provenLeaf(tlog, yield* hashed(leafPrefix, jcs(row)), keys, ledger);
    return { ok: true, record, row, index, size, origin: ledger };
  } catch (error) {
    return { ok: false, pending: false, why: error instanceof Problem ? error.message : 'this is not a receipt' };
  }
}
