import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../server/app.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { openRecorder, type Recorder } from '../../support/recorder.ts';
import { count } from './stage.ts';

type Client = ReturnType<FrontDoor['client']>;
let door: FrontDoor;
let recorder: Recorder;
let maria: Client;
let clock: number;
beforeEach(async () => {
  clock = Date.now();
  recorder = await openRecorder();
  door = await frontDoor({ recorder, now: () => new Date(clock) });
  maria = await door.owner();
});
afterEach(async () => {
  await door.close();
  await recorder.close();
});

const csrf = async (who: Client) =>
  /name="csrf" value="([^"]+)"/.exec(await (await who.get('/console')).text())?.[1] ?? '';
/** Maria starts, and the partner sends the browser back: the callback's address, not yet opened. */
async function begun(account?: string): Promise<URL> {
  const res = await maria.submit('/console/add/hubspot', { csrf: await csrf(maria) });
  return new URL(await door.allow(res.headers.get('location') ?? '', account));
}
/** Refused: 400, no connection, the partner was not called, and an audit row says so. */
async function refused(visit: () => Promise<Response>) {
  const before = count(door, 'audit', "act = 'connect-refused'");
  recorder.tokenCalls.length = 0;
  const res = await visit();
  expect(res.status).toBe(400);
  expect(await res.text()).toContain('The connection was not made.');
  expect(recorder.tokenCalls).toEqual([]);
  expect([count(door, 'integration'), count(door, 'vault')]).toEqual([0, 0]);
  expect(count(door, 'audit', "act = 'connect-refused'")).toBe(before + 1);
}

describe('R1 a callback counts once, in the browser and session that began it', () => {
  test.each([
    ['no state', (u: URL) => u.searchParams.delete('state')],
    ['a wrong state', (u: URL) => u.searchParams.set('state', 'A'.repeat(43))],
    ['an empty state', (u: URL) => u.searchParams.set('state', '')],
    ['a doubled state', (u: URL) => u.searchParams.append('state', u.searchParams.get('state') ?? '')],
    ['another adapter’s address', (u: URL) => (u.pathname = '/oauth/callback/other')],
  ])('sec-O05 %s', async (_, spoil) => {
    const back = await begun();
    spoil(back);
    await refused(() => maria.get(back.href));
  });

  test('R1 the tenth minute is over', async () => {
    const back = await begun();
    clock += 10 * 60_000;
    await refused(() => maria.get(back.href));
  });

  test('sec-O07 in another browser, signed in or not; then the right one still can', async () => {
    const back = await begun();
    await refused(() => door.client().get(back.href));
    const second = await door.owner();
    await second.submit('/console/add/hubspot', { csrf: await csrf(second) }); // has a connect cookie, of its own connect
    await refused(() => second.get(back.href));
    expect((await maria.get(back.href)).status).toBe(200);
  });

  test('sec-O07 the confirmation belongs to the session that began', async () => {
    const back = await begun();
    const confirm = /\/console\/confirm\/[\w-]+/.exec(await (await maria.get(back.href)).text())?.[0] ?? '';
    const second = await door.owner();
    expect((await second.get(confirm)).status).toBe(400);
    expect((await second.submit(confirm, { csrf: await csrf(second), answer: 'connect' })).status).toBe(400);
    expect(count(door, 'integration')).toBe(0);
  });

  test('R1 OA8 replayed: the second visit calls nobody, and the first connect is not harmed', async () => {
    const back = await begun();
    const first = await maria.get(back.href);
    const confirm = /\/console\/confirm\/[\w-]+/.exec(await first.text())?.[0] ?? '';
    await refused(() => maria.get(back.href));
    const form = async () => maria.submit(confirm, { csrf: await csrf(maria), answer: 'connect' });
    const both = await Promise.all([form(), form()]);
    expect(both.map((r) => r.status).sort()).toEqual([303, 400]);
    expect([count(door, 'integration'), count(door, 'vault')]).toEqual([1, 1]);
    expect(door.store.read.hot('select conn_epoch from integration').get()).toEqual({ conn_epoch: 1 });
  });

  test('OA8 a connect under way survives a restart', async () => {
    const back = await begun();
    const second = await door.startHub();
    const cookie = [...maria.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const res = await createApp(second.deps).request(back.href, { headers: { cookie } });
    expect([res.status, await res.text()]).toEqual([200, expect.stringContaining('/console/confirm/')]);
    await second.close();
    await refused(() => maria.get(back.href)); // used up there, so also here
  });

  test('OA9 it starts by the button of a signed-in admin alone; its cookie is the browser’s for ten minutes', async () => {
    const start = (fields: Record<string, string>, who = maria) => who.submit('/console/add/hubspot', fields);
    expect((await maria.get('/console/add/hubspot')).headers.getSetCookie()).toEqual([]);
    const stranger = door.client();
    expect((await start({ csrf: 'x' }, stranger)).status).toBe(401);
    for (const fields of [{ csrf: '' }, { csrf: 'x' }, { csrf: await csrf(await door.owner()) }])
      expect((await start(fields)).status).toBe(403);
    const elsewhere = await fetch(`${door.origin}/console/add/hubspot`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        origin: door.shop,
        'sec-fetch-site': 'cross-site',
        cookie: [...maria.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: new URLSearchParams({ csrf: await csrf(maria) }),
    });
    expect(elsewhere.status).toBe(403);
    expect(count(door, 'connect_transaction')).toBe(0);
    const [cookie] = (await start({ csrf: await csrf(maria) })).headers
      .getSetCookie()
      .filter((line) => line.startsWith('__Host-askfirst-connect='));
    const [, ...attributes] = cookie?.split('; ') ?? [];
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  test('OA9 no more than fifty of a brand are under way, and old ones make room', async () => {
    const { connector } = door.hub.deps;
    const who = { brandId: 'harbor-motors', userId: 'u', sessionId: 's' };
    for (let n = 0; n < 50; n++) await connector.begin(who, 'hubspot');
    await expect(connector.begin(who, 'hubspot')).rejects.toMatchObject({ slug: 'too-many' });
    clock += 10 * 60_000 + 1;
    await connector.begin(who, 'hubspot');
    expect(count(door, 'connect_transaction')).toBe(1);
  });

  test('said no at the partner: nothing connected, in plain words', async () => {
    const res = await maria.submit('/console/add/hubspot', { csrf: await csrf(maria) });
    const back = await door.allow(res.headers.get('location') ?? '', '4810000', 'deny');
    await refused(() => maria.get(back));
  });

  test('the account cannot be read: the grant is handed back to the partner', async () => {
    const back = await begun();
    recorder.answer((request, res) => {
      if (!request.path.includes('introspect')) return false;
      res.writeHead(500).end('<h1>no</h1>');
      return true;
    });
    expect((await maria.get(back.href)).status).toBe(400);
    expect(recorder.tokenCalls.map((c) => c.path.split('/').at(-1))).toContain('revoke');
    expect(count(door, 'integration')).toBe(0);
  });

  test('R6 another account than the connected one: refused, nothing changed, its grant handed back', async () => {
    await door.connect(maria);
    const before = door.store.read.hot('select * from integration').get();
    const back = await begun('4820000');
    const confirm = /\/console\/confirm\/[\w-]+/.exec(await (await maria.get(back.href)).text())?.[0] ?? '';
    recorder.tokenCalls.length = 0;
    const res = await maria.submit(confirm, { csrf: await csrf(maria), answer: 'connect' });
    expect(res.status).toBe(400);
    expect(await res.text()).toContain('different HubSpot account');
    expect(door.store.read.hot('select * from integration').get()).toEqual(before);
    expect(recorder.tokenCalls.map((c) => c.path.split('/').at(-1))).toContain('revoke');
  });

  test('R8 disconnect pressed twice: the second changes nothing', async () => {
    await door.connect(maria);
    const press = async () =>
      maria.submit(`/console/connections/${door.integration()}/disconnect`, { csrf: await csrf(maria) });
    expect((await press()).headers.get('location')).toContain('done=disconnected');
    const after = door.store.read.hot('select * from integration').get();
    expect((await press()).status).toBe(303);
    expect(door.store.read.hot('select * from integration').get()).toEqual(after);
    expect(count(door, 'vault')).toBe(0);
  });
});
