import { problem } from '#contract/problem.ts';
import { runNow } from './asking.ts';
import { sha256 } from './digest.ts';
import { sameBytes as same } from './encoding.ts';
import { nodePrimitives } from './node-primitives.ts';
import { allHashes, half, inclusionHolds, leafPrefix, natural, nodePrefix } from './proving.ts';

/** The hash of the complete subtree of 2^level leaves that starts at leaf idx * 2^level; level 0 is the leaf hash. */
export type GetNode = (level: number, idx: number) => Uint8Array;

/** A hash of the tree in its place. */
export interface TreeNode {
  readonly level: number;
  readonly idx: number;
  readonly hash: Buffer;
}

/** H(0x00 ‖ row) (RFC 6962 section 2.1). */
export const leafHash = (row: Uint8Array | string): Buffer => sha256(leafPrefix, row);

/** H(0x01 ‖ left ‖ right) (RFC 6962 section 2.1). */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(nodePrefix, left, right);

/**
 * The interior nodes that leaf `index` completes, lowest first, to be stored; level 0 is the leaf itself and is not
 * among them. `getNode` must give leaf hashes for level 0.
 */
export function append(index: number, leaf: Uint8Array, getNode: GetNode): TreeNode[] {
  const nodes: TreeNode[] = [];
  let hash = leaf;
  for (let level = 0, idx = index; idx % 2 === 1; level++, idx = half(idx)) {
    const parent = nodeHash(getNode(level, idx - 1), hash);
    nodes.push({ level: level + 1, idx: half(idx), hash: parent });
    hash = parent;
  }
  return nodes;
}

/** The largest power of two below n, and its logarithm; n is at least 2. */
function split(n: number): { size: number; level: number } {
  let [size, level] = [1, 0];
  while (size * 2 < n) [size, level] = [size * 2, level + 1];
  return { size, level };
}

// `from` is always a multiple of the split size here, so every left side is a stored complete subtree.
function rangeHash(from: number, to: number, getNode: GetNode): Uint8Array {
  if (to - from === 1) return getNode(0, from);
  const { size, level } = split(to - from);
  if (size * 2 === to - from) return getNode(level + 1, from / (size * 2));
  return nodeHash(getNode(level, from / size), rangeHash(from + size, to, getNode));
}

/** The root of the first `size` leaves; H("") of none (RFC 6962 section 2.1). */
export const root = (size: number, getNode: GetNode): Buffer =>
  size === 0 ? sha256() : Buffer.from(rangeHash(0, size, getNode));

/** The path of leaf `index` in the tree of `size`, lowest hash first (RFC 6962 section 2.1.1). Raises `internal` outside it. */
export function inclusionProof(index: number, size: number, getNode: GetNode): Uint8Array[] {
  if (!(index >= 0 && index < size)) problem('internal', 'no such leaf in this tree');
  const path: Uint8Array[] = [];
  for (let from = 0, to = size; to - from > 1; ) {
    const middle = from + split(to - from).size;
    if (index < middle) {
      path.push(rangeHash(middle, to, getNode));
      to = middle;
    } else {
      path.push(rangeHash(from, middle, getNode));
      from = middle;
    }
  }
  return path.reverse();
}

/** The hashes that show tree `first` to be the beginning of tree `second` (RFC 6962 section 2.1.2). Raises `internal`. */
export function consistencyProof(first: number, second: number, getNode: GetNode): Uint8Array[] {
  if (!(first >= 0 && first <= second)) problem('internal', 'the older tree is larger');
  if (first === 0 || first === second) return [];
  const proof: Uint8Array[] = [];
  let [from, to, whole] = [0, second, true];
  while (first !== to) {
    const middle = from + split(to - from).size;
    if (first <= middle) {
      proof.push(rangeHash(middle, to, getNode));
      to = middle;
    } else {
      proof.push(rangeHash(from, middle, getNode));
      from = middle;
      whole = false;
    }
  }
  // The verifier has the root of the older tree itself where that is a complete subtree of the newer one.
  if (!whole) proof.push(rangeHash(from, to, getNode));
  return proof.reverse();
}

/** True when `path` leads from the leaf at `index` to `top` (RFC 9162 section 2.1.3.2); never for index >= size. */
export const verifyInclusion = (...args: Parameters<typeof inclusionHolds>): boolean =>
  runNow(inclusionHolds(...args), nodePrimitives);

/** True when the first tree is the beginning of the second (RFC 9162 section 2.1.4.2): nothing was edited or removed. */
export function verifyConsistency(
  first: number,
  second: number,
  firstRoot: Uint8Array,
  secondRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!natural(first) || !natural(second) || first > second || !allHashes(proof)) return false;
  if (first === second) return proof.length === 0 && same(firstRoot, secondRoot);
  if (first === 0) return proof.length === 0 && same(firstRoot, sha256());
  const powerOfTwo = Number.isInteger(Math.log2(first));
  const [start, ...rest] = powerOfTwo ? [firstRoot, ...proof] : proof;
  if (!start) return false;
  let [fn, sn] = [first - 1, second - 1];
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let [older, newer] = [start, start];
  for (const step of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [older, newer] = [nodeHash(step, older), nodeHash(step, newer)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else newer = nodeHash(newer, step);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && same(older, firstRoot) && same(newer, secondRoot);
}
