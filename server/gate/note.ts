import { type KeyObject, sign, verify } from 'node:crypto';
import { problem } from '#contract/problem.ts';
import { fromBase64, fromDecimal, sha256, toBase64 } from './encoding.ts';
import { rawPublicKey } from './keys.ts';
import { verifyInclusion } from './merkle.ts';

/** The head of a tree: whose, how large, and its root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

const refuse = (why: string): never => problem('bad-input', why);
// U+2014 begins a signature line (c2sp.org/signed-note).
const dash = '\u2014';
// A name may hold neither a space nor a plus, and a line no control character (c2sp.org/signed-note).
const name = /^[^\s+\p{Cc}]+$/u;

/** Key id of a signed note: SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), first 4 bytes (c2sp.org/signed-note). */
export const keyId = (origin: string, key: KeyObject): Buffer =>
  sha256(`${origin}\n`, Buffer.of(1), rawPublicKey(key)).subarray(0, 4);

/** Signs a checkpoint as a note (c2sp.org/tlog-checkpoint); the text ends with a newline. Raises `bad-input`. */
export function signCheckpoint({ origin, size, root }: Checkpoint, key: KeyObject): string {
  if (!name.test(origin) || !Number.isSafeInteger(size) || size < 0 || root.length !== 32)
    refuse('the checkpoint has the wrong form');
  const body = `${origin}\n${size}\n${toBase64(root)}\n`;
  const signature = Buffer.concat([keyId(origin, key), sign(null, Buffer.from(body), key)]);
  return `${body}\n${dash} ${origin} ${toBase64(signature)}\n`;
}

function signedBy(body: string, line: string, key: KeyObject, origin: string): boolean {
  const [mark, signer, text, ...more] = line.split(' ');
  if (mark !== dash || !signer || !text || more.length > 0) return refuse('a signature line has the wrong form');
  const bytes = fromBase64(text, 'a signature');
  // Lines of other signers are cosignatures; a verifier steps over keys it does not know (c2sp.org/signed-note).
  if (signer !== origin || !bytes.subarray(0, 4).equals(keyId(origin, key))) return false;
  return verify(null, Buffer.from(body), key, bytes.subarray(4)) || refuse('the checkpoint’s signature is wrong');
}

/**
 * Reads a signed checkpoint of `origin`, verified with the pinned key. Raises `bad-input` for any other text: wrong
 * form, no signature of this key, a wrong one, another origin (GATE.md f, strict decoding).
 */
export function openCheckpoint(text: string, publicKey: KeyObject, origin: string): Checkpoint {
  const cut = text.indexOf('\n\n');
  const body = text.slice(0, cut + 1);
  const [first, size, root, end, ...more] = body.split('\n');
  if (cut < 0 || !size || !root || end !== '' || more.length > 0) return refuse('the checkpoint has the wrong form');
  const lines = text.slice(cut + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0) return refuse('the checkpoint has the wrong form');
  if (first !== origin) return refuse('the checkpoint is of another ledger');
  // Every line is read, so that a broken one fails even after a good one.
  if (!lines.map((line) => signedBy(body, line, publicKey, origin)).includes(true))
    return refuse('the checkpoint is not signed by this key');
  const hash = fromBase64(root, 'the root');
  return hash.length === 32
    ? Object.freeze({ origin, size: fromDecimal(size, 'the size'), root: hash })
    : refuse('the root has another length');
}

/** A proof that one row is in a signed tree: its index, the path from leaf to root, and the checkpoint's text. */
export interface TlogProof {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: string;
}

const head = 'c2sp.org/tlog-proof@v1';

/** Writes a proof as text (c2sp.org/tlog-proof@v1), without extra data; ends with a newline. */
export const tlogProof = ({ index, proof, checkpoint }: TlogProof): string =>
  `${[head, `index ${index}`, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`;

/** Reads a proof's text; raises `bad-input` for anything `tlogProof` would not write. Verifies nothing. */
export function parseTlogProof(text: string): TlogProof {
  const cut = text.indexOf('\n\n');
  const [first, index, ...path] = text.slice(0, Math.max(cut, 0)).split('\n');
  if (first !== head || !index?.startsWith('index ')) return refuse('the proof has the wrong form');
  const proof = path.map((line) => fromBase64(line, 'a hash of the path'));
  if (proof.some((hash) => hash.length !== 32)) return refuse('a hash of the path has another length');
  return { index: fromDecimal(index.slice(6), 'the index'), proof, checkpoint: text.slice(cut + 2) };
}

/** Verifies that `leaf` is in the tree the proof's checkpoint signs; returns where. Raises `bad-input` otherwise. */
export function verifyTlogProof(text: string, leaf: Uint8Array, publicKey: KeyObject, origin: string): VerifiedLeaf {
  const { index, proof, checkpoint } = parseTlogProof(text);
  const { size, root } = openCheckpoint(checkpoint, publicKey, origin);
  if (!verifyInclusion(index, size, leaf, proof, root)) return refuse('the row is not in the tree');
  return { index, size, root };
}

/** Where a proven leaf stands. */
export interface VerifiedLeaf {
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
}
