import { problem } from '#contract/problem.ts';
import { type Asking, hashed, sealFits } from './asking.ts';
import { bytesOf, fromBase64, fromDecimal, sameBytes, toBase64Url } from './encoding.ts';

/*
 * What the holder of a row or a receipt can check anywhere, a browser included: keys are 32 raw bytes, and each hash and
 * signature is asked for (asking.ts). keys.ts, merkle.ts and note.ts run the same for the hub.
 */

/** First byte of a leaf under the hash (RFC 6962 section 2.1). */
export const leafPrefix = Uint8Array.of(0);
/** First byte of an interior node under the hash (RFC 6962 section 2.1). */
export const nodePrefix = Uint8Array.of(1);
/** A number of leaves one level up. */
export const half = (n: number): number => Math.floor(n / 2);
/** A count or an index: whole, not negative, exact. */
export const natural = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
/** True when each is as long as SHA-256. */
export const allHashes = (list: readonly Uint8Array[]): boolean => list.every((h) => h.length === 32);

/** True when `path` leads from the leaf at `index` to `top` (RFC 9162 section 2.1.3.2); never for index >= size. */
export function* inclusionHolds(
  index: number,
  size: number,
  leaf: Uint8Array,
  path: readonly Uint8Array[],
  top: Uint8Array,
): Asking<boolean> {
  if (!natural(index) || !natural(size) || index >= size || !allHashes(path)) return false;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const step of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = yield* hashed(nodePrefix, step, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else hash = yield* hashed(nodePrefix, hash, step);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && sameBytes(hash, top);
}

/** `kid` of a receipt: the JWK thumbprint of the public key (RFC 7638, RFC 8037 appendix A.3). */
export function* thumbprintOf(key: Uint8Array): Asking<string> {
  return toBase64Url(yield* hashed(`{"crv":"Ed25519","kty":"OKP","x":"${toBase64Url(key)}"}`));
}

/** Key id of a signed note: SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), first 4 bytes (c2sp.org/signed-note). */
export function* keyIdOf(origin: string, key: Uint8Array): Asking<Uint8Array> {
  return (yield* hashed(`${origin}\n`, Uint8Array.of(1), key)).subarray(0, 4);
}

/** The head of a tree: whose, how large, and its root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

const refuse = (why: string): never => problem('bad-input', why);
/** U+2014 begins a signature line (c2sp.org/signed-note). */
export const dash = '\u2014';

function* signedBy(body: string, line: string, keys: readonly Uint8Array[], origin: string): Asking<boolean> {
  const [mark, signer, text, ...more] = line.split(' ');
  if (mark !== dash || !signer || !text || more.length > 0) return refuse('a signature line has the wrong form');
  const bytes = fromBase64(text, 'a signature');
  // Lines of other signers are cosignatures; a verifier steps over keys it does not know (c2sp.org/signed-note).
  if (signer !== origin) return false;
  for (const key of keys)
    if (sameBytes(bytes.subarray(0, 4), yield* keyIdOf(origin, key)))
      return (yield* sealFits(key, bytesOf(body), bytes.subarray(4))) || refuse('the checkpoint’s signature is wrong');
  return false;
}

/** Reads a checkpoint signed by one of `keys`, see `openCheckpoint` of note.ts. Raises `bad-input`. */
export function* checkpointOf(text: string, keys: readonly Uint8Array[], origin: string): Asking<Checkpoint> {
  const cut = text.indexOf('\n\n');
  const body = text.slice(0, cut + 1);
  const [first, size, root, end, ...more] = body.split('\n');
  if (cut < 0 || !size || !root || end !== '' || more.length > 0) return refuse('the checkpoint has the wrong form');
  const lines = text.slice(cut + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0) return refuse('the checkpoint has the wrong form');
  if (first !== origin) return refuse('the checkpoint is of another ledger');
  // Every line is read, so that a broken one fails even after a good one.
  let signed = false;
  for (const line of lines) if (yield* signedBy(body, line, keys, origin)) signed = true;
  if (!signed) return refuse('the checkpoint is not signed by this key');
  const hash = fromBase64(root, 'the root');
  return hash.length === 32
    ? Object.freeze({ origin, size: fromDecimal(size, 'the size'), root: hash })
    : refuse('the root has another length');
}

/** Where a proven leaf stands. */
export interface VerifiedLeaf {
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
}

/** A proof that one row is in a signed tree: its index, the path from leaf to root, and the checkpoint's text. */
export interface TlogProof {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: string;
}

/** First line of a proof's text (c2sp.org/tlog-proof@v1). */
export const proofHead = 'c2sp.org/tlog-proof@v1';

/** Reads a proof's text; raises `bad-input` for anything `tlogProof` would not write. Verifies nothing. */
export function parseTlogProof(text: string): TlogProof {
  const cut = text.indexOf('\n\n');
  const [first, index, ...path] = text.slice(0, Math.max(cut, 0)).split('\n');
  if (first !== proofHead || !index?.startsWith('index ')) return refuse('the proof has the wrong form');
  const proof = path.map((line) => fromBase64(line, 'a hash of the path'));
  if (proof.some((hash) => hash.length !== 32)) return refuse('a hash of the path has another length');
  return { index: fromDecimal(index.slice(6), 'the index'), proof, checkpoint: text.slice(cut + 2) };
}

/** Verifies that `leaf` is in the tree which one of `keys` signed; returns where. Raises `bad-input` otherwise. */
export function* provenLeaf(
  text: string,
  leaf: Uint8Array,
  keys: readonly Uint8Array[],
  origin: string,
): Asking<VerifiedLeaf> {
  const { index, proof, checkpoint } = parseTlogProof(text);
  const { size, root } = yield* checkpointOf(checkpoint, keys, origin);
  if (!(yield* inclusionHolds(index, size, leaf, proof, root))) return refuse('the row is not in the tree');
  return { index, size, root };
}
