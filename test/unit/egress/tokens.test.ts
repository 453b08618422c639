import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { createHttp } from '../../../server/egress/http.ts';
import { createOauth } from '../../../server/egress/oauth.ts';
import type { TokenSet } from '../../../server/egress/oauth-tokens.ts';
import { TokenError } from '../../../server/egress/token-error.ts';
import { createTokens, type Tokens } from '../../../server/egress/tokens.ts';
import { createVault } from '../../../server/egress/vault.ts';
import { openStore, type Store } from '../../../server/store/open.ts';
import { type Evil, type EvilAnswer, openEvil } from '../../support/evil.ts';
import { openHonestAs, redirectUri, testClient, vendorFacts, vendorOrigins } from '../../support/honest-as.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const MARK = 'LIVE-TOKEN-c01d';
const brand = 'harbor';
const id = 'i-1';

interface Hub {
  store: Store;
  vault: ReturnType<typeof createVault>;
}
async function hub(): Promise<Hub> {
  const store = openStore(':memory:');
  open.push(() => store.close());
  const vault = createVault(randomBytes(32));
  await store.write((tx) => {
    for (const name of [brand, 'other'])
      tx.run(
        tx.sql.insertInto('brand').values({
          id: name,
          slug: name,
          legal_name: 'Harbor Motors ApS',
          name,
          address: 'Nordre Kaj 4, 8000 Aarhus',
          contact: '-',
          country: 'DK',
          settings_json: '{}',
          wrapped_key: vault.newBrandKey(),
          created_at: '2026-11-22T12:00:00Z',
        }),
      );
    tx.run(
      tx.sql.insertInto('integration').values({
        id,
        brand_id: brand,
        provider: 'vendor',
        sandbox: 1,
        account_id: 'acme',
        account_name: 'Acme',
        connection: 'active',
        conn_epoch: 1,
        revoked_before_seq: 0,
        manifest_hash: 'm',
        connected_at: '2026-11-22T12:00:00Z',
        last_good_at: null,
        trouble: null,
      }),
    );
  });
  return { store, vault };
}

/** One process of the hub: its own clock, flights and OAuth wrapper over a shared store. */
function processOf({ store, vault }: Hub, origin: string, allow: string[]) {
  const clock = { ms: 0 };
  const lines: unknown[] = [];
  const monotonic = () => clock.ms;
  const http = createHttp({ allow, monotonic: () => performance.now() });
  open.push(http.close);
  const oauth = createOauth({ http, origins: vendorOrigins(origin), monotonic });
  const tokens = createTokens({
    store,
    vault,
    oauth,
    monotonic,
    now: () => 1_700_000_000_000 + clock.ms,
    random: () => 1,
    clients: () => testClient,
    facts: (provider) => (provider === 'vendor' ? vendorFacts() : undefined),
    log: { warn: (facts, message) => lines.push({ ...facts, message }) },
  });
  const set = (more: Partial<TokenSet> = {}): TokenSet => ({
    access: `${MARK}-1`,
    refresh: `${MARK}-r1`,
    expiresInSeconds: 1800,
    receivedMs: clock.ms,
    clock: oauth.clock,
    scopes: vendorFacts().auth.scopes,
    asked: vendorFacts().auth.scopes,
    missing: [],
    account: {},
    ...more,
  });
  return { tokens, oauth, clock, lines, set };
}
type Process = ReturnType<typeof processOf>;

async function scene(answer: EvilAnswer): Promise<Process & Hub & { evil: Evil }> {
  const evil = await openEvil(answer);
  open.push(evil.close);
  const made = await hub();
  return { ...made, ...processOf(made, evil.origin, [evil.host]), evil };
}
const codeOf = (tokens: Tokens, refused?: string) =>
  tokens.access(brand, id, refused).then(
    (value) => value,
    (e: unknown) => (e instanceof TokenError ? e.code : e),
  );
const troubleOf = (store: Store) => store.read.hot('select trouble from integration where id = ?').get(id)?.trouble;
const fresh = (n: number, more: object = {}) => ({
  access_token: `${MARK}-${n}`,
  refresh_token: `${MARK}-r${n}`,
  token_type: 'bearer',
  expires_in: 1800,
  ...more,
});
const refreshOf = (request: { body: string }) => new URLSearchParams(request.body).get('refresh_token');

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
  const begun = await s.oauth.begin({ facts: vendorFacts(), sandbox: true, clientId: testClient.id, redirectUri });
  const params = await server.visit(begun.url);
  const transaction = { stateHash: begun.stateHash, verifier: begun.verifier, scopes: vendorFacts().auth.scopes };
  const partner = { facts: vendorFacts(), sandbox: true, client: testClient };
  await s.tokens.put(brand, id, await s.oauth.finish(partner, { params, redirectUri, transaction }));
  const seen = new Set<string>();
  for (let i = 0; i < 4; i++) {
    for (const one of await Promise.all(Array.from({ length: 20 }, () => s.tokens.access(brand, id)))) seen.add(one);
    s.clock.ms += 1_745_000;
  }
  expect(seen.size).toBe(4);
  expect(server.hits('/token')).toBe(4);
  expect(await s.tokens.revoke(brand, id)).toBe(true);
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
  expect(await winner.tokens.access(brand, id)).toBe(`${MARK}-2`);
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

test('P4 disconnected while a refresh is under way: the new token is revoked, stored nowhere and handed to nobody', async () => {
  let go = () => {};
  const s = await scene((request, reply) => {
    if (request.path === '/token') go = () => reply.json(200, fresh(2));
    else reply.text(200, 'text/plain', '');
  });
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  const running = codeOf(s.tokens);
  await expect.poll(() => s.evil.hits('/token')).toBe(1);
  await s.tokens.wipe(brand, id);
  go();
  expect(await running).toBe('not_connected');
  expect(new URLSearchParams(s.evil.requests[1]?.body).get('token')).toBe(`${MARK}-r2`);
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
  await s.tokens.wipe(brand, id);
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
  await s.tokens.wipe('other', id);
  expect(await codeOf(s.tokens)).toBe(`${MARK}-1`);
  await s.store.write((tx) => tx.hot("update integration set connection = 'revoked'").run());
  expect(await codeOf(s.tokens)).toBe('not_connected');
});

test('control 1 and 2 no column, log line or error holds a token in clear', async () => {
  const s = await scene((_, reply) => reply.json(400, { error: 'invalid_grant', error_description: MARK }));
  await s.tokens.put(brand, id, s.set());
  s.clock.ms = 1_800_000;
  const error = await s.tokens.access(brand, id).catch((e: unknown) => e);
  expect(await s.tokens.revoke(brand, id)).toBe(false);
  const rows = ['brand', 'integration', 'vault'].map((table) => s.store.read.hot(`select * from ${table}`).all());
  expect(s.lines.length).toBe(2);
  for (const thing of [error, s.lines, rows])
    expect(inspect(thing, { depth: 9 }) + JSON.stringify(thing)).not.toContain('LIVE-TOKEN');
});
