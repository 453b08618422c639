import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { problem } from '#contract/problem.ts';
import type { Primitives } from './asking.ts';
import { sha256 } from './digest.ts';

/** DER head of an Ed25519 public key (RFC 8410 section 4): Node takes no raw key. */
export const publicHead = Buffer.from('302a300506032b6570032100', 'hex');

/** The Ed25519 public key of 32 raw bytes; raises `bad-input` for another length. */
export function publicKeyOfBytes(raw: Uint8Array): KeyObject {
  if (raw.length !== 32) problem('bad-input', 'a public key has 32 bytes');
  return createPublicKey({ key: Buffer.concat([publicHead, raw]), format: 'der', type: 'spki' });
}

/** Node's answers for verifying. */
export const nodePrimitives: Primitives<'now'> = {
  sha256,
  ed25519: (key, message, seal) => verify(null, message, publicKeyOfBytes(key), seal),
};
