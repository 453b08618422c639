import type { Store, Tx } from './open.ts';

type Read = Pick<Tx, 'hot'>;

/** One row of the ledger as it is stored. */
export interface Leaf {
  index: number;
  type: string;
  row: string;
  hash: string;
}

/** Rows in the ledger of this hub; read inside the write transaction that appends (SERVER.md "One writer per ledger"). */
export const ledgerSize = (read: Read): number =>
  read.hot('select coalesce(max(idx) + 1, 0) as size from ledger_leaf').get()?.size as number;

/** A stored node, hex: level 0 is the leaves, the levels above are kept beside them. */
export const ledgerNode = (read: Read, level: number, index: number): string => {
  const row =
    level === 0
      ? read.hot('select leaf_hash as hash from ledger_leaf where idx = ?').get(index)
      : read.hot('select hash from ledger_node where level = ? and idx = ?').get(level, index);
  if (!row) throw new Error(`ledger node ${level}/${index} is missing`);
  return row.hash as string;
};

/** Stores one row and the nodes it completes. */
export function insertLeaf(
  tx: Tx,
  brandId: string,
  leaf: Leaf,
  nodes: readonly { level: number; idx: number; hash: string }[],
): void {
  tx.hot('insert into ledger_leaf (idx, brand_id, type, row, leaf_hash) values (?, ?, ?, ?, ?)').run(
    leaf.index,
    brandId,
    leaf.type,
    leaf.row,
    leaf.hash,
  );
  for (const node of nodes)
    tx.hot('insert into ledger_node (level, idx, hash) values (?, ?, ?)').run(node.level, node.idx, node.hash);
}

/** One row by its index. */
export function readLeaf(read: Read, index: number): Leaf | undefined {
  const row = read.hot('select * from ledger_leaf where idx = ?').get(index);
  return row && { index, type: row.type as string, row: row.row as string, hash: row.leaf_hash as string };
}

/** The first checkpoint that covers the row `index`: a proof drawn twice is the same. */
export const checkpointOver = (read: Read, index: number): { size: number; note: string } | undefined =>
  read.hot('select size, note from checkpoint where size > ? order by size limit 1').get(index) as never;

/** The checkpoint of exactly this size. */
export const checkpointAt = (read: Read, size: number): { size: number; note: string } | undefined =>
  read.hot('select size, note from checkpoint where size = ?').get(size) as never;

/** The rows that name the hub's signing keys, oldest first (GATE.md f); an index of their own keeps this quick. */
export const keyLeaves = (read: Read): { index: number; row: string }[] =>
  read.hot("select idx as 'index', row from ledger_leaf where type = 'key' order by idx").all() as never;

/** The newest signed checkpoint. */
export const lastCheckpoint = (read: Read): { size: number; note: string } | undefined =>
  read.hot('select size, note from checkpoint order by size desc limit 1').get() as never;

/** Keeps a checkpoint; a size is signed once. */
export const insertCheckpoint = (tx: Tx, size: number, note: string, at: string): void =>
  tx.hot('insert into checkpoint (size, note, at) values (?, ?, ?)').run(size, note, at);

/** The ledger's name in checkpoints and receipts: given once, and kept when the hub moves to another address. */
export async function ledgerName(store: Store, origin: string): Promise<string> {
  const known = store.read.hot("select value from meta where key = 'ledger'").get()?.value;
  if (known !== undefined) return known as string;
  const name = `${new URL(origin).host}/ledger`;
  await store.write((tx) => tx.hot("insert into meta (key, value) values ('ledger', ?)").run(name));
  return name;
}
