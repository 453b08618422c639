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

test('a job that fails after only read spoils nobody; one that fails after a write undoes itself alone', async () => {
  const store = openStore(':memory:');
  const runs = { good: 0, bad: 0 };
  const good = (key: string) =>
    store.write((tx) => {
      runs.good++;
      tx.hot('insert into meta (key, value) values (?, ?)').run(key, '1');
    });
  const refused = store.write((tx) => {
    runs.bad++;
    tx.hot('select 1 as n').get();
    throw new Error('refused');
  });
  await Promise.all([good('a'), expect(refused).rejects.toThrow('refused'), good('b')]);
  expect(runs).toEqual({ good: 2, bad: 1 });
  const broken = store.write((tx) => {
    tx.seq();
    throw new Error('broken');
  });
  const before = store.read.hot('select value from counter').get();
  await Promise.all([good('c'), expect(broken).rejects.toThrow('broken'), good('d')]);
  expect(store.read.hot('select value from counter').get()).toEqual(before);
  expect(
    store.read
      .hot('select key from meta order by key')
      .all()
      .map((r) => r.key),
  ).toEqual(['a', 'b', 'c', 'd']);
});

test('a job that waits is refused and leaves nothing', async () => {
  const store = openStore(':memory:');
  const waiting = store.write(async (tx) => {
    tx.hot("insert into meta (key, value) values ('x', '1')").run();
    await Promise.resolve();
  });
  await expect(waiting).rejects.toThrow(/must not wait/);
  expect(store.read.hot("select count(*) as n from meta where key = 'x'").get()).toEqual({ n: 0 });
});
