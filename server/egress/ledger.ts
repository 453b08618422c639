import type { KeyObject } from 'node:crypto';
import { jcs } from '../gate/jcs.ts';
import { append, consistencyProof, inclusionProof, leafHash, root, verifyConsistency } from '../gate/merkle.ts';
import { openCheckpoint, signCheckpoint, tlogProof } from '../gate/note.ts';
import {
  checkpointOver,
  insertCheckpoint,
  insertLeaf,
  lastCheckpoint,
  ledgerNode,
  ledgerSize,
  readLeaf,
} from '../store/ledger.ts';
import type { Store, Tx } from '../store/open.ts';

type Read = Pick<Tx, 'hot'>;
const nodes = (read: Read) => (level: number, index: number) => Buffer.from(ledgerNode(read, level, index), 'hex');

/** Time in a row is rounded to the minute (GATE.md f). */
export const minuteOf = (now: Date): string => `${now.toISOString().slice(0, 16)}Z`;

/** Appends one row inside the caller's transaction and returns its index. The row holds no personal value (GATE.md f). */
export function appendRow(tx: Tx, brandId: string, row: { t: string; [name: string]: unknown }): number {
  const text = jcs(row);
  const hash = leafHash(Buffer.from(text));
  const index = ledgerSize(tx);
  const made = append(index, hash, nodes(tx)).map((n) => ({ ...n, hash: Buffer.from(n.hash).toString('hex') }));
  insertLeaf(tx, brandId, { index, type: row.t, row: text, hash: Buffer.from(hash).toString('hex') }, made);
  return index;
}

/** Who signs the tree, and under which name. */
export interface LedgerSigner {
  origin: string;
  key: KeyObject;
  publicKey: KeyObject;
}

/**
 * A signed checkpoint that covers the row `index`, made now where the last one is older (GATE.md f).
 * Refuses to sign a tree that is not consistent with the last checkpoint.
 */
async function checkpointFor(store: Store, signer: LedgerSigner, index: number, now: Date) {
  const known = checkpointOver(store.read, index);
  if (known) return known;
  return store.write((tx) => {
    const made = checkpointOver(tx, index);
    if (made) return made;
    const before = lastCheckpoint(tx);
    const size = ledgerSize(tx);
    const hash = root(size, nodes(tx));
    if (before) {
      const old = openCheckpoint(before.note, signer.publicKey, signer.origin);
      const proof = consistencyProof(before.size, size, nodes(tx));
      if (!verifyConsistency(before.size, size, old.root, hash, proof))
        throw new Error('the ledger does not continue its last checkpoint; nothing was signed');
    }
    const note = signCheckpoint({ origin: signer.origin, size, root: hash }, signer.key);
    insertCheckpoint(tx, size, note, now.toISOString());
    return { size, note };
  });
}

/** One row with its proof, for a receipt: the row's text and its tlog-proof. Undefined where there is no such row. */
export async function proveRow(
  store: Store,
  signer: LedgerSigner,
  index: number,
  now: Date,
): Promise<{ row: string; tlog: string } | undefined> {
  const leaf = readLeaf(store.read, index);
  if (!leaf) return undefined;
  const { size, note } = await checkpointFor(store, signer, index, now);
  const proof = inclusionProof(index, size, nodes(store.read));
  return { row: leaf.row, tlog: tlogProof({ index, proof, checkpoint: note }) };
}
