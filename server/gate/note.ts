import { type KeyObject, sign } from 'node:crypto';
import { problem } from '#contract/problem.ts';
import { runNow } from './asking.ts';
import { toBase64 } from './encoding.ts';
import { rawPublicKey } from './keys.ts';
import { nodePrimitives } from './node-primitives.ts';
import {
  type Checkpoint,
  checkpointOf,
  dash,
  keyIdOf,
  proofHead,
  provenLeaf,
  type TlogProof,
  type VerifiedLeaf,
} from './proving.ts';

// A name may hold neither a space nor a plus, and a line no control character (c2sp.org/signed-note).
const name = /^[^\s+\p{Cc}]+$/u;

/** Key id of a signed note: SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), first 4 bytes (c2sp.org/signed-note). */
export const keyId = (origin: string, key: KeyObject): Buffer =>
  Buffer.from(runNow(keyIdOf(origin, rawPublicKey(key)), nodePrimitives));

/** Signs a checkpoint as a note (c2sp.org/tlog-checkpoint); the text ends with a newline. Raises `bad-input`. */
export function signCheckpoint({ origin, size, root }: Checkpoint, key: KeyObject): string {
  if (!name.test(origin) || !Number.isSafeInteger(size) || size < 0 || root.length !== 32)
    problem('bad-input', 'the checkpoint has the wrong form');
  const body = `${origin}\n${size}\n${toBase64(root)}\n`;
  const signature = Buffer.concat([keyId(origin, key), sign(null, Buffer.from(body), key)]);
  return `${body}\n${dash} ${origin} ${toBase64(signature)}\n`;
}

/** One pinned key, or a key with those before it; public or private halves. */
export type Pinned = KeyObject | readonly KeyObject[];
const rawKeys = (pinned: Pinned): Uint8Array[] => [pinned].flat().map(rawPublicKey);

/**
 * Reads a signed checkpoint of `origin`, verified with a pinned key. Raises `bad-input` for any other text: wrong
 * form, no signature of such a key, a wrong one, another origin (GATE.md f, strict decoding).
 */
export const openCheckpoint = (text: string, pinned: Pinned, origin: string): Checkpoint =>
  runNow(checkpointOf(text, rawKeys(pinned), origin), nodePrimitives);

/** Writes a proof as text (c2sp.org/tlog-proof@v1), without extra data; ends with a newline. */
export const tlogProof = ({ index, proof, checkpoint }: TlogProof): string =>
  `${[proofHead, `index ${index}`, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`;

/** Verifies that `leaf` is in the tree the proof's checkpoint signs; returns where. Raises `bad-input` otherwise. */
export const verifyTlogProof = (text: string, leaf: Uint8Array, pinned: Pinned, origin: string): VerifiedLeaf =>
  runNow(provenLeaf(text, leaf, rawKeys(pinned), origin), nodePrimitives);

/**
 * Writes a proof that the tree of `old` rows is the beginning of the one the checkpoint signs, in the form in which a
 * witness takes it (c2sp.org/tlog-witness, body of add-checkpoint); ends with a newline.
 */
export const consistencyText = (old: number, proof: readonly Uint8Array[], checkpoint: string): string =>
  `${[`old ${old}`, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`;
