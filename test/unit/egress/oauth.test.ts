import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { OauthError } from '../../../server/egress/oauth-error.ts';
import type { EvilAnswer } from '../../support/evil.ts';
import { openHonestAs, redirectUri, testClient, vendorFacts } from '../../support/honest-as.ts';
import { codeOf, good, MARK, oauthAt, open, partner, scene } from './oauth-rig.ts';

describe('with a strict authorization server', () => {
  test.each(['body', 'basic'] as const)(
    'sec-O12 connect, account, refresh with rotation and revoke (%s)',
    async (clientAuth) => {
      const server = await openHonestAs(clientAuth);
      open.push(server.close);
      const oauth = oauthAt(server.origin, [server.host]);
      const who = partner({ clientAuth });
      const begun = await oauth.begin(who, { redirectUri });
      const transaction = { stateHash: begun.stateHash, verifier: begun.verifier, scopes: who.facts.auth.scopes };
      const first = await oauth.finish(who, { params: await server.visit(begun.url), redirectUri, transaction });
      expect(first).toMatchObject({ scopes: ['contacts.read', 'contacts.write'], missing: [], expiresInSeconds: 1800 });
      expect(await oauth.account(who, first)).toEqual({ id: 'acme', name: 'acme' });

      const second = await oauth.refresh(who, first);
      expect(second.access).not.toBe(first.access);
      expect(second.refresh).not.toBe(first.refresh);
      await oauth.revoke(who, second);
      expect(codeOf(await oauth.refresh(who, second).catch((e: unknown) => e))).toBe('invalid_grant');
      expect(server.hits('/token/revocation')).toBe(1);
    },
  );

  test('sec-O04 a code without its own verifier is worth nothing', async () => {
    const server = await openHonestAs();
    open.push(server.close);
    const oauth = oauthAt(server.origin, [server.host]);
    const start = () => oauth.begin(partner(), { redirectUri });
    const [mine, theirs] = [await start(), await start()];
    const stolen = (await server.visit(theirs.url)).get('code') ?? '';
    const params = new URLSearchParams({ code: stolen, state: mine.state });
    const transaction = { stateHash: mine.stateHash, verifier: mine.verifier, scopes: vendorFacts().auth.scopes };
    const got = await oauth.finish(partner(), { params, redirectUri, transaction }).catch((e: unknown) => e);
    expect(codeOf(got)).toBe('invalid_grant');
  });
});

describe('the callback', () => {
  const wrong: [string, (state: string) => string, string][] = [
    ['no state', () => 'code=c', 'callback_malformed'],
    ['a wrong state', () => 'code=c&state=other', 'state_mismatch'],
    ['an empty state', () => 'code=c&state=', 'state_mismatch'],
    ['the state twice', (s) => `code=c&state=${s}&state=${s}`, 'callback_malformed'],
    ['no code', (s) => `state=${s}`, 'callback_malformed'],
    ['two codes', (s) => `code=c&code=d&state=${s}`, 'callback_malformed'],
    ['a code and an error', (s) => `code=c&error=access_denied&state=${s}`, 'callback_malformed'],
    ['two issuers', (s) => `code=c&state=${s}&iss=a&iss=b`, 'callback_malformed'],
    ['another issuer', (s) => `code=c&state=${s}&iss=https://evil.example`, 'issuer_mismatch'],
    ['an error', (s) => `error=access_denied&error_description=secret&state=${s}`, 'denied'],
    ['a token in the front', (s) => `code=c&state=${s}&id_token=x`, 'bad_answer'],
  ];
  test.each(wrong)('sec-O05 with %s is refused before any token call', async (_, params, code) => {
    const s = await scene((_request, reply) => reply.json(200, good));
    expect(codeOf(await s.connect(params))).toBe(code);
    expect(s.evil.connections()).toBe(0);
  });
});

test('sec-O12 S256 is always sent, and the verifier goes with the code', async () => {
  const s = await scene((_, reply) => reply.json(200, good));
  const begun = await s.oauth.begin(partner(), { redirectUri });
  const query = new URL(begun.url).searchParams;
  expect(query.get('code_challenge_method')).toBe('S256');
  expect(query.get('code_challenge')).toMatch(/^[\w-]{43}$/);
  expect(begun.url).not.toContain(begun.verifier);
  await s.connect();
  const body = new URLSearchParams(s.evil.requests[0]?.body);
  expect(body.get('code_verifier')).toMatch(/^[\w-]{43,}$/);
  expect(Object.fromEntries(body)).toMatchObject({
    grant_type: 'authorization_code',
    code: 'c',
    redirect_uri: redirectUri,
    client_id: testClient.id,
    client_secret: testClient.secret,
  });
});

test('client authentication is a fact of the partner: basic with and without percent-encoding', async () => {
  for (const [clientAuth, encode] of [
    ['basic', encodeURIComponent],
    ['basic_unencoded', (text: string) => text],
  ] as const) {
    const s = await scene((_, reply) => reply.json(200, good), undefined, { clientAuth });
    await s.connect();
    const sent = Buffer.from(s.evil.requests[0]?.headers.authorization?.slice(6) ?? '', 'base64').toString();
    expect(sent.toLowerCase()).toBe(
      `${testClient.id}:${encode(testClient.secret)}`
        .toLowerCase()
        .replaceAll('%20', clientAuth === 'basic' ? '+' : ' '),
    );
    expect(s.evil.requests[0]?.body).not.toContain('client_secret');
  }
});

describe('HubSpot answers (OAuth 2026-03)', () => {
  const hub = { accountId: 'hub_id', accountName: 'hub_domain' };
  test('scopes come as a list, hub_id beside them, an unasked id_token is not looked at', async () => {
    const answer = {
      ...good,
      token_use: 'access_token',
      hub_id: 4810000,
      user_id: 481,
      id_token: 'not.a.jwt',
      scopes: ['contacts.read'],
    };
    const s = await scene((_, reply) => reply.json(200, answer), undefined, hub);
    expect(await s.connect()).toMatchObject({
      access: MARK,
      scopes: ['contacts.read'],
      missing: ['contacts.write'],
      account: { id: '4810000' },
    });
  });
  test('account reads the introspection answer, with client and token in the body', async () => {
    const s = await scene(
      (_, reply) => reply.json(200, { active: true, hub_id: 4810000, hub_domain: 'harbor.example' }),
      undefined,
      hub,
    );
    const tokens = { access: MARK, receivedMs: 0, clock: '', scopes: [], asked: [], missing: [], account: {} };
    expect(await s.oauth.account(partner(hub), tokens)).toEqual({ id: '4810000', name: 'harbor.example' });
    const sent = Object.fromEntries(new URLSearchParams(s.evil.requests[0]?.body));
    expect(sent).toMatchObject({ client_id: testClient.id, client_secret: testClient.secret, token: MARK });
  });
  test('revoke posts client_id, client_secret and token, and takes 200 and 204 for yes', async () => {
    for (const status of [200, 204]) {
      const s = await scene((_, reply) => reply.text(status, 'text/plain', ''));
      await s.oauth.revoke(partner(), { access: 'a', refresh: MARK });
      const sent = Object.fromEntries(new URLSearchParams(s.evil.requests[0]?.body));
      expect(sent).toMatchObject({ client_id: testClient.id, client_secret: testClient.secret, token: MARK });
    }
  });
});

test('OA11 more scopes than asked: refused and revoked, at connect and at refresh', async () => {
  const s = await scene((_, reply) => reply.json(200, { ...good, scope: 'contacts.read contacts.write crm.export' }));
  expect(codeOf(await s.connect())).toBe('scope_exceeded');
  expect(s.evil.hits('/token/revocation')).toBe(1);
  const before = {
    access: 'a',
    refresh: 'r',
    receivedMs: 0,
    clock: '',
    scopes: ['contacts.read'],
    missing: [],
    account: {},
  };
  const asked = [...vendorFacts().auth.scopes];
  const got = await s.oauth.refresh(partner(), { ...before, asked }).catch((e: unknown) => e);
  expect(codeOf(got)).toBe('scope_exceeded');
  expect(s.evil.hits('/token/revocation')).toBe(2);
});

test('OA1 no thrown error holds a token, a claim or a text of the server', async () => {
  const jwt = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(`{"sub":"${MARK}"}`).toString('base64url')}.`;
  const answers: EvilAnswer[] = [
    (_, r) => r.json(200, { ...good, token_type: MARK }),
    (_, r) => r.json(200, { ...good, token_type: 'dpop' }),
    (_, r) => r.json(200, { ...good, expires_in: -1 }),
    (_, r) => r.json(200, { ...good, expires_in: MARK }),
    (_, r) => r.json(200, { ...good, refresh_token: '' }),
    (_, r) => r.json(200, { ...good, access_token: { a: MARK } }),
    (_, r) => r.json(200, { ...good, access_token: `${MARK}\r\nx-evil: 1` }),
    (_, r) => r.json(200, { ...good, scope: [MARK] }),
    (_, r) => r.json(200, { ...good, scope: MARK }),
    (_, r) => r.json(200, { ...good, scopes: [{ a: MARK }] }),
    (_, r) => r.json(200, [good]),
    (_, r) => r.json(200, { id_token: jwt }),
    (_, r) => r.json(201, { ...good, token_type: 'x' }),
    (_, r) => r.json(400, { error: 'invalid_grant', error_description: MARK }),
    (_, r) => r.json(400, { error: MARK, message: MARK }),
    (_, r) => r.json(401, { error: 'invalid_client' }, { 'www-authenticate': `Basic realm="${MARK}"` }),
    (_, r) => r.json(500, { message: MARK }),
    (_, r) => r.text(200, 'text/html', `<p>${MARK}</p>`),
    (_, r) => r.text(200, 'application/json', `{"access_token":"${MARK}`),
    (_, r) => r.text(302, 'text/plain', MARK, { location: `https://evil.example/${MARK}` }),
    (_, r) => r.raw(MARK),
  ];
  for (const answer of answers) {
    const s = await scene(answer, 2_000);
    const error = await s.connect();
    expect(error).toBeInstanceOf(OauthError);
    const words =
      inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + String((error as Error).stack);
    expect(words).not.toContain('LIVE-TOKEN');
    expect(words).not.toContain(testClient.secret);
    expect((error as Error).cause).toBeUndefined();
  }
});
