import { expect, test } from 'vitest';
import { leaseMs } from '../../../server/egress/refresh-lease.ts';
import type { TokenError } from '../../../server/egress/token-error.ts';
import type { EvilAnswer } from '../../support/evil.ts';
import { openHonestAs, redirectUri, testClient, vendorFacts } from '../../support/honest-as.ts';
import { brand, codeOf, fresh, hub, id, MARK, open, processOf, refreshOf, scene, troubleOf } from './tokens-rig.ts';

test('sec-O22 200 requests with an expired token: one refresh, 200 served', async () => {
  const s = await scene((_, reply) => setImmediate(() => reply.json(200, fresh(2))));
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  const got = await Promise.all(Array.from({ length: 200 }, () => s.tokens.access(brand, id)));
  expect(new Set(got)).toEqual(new Set([`${MARK}-2`]));
  expect(s.evil.requests.length).toBe(1);
  expect(await s.tokens.access(brand, id)).toBe(`${MARK}-2`);
  expect(s.evil.requests.length).toBe(1);
});

test('sec-O22 against a strict server that rotates: the grant lives through refresh after refresh', async () => {
  const server = await openHonestAs();
  open.push(server.close);
  const made = await hub();
  const s = processOf(made, server.origin, [server.host]);
  const partner = { facts: vendorFacts(), sandbox: true, client: testClient };
  const begun = await s.oauth.begin(partner, { redirectUri });
  const params = await server.visit(begun.url);
  const transaction = { stateHash: begun.stateHash, verifier: begun.verifier, scopes: vendorFacts().auth.scopes };
  await s.tokens.put(brand, id, await s.oauth.finish(partner, { params, redirectUri, transaction }));
  const seen = new Set<string>();
  for (let i = 0; i < 4; i++) {
    for (const one of await Promise.all(Array.from({ length: 20 }, () => s.tokens.access(brand, id)))) seen.add(one);
    s.clock.ms += 1_745_000;
  }
  expect(seen.size).toBe(4);
  expect(server.hits('/token')).toBe(4);
  const out = await made.store.write((tx) => s.tokens.takeOut(tx, brand, id));
  if (!out?.tokens) throw new Error('nothing was stored');
  await s.oauth.revoke(partner, out.tokens);
  await s.tokens.put(brand, id, out.tokens);
  s.clock.ms += 1_745_000;
  expect(await codeOf(s.tokens)).toBe('needs_reconnect');
  expect(troubleOf(made.store)).toBe('needs_reconnect');
});

test('OA4 life counts from receipt on the monotonic clock, renewed a minute before its end; wall time decides nothing', async () => {
  const s = await scene((_, reply) => reply.json(200, fresh(2)));
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_739_999;
  expect(await s.tokens.access(brand, id)).toBe(`${MARK}-1`);
  expect(s.evil.requests.length).toBe(0);
  s.clock.ms = 1_740_000;
  expect(await s.tokens.access(brand, id)).toBe(`${MARK}-2`);
  expect(refreshOf(s.evil.requests[0] ?? { body: '' })).toBe(`${MARK}-r1`);
});

test('OA4 after a restart the age of a token is unknown, so it is renewed at first use', async () => {
  const s = await scene((_, reply) => reply.json(200, fresh(2)));
  await s.tokens.put(brand, id, s.set());
  const next = processOf(s, s.evil.origin, [s.evil.host]);
  expect(await next.tokens.access(brand, id)).toBe(`${MARK}-2`);
});

test('sec-O26 invalid_grant at a loser while the winner stored a newer token: read again, the connection lives', async () => {
  let refreshes = 0;
  const s = await scene(() => {});
  const winner = processOf(s, s.evil.origin, [s.evil.host]);
  s.evil.answer((request, reply) => {
    if (++refreshes === 2) return reply.json(200, fresh(2));
    // the loser's answer waits until the winner has stored
    void expect
      .poll(() => s.store.read.hot('select version from vault').get()?.version)
      .not.toBe(first)
      .then(() => reply.json(400, { error: refreshOf(request) === `${MARK}-r1` ? 'invalid_grant' : 'other' }));
  });
  await s.tokens.put(brand, id, s.set());
  const first = s.store.read.hot('select version from vault').get()?.version;
  s.clock.ms = 1_800_000;
  const losing = s.tokens.access(brand, id);
  await expect.poll(() => refreshes).toBe(1);
  // The loser stalls for longer than its lease, as a process that was paused does.
  const winning = winner.tokens.access(brand, id);
  await expect.poll(() => winner.waits.looks).toBeGreaterThan(0);
  winner.clock.ms = leaseMs;
  expect(await winning).toBe(`${MARK}-2`);
  expect(await losing).toBe(`${MARK}-2`);
  expect([refreshes, troubleOf(s.store)]).toEqual([2, null]);
});

test('OA14 the old token is tried once more; a second invalid_grant is "needs reconnect", never a loop', async () => {
  const s = await scene((_, reply) => reply.json(400, { error: 'invalid_grant' }));
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  expect(await codeOf(s.tokens)).toBe('needs_reconnect');
  expect(s.evil.requests.length).toBe(2);
  expect(troubleOf(s.store)).toBe('needs_reconnect');
  for (let i = 0; i < 5; i++) expect(await codeOf(s.tokens)).toBe('needs_reconnect');
  expect(s.evil.requests.length).toBe(2);
  await s.tokens.put(brand, id, s.set({ access: `${MARK}-9` }));
  expect([await codeOf(s.tokens), troubleOf(s.store)]).toEqual([`${MARK}-9`, null]);
});

test('OA14 an answer lost on the way: the old token is tried again and the connection lives', async () => {
  const s = await scene((_, reply) => reply.hangUp());
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  expect(await codeOf(s.tokens)).toBe('later');
  s.evil.answer((_, reply) => reply.json(200, fresh(2)));
  s.clock.ms += 1_000;
  expect(await codeOf(s.tokens)).toBe(`${MARK}-2`);
});

test('OA14 an answer lost on the way, and the server had ended the old token with it: one more try, then a person', async () => {
  const s = await scene((_, reply) => reply.hangUp());
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  expect(await codeOf(s.tokens)).toBe('later');
  s.evil.answer((_, reply) => reply.json(400, { error: 'invalid_grant' }));
  s.clock.ms += 1_000;
  for (let i = 0; i < 3; i++) expect(await codeOf(s.tokens)).toBe('needs_reconnect');
  expect(s.evil.requests.length).toBe(2);
});

test('sec-O28 429, 503, HTML, nothing and bad JSON: waits as told, then longer and longer, never dead', async () => {
  const s = await scene((_, reply) => reply.json(429, {}, { 'retry-after': '7' }));
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  const waits: number[] = [];
  const later = async () => {
    const before = s.evil.requests.length;
    const error = await s.tokens.access(brand, id).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'later' });
    waits.push((error as TokenError).retryAfterMs ?? -1);
    // the circuit is open: nobody asks before the time is over
    for (let i = 0; i < 20; i++) expect(await codeOf(s.tokens)).toBe('later');
    expect(s.evil.requests.length).toBe(before + 1);
    s.clock.ms += waits.at(-1) ?? 0;
  };
  await later();
  const answers: EvilAnswer[] = [
    (_, r) => r.text(503, 'text/html', '<p>'),
    (_, r) => r.text(200, 'text/html', '<p>'),
    (_, r) => r.text(200, 'application/json', ''),
    (_, r) => r.text(200, 'application/json', '{'),
    (_, r) => r.json(400, { error: 'invalid_request' }),
    (_, r) => r.json(401, { error: 'invalid_client' }),
  ];
  for (const answer of answers) {
    s.evil.answer(answer);
    await later();
  }
  for (let i = 0; i < 5; i++) await later();
  expect(waits).toEqual([
    7_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000, 300_000,
  ]);
  expect(troubleOf(s.store)).toBe(null);
  s.evil.answer((_, reply) => reply.json(200, fresh(2)));
  expect(await codeOf(s.tokens)).toBe(`${MARK}-2`);
});

test('sec-O28 a server that cannot renew yet does not take away the last minute of a good token', async () => {
  const s = await scene((_, reply) => reply.json(503, {}));
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_750_000;
  expect(await codeOf(s.tokens)).toBe(`${MARK}-1`);
  s.clock.ms = 1_800_000;
  expect(await codeOf(s.tokens)).toBe('later');
});
