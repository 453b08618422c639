import { afterEach, beforeEach, expect, test } from 'vitest';
import { endUnused } from '../../../server/connect/unused.ts';
import { openKeys, right, textOf } from './keys-stage.ts';
import { count } from './stage.ts';

let clock: number;
let keys: Awaited<ReturnType<typeof openKeys>>;
beforeEach(async () => {
  clock = Date.UTC(2026, 10, 22, 14, 2);
  keys = await openKeys(() => new Date(clock));
});
afterEach(() => keys.close());

const post = async (path: string, fields: Record<string, string> = {}) =>
  keys.maria.submit(path, { csrf: await keys.door.csrfOf(keys.maria), ...fields });
const end = () => post(`/console/connections/${keys.row()?.id}/disconnect`);
const page = async () => textOf(await keys.maria.get(`/console/connections/${keys.row()?.id}`));
const pending = () => keys.door.store.read.hot('select state, sealed, attempts from revocation').all();
const alarms = () => [...keys.door.logged().matchAll(/"alarm":"([^"]+)"/g)].map(([, name]) => name);
/** Gives tokens as ever, and has no answer for what else is asked. */
const downAfterToken = () =>
  keys.acme.answer((request, reply) =>
    request.path === '/token'
      ? reply.json(200, { access_token: 'TOKEN-9-3d3d', token_type: 'Bearer', expires_in: 1800, scope: 'people.write' })
      : reply.json(503, {}),
  );
async function later(ms: number) {
  clock += ms;
  await keys.door.hub.deps.connector.revoke();
}

test('R8 a typed key that no call can end is wiped at once: no copy is kept, and nothing is tried for three days', async () => {
  keys.acme.plan.door = right['acme-key'].door;
  await keys.connect('acme-key', right['acme-key'].typed);
  keys.acme.requests.length = 0;
  expect((await end()).headers.get('location')).toContain('done=wiped');
  expect(pending()).toEqual([{ state: 'lasting', sealed: null, attempts: 0 }]);
  expect(await page()).toContain('it goes on working at Acme until somebody ends it there');
  await later(73 * 3_600_000);
  expect(keys.acme.requests).toHaveLength(0);
  expect(alarms()).toEqual([]);
});

test('R8 P4 a client’s token is handed back once its partner answers again, by the client that was typed', async () => {
  await keys.connect('acme-client', right['acme-client'].typed);
  keys.acme.answer((_, reply) => reply.json(503, {}));
  expect((await end()).headers.get('location')).toContain('done=pending');
  expect(count(keys.door, 'vault')).toBe(0);
  expect(pending()).toMatchObject([{ state: 'pending', attempts: 1 }]);
  expect(keys.dump()).not.toContain('CLIENT-secret-2e2e');
  keys.acme.requests.length = 0;
  keys.acme.answer((_, reply) => reply.raw('HTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\n'));
  await later(10_000);
  expect(keys.acme.calls()).toEqual(['POST /revoke']);
  expect(keys.acme.requests[0]?.headers.authorization).toMatch(/^Basic /);
  expect(pending()).toEqual([{ state: 'revoked', sealed: null, attempts: 1 }]);
});

test('P4 a token that was got for a connect that failed is handed back, however long that takes', async () => {
  downAfterToken();
  expect((await keys.connect('acme-client', right['acme-client'].typed)).status).toBe(400);
  expect(pending()).toMatchObject([{ state: 'pending', attempts: 1 }]);
  keys.acme.requests.length = 0;
  keys.acme.answer((_, reply) => reply.raw('HTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\n'));
  await later(10_000);
  expect(keys.acme.calls()).toEqual(['POST /revoke']);
  expect(pending()).toMatchObject([{ state: 'revoked', sealed: null }]);
});

test('control 8 while sending is stopped no key is tried, and none takes the place of another', async () => {
  keys.acme.plan.door = right['acme-key'].door;
  await keys.connect('acme-key', right['acme-key'].typed);
  expect((await post('/console/stop', { what: 'all', why: 'A breach is in the news' })).status).toBe(303);
  keys.acme.requests.length = 0;
  const before = keys.sealed();
  for (const id of ['acme-key', 'acme-client'] as const)
    expect((await keys.connect(id, right[id].typed)).status).toBe(400);
  expect(keys.acme.requests).toHaveLength(0);
  expect(keys.sealed()).toBe(before);
});

test('control 7 trying a key, getting a token and handing it back make no call that nothing stands for', async () => {
  keys.acme.plan.door = right['acme-key'].door;
  await keys.connect('acme-key', right['acme-key'].typed);
  await keys.connect('acme-client', right['acme-client'].typed);
  for (const { id } of keys.door.store.read.hot('select id from integration').all())
    await post(`/console/connections/${id}/disconnect`);
  keys.door.hub.tally.reconcile();
  expect(Object.fromEntries(keys.door.hub.tally.counts().others)).toEqual({ check: 2, token: 1, revocation: 1 });
  expect(alarms()).toEqual([]);
});

test('control 8 what only sends is not ended for want of use', async () => {
  await keys.connect('acme-hook', { secret: 'HOOK-secret-6a6a', account: 'Acme notes' });
  expect(keys.row()).toMatchObject({ connection: 'active' });
  clock += 31 * 86_400_000;
  await endUnused(keys.door.hub.deps);
  expect(keys.row()).toMatchObject({ connection: 'active', trouble: null });
});

test('control 8 a typed key that nobody used is wiped, and the words send its owner to the partner', async () => {
  keys.acme.plan.door = right['acme-key'].door;
  await keys.connect('acme-key', right['acme-key'].typed);
  clock += 31 * 86_400_000;
  await endUnused(keys.door.hub.deps);
  expect(keys.row()).toMatchObject({ connection: 'revoked', trouble: expect.stringContaining('end it there too') });
  expect(count(keys.door, 'vault')).toBe(0);
});
