import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { WebhookFacts } from '#sdk';
import {
  type HookStage,
  hubspotEvent,
  kept,
  openHookStage,
  ownEvent,
  ownFacts,
  refusedCalls,
  signedOwn,
} from './hook-stage.ts';
import { about, count, openChat } from './stage.ts';

const hour = 3_600_000;
let stage: HookStage;
let clock = Date.now();
afterEach(() => stage.close());

async function open(change: Partial<WebhookFacts> = {}, handler?: string) {
  clock = Date.now();
  const facts = { ...ownFacts, ...change };
  stage = await openHookStage({ now: () => new Date(clock), facts, ...(handler === undefined ? {} : { handler }) });
}
const send = (secret: string, body: string, ms = clock) => stage.call(body, signedOwn(secret, body, ms));
const page = async () => (await stage.maria.get(`/console/connections/${stage.integration}`)).text();

describe('R11 a secret made here', () => {
  test('R11 shown once, to whoever may connect; before there is one no call is taken', async () => {
    await open();
    expect(await page()).toContain('None yet: no call is taken before there is one.');
    expect((await send('', ownEvent())).status).toBe(401);
    const { secret, html, status } = await stage.makeSecret();
    expect([status, html.includes(stage.address), secret.length]).toEqual([200, true, 43]);
    expect((await send(secret, ownEvent())).status).toBe(200);
    const later = await page();
    expect(later).toContain('Made. It was shown once.');
    expect(later).toContain('One call, last today');
    const everything = ['hook_secret', 'audit', 'hook', 'hook_seen', 'vault'].map((table) =>
      JSON.stringify(stage.door.store.read.hot(`select * from ${table}`).all()),
    );
    expect(`${later}${everything.join('')}${stage.door.logged()}`).not.toContain(secret);
    expect(count(stage.door, 'audit', "act = 'webhook-secret' and actor like 'user:%'")).toBe(1);
  });

  test('sec-H13 WH3 two count for a day, then the newest alone; the one before those is dead at once', async () => {
    await open();
    const one = (await stage.makeSecret()).secret;
    const two = await stage.makeSecret();
    expect(two.html).toContain('The one before it counts too until');
    for (const secret of [one, two.secret]) expect((await send(secret, ownEvent())).status).toBe(200);
    const three = (await stage.makeSecret()).secret;
    expect(new Set([one, two.secret, three]).size).toBe(3);
    expect((await send(one, ownEvent())).status).toBe(401);
    clock += 24 * hour - 1;
    expect((await send(two.secret, ownEvent())).status).toBe(200);
    clock += 1;
    expect((await send(two.secret, ownEvent())).status).toBe(401);
    expect((await send(three, ownEvent())).status).toBe(200);
    expect(await page()).not.toContain('counts too');
  });

  test('R64 a foreign form, another brand’s connection, a partner that signs with the app’s own secret: none is made', async () => {
    await open();
    const path = `/console/connections/${stage.integration}/webhook-secret`;
    expect((await stage.maria.submit(path, { csrf: 'AAAA' })).status).toBe(403);
    expect((await stage.door.client().submit(path, {})).status).toBe(401);
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page())?.[1] ?? '';
    expect((await stage.maria.submit('/console/connections/none/webhook-secret', { csrf })).status).toBe(404);
    expect(count(stage.door, 'hook_secret')).toBe(0);
    await stage.close();
    stage = await openHookStage();
    expect((await stage.makeSecret()).status).toBe(404);
    expect(await page()).not.toContain('Make a secret');
  });

  test('R8 a disconnect ends address and secret; connected again, it asks for a new one', async () => {
    await open();
    const { secret } = await stage.makeSecret();
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page())?.[1] ?? '';
    await stage.maria.submit(`/console/connections/${stage.integration}/disconnect`, { csrf });
    expect((await send(secret, ownEvent())).status).toBe(404);
    expect(count(stage.door, 'hook_secret')).toBe(0);
    await stage.door.connect(stage.maria);
    expect((await send(secret, ownEvent())).status).toBe(401);
    expect(await page()).toContain('None yet');
  });
});

describe('R11 the partner took our app out', () => {
  const gone = { kind: 'uninstalled' };

  test('R11 P4 the connection is off, its key is wiped, what waited is not sent, the admin reads why', async () => {
    await open();
    const { secret } = await stage.makeSecret();
    const chat = await openChat(stage, about);
    await chat.answer({ email: 'yes' });
    stage.recorder.answer((_, res) => {
      res.writeHead(429, { 'retry-after': '3600' }).end();
      return true;
    });
    await chat.send();
    expect((await chat.lastShare())?.state).toBe('waiting');
    expect(kept(stage.door)).toMatchObject({ connection: [{ connection: 'active', conn_epoch: 1 }], tokens: 1 });
    expect((await send(secret, ownEvent(gone))).status).toBe(200);
    expect(kept(stage.door)).toMatchObject({
      connection: [{ connection: 'revoked', conn_epoch: 2 }],
      tokens: 0,
      events: [{ kind: 'uninstalled' }],
    });
    const off = await page();
    expect(off).toContain('askfirst was removed at the partner.');
    expect(off).toContain('The connection is off, and no call is taken.');
    expect(off).not.toContain(stage.address);
    expect((await stage.makeSecret()).status).toBe(404);
    expect(
      count(stage.door, 'audit', "actor = 'partner' and act = 'webhook' and detail = 'hubspot: uninstalled'"),
    ).toBe(1);
    expect((await chat.lastShare())?.state).toBe('withheld');
    stage.recorder.calls.length = 0;
    await chat.send();
    expect(stage.recorder.calls).toEqual([]);
    stage.recorder.answer(() => false);
    await stage.door.connect(stage.maria);
    expect(await page()).not.toContain('was removed at the partner');
  });

  test('R11 unsigned it does nothing', async () => {
    await open();
    await stage.makeSecret();
    const before = kept(stage.door);
    expect((await send('guessed', ownEvent(gone))).status).toBe(401);
    expect(kept(stage.door)).toEqual(before);
  });

  test('H14 told twice at once, it happens once', async () => {
    await open();
    const { secret } = await stage.makeSecret();
    const body = ownEvent(gone);
    const answers = await Promise.all([send(secret, body), send(secret, body), send(secret, body)]);
    // whoever comes after the end finds an address of nobody
    expect(answers.map((a) => a.status).every((status) => status === 200 || status === 404)).toBe(true);
    expect(kept(stage.door)).toMatchObject({ connection: [{ conn_epoch: 2 }], events: [{ kind: 'uninstalled' }] });
  });
});

describe('R85 a handler that means harm, or is broken', () => {
  test.each([
    ['another word', "return { kind: 'granted', record: '1' };"],
    ['no record where one is needed', "return { kind: 'erased' };"],
    ['a record of any length', "return { kind: 'erased', record: 'x'.repeat(257) };"],
    ['an object for a record', 'return { kind: "erased", record: { $ne: "" } };'],
    ['a word that is no object', "return 'uninstalled';"],
    ['it throws the event', 'throw new Error(JSON.stringify(event));'],
    ['an endless loop', 'for (;;) {}'],
    ['no handler it could call', 'return fetch("http://127.0.0.1");'],
  ])('R85 %s: kept as not understood, nothing else is done', async (_, handler) => {
    await open({}, handler);
    const { secret } = await stage.makeSecret();
    expect((await send(secret, ownEvent('a-word-of-the-event'))).status).toBe(200);
    expect(kept(stage.door)).toMatchObject({
      events: [{ kind: 'unread' }],
      connection: [{ connection: 'active' }],
      tokens: 1,
    });
    expect(stage.recorder.calls).toEqual([]);
    expect(stage.door.logged()).not.toContain('a-word-of-the-event');
    expect(await (await stage.maria.get(`/console/connections/${stage.integration}/events`)).text()).toContain(
      'Not understood',
    );
  });

  test('R85 more members than the vocabulary has are dropped; nothing said is nothing kept', async () => {
    await open();
    const { secret } = await stage.makeSecret();
    await send(secret, ownEvent({ kind: 'erased', record: '7', note: 'x', to: 'everybody' }));
    await send(secret, ownEvent(undefined));
    expect(stage.door.store.read.hot('select kind from hook_event').all()).toEqual([{ kind: 'erased' }]);
    expect(kept(stage.door)).toMatchObject({ seen: 2, received: 2 });
  });
});

describe('R11 other ways to prove it', () => {
  test('no signed time: the id alone stops a repeat, and it is kept for good', async () => {
    await open({ signature: { kind: 'token', member: 'token' } });
    const { secret } = await stage.makeSecret();
    const body = JSON.stringify({ id: 'one', token: secret, said: { kind: 'erased', record: '1' } });
    expect((await stage.call(body, {})).status).toBe(200);
    clock += 400 * 24 * hour;
    await stage.call(JSON.stringify({ id: 'two', token: secret }), {}); // forgets what is old
    expect((await stage.call(body, {})).status).toBe(200);
    expect([count(stage.door, 'hook_event'), refusedCalls(stage.door)]).toEqual([1, 0]);
    expect((await stage.call(body.replace(secret, 'x'), {})).status).toBe(401);
  });

  test('credentials of ours: the page shows both, and they let a form in', async () => {
    await open({ signature: { kind: 'basic' }, body: 'form', id: ['id'] });
    const { secret, html } = await stage.makeSecret();
    expect(html).toMatch(/User name<\/dt><dd class="code">askfirst/);
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${btoa(`askfirst:${secret}`)}`,
    };
    expect((await stage.call(`id=${randomUUID()}&x=1`, headers)).status).toBe(200);
    expect((await stage.call('id=1&id=2', headers)).status).toBe(400);
    expect((await stage.call('id=3', { ...headers, authorization: `Basic ${btoa(`other:${secret}`)}` })).status).toBe(
      401,
    );
  });

  test('sec-H13 Standard Webhooks, by its own package', async () => {
    const { Webhook } = await import('standardwebhooks');
    await open({ signature: { kind: 'standard' }, id: [] });
    const { secret } = await stage.makeSecret();
    expect(secret).toMatch(/^whsec_/);
    const body = JSON.stringify({ said: { kind: 'erased', record: '1' } });
    const headers = (id: string) => ({
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(clock / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, new Date(clock), body),
    });
    for (const id of ['a', 'a', 'b']) expect((await stage.call(body, headers(id))).status).toBe(200);
    expect(count(stage.door, 'hook_event')).toBe(2);
    expect((await stage.call(body, { ...headers('a'), 'webhook-id': 'c' })).status).toBe(401);
  });

  test('R15 the app’s own secret at an own address, and never a sandbox app’s for a real account', async () => {
    await open({ secret: 'client' });
    const secret = stage.door.demo.clients('hubspot')?.client.secret ?? '';
    expect((await send(secret, ownEvent())).status).toBe(200);
    expect(await page()).not.toContain('Make a secret');
    await stage.door.store.write((tx) => tx.exec('update integration set sandbox = 0'));
    expect((await send(secret, ownEvent())).status).toBe(401);
  });

  test('R11 an account in the event of an own address must be the connected one', async () => {
    await open({ account: 'portalId' });
    const { secret } = await stage.makeSecret();
    const of = (portalId: number) => JSON.stringify({ ...hubspotEvent({ portalId }), id: randomUUID() });
    expect((await send(secret, of(1))).status).toBe(422);
    expect((await send(secret, of(4_810_000))).status).toBe(200);
  });
});
