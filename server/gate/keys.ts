import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { problem } from '#contract/problem.ts';
import { runNow } from './asking.ts';
import { fromBase64Url } from './encoding.ts';
import { nodePrimitives, publicHead, publicKeyOfBytes } from './node-primitives.ts';
import { thumbprintOf } from './proving.ts';

// DER head of an Ed25519 private key (RFC 8410 section 7): Node takes no raw key, and a JWK needs both halves.
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The Ed25519 private key of a 32-byte seed (RFC 8032); raises `bad-input` for another length. */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  if (seed.length !== 32) problem('bad-input', 'a signing key has 32 bytes');
  return createPrivateKey({ key: Buffer.concat([privateHead, seed]), format: 'der', type: 'pkcs8' });
}

/** The Ed25519 public key of 32 raw bytes, or of their strict base64url; raises `bad-input`. */
export const publicKeyOf = (raw: Uint8Array | string): KeyObject =>
  publicKeyOfBytes(typeof raw === 'string' ? fromBase64Url(raw, 'the key') : raw);

/** The 32 raw bytes of the public half of an Ed25519 key, private or public; raises `bad-input` for another kind. */
export function rawPublicKey(key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== 'ed25519') problem('bad-input', 'not an Ed25519 key');
  const half = key.type === 'private' ? createPublicKey(key) : key;
  return half.export({ format: 'der', type: 'spki' }).subarray(publicHead.length);
}

/** `kid` of a receipt: the JWK thumbprint of the public key (RFC 7638, RFC 8037 appendix A.3). */
export const thumbprint = (key: KeyObject): string => runNow(thumbprintOf(rawPublicKey(key)), nodePrimitives);
