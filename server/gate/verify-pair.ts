import { nodeHash } from './merkle.ts';

/** What is wrong, at the first row where it shows; `says` is one sentence. */
export interface Fault {
  readonly index: number;
  readonly kind: 'edited' | 'inserted' | 'missing' | 'moved' | 'node' | 'checkpoint' | 'record';
  readonly says: string;
}

/**
 * Says what was done to the first pair of rows whose stored parent they no longer give, by trying what would explain it:
 * the two swapped, one inserted, one taken out with the rest moved up, one changed. `hashOf` gives the stored parent of
 * a pair; `doubts` are rows that other tables contradict, and decide where the tree alone cannot.
 */
export function explainPair(
  leaves: readonly Uint8Array[],
  pair: number,
  hashOf: (pair: number) => string | undefined,
  doubts: ReadonlySet<number>,
): Fault {
  const [a, b] = [pair * 2, pair * 2 + 1];
  const gives = (left: number, right: number, of: number): boolean => {
    const [l, r] = [leaves[left], leaves[right]];
    return l !== undefined && r !== undefined && Buffer.from(nodeHash(l, r)).toString('hex') === hashOf(of);
  };
  if (gives(b, a, pair))
    return { index: a, kind: 'moved', says: `Row ${a} was moved: it and row ${b} changed places.` };
  for (const [at, left, right] of [
    [a, a + 1, a + 2],
    [b, a, a + 2],
  ] as const)
    if (gives(left, right, pair))
      return { index: at, kind: 'inserted', says: `Row ${at} was inserted: the rows after it moved down by one.` };
  for (let c = b + 1; c < leaves.length; c++) {
    const at = gives(c, b, pair) ? a : gives(a, c, pair) ? b : undefined;
    if (at !== undefined)
      return { index: at, kind: 'moved', says: `Row ${at} was moved: what belongs there is row ${c}.` };
  }
  const which = doubts.has(a) || !doubts.has(b) ? a : b;
  const sure = doubts.has(a) !== doubts.has(b);
  const row = sure ? `Row ${which}` : `Row ${a} or row ${b}`;
  if (gives(b, b + 1, pair + 1))
    return { index: which, kind: 'missing', says: `${row} is missing: the rows after it moved up by one.` };
  return { index: which, kind: 'edited', says: `${row} was edited, and its hash with it: the node above says so.` };
}
