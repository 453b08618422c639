import { type KeyObject, sign } from 'node:crypto';
import { runNow } from './asking.ts';
import { toBase64Url } from './encoding.ts';
import { jcs } from './jcs.ts';
import { rawPublicKey } from './keys.ts';
import { nodePrimitives } from './node-primitives.ts';
import { checkBody, headOf, type ReceiptBody, readReceipt, type Verified, verdictOf } from './receipt-check.ts';

/**
 * Signs a receipt as compact JWS (RFC 7515, RFC 8037): EdDSA, `typ` consent-receipt+jws, `kid` the key's thumbprint,
 * payload the JCS bytes of the body. Raises `bad-input` where the record lacks a field or differs from the row.
 */
export function issueReceipt(body: ReceiptBody, signingKey: KeyObject): string {
  checkBody(body);
  const { record, row, tlog } = body;
  const head = runNow(headOf(rawPublicKey(signingKey)), nodePrimitives);
  const input = `${head}.${toBase64Url(Buffer.from(jcs({ record, row, tlog })))}`;
  return `${input}.${toBase64Url(sign(null, Buffer.from(input), signingKey))}`;
}

/** Reads a receipt signed with `publicKey`; raises `bad-input`. Proves the signature only, not the row's place. */
export const openReceipt = (jws: string, publicKey: KeyObject): ReceiptBody =>
  runNow(readReceipt(jws, [rawPublicKey(publicKey)]), nodePrimitives);

/**
 * Verifies a receipt offline with pinned keys, each 32 raw bytes: signature, row in the tree, checkpoint of `origin`
 * (GATE.md g), or of the ledger it names. Never throws; a receipt that still waits for its checkpoint is not ok.
 */
export const verifyReceipt = (jws: string, keys: readonly Uint8Array[], origin?: string): Verified =>
  runNow(verdictOf(jws, keys, origin), nodePrimitives);
