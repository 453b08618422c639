import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { adapter } from '../../../integrations/hubspot/adapter.ts';
import { createApp } from '../../../server/app.ts';
import { createSandbox, type Sandbox, SandboxError } from '../../../server/egress/sandbox.ts';
import { type HookStage, hubspotEvent, kept, openHookStage, signedV3 } from './hook-stage.ts';
import { count } from './stage.ts';

const limits = { workers: 1, memoryPages: 1024, cpuDeadlineMs: 2_000, totalDeadlineMs: 30_000 };
let stage: HookStage;
let secret: string;
let app: ReturnType<typeof createApp>;
/** A hub, and its routes in this process. */
async function open(sandbox?: Sandbox) {
  stage = await openHookStage(sandbox ? { sandbox } : {});
  secret = stage.door.demo.clients('hubspot')?.client.secret ?? '';
  app = createApp(stage.door.hub.deps);
}
beforeEach(() => open());
afterEach(() => stage.close());

/** Calls from a client of that address. */
const from =
  (address: string) =>
  async (path: string, init: RequestInit = {}) =>
    app.request(path, init, { incoming: { socket: { remoteAddress: address } } });
function call(events: unknown[], ms: number, address = '192.0.2.1') {
  const body = JSON.stringify(events);
  const path = stage.address.slice(stage.door.origin.length);
  const headers = { 'content-type': 'application/json', ...signedV3(secret, stage.address, body, ms) };
  return from(address)(stage.door.origin + path, { method: 'POST', headers, body });
}

describe('sec-H14 R11 a thousand calls at once', () => {
  test('sec-H14 ids out of order and doubled, alone and in lists: one effect each', async () => {
    await stage.close();
    // the adapter's own handler without its sandbox: a thousand engines are another test's subject
    const hear: Sandbox['hear'] = async ({ event }) => adapter.webhook?.(event);
    await open({ ...createSandbox(limits), hear });
    const ids = Array.from({ length: 500 }, (_, n) => n + 1);
    const [order = []] = fc.sample(fc.shuffledSubarray([...ids, ...ids], { minLength: 1_000 }), {
      numRuns: 1,
      seed: 7,
    });
    const now = Date.now();
    const answers = await Promise.all(
      order.map((eventId, n) => {
        const event = hubspotEvent({ eventId, objectId: eventId, attemptNumber: n });
        // each tenth call carries one of the others too
        const more = n % 10 === 0 ? [hubspotEvent({ eventId: order[n - 1] ?? 1, objectId: order[n - 1] ?? 1 })] : [];
        return call([event, ...more], now);
      }),
    );
    expect(new Set(answers.map((a) => a.status))).toEqual(new Set([200]));
    expect(kept(stage.door)).toMatchObject({ seen: 500, received: 500 });
    expect(count(stage.door, 'hook_event', "kind = 'erased'")).toBe(500);
    expect(count(stage.door, 'audit', "act = 'webhook'")).toBe(500);
  });

  test('sec-H14 R11 when the store fails nothing is acknowledged, and the next try counts', async () => {
    const event = hubspotEvent();
    for (const at of ['once', 'commit'] as const) {
      stage.door.failWrites(() => true, at);
      expect((await call([event], Date.now())).status).toBe(503);
      stage.door.failWrites();
      expect(kept(stage.door)).toMatchObject({ seen: 0, events: [] });
    }
    expect((await call([event], Date.now())).status).toBe(200);
    expect(kept(stage.door)).toMatchObject({ seen: 1, received: 1 });
  });

  test('R85 no sandbox to be had: not acknowledged, so that the partner tries again, and then it counts', async () => {
    await stage.close();
    const real = createSandbox(limits);
    let full = true;
    const hear: Sandbox['hear'] = (event) =>
      full ? Promise.reject(new SandboxError('unavailable')) : real.hear(event);
    await open({ ...real, hear });
    const event = hubspotEvent();
    expect((await call([event], Date.now())).status).toBe(500);
    expect(kept(stage.door)).toMatchObject({ seen: 0, events: [] });
    full = false;
    expect((await call([event], Date.now())).status).toBe(200);
    expect(kept(stage.door)).toMatchObject({ seen: 1, events: [{ kind: 'erased' }] });
  });
});

describe('sec-H17 limits where partners and admins come in', () => {
  const counters = () => stage.door.hub.deps.limits;
  const limited = (res: Response) => {
    expect(res.status).toBe(429);
    expect(Number(res.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(res.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  };

  test('sec-H17 calls of one address, whatever they name; IPv6 counts per /64; others are unaffected', async () => {
    counters().webhook.points = 3;
    const hit = (address: string) => from(address)(`/hooks/x.${Math.random()}`, { method: 'POST' });
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:2:3:4:5:6'])
      expect((await hit(address)).status).toBe(404);
    limited(await hit('2001:db8:1:2::77'));
    expect((await hit('2001:db8:1:3::1')).status).toBe(404);
    expect((await hit('192.0.2.9')).status).toBe(404);
    const mapped = await Promise.all(['::ffff:192.0.2.8', '192.0.2.8', '::ffff:192.0.2.8', '192.0.2.8'].map(hit));
    expect(mapped.map((r) => r.status).sort()).toEqual([404, 404, 404, 429]);
  });

  test('sec-H17 a flood for one brand at the address of all: 429 for it, the other brand’s event of the same call is kept', async () => {
    await stage.door.store.write((tx) => {
      tx.exec(`insert into brand select 'other', 'other', legal_name, 'Other', address, contact, country,
        settings_json, wrapped_key, created_at from brand`);
      tx.exec(`insert into integration (id, brand_id, provider, sandbox, account_id, account_name,
        connection, conn_epoch, revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble)
        select 'int-other', 'other', provider, sandbox, '77', account_name,
        connection, conn_epoch, revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble from integration`);
    });
    counters().webhookEvent.points = 2;
    for (let n = 0; n < 2; n++) expect((await call([hubspotEvent()], Date.now())).status).toBe(200);
    const late = hubspotEvent();
    limited(await call([late, hubspotEvent({ portalId: 77 })], Date.now()));
    expect(count(stage.door, 'hook_event', "brand_id = 'other'")).toBe(1);
    expect(count(stage.door, 'hook_event', "brand_id <> 'other'")).toBe(2);
    // repeats of what counted already use nothing up, and the one that was turned away counts at its next try
    await counters().webhookEvent.delete(stage.integration);
    expect((await call([late], Date.now())).status).toBe(200);
    expect(count(stage.door, 'hook_event', "brand_id <> 'other'")).toBe(3);
  });

  test('sec-H17 beginning to connect: per brand; a full desk begins nothing, and another brand goes on', async () => {
    const { maria, door } = stage;
    await door.store.write((tx) => {
      tx.exec(`insert into brand select 'other', 'other', legal_name, 'Other', address, contact, country,
        settings_json, wrapped_key, created_at from brand`);
      tx.exec(`insert into "organization" (id, name, slug, "createdAt") values ('other', 'Other', 'other', 'now');
        insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
          values ('olga', 'Olga', 'olga@other.example', 1, '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
        insert into "member" (id, "organizationId", "userId", role, "createdAt")
          values ('m-olga', 'other', 'olga', 'owner', '2026-11-22T12:00:00Z')`);
    });
    const olga = door.client();
    const link = door.hub.deps.people.signIn.printedLink('olga@other.example');
    await olga.submit(link, { token: link.split('/').at(-1) ?? '' });
    counters().connect.points = 2;
    await counters().connect.delete('harbor-motors');
    const begin = async (who: typeof olga) => {
      const csrf = /name="csrf" value="([^"]+)"/.exec(await (await who.get('/console')).text())?.[1] ?? '';
      return who.submit('/console/add/hubspot', { csrf });
    };
    for (let n = 0; n < 2; n++) expect((await begin(maria)).status).toBe(303);
    const before = [count(door, 'connect_transaction'), count(door, 'audit')];
    limited(await begin(maria));
    expect([count(door, 'connect_transaction'), count(door, 'audit')]).toEqual(before);
    expect((await begin(olga)).status).toBe(303);
    expect(count(door, 'connect_transaction', "brand_id = 'other'")).toBe(1);
  });

  test('sec-H17 callbacks: per client address, IPv6 per /64, and nothing is looked up once it is full', async () => {
    counters().connect.points = 2;
    const back = (address: string) => from(address)('/oauth/callback/hubspot?code=x&state=y');
    for (const address of ['2001:db8:5::1', '2001:db8:5::2']) expect((await back(address)).status).toBe(400);
    const before = count(stage.door, 'audit');
    limited(await back('2001:db8:5::3'));
    expect(count(stage.door, 'audit')).toBe(before);
    expect((await back('2001:db8:5:1::1')).status).toBe(400);
    counters().pages.points = 1;
    expect((await from('192.0.2.4')('/oauth/callback/openid?code=x&state=y')).status).toBe(400);
    limited(await from('192.0.2.4')('/oauth/callback/openid?code=x&state=y'));
  });
});
