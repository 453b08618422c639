import { Signature } from '@hubspot/api-client';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { account, type HookStage, hubspotEvent, kept, openHookStage, refusedCalls, signedV3 } from './hook-stage.ts';
import { about, count, openChat } from './stage.ts';

const minute = 60_000;
let stage: HookStage;
let clock: number;
let secret: string;
beforeEach(async () => {
  clock = Date.now();
  stage = await openHookStage({ now: () => new Date(clock) });
  secret = stage.door.demo.clients('hubspot')?.client.secret ?? '';
});
afterEach(() => stage.close());

/** Sends events as HubSpot does, signed for the address they go to. */
const send = (events: unknown, ms = clock, key = secret) => {
  const body = JSON.stringify(events);
  return stage.call(body, signedV3(key, stage.address, body, ms));
};
/** Refused as `status`; nothing is kept but a count and an alarm that names neither caller nor person. */
async function refused(status: number, act: () => Promise<{ status: number }>) {
  const before = kept(stage.door);
  const counted = refusedCalls(stage.door);
  const answer = await act();
  expect(answer.status).toBe(status);
  expect(kept(stage.door)).toEqual(before);
  return refusedCalls(stage.door) - counted;
}

describe('R11 HubSpot tells us something', () => {
  test('R11 an erasure: stored, attributed, named in the console with what it means; nothing else is done', async () => {
    const before = kept(stage.door);
    const body = JSON.stringify([
      hubspotEvent(),
      hubspotEvent({ subscriptionType: 'contact.deletion' }),
      hubspotEvent({ subscriptionType: 'contact.propertyChange', objectId: 7 }),
    ]);
    const options = { clientSecret: secret, requestBody: body, url: stage.address, timestamp: clock, signature: '' };
    const answer = await stage.call(body, {
      'x-hubspot-signature-v3': Signature.getSignature('POST', 'v3', options),
      'x-hubspot-request-timestamp': String(clock),
    });
    expect([answer.status, answer.body]).toEqual([200, { received: true }]);
    const after = kept(stage.door);
    expect(after).toEqual({
      ...before,
      seen: 3,
      received: 3,
      audit: (before.audit as number) + 2,
      events: ['erased', 'removed'].map((kind) => ({ kind, integration_id: stage.integration })),
    });
    const page = await (await stage.maria.get(`/console/connections/${stage.integration}/events`)).text();
    expect(page).toMatch(/Erased for good.*51204.*HubSpot deleted this record for ever\. Nothing was changed here/s);
    expect(page).toContain('Deleted, and can be restored');
    const connection = await (await stage.maria.get(`/console/connections/${stage.integration}`)).text();
    expect(connection).toContain(stage.address);
    expect(connection).toMatch(/Last event<\/dt><dd>today/);
    expect(connection).toContain('Two events');
  });

  test('R11 the record in an event is sealed, and its id is kept as a digest alone', async () => {
    await send([hubspotEvent({ objectId: 987_654_321, eventId: 123_454_321 })]);
    const rows = JSON.stringify([
      stage.door.store.read.hot('select * from hook_event').all(),
      stage.door.store.read.hot('select * from hook_seen').all(),
      stage.door.store.read.hot('select * from audit').all(),
    ]);
    expect(rows).toContain('erased');
    expect(rows + stage.door.logged()).not.toMatch(/987654321|123454321/);
  });

  test('sec-H13 unsigned, another secret, another body, another address, re-serialised: 401, nothing stored', async () => {
    const body = JSON.stringify([hubspotEvent({ x: 1 })]);
    const right = signedV3(secret, stage.address, body, clock);
    for (const [sent, headers] of [
      [body, {}],
      [body, signedV3('another', stage.address, body, clock)],
      [body, signedV3(secret, `${stage.door.origin}/hooks/other`, body, clock)],
      [body, { ...right, 'x-hubspot-request-timestamp': String(clock - 1) }],
      [body.replace('51204', '51205'), right],
      [JSON.stringify(JSON.parse(body), null, 1), right],
      [`${body}\n`, right],
    ] as const)
      expect(await refused(401, () => stage.call(sent, headers))).toBe(1);
    const said = await stage.call(body, {});
    expect(said.body).toMatchObject({ type: '/problems/webhook-refused', status: 401 });
    expect(count(stage.door, 'audit', "act = 'alarm' and detail = 'webhook-refused: hubspot: unsigned'")).toBe(1);
    expect(stage.door.logged()).not.toMatch(/51204|x-hubspot/);
    // the very same bytes, rightly signed, are taken
    expect((await stage.call(body, right)).status).toBe(200);
  });

  test('sec-H13 five minutes old or ahead: 401; a moment inside: taken', async () => {
    for (const off of [-5 * minute - 1, 5 * minute + 1])
      expect(await refused(401, () => send([hubspotEvent()], clock + off))).toBe(1);
    for (const off of [-5 * minute, 5 * minute]) expect((await send([hubspotEvent()], clock + off)).status).toBe(200);
    expect(kept(stage.door).seen).toBe(2);
  });

  test('sec-H13 R11 the same event again: same answer, no second effect; the same call after its time: 401', async () => {
    const event = hubspotEvent();
    const body = JSON.stringify([event]);
    const headers = signedV3(secret, stage.address, body, clock);
    const first = await stage.call(body, headers);
    const before = kept(stage.door);
    const again = await stage.call(body, headers);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    // HubSpot's next try carries another number of the attempt and is signed afresh
    const retry = await send([{ ...event, attemptNumber: 1 }], clock + minute);
    expect([retry.status, retry.body]).toEqual([first.status, first.body]);
    expect(kept(stage.door)).toEqual(before);
    clock += 6 * minute;
    expect(await refused(401, () => stage.call(body, headers))).toBe(1);
    expect((await send([event])).status).toBe(200);
    expect(kept(stage.door)).toEqual(before);
  });

  test('WH1 an id counts for seven days', async () => {
    const event = hubspotEvent();
    await send([event]);
    const others = () => send([hubspotEvent({ subscriptionType: 'contact.creation' })]); // forgets what is old, too
    clock += 7 * 24 * 60 * minute - 1;
    await others();
    await send([event]);
    expect([count(stage.door, 'hook_event'), count(stage.door, 'hook_seen')]).toEqual([1, 2]);
    clock += 2;
    await others();
    expect(count(stage.door, 'hook_seen')).toBe(2);
  });
});

describe('R11 each event is for one connection', () => {
  const other = (change: string) =>
    stage.door.store.write((tx) => {
      tx.exec(`insert into brand select 'other', 'other', legal_name, 'Other', address, contact, country,
        settings_json, wrapped_key, created_at from brand`);
      tx.exec(`insert into integration (id, brand_id, provider, sandbox, account_id, account_name,
        connection, conn_epoch, revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble)
        select 'int-other', 'other', provider, sandbox, account_id, account_name,
        connection, conn_epoch, revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble from integration`);
      tx.exec(`update integration set ${change} where id = 'int-other'`);
    });
  const unknown = async (event: Record<string, unknown>) => {
    expect(await refused(422, () => send([event]))).toBe(1);
    expect(count(stage.door, 'audit', "act = 'alarm' and detail = 'webhook-refused: hubspot: account'")).toBe(1);
  };

  test('an account nobody connected: refused and recorded', () => unknown(hubspotEvent({ portalId: 1 })));

  test('two brands, one account each: an event is its own brand’s alone', async () => {
    await other("account_id = '77'");
    await send([hubspotEvent({ portalId: 77 }), hubspotEvent()]);
    expect(stage.door.store.read.hot('select brand_id, integration_id from hook_event order by seq').all()).toEqual([
      { brand_id: 'other', integration_id: 'int-other' },
      { brand_id: 'harbor-motors', integration_id: stage.integration },
    ]);
    const foreign = await stage.maria.get('/console/connections/int-other/events');
    expect(foreign.status).toBe(404);
  });

  test('two brands with one account: nobody can tell whose it is, so it is refused', async () => {
    await other("connection = 'active'");
    await unknown(hubspotEvent());
  });

  test('one of them is off: it is the other one’s', async () => {
    await other("connection = 'revoked'");
    expect((await send([hubspotEvent()])).status).toBe(200);
  });

  test('R15 a sandbox app never speaks for a real account', async () => {
    await stage.door.store.write((tx) => tx.exec('update integration set sandbox = 0'));
    await unknown(hubspotEvent());
  });

  test('in one call with a stranger’s: ours is kept, the other is recorded as refused', async () => {
    const answer = await send([hubspotEvent({ portalId: 1 }), hubspotEvent()]);
    expect(answer.status).toBe(200);
    expect([refusedCalls(stage.door), count(stage.door, 'hook_event')]).toEqual([1, 1]);
  });

  test('a connection that is off hears nothing', async () => {
    const [csrf = ''] = /(?<=name="csrf" value=")[^"]+/.exec(await (await stage.maria.get('/console')).text()) ?? [];
    await stage.maria.submit(`/console/connections/${stage.integration}/disconnect`, { csrf });
    await unknown(hubspotEvent());
  });
});

describe('HO3 what is no call of a partner', () => {
  test('an address that was not given, or a name with another’s proof: 404', async () => {
    const path = stage.address.slice(stage.door.origin.length);
    const [name = '', mac = ''] = path.split('/').at(-1)?.split('.') ?? [];
    expect(mac).toMatch(/^[\w-]{43}$/);
    for (const to of [
      name,
      `${name}.`,
      `${name}.${mac.slice(1)}`,
      `${name}.${mac.slice(1)}${mac[0] === 'A' ? 'B' : 'A'}`,
      `${name}.${'A'.repeat(43)}`,
      `openid.${mac}`,
      `${stage.integration}.${mac}`,
      '.',
      'x'.repeat(5_000),
    ])
      expect((await stage.call('[]', {}, `${stage.door.origin}/hooks/${to}`)).status).toBe(404);
  });

  test('another content type: 415; over 256 kB: 413; a GET: 404; no cookie, no CORS', async () => {
    const body = JSON.stringify([hubspotEvent()]);
    const headers = signedV3(secret, stage.address, body, clock);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])
      expect(await refused(415, () => stage.call(body, { ...headers, 'content-type': type }))).toBe(0);
    expect(await refused(413, () => stage.call('x'.repeat(256 * 1024 + 1), headers))).toBe(0);
    expect((await fetch(stage.address)).status).toBe(404);
    const preflight = await fetch(stage.address, { method: 'OPTIONS', headers: { origin: 'https://shop.example' } });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    const ok = await stage.call(body, { ...headers, origin: 'https://shop.example' });
    expect([ok.status, ok.headers.get('set-cookie'), ok.headers.get('access-control-allow-origin')]).toEqual([
      200,
      null,
      null,
    ]);
    expect(ok.headers.get('cache-control')).toBe('no-store');
  });

  test('sec-H21 signed, and not of the promised form: 400, nothing stored', async () => {
    const odd = fc.oneof(
      fc.constant(null),
      fc.constant({ $ne: 0 }),
      fc.constant([1]),
      fc.constant(''),
      fc.constant(1.5),
      fc.boolean(),
    );
    const member = fc.constantFrom(
      'portalId',
      'subscriptionId',
      'eventId',
      'subscriptionType',
      'objectId',
      'occurredAt',
    );
    await fc.assert(
      fc.asyncProperty(member, odd, async (name, value) => {
        expect(await refused(400, () => send([hubspotEvent({ [name]: value })]))).toBe(1);
        expect(await refused(400, () => send([hubspotEvent(), hubspotEvent({ [name]: value })]))).toBe(1);
      }),
      { numRuns: 15 },
    );
    for (const whole of [hubspotEvent(), 'text', 7, null, [[]], [null], Array(101).fill(hubspotEvent())])
      expect(await refused(400, () => send(whole))).toBe(1);
    const deep = '['.repeat(100) + ']'.repeat(100);
    expect(await refused(400, () => stage.call(deep, signedV3(secret, stage.address, deep, clock)))).toBe(1);
    expect((await send([])).status).toBe(200);
  });
});

test('R11 a chat goes on as before: no consent, no share and no ledger row of a person is touched', async () => {
  const chat = await openChat(stage, about);
  await chat.answer({ email: 'yes' });
  const before = ['consent_event', 'ledger_leaf', 'subject', 'value'].map((table) => count(stage.door, table));
  await send([hubspotEvent()]);
  expect(['consent_event', 'ledger_leaf', 'subject', 'value'].map((table) => count(stage.door, table))).toEqual(before);
});

test('R11 account numbers of the sandbox are what its events name', () => {
  const row = stage.door.store.read.hot('select account_id from integration').get();
  expect(row?.account_id).toBe(String(account));
});
