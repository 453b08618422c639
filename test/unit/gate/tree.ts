import { append, type GetNode, leafHash } from '../../../server/gate/merkle.ts';

/** A tree in memory, grown row by row the way the ledger grows: level 0 holds the leaves. */
export function growTree(rows: readonly Uint8Array[]): GetNode {
  const nodes = new Map<string, Uint8Array>();
  const getNode: GetNode = (level, idx) => {
    const hash = nodes.get(`${level}/${idx}`);
    if (!hash) throw new Error(`node ${level}/${idx} was never stored`);
    return hash;
  };
  rows.forEach((row, index) => {
    const leaf = leafHash(row);
    nodes.set(`0/${index}`, leaf);
    for (const { level, idx, hash } of append(index, leaf, getNode)) nodes.set(`${level}/${idx}`, hash);
  });
  return getNode;
}
