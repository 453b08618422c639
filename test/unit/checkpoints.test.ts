import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { createCheckpoints } from '../../server/egress/checkpoints.ts';
import { listedKeys } from '../../server/egress/key-rows.ts';
import { appendRow, nodesOf } from '../../server/egress/ledger.ts';
import { privateKeyOf, publicKeyOf, rawPublicKey } from '../../server/gate/keys.ts';
import { root } from '../../server/gate/merkle.ts';
import { openCheckpoint, signCheckpoint } from '../../server/gate/note.ts';
import { openStore, type Store } from '../../server/store/open.ts';

const origin = 'hub.example/ledger';
const signerOf = (byte: number) => {
  const key = privateKeyOf(Buffer.alloc(32, byte));
  return { origin, key, publicKey: publicKeyOf(rawPublicKey(key)) };
};
const signer = signerOf(1);

/** A timer that only the test lets run out. */
function handTimer() {
  let waiting: { ms: number; run: () => void } | undefined;
  return {
    after(ms: number, run: () => void) {
      waiting = { ms, run };
      return () => {
        waiting = undefined;
      };
    },
    get ms() {
      return waiting?.ms;
    },
    runOut() {
      const one = waiting;
      waiting = undefined;
      one?.run();
    },
  };
}

const open: Store[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

/** A ledger with its key row, watched; nothing is signed until the timer runs out. */
async function ledger(options: { store?: Store; signer?: typeof signer } = {}) {
  const store = options.store ?? openStore(':memory:');
  if (!options.store) open.push(store);
  const timer = handTimer();
  const alarms: string[] = [];
  const checkpoints = createCheckpoints({
    store,
    signer: options.signer ?? signer,
    now: () => new Date('2026-11-22T10:00:31Z'),
    alarm: (words) => void alarms.push(words),
    after: timer.after,
  });
  await store.write((tx) => checkpoints.begin(tx));
  const add = (count = 1) =>
    store.write((tx) => {
      for (let i = 0; i < count; i++)
        appendRow(tx, 'b', { v: 1, t: 'consent', nonce: randomBytes(16).toString('base64url') });
    });
  const sizes = () =>
    store.read
      .hot('select size from checkpoint order by size')
      .all()
      .map((r) => r.size);
  return { store, timer, alarms, checkpoints, add, sizes };
}
/** What an administrator does who takes the triggers off first. */
const hand = (store: Store, ...sql: string[]) =>
  store.write((tx) => {
    for (const { name } of tx.hot("select name from sqlite_master where type = 'trigger'").all())
      tx.exec(`drop trigger ${name}`);
    for (const one of sql) tx.exec(one);
  });

test('R33 rows are signed together, within a second of the first of them, and nothing is signed twice', async () => {
  const { store, timer, checkpoints, add, sizes, alarms } = await ledger();
  expect(timer.ms).toBeLessThan(1_000); // row 0 names the key
  await add();
  await add(3);
  expect(sizes()).toEqual([]); // nothing before its time
  timer.runOut();
  await checkpoints.sign();
  expect(sizes()).toEqual([5]);
  const signed = store.read.hot('select note from checkpoint').get()?.note as string;
  const head = openCheckpoint(signed, signer.publicKey, origin);
  expect([head.size, Buffer.from(head.root)]).toEqual([5, root(5, nodesOf(store.read))]);
  expect(timer.ms).toBeUndefined(); // at rest nothing ticks
  await store.write((tx) => tx.seq()); // a commit without a row
  expect(timer.ms).toBeUndefined();
  await add();
  expect(timer.ms).toBeLessThan(1_000);
  expect(alarms).toEqual([]);
});

test('R33 a row that comes while the tree is being signed is signed by the next', async () => {
  const { timer, checkpoints, add, sizes } = await ledger();
  const [signing] = [checkpoints.sign(), add()];
  await signing;
  await add();
  expect(timer.ms).toBeDefined();
  await checkpoints.sign();
  expect(sizes().at(-1)).toBe(3);
});

test('R33 stopping signs what is left, and no more after it', async () => {
  const { timer, checkpoints, add, sizes } = await ledger();
  await add(2);
  await checkpoints.stop();
  expect(sizes()).toEqual([3]);
  await add();
  expect([timer.ms, sizes()]).toEqual([undefined, [3]]);
});

test('R33 what a killed hub left unsigned is signed after the next start', async () => {
  const first = await ledger();
  await first.add(2);
  const next = await ledger({ store: first.store });
  expect(next.timer.ms).toBeDefined();
  next.timer.runOut();
  await next.checkpoints.sign();
  expect(next.sizes()).toEqual([3]);
});

const forgeries: [string, (store: Store) => Promise<void>][] = [
  ['a row and its hash', (s) => hand(s, `update ledger_leaf set leaf_hash = '${'00'.repeat(32)}' where idx = 4`)],
  ['a node', (s) => hand(s, `update ledger_node set hash = '${'00'.repeat(32)}' where level = 2 and idx = 0`)],
  ['a node taken away', (s) => hand(s, 'delete from ledger_node where level = 2 and idx = 0')],
  ['the tail cut', (s) => hand(s, 'delete from ledger_leaf where idx > 2')],
  [
    'rows rewritten and every checkpoint taken away',
    (s) => hand(s, `update ledger_leaf set leaf_hash = '${'00'.repeat(32)}' where idx = 4`, 'delete from checkpoint'),
  ],
  [
    'a checkpoint of another hand put in',
    async (s) => {
      const note = signCheckpoint({ origin, size: 9, root: Buffer.alloc(32) }, signerOf(9).key);
      await hand(s, `insert into checkpoint values (9, '${note}', '')`, 'delete from checkpoint where size < 9');
    },
  ],
];
test.each(forgeries)('GATE-38 R33 %s: nothing more is signed, once alarmed in log and audit', async (name, forge) => {
  const { store, timer, checkpoints, add, sizes, alarms } = await ledger();
  await add(4);
  await checkpoints.sign();
  await forge(store);
  const before = sizes();
  const foreign = name.startsWith('a checkpoint');
  // A checkpoint the hub did not sign is met at the next start; all else by the hub that runs, too.
  const hub = foreign ? await ledger({ store }) : { timer, checkpoints, alarms };
  if (!name.startsWith('the tail')) await add().catch(() => {});
  await Promise.all([hub.checkpoints.sign(), hub.checkpoints.sign()]);
  await hub.checkpoints.sign();
  expect(sizes()).toEqual(before);
  expect(hub.alarms).toEqual(['the ledger does not continue its last checkpoint; nothing more is signed']);
  const audit = store.read.hot("select act, detail from audit where act = 'checkpoint-refused'").all();
  expect(audit).toEqual([{ act: 'checkpoint-refused', detail: 'the ledger does not continue its last checkpoint' }]);
  expect(hub.timer.ms).toBeUndefined();
});

test('R33 a store that cannot write is tried again a second later', async () => {
  const { store, add } = await ledger();
  await add();
  const timer = handTimer();
  let broken = true;
  const write: Store['write'] = (job) =>
    broken
      ? Promise.reject(Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' }))
      : store.write(job);
  const alarms: string[] = [];
  const alarm = (words: string) => void alarms.push(words);
  const second = createCheckpoints({
    store: { ...store, write },
    signer,
    now: () => new Date(),
    alarm,
    after: timer.after,
  });
  await second.sign();
  expect([timer.ms, alarms]).toEqual([1_000, ['the ledger could not be signed; it is tried again']]);
  broken = false;
  timer.runOut();
  await second.sign();
  expect(store.read.hot('select size from checkpoint').all()).toEqual([{ size: 2 }]);
});

test('R33 each key the ledger was signed with stands in a row, and the list names all with their time', async () => {
  const first = await ledger();
  await first.add(2);
  await first.checkpoints.stop();
  const again = await ledger({ store: first.store }); // the same key: no row
  expect(listedKeys(again.store.read)).toHaveLength(1);
  await again.checkpoints.stop();
  const changed = await ledger({ store: first.store, signer: signerOf(2) });
  await changed.checkpoints.sign();
  expect([changed.alarms, changed.sizes()]).toEqual([[], [3, 4]]);
  const x = (byte: number) => rawPublicKey(signerOf(byte).key).toString('base64url');
  expect(listedKeys(changed.store.read)).toEqual([
    expect.objectContaining({ kty: 'OKP', crv: 'Ed25519', x: x(2), row: 3, from: '2026-11-22T10:00Z', until: null }),
    expect.objectContaining({ x: x(1), row: 0, from: '2026-11-22T10:00Z', until: '2026-11-22T10:00Z' }),
  ]);
});
