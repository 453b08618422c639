import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { changeHubKey } from '../../../server/egress/key-change.ts';
import { brand, hub, id } from './tokens-rig.ts';

/** Rows of a brand with a value sealed where its table seals: table, the row's other columns, what it is bound to. */
const rows: [string, Record<string, string | number>, { integration: string; field: string }][] = [
  ['vault', { integration_id: id, version: 1, updated_at: '-' }, { integration: id, field: 'tokens' }],
  [
    'revocation',
    {
      id: 'r-1',
      integration_id: id,
      provider: 'vendor',
      sandbox: 1,
      state: 'open',
      attempts: 0,
      begun_ms: 0,
      next_ms: 0,
      late: 0,
    },
    { integration: 'r-1', field: 'revocation' },
  ],
  ['hook_secret', { integration_id: id, version: 7, made_at: '-' }, { integration: id, field: 'hook-secret-7' }],
  [
    'hook_event',
    { id: 'e-1', integration_id: id, kind: 'changed', seq: 1, at: '-' },
    { integration: id, field: 'hook-event-e-1' },
  ],
  ['alert_webhook', { url: 'https://ops.example', since: '-' }, { integration: 'alerts', field: 'webhook secret' }],
];
/** A connect and a sign-in on their way, ten minutes at most. */
const short = ['connect_transaction', 'login_transaction'];

test('R88 control 2 a change of the hub key leaves no lasting value under a data key that the old one opened', async () => {
  const { store, vault } = await hub();
  const ring = () => store.read.hot('select wrapped_key from brand where id = ?').get(brand)?.wrapped_key as string;
  const tables = store.read
    .hot("select m.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and c.name = 'sealed'")
    .all()
    .map((row) => row.name);
  expect(tables.filter((name) => !short.includes(name as string)).sort()).toEqual(rows.map(([name]) => name).sort());
  await store.write((tx) => {
    for (const [table, columns, at] of rows) {
      const named = { ...columns, brand_id: brand, sealed: vault.seal(ring(), { brand, ...at }, `secret of ${table}`) };
      const names = Object.keys(named);
      const marks = names.map(() => '?').join();
      tx.hot(`delete from ${table}`).run();
      tx.hot(`insert into ${table} (${names}) values (${marks})`).run(...Object.values(named));
    }
  });
  const sealed = (table: string) => store.read.hot(`select sealed from ${table}`).get()?.sealed as string;
  vault.turnTo(randomBytes(32));
  await changeHubKey({ store, vault, finish() {}, now: () => 0 });
  vault.forgetOlder();
  const fresh = ring().split(',')[0]?.split('.')[2];
  for (const [table, , at] of rows) {
    expect(sealed(table).split('.')[1], table).toBe(fresh);
    expect(vault.open(ring(), { brand, ...at }, sealed(table))).toBe(`secret of ${table}`);
  }
});
