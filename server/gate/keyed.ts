import { createHmac } from 'node:crypto';
import type { Field } from '#contract/visitor.ts';
import { jcs } from './jcs.ts';

/*
 * Keyed values of GATE.md f: what a ledger row says about a person, readable only with that person's key. `key` is
 * K_s, the subject's 32 random bytes. Destroying it leaves the row provable and makes it say nothing (I9).
 */

const noSalt = new Uint8Array(32);
/** The first half of HKDF, the same for all that is derived of one key; it lives no longer than the key itself. */
const extracted = new WeakMap<Uint8Array, Buffer>();

/** HKDF-SHA256 with an empty salt, 32 bytes: one block of RFC 5869 section 2.3. A claim derives five. */
function derive(key: Uint8Array, info: string): Buffer {
  let prk = extracted.get(key);
  if (!prk) {
    prk = createHmac('sha256', noSalt).update(key).digest();
    extracted.set(key, prk);
  }
  return createHmac('sha256', prk).update(info).update('\x01').digest();
}
const mac = (key: Uint8Array, data: Uint8Array | string): string =>
  createHmac('sha256', key).update(data).digest('base64url');

/** The opening key of a person's rows: with it they recognise their own by tag and nonce. 32 bytes. */
export const rowKey = (key: Uint8Array): Buffer => derive(key, 'row');

/** The opening key of one field's commitment in one disclosure, shipped with the access export. 32 bytes. */
export const openingKey = (key: Uint8Array, field: Field, disclosureId: string): Buffer =>
  derive(key, `f:${field}:${disclosureId}`);

/** The opening key of a disclosure's link to its consent row. 32 bytes. */
export const consentKey = (key: Uint8Array, disclosureId: string): Buffer => derive(key, `consent:${disclosureId}`);

/** The opening key of a disclosure's epoch. 32 bytes. */
export const epochKey = (key: Uint8Array, disclosureId: string): Buffer => derive(key, `epoch:${disclosureId}`);

/** What an opening key makes of a value: base64url of HMAC-SHA256 over its JCS bytes. Opens commitments and links. */
export const keyedValue = (opening: Uint8Array, value: unknown): string => mac(opening, jcs(value));

/** What a row key makes of a nonce: the tag of a row of that person. */
export const tagOf = (row: Uint8Array, nonce: Uint8Array): string => mac(row, nonce);

/** A row's tag: HMAC(HKDF("row"), nonce); the nonce is 16 random bytes, fresh for each row. */
export const rowTag = (key: Uint8Array, nonce: Uint8Array): string => tagOf(rowKey(key), nonce);

/** c[field] of a disclosure row: HMAC(HKDF("f:" + field + ":" + disclosure), JCS(value)). */
export const fieldCommitment = (key: Uint8Array, field: Field, disclosureId: string, value: string): string =>
  keyedValue(openingKey(key, field, disclosureId), value);

/** `consent` of a disclosure row: the keyed leaf index of the answer it stands on. */
export const consentLink = (key: Uint8Array, disclosureId: string, leafIndex: number): string =>
  keyedValue(consentKey(key, disclosureId), leafIndex);

/** `epoch` of a disclosure row: the keyed epoch of the person read in the claim. */
export const epochLink = (key: Uint8Array, disclosureId: string, epoch: number): string =>
  keyedValue(epochKey(key, disclosureId), epoch);

/** `evidence` of a consent row: HMAC(HKDF("evidence:" + event), JCS(evidence)), keyed like all that could tie rows. */
export const evidenceTag = (key: Uint8Array, eventId: string, evidence: unknown): string =>
  keyedValue(derive(key, `evidence:${eventId}`), evidence);
