import { describe, expect, test } from 'vitest';
import type { OauthFacts } from '#sdk';
import { createHttp, type HttpDeps } from '../../../server/egress/http.ts';
import { createOauth } from '../../../server/egress/oauth.ts';
import { createPartnerCall, prepare } from '../../../server/egress/partner.ts';
import type { EvilAnswer } from '../../support/evil.ts';
import { openEvil } from '../../support/evil.ts';
import { redirectUri, vendorFacts } from '../../support/honest-as.ts';
import { codeOf, good, MARK, open, partner, scene } from './oauth-rig.ts';

type Auth = Partial<OauthFacts['auth']>;

describe('PARTNERS-7.4 the base address out of the token answer', () => {
  const apiFrom = { member: 'api_domain', hosts: ['*.vendor.example', 'fixed.example'] };
  const connect = async (api_domain: unknown) => {
    const s = await scene((_, r) => r.json(200, { ...good, api_domain }), undefined, { apiFrom });
    return { got: await s.connect(), evil: s.evil };
  };

  test.each([
    ['https://acme.vendor.example', 'https://acme.vendor.example'],
    ['https://acme.vendor.example/', 'https://acme.vendor.example'],
    ['https://ACME.vendor.example', 'https://acme.vendor.example'],
    ['https://fixed.example', 'https://fixed.example'],
  ])('%s is taken', async (told, api) => {
    expect((await connect(told)).got).toMatchObject({ api });
  });

  test.each([
    undefined,
    null,
    7,
    '',
    'acme.vendor.example',
    'http://acme.vendor.example',
    'https://vendor.example',
    'https://.vendor.example',
    'https://a.b.vendor.example',
    'https://evil.example',
    'https://acme.vendor.example.evil.example',
    'https://evilvendor.example',
    'https://acme.vendor.example:8443',
    'https://acme.vendor.example@evil.example',
    'https://user@acme.vendor.example',
    'https://acme.vendor.example/path',
    'https://acme.vendor.example/?x',
    'https://-.vendor.example',
    'https://127.0.0.1',
    'https://sub.fixed.example',
  ])('%s is refused, and the grant is handed back', async (told) => {
    const { got, evil } = await connect(told);
    expect(codeOf(got)).toBe('endpoint_refused');
    expect(evil.requests.map((r) => r.path)).toEqual(['/token', '/token/revocation']);
    expect(new URLSearchParams(evil.requests[1]?.body).get('token')).toBe(`${MARK}-r`);
  });

  test('a refresh may leave it out, and may not move it away', async () => {
    const s = await scene((_, r) => r.json(200, { ...good, api_domain: 'https://acme.vendor.example' }), undefined, {
      apiFrom,
    });
    const tokens = (await s.connect()) as Parameters<typeof s.oauth.refresh>[1];
    s.evil.answer((_, r) => r.json(200, good));
    expect(await s.oauth.refresh(partner({ apiFrom }), tokens)).toMatchObject({ api: 'https://acme.vendor.example' });
    s.evil.answer((_, r) => r.json(200, { ...good, api_domain: 'https://evil.example' }));
    expect(codeOf(await s.oauth.refresh(partner({ apiFrom }), tokens).catch((e: unknown) => e))).toBe(
      'endpoint_refused',
    );
  });

  test('calls go there and nowhere else; a host the brand did not approve gets none', async () => {
    const evil = await openEvil();
    open.push(evil.close);
    const http = createHttp({ allow: [evil.host], monotonic: () => performance.now() });
    open.push(http.close);
    const facts = { ...vendorFacts({ apiFrom }), hosts: ['as.vendor.example', '*.vendor.example'] };
    const deps = (api: string | undefined, hosts = facts.hosts) => ({
      http,
      facts: { ...facts, hosts },
      connection: { sandbox: true },
      origins: new Map([['https://acme.vendor.example', evil.origin]]),
      token: async () => ({ access: 'x', api }),
      ticket: { fence: () => {}, written: () => {} },
      leak: { denied: {}, allowed: {}, constants: [] },
    });
    const call = (...of: Parameters<typeof deps>) =>
      createPartnerCall(deps(...of)).call({ method: 'POST', path: '/contacts', body: {} });
    expect(await call('https://acme.vendor.example')).toMatchObject({ kind: 'sent', status: 200 });
    expect(await prepare(deps('https://acme.vendor.example'))).toBe(true);
    for (const [api, hosts] of [
      ['https://other.vendor.example', facts.hosts], // no sandbox stands there
      ['https://fixed.example', facts.hosts], // foreseen by the add-on, not approved
      ['https://acme.vendor.example', ['as.vendor.example']],
      [undefined, facts.hosts],
    ] as const) {
      expect(await call(api, [...hosts])).toEqual({ kind: 'failed', why: 'refused' });
      expect(await prepare(deps(api, [...hosts]))).toBe(false);
    }
    expect(evil.requests).toHaveLength(1);
  });
});

describe('control 4 tokens that should be bound', () => {
  test.each(['Bearer', 'bearer', 'mac'])('come as %s: refused and handed back', async (token_type) => {
    const s = await scene((_, r) => r.json(200, { ...good, token_type }), undefined, { dpop: true });
    expect(codeOf(await s.connect())).toBe(token_type === 'mac' ? 'bad_answer' : 'token_unbound');
    expect(s.evil.hits('/token/revocation')).toBe(token_type === 'mac' ? 0 : 1);
  });

  test('a server that asks for a nonce for ever is asked twice and no more', async () => {
    let n = 0;
    const s = await scene(
      (_, r) => r.json(400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': `nonce-${++n}` }),
      undefined,
      { dpop: true },
    );
    expect(codeOf(await s.connect())).toBe('nonce_needed');
    const proofs = s.evil.requests.map((r) => r.headers.dpop?.split('.')[1] ?? '');
    const claims = proofs.map((p) => JSON.parse(Buffer.from(p, 'base64url').toString()) as Record<string, unknown>);
    expect(claims.map((c) => c.nonce)).toEqual([undefined, 'nonce-1']);
    expect(new Set(claims.map((c) => c.jti)).size).toBe(2);
  });
});

describe('OA15 what a server says of itself', () => {
  const at = 'https://as.vendor.example/.well-known/oauth-authorization-server';
  const described =
    (more: object, origin: () => string): EvilAnswer =>
    (request, reply) =>
      request.path.startsWith('/.well-known/') ? reply.json(200, { issuer: origin(), ...more }) : reply.json(200, good);
  const begin = async (more: object, auth: Auth = {}) => {
    const s = await scene(() => {}, undefined, { metadata: at, ...auth });
    s.evil.answer(described(more, () => s.evil.origin));
    return { s, got: await s.connect() };
  };

  test.each([
    'authorization_endpoint',
    'token_endpoint',
    'revocation_endpoint',
    'introspection_endpoint',
    'pushed_authorization_request_endpoint',
    'userinfo_endpoint',
    'jwks_uri',
  ])('sec-O32 %s on another host or over http spoils all of it; nothing is sent there', async (name) => {
    for (const url of [
      'https://evil.example/x',
      'http://as.vendor.example/x',
      'https://as.vendor.example@evil.example/',
    ]) {
      const { s, got } = await begin({ [name]: url });
      expect(codeOf(got)).toBe('endpoint_refused');
      expect(s.evil.requests.map((r) => r.path)).toEqual(['/.well-known/oauth-authorization-server']);
    }
  });

  test('sec-O32 a description that redirects inside is refused; nothing is asked there', async () => {
    const inside = await openEvil();
    open.push(inside.close);
    for (const status of [302, 307]) {
      const s = await scene((_, r) => r.text(status, 'text/plain', '', { location: inside.origin }), undefined, {
        metadata: at,
      });
      expect(codeOf(await s.connect())).toBe('bad_answer');
    }
    expect(inside.connections()).toBe(0);
  });

  test('sec-O12 what it says about PKCE, or leaves out, changes nothing', async () => {
    for (const more of [
      {},
      { code_challenge_methods_supported: ['plain'] },
      { code_challenge_methods_supported: [] },
    ]) {
      const { s, got } = await begin(more);
      expect(got).toMatchObject({ access: MARK });
      expect(new URLSearchParams(s.evil.requests.at(-1)?.body).get('code_verifier')).toMatch(/^[\w-]{43,}$/);
    }
  });

  test('OA6 another issuer in it, or the same with a slash, is refused', async () => {
    const s = await scene(() => {}, undefined, { metadata: at });
    for (const [issuer, code] of [
      ['https://other.example', 'bad_answer'],
      [`${s.evil.origin}/`, 'issuer_mismatch'],
    ] as const) {
      s.evil.answer((_, r) => r.json(200, { issuer }));
      expect(codeOf(await s.connect())).toBe(code);
    }
    expect(s.evil.hits('/token')).toBe(0);
  });

  test('it is read once in five minutes', async () => {
    const s = await scene(() => {}, undefined, { metadata: at });
    s.evil.answer(described({}, () => s.evil.origin));
    await s.connect();
    await s.connect();
    expect(s.evil.hits('/.well-known/')).toBe(1);
  });

  test.each<[string, object, Auth]>([
    ['by its description', { authorization_response_iss_parameter_supported: true }, {}],
    ['by the facts', {}, { iss: true }],
  ])('sec-O03 iss announced %s and missing: refused, no token call', async (_, more, auth) => {
    const { s, got } = await begin(more, auth);
    expect(codeOf(got)).toBe('issuer_mismatch');
    expect(s.evil.hits('/token')).toBe(0);
    const iss = encodeURIComponent(s.evil.origin);
    expect(await s.connect((state) => `code=c&state=${state}&iss=${iss}`)).toMatchObject({ access: MARK });
  });
});

test('authorize parameters come along and stand in for no standard one; scopes may be separated otherwise', async () => {
  const auth: Auth = {
    scopeSeparator: ',',
    authorizeParams: {
      access_type: 'offline',
      state: 'x',
      code_challenge_method: 'plain',
      redirect_uri: 'https://evil.example',
    },
  };
  const s = await scene((_, r) => r.json(200, { ...good, scope: 'contacts.read,contacts.write' }), undefined, auth);
  const begun = await s.oauth.begin(partner(auth), { redirectUri });
  expect(Object.fromEntries(new URL(begun.url).searchParams)).toMatchObject({
    access_type: 'offline',
    scope: 'contacts.read,contacts.write',
    state: begun.state,
    code_challenge_method: 'S256',
    redirect_uri: redirectUri,
  });
  expect(await s.connect()).toMatchObject({ scopes: ['contacts.read', 'contacts.write'], missing: [] });
});

test('the issuer of the facts is what a callback and an assertion name', async () => {
  const resolve: HttpDeps['resolve'] = (_, done) => done(new Error('no such host'), []);
  const http = createHttp({ allow: [], monotonic: () => 0, resolve });
  open.push(http.close);
  const oauth = createOauth({ http, origins: new Map(), monotonic: () => 0 });
  const who = { ...partner({ issuer: 'https://as.vendor.example/tenant' }), sandbox: false };
  const begun = await oauth.begin(who, { redirectUri });
  const finish = (iss: string) => {
    const params = new URLSearchParams({ code: 'c', state: begun.state, iss });
    return oauth.finish(who, { params, redirectUri, transaction: { ...begun, scopes: [] } }).catch(codeOf);
  };
  expect(await finish('https://as.vendor.example')).toBe('issuer_mismatch');
  expect(await finish('https://as.vendor.example/tenant')).toBe('unreachable'); // past the check: nothing answers there
});
