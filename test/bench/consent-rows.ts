import { closeSync, copyFileSync, fsyncSync, openSync, readSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { decideShare } from '../../server/gate/decide.ts';
import { contextOf } from '../../server/gate/derive.ts';
import { project } from '../../server/gate/project.ts';
import { openStore } from '../../server/store/open.ts';
import { ownHead, readShareFacts } from '../../server/store/share-facts.ts';
import { brandId, purpose, type Rig } from './rig.ts';
import { type BenchRow, quantile, row } from './row.ts';
import { sampled } from './sample.ts';

const idOf = (n: number) => `person-${String(n).padStart(9, '0')}`;

/** Adds `count` answers with their heads, each of a person of its own, like the newest one of `model`; built at once. */
function fill(file: string, model: string, count: number): void {
  const db = new DatabaseSync(file);
  db.exec(
    'pragma journal_mode = delete; pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000',
  );
  for (const { name } of db.prepare("select name from sqlite_master where type = 'trigger'").all())
    db.exec(`drop trigger ${name}`); // it is a copy, and each would be asked for every row
  const [event] = db.prepare('select * from consent_event where subject_id = ? order by seq desc').all(model);
  if (!event) throw new Error('the model has no answer');
  const own: Record<string, string> = {
    seq: '1000000000 + i',
    event_id: "printf('event-%09d', i)",
    subject_id: "printf('person-%09d', i)",
  };
  const cells = Object.keys(event).map((name) => own[name] ?? `e.${name}`);
  const from = `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})`;
  db.exec('begin');
  db.prepare(
    `${from} insert into consent_event select ${cells.join(', ')} from n, (select * from consent_event where seq = ?) e`,
  ).run(event.seq as number);
  db.prepare(`${from} insert into consent_head select ?, printf('person-%09d', i), ?, ?, 1000000000 + i from n`).run(
    brandId,
    event.integration_id as string,
    event.purpose as string,
  );
  db.exec('commit');
  db.close();
  settle(file);
}

/**
 * Waits until the file is on the disk, and reads it through once: what was just built would else be written out while
 * reading is measured, and the hundredth part of it that the system has put away meanwhile would be the p99.
 */
function settle(file: string): void {
  const built = openSync(file, 'r+');
  fsyncSync(built);
  const part = Buffer.alloc(1 << 20);
  while (readSync(built, part) > 0);
  closeSync(built);
}

/** Microseconds of finding the answer, deciding and projecting, for people drawn evenly from `count`. */
function sample(rig: Rig, model: string, count: number, calls: number): Float64Array {
  const file = `${rig.file}.consent`;
  copyFileSync(rig.file, file);
  fill(file, model, count);
  const store = openStore(file);
  const key = { brandId, subjectId: model, integrationId: rig.integrationId, purpose };
  const facts = readShareFacts(store.read, rig.claim.keys, key);
  const values = Object.fromEntries(facts.values.map((v) => [v.field, v.value]));
  const now = new Date();
  const times = sampled(count, calls, (n) => {
    const subjectId = idOf(n);
    const head = ownHead(store.read, { ...key, subjectId });
    const context = contextOf({ ...facts, subjectId, head }, ['email'], now);
    return Object.keys(project(values, decideShare(context.fields))).length === 1;
  });
  store.close();
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
  return times;
}

/**
 * DESIGN.md 7, first row: finding the newest answer among `rows` of them, decision and projection, with what else is
 * known of the share at hand and the file in the system's memory. The limit is the same at 10,000. BENCH_CONSENTS=10000000 takes 5 GB and two minutes.
 */
export async function benchConsentRows(
  rig: Rig,
  { rows = 1_000_000, base = 10_000, calls = 50_000 } = {},
): Promise<BenchRow[]> {
  const [model] = await rig.people(1);
  rig.store.read.hot('pragma wal_checkpoint(truncate)').get();
  const small = sample(rig, model?.subjectId ?? '', Math.min(base, rows), calls);
  const large = sample(rig, model?.subjectId ?? '', rows, calls);
  const name = `decision + projection at ${rows.toLocaleString('en')} consent rows beside ${base.toLocaleString('en')}`;
  return [
    row(`${name}, p50`, 'µs', quantile(large, 0.5), quantile(small, 0.5), 'under 2 x', (_, ratio) => ratio < 2),
    row(`${name}, p99`, 'µs', quantile(large, 0.99), quantile(small, 0.99), 'under 50 µs', (value) => value < 50),
  ];
}
