import type { KeyObject } from 'node:crypto';
import { jcs } from '../gate/jcs.ts';
import { append, consistencyProof, type GetNode, inclusionProof, leafHash } from '../gate/merkle.ts';
import { consistencyText, tlogProof } from '../gate/note.ts';
import type { Pending } from '../gate/receipt-check.ts';
import { checkpointAt, checkpointOver, insertLeaf, ledgerNode, ledgerSize, readLeaf } from '../store/ledger.ts';
import type { Tx } from '../store/open.ts';

type Read = Pick<Tx, 'hot'>;

/** The stored tree, for whatever reads it. */
export const nodesOf =
  (read: Read): GetNode =>
  (level, index) =>
    Buffer.from(ledgerNode(read, level, index), 'hex');

/** Time in a row is rounded to the minute (GATE.md f). */
export const minuteOf = (now: Date): string => `${now.toISOString().slice(0, 16)}Z`;

/** Appends one row inside the caller's transaction and returns its index. The row holds no personal value (GATE.md f). */
export function appendRow(tx: Tx, brandId: string, row: { t: string; [name: string]: unknown }): number {
  const text = jcs(row);
  const hash = leafHash(Buffer.from(text));
  const index = ledgerSize(tx);
  const made = append(index, hash, nodesOf(tx)).map((n) => ({ ...n, hash: Buffer.from(n.hash).toString('hex') }));
  insertLeaf(tx, brandId, { index, type: row.t, row: text, hash: Buffer.from(hash).toString('hex') }, made);
  return index;
}

/** Who signs the tree, and under which name. */
export interface LedgerSigner {
  origin: string;
  key: KeyObject;
  publicKey: KeyObject;
}

/** A checkpoint stands over each row after this many seconds at most (GATE.md f "batched at most 1 s"). */
const promisedSeconds = 1;

/** The proof of one row under the first checkpoint over it; undefined where there is no such row, or none is signed yet. */
export function proofOf(read: Read, index: number): string | undefined {
  const signed = checkpointOver(read, index);
  if (!signed || !readLeaf(read, index)) return undefined;
  return tlogProof({ index, proof: inclusionProof(index, signed.size, nodesOf(read)), checkpoint: signed.note });
}

/** One row for a receipt: its text, and its tlog-proof or the promise of one (GATE.md g). Undefined without such a row. */
export function proveRow(read: Read, index: number): { row: string; tlog: string | Pending } | undefined {
  const leaf = readLeaf(read, index);
  if (!leaf) return undefined;
  return { row: leaf.row, tlog: proofOf(read, index) ?? { pending: { index, seconds: promisedSeconds } } };
}

/** The proof that the first `old` rows stand unchanged under the checkpoint over `size`; undefined for a size not signed. */
export function consistencyOf(read: Read, old: number, size: number): string | undefined {
  const signed = checkpointAt(read, size);
  if (!signed || old > size) return undefined;
  return consistencyText(old, consistencyProof(old, size, nodesOf(read)), signed.note);
}
