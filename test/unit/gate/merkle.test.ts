import { describe, expect, it } from 'vitest';
import {
  append,
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  root,
  verifyConsistency,
  verifyInclusion,
} from '../../../server/gate/merkle.ts';
import { growTree } from './tree.ts';

const rows: Buffer[] = Array.from({ length: 300 }, (_, i) => Buffer.from(`row ${i}`));
const leaves = rows.map(leafHash);
const tree = growTree(rows);

/** The definition of RFC 6962 section 2.1, without anything stored. */
function plainRoot(list: readonly Buffer[]): Buffer {
  if (list.length === 1) return list[0] as Buffer;
  let k = 1;
  while (k * 2 < list.length) k *= 2;
  return nodeHash(plainRoot(list.slice(0, k)), plainRoot(list.slice(k)));
}
const flip = (bytes: Uint8Array): Buffer => {
  const copy = Buffer.from(bytes);
  copy[0] = (copy[0] as number) ^ 1;
  return copy;
};

describe('merkle, RFC 6962', () => {
  it('GATE-39 every size from 1 to 300 has the root of the definition', () => {
    for (let size = 1; size <= 300; size++) expect(root(size, tree)).toEqual(plainRoot(leaves.slice(0, size)));
  });

  it('GATE-39 all indexes of all sizes from 1 to 300 prove and verify', () => {
    let proven = 0;
    for (let size = 1; size <= 300; size++) {
      const top = root(size, tree);
      for (let index = 0; index < size; index++) {
        const path = inclusionProof(index, size, tree);
        if (verifyInclusion(index, size, leaves[index] as Buffer, path, top)) proven++;
      }
    }
    expect(proven).toBe((300 * 301) / 2);
  }, 60_000);

  it('GATE-39 all pairs of sizes up to 100, and 7 beside each up to 300, are consistent', () => {
    let [tried, proven] = [0, 0];
    for (let second = 0; second <= 300; second++)
      for (let first = 0; first <= second; first += second <= 100 ? 1 : 7) {
        tried++;
        const proof = consistencyProof(first, second, tree);
        if (verifyConsistency(first, second, root(first, tree), root(second, tree), proof)) proven++;
      }
    expect(proven).toBe(tried);
  }, 60_000);

  it('a verifier rejects index >= size, another index, size, leaf or root, and a path that is changed in any place', () => {
    for (const size of [1, 2, 3, 5, 8, 21, 64, 100])
      for (let index = 0; index < size; index++) {
        const leaf = leaves[index] as Buffer;
        const path = inclusionProof(index, size, tree);
        const top = root(size, tree);
        const wrong = [
          verifyInclusion(size + index, size, leaf, path, top),
          verifyInclusion(-1, size, leaf, path, top),
          verifyInclusion(0.5, size, leaf, path, top),
          verifyInclusion(index, size, flip(leaf), path, top),
          verifyInclusion(index, size, leaf, path, flip(top)),
          verifyInclusion(index, size, leaf, [...path, leaf], top),
          ...path.map((_, i) => verifyInclusion(index, size, leaf, path.toSpliced(i, 1), top)),
          ...path.map((hash, i) => verifyInclusion(index, size, leaf, path.toSpliced(i, 1, flip(hash)), top)),
          ...leaves.slice(0, size).map((_, other) => other !== index && verifyInclusion(other, size, leaf, path, top)),
        ];
        expect(wrong).not.toContain(true);
      }
    expect(verifyInclusion(0, 0, leaves[0] as Buffer, [], root(0, tree))).toBe(false);
    // A path that goes on above the root of the size it names: right for two leaves, wrong for one.
    const [first, second] = leaves as [Buffer, Buffer];
    expect(verifyInclusion(1, 2, second, [first], root(2, tree))).toBe(true);
    expect(verifyInclusion(0, 1, second, [first], root(2, tree))).toBe(false);
  });

  it('GATE-38 a row edited, removed or moved breaks the consistency with an earlier checkpoint', () => {
    const before = root(40, tree);
    const changes: [string, Buffer[]][] = [
      ['edited', rows.with(17, Buffer.from('row 17, but other'))],
      ['removed', rows.toSpliced(17, 1)],
      ['moved', rows.with(17, rows[18] as Buffer).with(18, rows[17] as Buffer)],
      ['put in', rows.toSpliced(17, 0, Buffer.from('new'))],
    ];
    for (const [name, changed] of changes) {
      const other = growTree(changed);
      for (const size of [40, 41, 64, 100, 200]) {
        const proof = consistencyProof(40, size, other);
        expect(verifyConsistency(40, size, before, root(size, other), proof), name).toBe(false);
      }
      const path = inclusionProof(17, 100, other);
      expect(verifyInclusion(17, 100, leaves[17] as Buffer, path, root(100, other)), name).toBe(false);
    }
  });

  it('a verifier of consistency rejects what is changed, missing or too much', () => {
    for (const [first, second] of [
      [0, 5],
      [1, 2],
      [3, 7],
      [4, 8],
      [6, 6],
      [8, 300],
      [37, 200],
    ] as const) {
      const proof = consistencyProof(first, second, tree);
      const [a, b] = [root(first, tree), root(second, tree)];
      const wrong = [
        verifyConsistency(second + 1, second, a, b, proof),
        verifyConsistency(first, second, flip(a), b, proof),
        first > 0 && verifyConsistency(first, second, a, flip(b), proof),
        verifyConsistency(first, second, a, b, [...proof, a]),
        ...proof.map((hash, i) => verifyConsistency(first, second, a, b, proof.toSpliced(i, 1, flip(hash)))),
        ...proof.map((_, i) => verifyConsistency(first, second, a, b, proof.toSpliced(i, 1))),
      ];
      expect(wrong).not.toContain(true);
    }
  });

  it('appending leaf by leaf stores each complete subtree once: n leaves, fewer than n nodes', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 256; index++)
      for (const { level, idx } of append(index, leaves[index] as Buffer, tree)) seen.add(`${level}/${idx}`);
    expect(seen.size).toBe(255);
    // 17 hashes prove one row among 100,000 (GATE.md f).
    expect(inclusionProof(5, 100_000, () => Buffer.alloc(32)).length).toBe(17);
  });
});
