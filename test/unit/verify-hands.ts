import type { DatabaseSync } from 'node:sqlite';
import { append, leafHash } from '../../server/gate/merkle.ts';

/** A row of `ledger_leaf`. */
type Leaf = { idx: number; brand_id: string; type: string; row: string; leaf_hash: string };
export const leavesOf = (db: DatabaseSync) =>
  db.prepare('select * from ledger_leaf order by idx').all() as unknown as Leaf[];
const hashOf = (row: string) => Buffer.from(leafHash(row)).toString('hex');

/** Writes rows anew from index 0 on, with their right hashes; `nodes`: the interior nodes too, as a careful hand would. */
export function rewrite(db: DatabaseSync, leaves: Leaf[], nodes = false): void {
  db.exec('delete from ledger_leaf');
  const put = db.prepare('insert into ledger_leaf (idx, brand_id, type, row, leaf_hash) values (?, ?, ?, ?, ?)');
  for (const [i, l] of leaves.entries()) put.run(i, l.brand_id, l.type, l.row, hashOf(l.row));
  if (!nodes) return;
  db.exec('delete from ledger_node');
  const all = new Map<string, Uint8Array>();
  const node = db.prepare('insert into ledger_node (level, idx, hash) values (?, ?, ?)');
  for (const [i, l] of leaves.entries()) {
    all.set(`0/${i}`, leafHash(l.row));
    for (const n of append(i, leafHash(l.row), (level, idx) => all.get(`${level}/${idx}`) as Uint8Array)) {
      all.set(`${n.level}/${n.idx}`, n.hash);
      node.run(n.level, n.idx, Buffer.from(n.hash).toString('hex'));
    }
  }
}
export const edited = (l: Leaf): Leaf => ({ ...l, row: l.row.replace(/"minute":"\d{4}/, '"minute":"1999') });

/** What a hand behind the triggers' back may do: its name, the deed, and the row and kind that must be named. */
export const cases: [string, (db: DatabaseSync) => void, number, string][] = [
  [
    'a text edited',
    (db) => db.exec("update ledger_leaf set row = replace(row, 'email', 'phone') where idx = 4"),
    4,
    'edited',
  ],
  [
    'a text made uncanonical, hash and nodes made anew',
    (db) =>
      rewrite(
        db,
        leavesOf(db).map((l) => (l.idx === 9 ? { ...l, row: ` ${l.row}` } : l)),
        true,
      ),
    9,
    'edited',
  ],
  [
    'a row edited with its hash',
    (db) =>
      rewrite(
        db,
        leavesOf(db).map((l) => (l.idx === 7 ? edited(l) : l)),
      ),
    7,
    'edited',
  ],
  [
    'a row edited with its hash and every node',
    (db) =>
      rewrite(
        db,
        leavesOf(db).map((l) => (l.idx === 10 ? edited(l) : l)),
        true,
      ),
    10,
    'checkpoint',
  ],
  [
    'the last row edited with its hash and every node, no checkpoint over it',
    (db) =>
      rewrite(
        db,
        leavesOf(db).map((l) => (l.idx === 15 ? edited(l) : l)),
        true,
      ),
    15,
    'record',
  ],
  ['a row deleted', (db) => db.exec('delete from ledger_leaf where idx = 6'), 6, 'missing'],
  [
    'a row deleted, those after it moved up',
    (db) =>
      rewrite(
        db,
        leavesOf(db).filter((l) => l.idx !== 5),
      ),
    5,
    'missing',
  ],
  [
    'a row deleted with every node made anew',
    (db) =>
      rewrite(
        db,
        leavesOf(db).filter((l) => l.idx !== 3),
        true,
      ),
    3,
    'checkpoint',
  ],
  [
    'a row inserted',
    (db) =>
      rewrite(
        db,
        leavesOf(db).flatMap((l) => (l.idx === 4 ? [edited(l), l] : [l])),
      ),
    4,
    'inserted',
  ],
  [
    'a row put before the first',
    (db) => db.exec('insert into ledger_leaf select -1, brand_id, type, row, leaf_hash from ledger_leaf where idx = 0'),
    -1,
    'inserted',
  ],
  [
    'a row put at the end',
    (db) =>
      rewrite(
        db,
        leavesOf(db).flatMap((l) => (l.idx === 15 ? [l, edited(l)] : [l])),
        true,
      ),
    16,
    'inserted',
  ],
  [
    'two texts exchanged',
    (db) => {
      const [a, b] = [leavesOf(db)[2], leavesOf(db)[8]];
      const put = db.prepare('update ledger_leaf set row = ? where idx = ?');
      put.run(b?.row ?? '', 2);
      put.run(a?.row ?? '', 8);
    },
    2,
    'moved',
  ],
  [
    'two neighbours exchanged with their hashes',
    (db) => {
      const l = leavesOf(db);
      rewrite(db, l.with(2, l[3] as Leaf).with(3, l[2] as Leaf));
    },
    2,
    'moved',
  ],
  [
    'two distant rows exchanged with their hashes',
    (db) => {
      const l = leavesOf(db);
      rewrite(db, l.with(1, l[10] as Leaf).with(10, l[1] as Leaf));
    },
    1,
    'moved',
  ],
  [
    'two rows exchanged with hashes and nodes',
    (db) => {
      const l = leavesOf(db);
      rewrite(db, l.with(7, l[11] as Leaf).with(11, l[7] as Leaf), true);
    },
    7,
    'checkpoint',
  ],
  [
    'two rows that say the same exchanged with hashes and nodes (the first of the signed range is named)',
    (db) => {
      const l = leavesOf(db);
      rewrite(db, l.with(7, l[10] as Leaf).with(10, l[7] as Leaf), true);
    },
    7,
    'checkpoint',
  ],
  [
    'a checkpoint edited',
    (db) => db.exec("update checkpoint set note = replace(note, 'localhost', 'localhosu') where size = 13"),
    13,
    'checkpoint',
  ],
  ['a checkpoint of another size', (db) => db.exec('update checkpoint set size = 6 where size = 7'), 6, 'checkpoint'],
  [
    'a node edited',
    (db) => db.exec(`update ledger_node set hash = '${'00'.repeat(32)}' where level = 2 and idx = 1`),
    4,
    'node',
  ],
  ['a node deleted', (db) => db.exec('delete from ledger_node where level = 1 and idx = 5'), 10, 'node'],
  ['the unsigned tail cut, its nodes left', (db) => db.exec('delete from ledger_leaf where idx >= 12'), 12, 'missing'],
  ['the signed tail cut', (db) => rewrite(db, leavesOf(db).slice(0, 10), true), 10, 'missing'],
  [
    'a stored answer that says more than its row',
    (db) => db.exec(`update consent_event set fields_json = '["email","phone"]' where leaf_index = 4`),
    4,
    'record',
  ],
  [
    'a stored answer of another purpose',
    (db) => db.exec("update consent_event set purpose = 'DirectMarketing' where leaf_index = 7"),
    7,
    'record',
  ],
  [
    'a stored send under another rule',
    (db) => db.exec(`update disclosure set rules_json = '{"email":"D05"}' where leaf_index = 6`),
    6,
    'record',
  ],
  [
    'a stored send that names another row',
    (db) => db.exec('update disclosure set leaf_index = 6 where leaf_index = 3'),
    3,
    'inserted',
  ],
  ['a stored answer taken away', (db) => db.exec('delete from consent_event where leaf_index = 4'), 4, 'inserted'],
];
