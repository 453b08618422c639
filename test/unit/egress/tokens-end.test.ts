import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { brand, codeOf, fresh, id, MARK, scene } from './tokens-rig.ts';

test('a token the partner refused is renewed once for all who hold it', async () => {
  const s = await scene((_, reply) => reply.json(200, fresh(2)));
  await s.tokens.put(brand, id, s.set());
  const got = await Promise.all(Array.from({ length: 20 }, () => s.tokens.access(brand, id, `${MARK}-1`)));
  expect(new Set(got)).toEqual(new Set([`${MARK}-2`]));
  expect(await s.tokens.access(brand, id, `${MARK}-1`)).toBe(`${MARK}-2`);
  expect(s.evil.requests.length).toBe(1);
});

test('OA11 a refresh that opens more than was asked ends the connection', async () => {
  const s = await scene((_, reply) => reply.json(200, fresh(2, { scope: 'contacts.read crm.export' })));
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  expect(await codeOf(s.tokens)).toBe('needs_reconnect');
  expect(s.evil.hits('/token/revocation')).toBe(1);
});

test('P4 disconnected while a refresh is under way: the new token is handed to the revocation, stored nowhere and handed to nobody else', async () => {
  let go = () => {};
  const s = await scene((request, reply) => {
    if (request.path === '/token') go = () => reply.json(200, fresh(2));
    else reply.text(200, 'text/plain', '');
  });
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  const running = codeOf(s.tokens);
  await expect.poll(() => s.evil.hits('/token')).toBe(1);
  await s.store.write((tx) => s.tokens.takeOut(tx, brand, id));
  go();
  expect(await running).toBe('not_connected');
  const at = { brandId: brand, integrationId: id, provider: 'vendor', sandbox: true };
  expect(s.abandoned).toEqual([{ ...at, token: `${MARK}-r2` }]);
  expect(s.store.read.hot('select count(*) as n from vault').get()?.n).toBe(0);
});

test('a refresh that outlives a disconnect and a new connect leaves the new connection alone', async () => {
  let go = () => {};
  const s = await scene((request, reply) => {
    if (request.path === '/token') go = () => reply.json(200, fresh(2));
    else reply.text(200, 'text/plain', '');
  });
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  const running = codeOf(s.tokens);
  await expect.poll(() => s.evil.hits('/token')).toBe(1);
  await s.store.write((tx) => s.tokens.takeOut(tx, brand, id));
  await s.tokens.put(brand, id, s.set({ access: `${MARK}-new` }));
  go();
  expect(await running).toBe(`${MARK}-new`);
  expect(await codeOf(s.tokens)).toBe(`${MARK}-new`);
});

test('DB4 another brand opens nothing, and a revoked connection hands out nothing', async () => {
  const s = await scene(() => {});
  await s.tokens.put(brand, id, s.set());
  await expect(s.tokens.access('other', id)).rejects.toMatchObject({ code: 'not_connected' });
  await expect(s.tokens.put('other', id, s.set())).rejects.toMatchObject({ code: 'not_connected' });
  await s.store.write((tx) => s.tokens.takeOut(tx, 'other', id));
  expect(await codeOf(s.tokens)).toBe(`${MARK}-1`);
  await s.store.write((tx) => tx.hot("update integration set connection = 'revoked'").run());
  expect(await codeOf(s.tokens)).toBe('not_connected');
});

test('control 1 and 2 no column, log line or error holds a token in clear', async () => {
  const s = await scene((_, reply) => reply.json(400, { error: 'invalid_grant', error_description: MARK }));
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  const error = await s.tokens.access(brand, id).catch((e: unknown) => e);
  const rows = ['brand', 'integration', 'vault'].map((table) => s.store.read.hot(`select * from ${table}`).all());
  expect(s.lines.length).toBe(1);
  for (const thing of [error, s.lines, rows])
    expect(inspect(thing, { depth: 9 }) + JSON.stringify(thing)).not.toContain('LIVE-TOKEN');
});

test('control 8 P4 while sending is stopped no key is renewed, and afterwards it is', async () => {
  const s = await scene((_, reply) => reply.json(200, fresh(2)));
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  s.stop.on = () => true;
  expect(await codeOf(s.tokens)).toBe('later');
  expect(s.evil.requests).toHaveLength(0);
  s.stop.on = () => false;
  expect(await codeOf(s.tokens)).toBe(`${MARK}-2`);
});

test('P4 stopped between the question and the write: the refresh is never written', async () => {
  const s = await scene((_, reply) => reply.json(200, fresh(2)));
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  let asked = 0;
  s.stop.on = () => ++asked > 1;
  expect(await codeOf(s.tokens)).toBe('later');
  expect(asked).toBe(2);
  expect(s.evil.requests).toHaveLength(0);
});
