import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../server/app.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { count } from '../hub/stage.ts';
import { begun, choose, newPick, sourcesIn, start, turnOn } from './door.ts';

let door: FrontDoor;
let clock: number;
beforeEach(async () => {
  clock = Date.now();
  door = await frontDoor({ now: () => new Date(clock) });
});
afterEach(() => door.close());

const audits = (act: string) =>
  door.store.read
    .hot('select detail from audit where act = ? order by seq')
    .all(act)
    .map((row) => row.detail);
const offered = async () =>
  (await (await door.client().get('/widget/frame?brand=harbor-motors')).text()).includes('Harbor ID');

describe('R2 R15 a sandbox sign-in is turned on and off', () => {
  test('R14 the data sheet comes first and says that nothing is sent', async () => {
    const maria = await door.owner();
    const sheet = await (await maria.get('/console/add/openid')).text();
    expect(sheet).toContain('Harbor ID: data sheet');
    expect(sheet).toContain('askfirst sends it nothing about them');
    expect(sheet).toContain('Sandbox.');
    expect(count(door, 'integration')).toBe(0);
    expect(await offered()).toBe(false);
  });

  test('R15 it is tried, then active, marked as a sandbox, with no key kept and no question anywhere', async () => {
    const integration = await turnOn(door);
    const row = door.store.read.hot('select connection, sandbox from integration').get();
    expect(row).toEqual({ connection: 'active', sandbox: 1 });
    expect(count(door, 'vault')).toBe(0);
    const maria = await door.owner();
    const list = await (await maria.get('/console')).text();
    expect(list).toContain('Brings in name, e');
    expect(list).toContain('sandbox');
    expect(await offered()).toBe(true);
    const { body } = await start(door, {});
    const panel = { 'x-askfirst': '1' };
    const view = await maria.json<{ strip: unknown[] }>(
      'GET',
      `/api/panel/conversations/${body.conversation}`,
      undefined,
      panel,
    );
    expect(view.body.strip).toEqual([]);
    const ask = { integration, purpose: 'CustomerCare' };
    const asked = await maria.json('POST', `/api/panel/conversations/${body.conversation}/ask`, ask, panel);
    expect(asked.status).toBe(404);
    expect(await (await door.client().get('/privacy/harbor-motors')).text()).not.toContain('Harbor ID');
  });

  test('R2 turned off, the button goes and a sign-in under way ends', async () => {
    const integration = await turnOn(door);
    const one = await begun(door, integration);
    const back = await door.allow(one.to, 'person-1');
    const maria = await door.owner();
    await maria.submit(`/console/connections/${integration}/disconnect`, { csrf: maria.csrf });
    expect((await one.browser.get(back)).status).toBe(400);
    expect(await one.result()).toEqual({ state: 'over' });
    expect(await offered()).toBe(false);
    expect(count(door, 'login_transaction')).toBe(0);
    const again = { brand: 'harbor-motors', integration, pick: newPick() };
    expect((await one.browser.json('POST', '/api/chat/login', again)).status).toBe(404);
  });
});

describe('R21 a visitor fills in the form from an account of their own', () => {
  test('R21 picks, edits and sends: each value has its true source', async () => {
    const integration = await turnOn(door);
    const one = await begun(door, integration);
    expect(one.opened.headers.get('set-cookie')).toMatch(/^__Host-askfirst-login=.*HttpOnly.*SameSite=Lax/i);
    expect(Object.fromEntries(new URL(one.to).searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      scope: 'openid profile email phone',
      redirect_uri: `${door.origin}/oauth/callback/openid`,
    });
    expect(await one.result()).toEqual({ state: 'waiting' });
    const back = await one.browser.get(await door.allow(one.to, 'person-1'));
    expect(back.headers.get('location')).toBe('/login/pick');
    const page = await (await one.browser.get('/login/pick')).text();
    expect(page).toContain('ada@brandt.example');
    expect(page).not.toMatch(/checked/);
    expect([count(door, 'value'), count(door, 'subject')]).toEqual([0, 0]);
    const picked = {
      answer: 'use',
      'use-name': 'yes',
      name: 'Ada B.',
      'use-email': 'yes',
      email: 'ada@brandt.example',
      phone: '+45 20 55 04 18',
    };
    expect((await choose(one.browser, picked)).headers.get('location')).toBe('/login/done');
    expect(await one.result()).toEqual({
      state: 'here',
      partner: 'Harbor ID',
      sandbox: true,
      values: { name: 'Ada B.', email: 'ada@brandt.example' },
      own: ['name'],
    });
    expect(await one.result()).toEqual({ state: 'over' });
    const sent = await start(door, { name: 'Ada B.', email: 'ada@brandt.example', phone: '+45 1111', login: one.pick });
    expect(sent.status).toBe(201);
    expect(sourcesIn(door)).toEqual({ name: 'visitor', email: `login:${integration}`, phone: 'visitor' });
    expect(count(door, 'login_transaction')).toBe(0);
    expect(audits('login')).toEqual(['openid (sandbox)']);
    const maria = await door.owner();
    const panel = { 'x-askfirst': '1' };
    const view = await maria.json<{ facts: { field: string; source?: string }[] }>(
      'GET',
      `/api/panel/conversations/${sent.body.conversation}`,
      undefined,
      panel,
    );
    expect(view.body.facts.find((f) => f.field === 'email')?.source).toBe('from Harbor ID (sandbox)');
    expect(view.body.facts.find((f) => f.field === 'name')?.source).toBe('typed');
  });

  test('R21 a value changed in the form, or claimed without a sign-in, is the visitor’s own', async () => {
    const integration = await turnOn(door);
    const one = await begun(door, integration);
    await one.browser.get(await door.allow(one.to, 'person-2'));
    await choose(one.browser, { answer: 'use', 'use-email': 'yes', email: 'noor@haddad.example' });
    await one.result();
    await start(door, { email: 'noor@haddad.example', login: newPick() });
    expect(sourcesIn(door)).toEqual({ email: 'visitor' });
    await start(door, { email: 'other@haddad.example', login: one.pick });
    expect(sourcesIn(door)).toEqual({ email: 'visitor' });
    await start(door, { email: 'noor@haddad.example', login: one.pick });
    expect(new Set(Object.values(sourcesIn(door)))).toEqual(new Set(['visitor'])); // it counted for one chat
  });

  test('R21 cancelled at the provider: the plain form stays, nothing is stored', async () => {
    const one = await begun(door, await turnOn(door));
    const back = await one.browser.get(await door.allow(one.to, 'person-1', 'deny'));
    expect(back.status).toBe(400);
    const page = await back.text();
    expect(page).toContain('You did not go on at Harbor ID.');
    expect(page).toContain('Its form is as you left it.');
    expect(await one.result()).toEqual({ state: 'over' });
    expect([count(door, 'value'), count(door, 'subject')]).toEqual([0, 0]);
    expect(audits('login-refused')).toEqual(['openid (sandbox): denied']);
  });

  test('R21 nothing picked: nothing is handed over', async () => {
    const one = await begun(door, await turnOn(door));
    await one.browser.get(await door.allow(one.to, 'person-1'));
    const forged = { answer: 'use', csrf: 'x', 'use-name': 'yes', name: 'Ada Brandt' };
    expect((await one.browser.submit('/login/pick', forged)).status).toBe(403);
    const left = await choose(one.browser, { answer: 'none', 'use-name': 'yes', name: 'Ada Brandt' });
    expect(left.headers.get('location')).toBe('/login/done?none');
    expect(await one.result()).toEqual({ state: 'over' });
    expect(door.store.read.hot('select sealed from login_transaction').get()).toEqual({ sealed: null });
  });

  test('OA8 what came is gone after ten minutes, and no value or token stands in the file in clear', async () => {
    const one = await begun(door, await turnOn(door));
    await one.browser.get(await door.allow(one.to, 'person-1'));
    const kept = JSON.stringify(door.store.read.hot('select * from login_transaction').get());
    expect(kept).not.toMatch(/brandt|Ada|eyJ/);
    clock += 10 * 60_000;
    expect((await one.browser.get('/login/pick')).status).toBe(400);
    expect(await one.result()).toEqual({ state: 'over' });
    await door.hub.deps.logins.sweep();
    expect(count(door, 'login_transaction')).toBe(0);
    expect(door.logged()).not.toMatch(/brandt|eyJ/);
  });
});

test('OA8 a sign-in under way survives a restart', async () => {
  const one = await begun(door, await turnOn(door));
  const back = await door.allow(one.to, 'person-1');
  const second = await door.startHub();
  const cookie = [...one.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const res = await createApp(second.deps).request(back, { headers: { cookie } });
  expect([res.status, res.headers.get('location')]).toEqual([303, '/login/pick']);
  await second.close();
});

describe('R21 a callback counts once, in the browser that began', () => {
  /** Refused on a plain page; nothing is filled in, and an audit row says so. */
  async function refused(visit: () => Promise<Response>) {
    const before = audits('login-refused').length;
    const res = await visit();
    expect(res.status).toBe(400);
    expect(await res.text()).toContain('Nothing was filled in.');
    expect(audits('login-refused').slice(before)).toEqual(['openid: callback without a live sign-in']);
    expect([count(door, 'value'), count(door, 'subject')]).toEqual([0, 0]);
  }
  test.each([
    ['no state', (u: URL) => u.searchParams.delete('state')],
    ['a wrong state', (u: URL) => u.searchParams.set('state', 'A'.repeat(43))],
    ['a doubled state', (u: URL) => u.searchParams.append('state', u.searchParams.get('state') ?? '')],
  ])('sec-O05 %s', async (_, spoil) => {
    const one = await begun(door, await turnOn(door));
    const back = new URL(await door.allow(one.to, 'person-1'));
    spoil(back);
    await refused(() => one.browser.get(back.href));
    expect(await one.result()).toEqual({ state: 'waiting' });
  });

  test('sec-O07 in another browser; replayed; after ten minutes', async () => {
    const integration = await turnOn(door);
    const one = await begun(door, integration);
    const back = await door.allow(one.to, 'person-1');
    await refused(() => door.client().get(back));
    expect((await one.browser.get(back)).status).toBe(303);
    await refused(() => one.browser.get(back));
    expect((await one.browser.get('/login/pick')).status).toBe(200); // the replay harmed nothing
    const two = await begun(door, integration);
    const late = await door.allow(two.to, 'person-1');
    clock += 10 * 60_000;
    await refused(() => two.browser.get(late));
  });

  test('the tab opens by our own page only, and its code counts once', async () => {
    const integration = await turnOn(door);
    const pick = newPick();
    const browser = door.client();
    const asked = await browser.json<{ code: string }>('POST', '/api/chat/login', {
      brand: 'harbor-motors',
      integration,
      pick,
    });
    const foreign = await fetch(`${door.origin}/login/open`, {
      method: 'POST',
      headers: { origin: door.shop, 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ code: asked.body.code }),
    });
    expect(foreign.status).toBe(403);
    expect((await browser.submit('/login/open', { code: asked.body.code })).status).toBe(200);
    expect((await browser.submit('/login/open', { code: asked.body.code })).status).toBe(400);
    const elsewhere = await fetch(`${door.origin}/api/chat/login`, {
      method: 'POST',
      headers: { origin: door.shop, 'content-type': 'application/json' },
      body: JSON.stringify({ brand: 'harbor-motors', integration, pick: newPick() }),
    });
    expect(elsewhere.status).toBe(403);
  });
});
