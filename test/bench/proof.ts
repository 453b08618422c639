import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { proofOf } from '../../server/egress/ledger.ts';
import { privateKeyOf, publicKeyOf, rawPublicKey } from '../../server/gate/keys.ts';
import { leafHash, nodeHash, root } from '../../server/gate/merkle.ts';
import { signCheckpoint, verifyTlogProof } from '../../server/gate/note.ts';
import { openStore } from '../../server/store/open.ts';
import { type BenchRow, quantile, row } from './row.ts';

const origin = 'hub.example/ledger';
const key = privateKeyOf(Buffer.alloc(32, 1));
const rowOf = (i: number) => `{"row":${i}}`;

/** Writes a whole ledger at once: rows, every complete subtree above them, and one checkpoint over all. */
function build(file: string, leaves: number): void {
  openStore(file).close();
  const db = new DatabaseSync(file);
  db.exec('pragma journal_mode = delete; pragma journal_mode = off; pragma synchronous = off; begin');
  const leaf = db.prepare(
    "insert into ledger_leaf (idx, brand_id, type, row, leaf_hash) values (?, '', 'consent', ?, ?)",
  );
  const node = db.prepare('insert into ledger_node (level, idx, hash) values (?, ?, ?)');
  const levels: Buffer[][] = [[]];
  for (let i = 0; i < leaves; i++) {
    const hash = leafHash(rowOf(i));
    levels[0]?.push(hash);
    leaf.run(i, rowOf(i), hash.toString('hex'));
  }
  for (let below = levels[0] as Buffer[]; below.length > 1; below = levels.at(-1) as Buffer[]) {
    const level: Buffer[] = [];
    for (let i = 0; i + 1 < below.length; i += 2) {
      level.push(nodeHash(below[i] as Buffer, below[i + 1] as Buffer));
      node.run(levels.length, i / 2, level.at(-1)?.toString('hex') ?? '');
    }
    levels.push(level);
  }
  const top = root(leaves, (level, i) => levels[level]?.[i] as Buffer);
  const note = signCheckpoint({ origin, size: leaves, root: top }, key);
  db.prepare("insert into checkpoint (size, note, at) values (?, ?, '')").run(leaves, note);
  db.exec('commit');
  db.close();
}

/**
 * The proof of one row among a million (GATE.md f), from the file to the text a holder keeps, for rows drawn evenly. The
 * limit is the same number of bare look-ups in the tree's own table, one for each level.
 */
export function benchProof({ leaves = 1_000_000, calls = 5_000 } = {}): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'askfirst-bench-'));
  const file = join(folder, 'hub.db');
  build(file, leaves);
  const store = openStore(file);
  const bare = new DatabaseSync(file);
  const look = bare.prepare('select hash from ledger_node where level = ? and idx = ?');
  const depth = Math.floor(Math.log2(leaves));
  const [ours, raw] = [new Float64Array(calls), new Float64Array(calls)];
  let state = 1;
  let last = '';
  let index = 0;
  for (let i = -Math.ceil(calls / 10); i < calls; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    index = Math.floor((state / 2 ** 32) * leaves);
    const start = process.hrtime.bigint();
    last = proofOf(store.read, index) ?? '';
    const middle = process.hrtime.bigint();
    for (let level = 1; level <= depth; level++) look.get(level, Math.floor(index / 2 ** level) ^ 1);
    const end = process.hrtime.bigint();
    if (i < 0) continue;
    ours[i] = Number(middle - start) / 1e6;
    raw[i] = Number(end - middle) / 1e6;
  }
  const pinned = publicKeyOf(rawPublicKey(key));
  if (verifyTlogProof(last, leafHash(rowOf(index)), pinned, origin).index !== index) throw new Error('a wrong proof');
  bare.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
  const name = `proof of one row among ${leaves.toLocaleString('en')}`;
  return [
    row(`${name}, p50`, 'ms', quantile(ours, 0.5), quantile(raw, 0.5)),
    row(`${name}, p99`, 'ms', quantile(ours, 0.99), quantile(raw, 0.99), 'under 5 ms', (value) => value < 5),
  ];
}
