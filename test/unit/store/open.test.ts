import { expect, test } from 'vitest';
import { openStore } from '../../../server/store/open.ts';

test('a parameter of the wrong kind or count is refused instead of becoming NULL', () => {
  const { read } = openStore(':memory:');
  const find = read.hot('select value from counter where name = ? and value >= ?');
  expect(find.get('seq', 0)).toEqual({ value: 0 });
  expect(() => find.get({ name: 'seq' } as never, 0)).toThrow(/unbindable object/);
  expect(() => find.get('seq')).toThrow(/1 parameters for 2 places/);
  expect(() => find.get('seq', undefined as never)).toThrow(/unbindable undefined/);
});

test('jobs of one tick share a commit; one that throws is rolled back alone', async () => {
  const store = openStore(':memory:');
  const put = (key: string, fail = false) =>
    store.write((tx) => {
      tx.run(tx.sql.insertInto('meta').values({ key, value: '1' }));
      if (fail) throw new Error('no');
      return tx.seq();
    });
  const done = await Promise.allSettled([put('a'), put('b', true), put('c')]);
  expect(done.map((d) => d.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const rows = await store.db.selectFrom('meta').select('key').orderBy('key').execute();
  expect(rows.map((r) => r.key)).toEqual(['a', 'c']);
});

test('append-only tables refuse change, and deletion outside an erasure', async () => {
  const store = openStore(':memory:');
  await store.write((tx) => tx.hot('insert into ledger_leaf values (?, ?, ?, ?, ?)').run(0, 'b', 'consent', '{}', 'h'));
  await expect(store.write((tx) => tx.hot('update ledger_leaf set row = ?').run('x'))).rejects.toThrow(/append-only/);
  await expect(store.write((tx) => tx.hot('delete from ledger_leaf').run())).rejects.toThrow(/append-only/);
  const signal = (s: string) => store.write((tx) => tx.hot(s).run());
  await signal("insert into signal_seen values ('i', 'b', 's', 'gpc', '1', 1)");
  await expect(signal('delete from signal_seen')).rejects.toThrow(/append-only/);
  await signal("insert into erasing values ('s')");
  await signal('delete from signal_seen');
  expect(await store.db.selectFrom('signal_seen').selectAll().execute()).toEqual([]);
});
