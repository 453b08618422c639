import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoPeople } from '../../../server/people/seed.ts';
import { paths } from '../../../server/web/console/paths.ts';
import type { Client } from '../../support/people-at.ts';
import { panel } from './stage.ts';
import { all, csrfIn, openStepStage, type StepStage } from './step-stage.ts';

let door: StepStage;
beforeEach(async () => {
  door = await openStepStage();
});
afterEach(() => door.close());

test('sec-BA1 R54 a link alone opens no page, call or stream of who has a second step; the code opens all', async () => {
  const { client: first } = await door.link();
  const { app, codes } = await door.setUp(first);
  expect(codes).toHaveLength(10);
  expect(await door.doors(first)).toEqual(all(200, 200));

  const { client, to } = await door.link();
  expect(to).toBe('/console');
  expect(await door.doors(client)).toEqual(all('/second-step', 401));
  const refused = await client.json('GET', '/api/panel/queue', undefined, panel);
  expect(refused.body).toMatchObject({ type: '/problems/second-step', status: 401 });
  const before = client.cookies.get('__Host-askfirst.session_token');
  const html = await (await client.get('/second-step')).text();
  expect(html).toContain('<h1>Enter the code</h1>');
  expect(html).not.toMatch(/href="\/console|Harbor Motors/);

  const done = await door.enter(client, await app());
  expect(done.status).toBe(303);
  expect(await door.doors(client)).toEqual(all(200, 200));
  expect(client.cookies.get('__Host-askfirst.session_token')).not.toBe(before);
  expect((await client.get('/second-step')).headers.get('location')).toBe(paths.ownStep);
});

test('sec-BA1 no form of the console moves anything before the code, a new secret included', async () => {
  await door.setUp((await door.link()).client);
  const { client } = await door.link();
  const csrf = await door.csrfAt(client, '/second-step');
  const { code } = (await client.json<{ code: string }>('POST', '/api/pair/start', { browser: 'Firefox on Linux' }))
    .body;
  for (const [path, fields] of [
    ['/pair', { code, answer: 'confirm' }],
    ['/console/add/hubspot', {}],
    ['/console/agents/unpair', { pairing: 'x' }],
    [paths.takeStep, { member: 'x' }],
    [paths.demandStep, { answer: 'everyone' }],
    [paths.newCodes, { code: '000000' }],
    [paths.stepOff, { code: '000000' }],
    [paths.beginStep, {}],
    [paths.confirmStep, { code: '000000' }],
  ] as const) {
    const res = await client.submit(path, { csrf, ...fields });
    expect([res.status, path]).toEqual([401, path]);
    expect(await res.text()).toContain('Your second step is still to come.');
  }
  expect(door.store.read.hot("select state from pairing where state <> 'waiting'").all()).toEqual([]);
  expect(door.store.read.hot('select count(*) as n from "twoFactor"').get()).toEqual({ n: 1 });
});

test('R54 the code leads on to the page that was wanted, and out by Sign out alone', async () => {
  const { app } = await door.setUp((await door.link()).client);
  const client = door.client();
  expect((await client.get('/pair?code=ABCD-EFGH')).headers.get('location')).toBe('/sign-in');
  expect((await door.link(demoPeople.maria, client)).to).toBe('/pair?code=ABCD-EFGH');
  expect((await client.get('/pair?code=ABCD-EFGH')).headers.get('location')).toBe('/second-step');
  expect((await door.enter(client, await app())).headers.get('location')).toBe('/pair?code=ABCD-EFGH');

  const { client: other } = await door.link();
  expect(await (await other.submit('/sign-out', {})).text()).toContain('You are signed out');
  expect((await other.get('/second-step')).headers.get('location')).toBe('/sign-in');
});

test('BA1 a wrong code is told in plain words, the page stays; a used one is wrong too; a backup code is good once', async () => {
  const { app, codes } = await door.setUp((await door.link()).client);
  const { client } = await door.link();
  const wrong = await door.enter(client, '000000');
  expect(wrong.status).toBe(400);
  expect(await wrong.text()).toMatch(/This code does not fit\. Nothing is lost/);
  const paper = await (await door.enter(client, 'abcde-fghij')).text();
  expect(paper).toContain('This is none of your backup codes, or it was used already.');
  expect(paper).toMatch(/<details class="lost" open/);
  const code = await app();
  expect((await door.enter(client, code)).status).toBe(303);
  const { client: second } = await door.link();
  expect((await door.enter(second, code)).status).toBe(400);
  expect((await door.enter(second, codes[0] ?? '')).status).toBe(303);
  const { client: third } = await door.link();
  expect((await door.enter(third, codes[0] ?? '')).status).toBe(400);
  expect(door.audit('second-step-wrong')).toHaveLength(4);
  expect(door.audit('second-step').map((r) => r.detail)).toEqual(['app', 'backup code']);
  expect(door.logged()).not.toMatch(new RegExp(`${code}|${codes.join('|')}`));
});

test('BA1 codes are limited per person, from whatever address: 429 with Retry-After, and the right one waits too', async () => {
  const { app } = await door.setUp((await door.link()).client);
  const { client } = await door.link();
  let tries = 0;
  let last = await door.enter(client, '000000');
  for (; last.status === 400 && tries < 30; tries++) last = await door.enter(client, '000000');
  expect(tries).toBeLessThan(10);
  expect(last.status).toBe(429);
  // Ten minutes from the first try, and the hub says so: who comes back earlier is turned away again.
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(570);
  expect(Number(last.headers.get('retry-after'))).toBeLessThanOrEqual(600);
  const { client: other } = await door.link();
  expect((await door.enter(other, await app())).status).toBe(429);
  expect(await door.doors(other)).toEqual(all('/second-step', 401));
});

test('BA1 codes are limited per client address too', async () => {
  door.hub.deps.limits.secondStep.points = 2;
  await door.setUp((await door.link()).client);
  const { client } = await door.link();
  expect((await door.enter(client, '000000')).status).toBe(429);
  expect(door.audit('second-step-wrong')).toEqual([]);
});

test('sec-O10 BA10 setting one up ends this person’s other browsers and panels, streams within 2 s', async () => {
  const { client: other } = await door.link();
  const live = await door.watch(door.asCookie(other));
  const { client } = await door.link();
  const bearer = await door.pairBy(client);
  const panelLive = await door.watch(bearer);
  const before = client.cookies.get('__Host-askfirst.session_token');
  const from = performance.now();
  await door.setUp(client);
  await Promise.all([live.ended, panelLive.ended]);
  expect(performance.now() - from).toBeLessThan(2000);
  expect([live.events.at(-1)?.event, panelLive.events.at(-1)?.event]).toEqual(['gone', 'gone']);
  expect(client.cookies.get('__Host-askfirst.session_token')).not.toBe(before);
  expect(await door.doors(other)).toEqual(all('/sign-in', 401));
  expect((await client.json('GET', '/api/panel/queue', undefined, bearer)).status).toBe(401);
});

test('BA1 one’s own page: new backup codes and off, each for a fresh code; off leads back to the link alone', async () => {
  const { client } = await door.link();
  const { app, codes } = await door.setUp(client);
  const own = await (await client.get(paths.ownStep)).text();
  expect(own).toContain('Ten backup codes are left');
  const csrf = csrfIn(own);
  for (const path of [paths.newCodes, paths.stepOff]) {
    const wrong = await client.submit(path, { csrf, code: '000000' });
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('This code does not fit.')]);
  }
  const fresh = await (await client.submit(paths.newCodes, { csrf, code: codes[0] ?? '' })).text();
  expect([...fresh.matchAll(/<li class="code">/g)]).toHaveLength(10);
  expect(fresh).not.toContain(codes[1]);
  const again = await client.submit(paths.beginStep, { csrf });
  expect([again.status, again.headers.get('location')]).toEqual([303, paths.ownStep]);
  expect((await client.submit(paths.stepOff, { csrf, code: await app() })).headers.get('location')).toBe(
    `${paths.ownStep}?done=off`,
  );
  expect(await (await client.get(`${paths.ownStep}?done=off`)).text()).toContain('Your second step is off.');
  expect((await (await door.link()).client.get('/console')).status).toBe(200);
});

test('sec-H08 every form of the second step wants its hidden field and our own page; a GET changes nothing', async () => {
  door.hub.deps.limits.secondStep.points = 1_000_000;
  const { client: maria } = await door.link();
  await door.setUp(maria);
  const { client: half } = await door.link();
  const rows = () => [
    door.store.read.hot('select * from "twoFactor"').all(),
    door.store.read.hot('select * from second_step_demand').all(),
    door.store.read.hot('select id, "mfaAt" from "session"').all(),
    door.store.read.hot('select count(*) as n from audit').get(),
  ];
  const before = rows();
  const forms: [Client, string, string][] = [
    [half, paths.secondStep, '/second-step'],
    ...[paths.newCodes, paths.stepOff, paths.takeStep, paths.demandStep, paths.beginStep, paths.confirmStep].map(
      (path): [Client, string, string] => [maria, path, paths.ownStep],
    ),
  ];
  for (const [client, path, page] of forms) {
    const csrf = await door.csrfAt(client, page);
    const post = async (body: string, more: Record<string, string> = {}) => {
      const headers = {
        cookie: door.cookieOf(client),
        origin: door.origin,
        'content-type': 'application/x-www-form-urlencoded',
        ...more,
      };
      const res = await fetch(door.origin + path, { method: 'POST', redirect: 'manual', headers, body });
      return ((await res.json()) as { type: string }).type;
    };
    const rest = 'code=123456&answer=everyone&member=x';
    expect(await post(rest), path).toBe('/problems/wrong-origin');
    expect(await post(`csrf=AAAA&${rest}`), path).toBe('/problems/wrong-origin');
    expect(await post(`csrf=${csrf}&${rest}`, { origin: door.shop }), path).toBe('/problems/wrong-origin');
    expect(await post(`csrf=${csrf}&${rest}`, { 'sec-fetch-site': 'cross-site' }), path).toBe('/problems/wrong-origin');
    expect(await post(`csrf=${csrf}&csrf=${csrf}`), path).toBe('/problems/bad-input');
    expect(await post(JSON.stringify({ csrf }), { 'content-type': 'application/json' }), path).toBe(
      '/problems/wrong-type',
    );
    await client.get(path);
  }
  expect(await (await half.get('/second-step')).text()).toContain('Enter the code');
  expect(rows()).toEqual(before);
});

test('HO1 the pages of the second step carry the console’s headers, and the key is stored nowhere on the way', async () => {
  const { client } = await door.link();
  const scan = await client.submit(paths.beginStep, { csrf: await door.csrfAt(client, paths.ownStep) });
  expect(scan.headers.get('cache-control')).toBe('no-store');
  expect(scan.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(scan.headers.get('x-frame-options')).toBe('DENY');
});
