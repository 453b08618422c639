import { createServer } from 'node:https';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Resolve } from '../../../server/egress/guard.ts';
import { selfSigned } from '../../support/certificate.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import type { Client } from '../../support/people-at.ts';
import { json, openRecorder, type Recorder } from '../../support/recorder.ts';

let clock: number;
let door: FrontDoor;
let maria: Client & { csrf: string };
let status: Recorder;
/** What a name answers in this test; the system's names are never asked. */
let names: Record<string, string>;
const resolve: Resolve = (host, done) => {
  const address = names[host];
  if (address === undefined) done(new Error('no such name'), []);
  else done(null, [{ address, family: 4 }]);
};
beforeEach(async () => {
  clock = Date.now();
  names = {};
  status = await openRecorder();
  status.answer((_, res) => json(res, 204, undefined));
  door = await frontDoor({
    now: () => new Date(clock),
    egress: { webhooksOut: { allow: [status.host], resolve, totalMs: 400 } },
  });
  maria = await door.owner();
});
afterEach(async () => {
  await door.close();
  await status.close();
});

const set = (url: string, csrf = maria.csrf) => maria.submit('/console/alerts/webhook', { csrf, url });
const hook = () => door.store.read.hot('select * from alert_webhook').get();
const delivery = () => door.store.read.hot('select state, attempts, not_before_ms from webhook_delivery').get();
/** Sets the webhook to the receiver; the secret as the page shows it. */
const setHere = async () =>
  /whsec_[\w+/=]+/.exec(await (await set(`${status.origin}/hook?team=web`)).text())?.[0] ?? '';
async function queue(id = 'alert_1') {
  const brand = door.store.read.hot('select id from brand where slug = ?').get('harbor-motors')?.id as string;
  await door.store.write((tx) =>
    door.hub.deps.webhooksOut.queue(tx, brand, { id, body: `{"type":"test","n":"${id}"}` }),
  );
}
async function later(ms: number) {
  clock += ms;
  door.hub.deps.webhooksOut.wake();
  await door.hub.deps.webhooksOut.settled();
}

test('R7 Standard Webhooks: id, time and a signature that the shown secret verifies; the secret is shown once and stored sealed', async () => {
  const secret = await setHere();
  expect(secret).toMatch(/^whsec_/);
  await queue();
  await later(0);
  const [call] = status.calls;
  expect(call).toMatchObject({ method: 'POST', path: '/hook?team=web' });
  const headers = call?.headers as Record<string, string>;
  expect(new Webhook(secret).verify(call?.body ?? '', headers)).toEqual({ type: 'test', n: 'alert_1' });
  expect(headers['webhook-id']).toBe('alert_1');
  const page = await (await maria.get('/console/alerts')).text();
  expect(page).toContain('Last taken on');
  expect(page).not.toContain(secret.slice(6));
  const rows = JSON.stringify(door.store.read.hot('select * from alert_webhook').all());
  expect(rows + door.logged()).not.toContain(secret.slice(6));
});

test('WH4 tried again at 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h with jitter: the same id, signed afresh each time', async () => {
  const secret = await setHere();
  status.answer((_, res) => json(res, 500, {}));
  await queue();
  await later(0);
  const waits = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000];
  for (const wait of waits) {
    const due = (delivery()?.not_before_ms as number) - clock;
    expect(due).toBeGreaterThanOrEqual(wait * 0.8);
    expect(due).toBeLessThanOrEqual(wait * 1.2);
    const before = status.calls.length;
    await later(due - 1);
    expect(status.calls).toHaveLength(before);
    await later(1);
    expect(status.calls).toHaveLength(before + 1);
  }
  await later(86_400_000);
  expect(status.calls).toHaveLength(8);
  expect(delivery()).toMatchObject({ state: 'over', attempts: 8 });
  expect(new Set(status.calls.map((c) => c.headers['webhook-id']))).toEqual(new Set(['alert_1']));
  expect(new Set(status.calls.map((c) => c.headers['webhook-signature'])).size).toBe(8);
  for (const c of status.calls) {
    const at = new Date(Number(c.headers['webhook-timestamp']) * 1000);
    expect(c.headers['webhook-signature']).toBe(new Webhook(secret).sign('alert_1', at, c.body));
  }
});

test.each([
  ['a redirect', (res: Parameters<typeof json>[0]) => json(res, 307, {}, { location: `${status.origin}/else` })],
  ['no answer in time', () => true as const],
  ['an answer of 400', (res: Parameters<typeof json>[0]) => json(res, 400, {})],
])('WH4 %s is a failure, and nothing is followed', async (_, answer) => {
  await setHere();
  status.answer((_request, res) => answer(res));
  await queue();
  await later(0);
  expect(delivery()).toMatchObject({ state: 'waiting', attempts: 1 });
  expect(status.calls).toHaveLength(1);
});

test('WH4 off after five days of failures; saved again it is on, and a good call ends the count', async () => {
  await setHere();
  status.answer((_, res) => json(res, 500, {}));
  await queue('alert_1');
  await later(0);
  await later(4 * 86_400_000);
  expect(hook()?.off_at).toBeNull();
  expect(hook()?.failing_since).not.toBeNull();
  await later(86_400_000);
  expect(hook()?.off_at).not.toBeNull();
  const calls = status.calls.length;
  await queue('alert_2');
  await later(86_400_000);
  expect(status.calls).toHaveLength(calls);
  status.answer((_, res) => json(res, 204, undefined));
  await door.hub.deps.webhooksOut.set(
    { brandId: hook()?.brand_id as string, userId: 'maria' },
    `${status.origin}/hook`,
  );
  await queue('alert_3');
  await later(0);
  expect(hook()).toMatchObject({ off_at: null, failing_since: null });
  expect(status.calls.at(-1)?.headers['webhook-id']).toBe('alert_3');
});

test('R7 what a stopped hub left is sent by the next one, with the id by which a receiver knows a repetition', async () => {
  await setHere();
  await queue();
  await door.upgrade((list) => list);
  await door.hub.deps.webhooksOut.settled();
  expect(status.calls.map((c) => c.headers['webhook-id'])).toEqual(['alert_1']);
});

test('R7 removed: what waits is dropped and nothing is called', async () => {
  await setHere();
  await queue();
  expect((await maria.submit('/console/alerts/webhook/off', { csrf: maria.csrf })).status).toBe(303);
  await later(0);
  expect([status.calls.length, hook()]).toEqual([0, undefined]);
});

test('sec-H08 sec-H17 without the page’s token nothing is set, and addresses cannot be tried out by the dozen', async () => {
  expect((await set(`${status.origin}/hook`, 'x')).status).toBe(403);
  expect(hook()).toBeUndefined();
  const ends: number[] = [];
  for (let n = 0; n < 40; n++) ends.push((await set('https://name.example/')).status);
  expect(ends).toContain(429);
});

describe('sec-H10 the address is checked when it is saved', () => {
  /** Listens inside, and is on no list. */
  let canary: Recorder;
  beforeEach(async () => {
    canary = await openRecorder();
  });
  afterEach(() => canary.close());
  const port = () => canary.host.split(':')[1];
  const inside: [string, (port: string) => string][] = [
    ['http', () => 'http://public.example/hook'],
    ['loopback', (p) => `https://127.0.0.1:${p}/`],
    ['short', (p) => `https://127.1:${p}/`],
    ['decimal', (p) => `https://2130706433:${p}/`],
    ['octal', (p) => `https://0177.0.0.1:${p}/`],
    ['hexadecimal', (p) => `https://0x7f.1:${p}/`],
    ['IPv6-mapped', (p) => `https://[::ffff:127.0.0.1]:${p}/`],
    ['NAT64', (p) => `https://[64:ff9b::7f00:1]:${p}/`],
    ['6to4', (p) => `https://[2002:7f00:1::]:${p}/`],
    ['Teredo', (p) => `https://[2001::1]:${p}/`],
    ['a metadata address', () => 'https://169.254.169.254/latest'],
    ['a private address', () => 'https://10.0.0.1/'],
    ['a trailing dot', (p) => `https://localhost.:${p}/`],
    ['a name that leads inside', (p) => `https://inside.example:${p}/`],
    ['a user in front', (p) => `https://public.example@127.0.0.1:${p}/`],
    ['another scheme', () => 'file:///etc/passwd'],
    ['no address at all', () => 'public.example'],
  ];
  test.each(inside)('sec-H10 %s: refused in plain words, nothing stored, nobody called', async (_, url) => {
    Object.assign(names, {
      'inside.example': '127.0.0.1',
      'localhost.': '127.0.0.1',
      'public.example': '93.184.215.14',
    });
    const res = await set(url(port() ?? ''));
    expect(res.status).toBe(400);
    const said = /role="alert">([^<]+)/.exec(await res.text())?.[1];
    expect(said).toMatch(/^(Webhooks go to public https addresses only|That is not an https address)\.$/);
    expect([hook(), canary.connections()]).toEqual([undefined, 0]);
  });

  test('sec-H11 a name that led outside when it was saved and leads inside later is not called', async () => {
    await setHere();
    await door.store.write((tx) =>
      tx.hot('update alert_webhook set url = ? where 1 = 1').run(`https://rebound.example:${port()}/hook`),
    );
    names['rebound.example'] = '127.0.0.1';
    await queue();
    await later(0);
    expect(delivery()).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(canary.connections()).toBe(0);
  });

  test('sec-EG1 a certificate nobody vouches for: nothing is stored', async () => {
    const server = createServer(selfSigned('hook.example'), (_, res) => void res.end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port: own } = server.address() as { port: number };
    const strict = await frontDoor({ egress: { webhooksOut: { allow: [`127.0.0.1:${own}`] } } });
    try {
      const admin = await strict.owner();
      const res = await admin.submit('/console/alerts/webhook', { csrf: admin.csrf, url: `https://127.0.0.1:${own}/` });
      expect(await res.text()).toContain('Nobody answers there with a certificate we can check.');
      expect(strict.store.read.hot('select count(*) as n from alert_webhook').get()?.n).toBe(0);
    } finally {
      await strict.close();
      server.closeAllConnections();
      server.close();
    }
  });
});
