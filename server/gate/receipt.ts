import { type KeyObject, sign, verify } from 'node:crypto';
import type { ConsentBy } from '#contract/consent.ts';
import { Problem, problem } from '#contract/problem.ts';
import type { Field } from '#contract/visitor.ts';
import { fromBase64Url, toBase64Url } from './encoding.ts';
import { jcs } from './jcs.ts';
import { thumbprint } from './keys.ts';
import { leafHash } from './merkle.ts';
import { verifyTlogProof } from './note.ts';
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
interface Pending {
  readonly pending: { readonly index: number; readonly seconds: number };
}

/** What a receipt carries: the 27560 record, the consent row, and its tlog-proof or the promise of one. */
export interface ReceiptBody {
  readonly record: ReceiptRecord;
  readonly row: ConsentRow;
  readonly tlog: string | Pending;
}

/** What verifying found. `why` is words for people, in one sentence without a full stop. */
export type Verified =
  | { ok: true; record: ReceiptRecord; row: ConsentRow; index: number; size: number }
  | { ok: false; why: string };

const refuse = (why: string): never => problem('bad-input', why);
// One header per key, so that verifying is comparing: no field of it can be bent.
const headOf = (key: KeyObject): string =>
  toBase64Url(Buffer.from(jcs({ alg: 'EdDSA', kid: thumbprint(key), typ: 'consent-receipt+jws' })));

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

function check({ record, row }: ReceiptBody): void {
  const missing = validate(recordSchema, record);
  if (missing.length > 0) refuse(`the record lacks ${missing[0]}`);
  if (row?.v !== 1 || row.t !== 'consent' || !Array.isArray(row.fields) || typeof row.minute !== 'string')
    refuse('the row is not a consent row');
  const differs = disagreement(record, row);
  if (differs) refuse(`record and row name a different ${differs}`);
}

/**
 * Signs a receipt as compact JWS (RFC 7515, RFC 8037): EdDSA, `typ` consent-receipt+jws, `kid` the key's thumbprint,
 * payload the JCS bytes of the body. Raises `bad-input` where the record lacks a field or differs from the row.
 */
export function issueReceipt(body: ReceiptBody, signingKey: KeyObject): string {
  check(body);
  const { record, row, tlog } = body;
  const input = `${headOf(signingKey)}.${toBase64Url(Buffer.from(jcs({ record, row, tlog })))}`;
  return `${input}.${toBase64Url(sign(null, Buffer.from(input), signingKey))}`;
}

/** Reads a receipt signed with `publicKey`; raises `bad-input`. Proves the signature only, not the row's place. */
export function openReceipt(jws: string, publicKey: KeyObject): ReceiptBody {
  const [head, payload, signature, ...more] = jws.split('.');
  if (!head || !payload || !signature || more.length > 0) return refuse('this is not a receipt');
  const bytes = fromBase64Url(payload, 'the content');
  const seal = fromBase64Url(signature, 'the signature');
  if (head !== headOf(publicKey)) return refuse('the receipt was signed with another key');
  if (!verify(null, Buffer.from(`${head}.${payload}`), publicKey, seal)) return refuse('the signature does not fit');
  const body: ReceiptBody = JSON.parse(bytes.toString());
  if (jcs(body) !== bytes.toString()) return refuse('the content is not in canonical form');
  check(body);
  return body;
}

/**
 * Verifies a receipt offline with a pinned key: signature, row in the tree, checkpoint of `origin` (GATE.md g).
 * Never throws; a receipt that still waits for its checkpoint is not ok.
 */
export function verifyReceipt(jws: string, publicKey: KeyObject, origin: string): Verified {
  try {
    const { record, row, tlog } = openReceipt(jws, publicKey);
    if (typeof tlog !== 'string') return { ok: false, why: 'the ledger was not signed yet when this was made' };
    const { index, size } = verifyTlogProof(tlog, leafHash(jcs(row)), publicKey, origin);
    return { ok: true, record, row, index, size };
  } catch (error) {
    return { ok: false, why: error instanceof Problem ? error.message : 'this is not a receipt' };
  }
}
