import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { loadShare } from '../../server/egress/context.ts';
import { decideShare } from '../../server/gate/decide.ts';
import { project } from '../../server/gate/project.ts';
import { openStore } from '../../server/store/open.ts';
import { seal } from '../../server/store/seal.ts';
import { brandId, purpose, type Rig } from './rig.ts';
import { type BenchRow, quantile, row } from './row.ts';
import { sampled } from './sample.ts';

const idOf = (n: number) => `person-${n}`;

/** Adds people `from` to `to` with a key, a served notice, a value and a yes of their own, like the one of `model`. */
function fill(rig: Rig, file: string, model: string, from: number, to: number): void {
  const db = new DatabaseSync(file);
  db.exec('pragma synchronous = off; begin');
  const event = db.prepare('select * from consent_event where subject_id = ? order by seq desc').get(model);
  const served = db.prepare('select * from notice_served where subject_id = ?').get(model);
  if (!event || !served) throw new Error('the model has no answer');
  const copy = (table: string, cells: Record<string, unknown>) =>
    db.prepare(
      `insert into ${table} (${Object.keys(cells).join(', ')}) values (${Object.keys(cells)
        .map(() => '?')
        .join(', ')})`,
    );
  const subject = db.prepare(
    `insert into subject (id, brand_id, created_seq, epoch, age_class, restricted, objected) values (?, ?, ?, 0, 'adult', 0, 0)`,
  );
  const value = db.prepare(`insert into value values (?, ?, 'email', ?, 'visitor', null, ?, ?)`);
  const head = db.prepare('insert into consent_head values (?, ?, ?, ?, ?)');
  const said = copy('consent_event', event);
  const seen = copy('notice_served', served);
  const at = String(event.received_at);
  const tx = { hot: (sql: string) => db.prepare(sql) };
  for (let n = from; n < to; n++) {
    const id = idOf(n);
    const seq = 1_000_000 + n * 3;
    subject.run(id, brandId, seq);
    const key = rig.claim.keys.make(tx as never, brandId, id);
    seen.run(...(Object.values({ ...served, id: `served-${n}`, subject_id: id, seq }) as string[]));
    value.run(brandId, id, seal(key, `value|${id}|email`, `ada+${n}@brandt.example`), seq + 1, at);
    const own = { ...event, seq: seq + 2, event_id: `event-${n}`, subject_id: id };
    said.run(...(Object.values(own) as string[]));
    head.run(brandId, id, rig.integrationId, purpose, seq + 2);
  }
  db.exec('commit');
  db.close();
}

/** Microseconds of look-up, decision and projection for people drawn evenly from `count`, after a warm-up. */
function sample(rig: Rig, file: string, count: number, calls: number): Float64Array {
  const store = openStore(file);
  const now = new Date();
  const times = sampled(count, calls, (n) => {
    const share = { brandId, subjectId: idOf(n), conversationId: '', integrationId: rig.integrationId, purpose };
    const { context } = loadShare(store.read, rig.claim.keys, share, now, ['email']);
    const values = Object.fromEntries(context.fields.map((f) => [f.field, f.value]));
    return Object.keys(project(values, decideShare(context.fields))).length === 1;
  });
  store.close();
  return times;
}

/**
 * DESIGN.md 7, first row: how look-up, decision and projection grow with the number of consent heads in the file, for
 * people drawn evenly from all of them. The limit is the same at 10,000 heads.
 */
export async function benchLookUp(rig: Rig, { heads = 200_000, base = 10_000, calls = 20_000 } = {}) {
  const [model] = await rig.people(1);
  rig.store.read.hot('pragma wal_checkpoint(truncate)').get();
  const file = `${rig.file}.heads`;
  copyFileSync(rig.file, file);
  fill(rig, file, model?.subjectId ?? '', 0, base);
  const small = sample(rig, file, base, calls);
  fill(rig, file, model?.subjectId ?? '', base, heads);
  const large = sample(rig, file, heads, calls);
  const name = `look-up + decision + projection at ${heads.toLocaleString('en')} heads beside ${base.toLocaleString('en')}`;
  const rows: BenchRow[] = [
    row(`${name}, p50`, 'µs', quantile(large, 0.5), quantile(small, 0.5), 'under 2 x', (_, ratio) => ratio < 2),
    row(`${name}, p99`, 'µs', quantile(large, 0.99), quantile(small, 0.99)),
  ];
  return rows;
}
