import { exportJWK, generateKeyPair, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EvilPlan, type EvilProvider, openEvilProvider } from '../../support/evil-provider.ts';
import type { FrontDoor } from '../../support/front-door.ts';
import { count } from '../hub/stage.ts';
import { begun, choose } from './door.ts';
import { type EvilDoor, openEvilDoor } from './evil-door.ts';

let scene: EvilDoor;
let door: FrontDoor;
let provider: EvilProvider;
let integration: string;
beforeEach(async () => {
  scene = await openEvilDoor();
  ({ door, provider, integration } = scene);
});
afterEach(() => scene.close());

const seconds = () => scene.seconds();
const signIn = () => scene.signIn();
const taken = () => scene.taken();
const refused: EvilDoor['refused'] = (...of) => scene.refused(...of);

test('R21 the provider is honest until it is told otherwise', taken);

describe('R21 an ID token that is not for us', () => {
  test.each<[string, EvilPlan['claims']]>([
    ['wrong iss', { iss: 'https://other.example' }],
    ['wrong aud', { aud: 'somebody-else' }],
    ['wrong nonce', { nonce: 'x' }],
    ['no nonce', { nonce: undefined }],
    ['no sub', { sub: undefined }],
    ['no iat', { iat: undefined }],
    ['no exp', { exp: undefined }],
  ])('sec-O13 %s', async (_, claims) => {
    provider.plan.claims = claims;
    await refused('id_token_refused');
    expect(provider.hits('/me')).toBe(0);
  });

  test('sec-O13 no ID token at all', async () => {
    provider.plan.answer = { id_token: undefined };
    await refused('id_token_refused');
  });

  test('sec-O19 an audience with a stranger, and the same with azp = us', async () => {
    provider.plan.claims = { aud: ['askfirst-openid', 'stranger'] };
    await refused('id_token_refused');
    provider.plan.claims = { aud: ['askfirst-openid', 'stranger'], azp: 'askfirst-openid' };
    await refused('id_token_refused');
    provider.plan.claims = { aud: ['askfirst-openid'] };
    await taken();
  });
});

describe('R21 an ID token that is not signed as it should be', () => {
  test('sec-O14 alg none; HS256 with the public key, or our secret; crit; five parts', async () => {
    const { plan, sign, jwk } = provider;
    plan.token = (claims) => new UnsecuredJWT(claims).encode();
    await refused('id_token_refused');
    for (const secret of [JSON.stringify(jwk), 'secret']) {
      plan.token = (claims) => sign(claims, { alg: 'HS256' }, new TextEncoder().encode(secret));
      await refused('id_token_refused');
    }
    plan.token = async (claims) => {
      const [, body, signature] = (await sign(claims)).split('.');
      const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'one', crit: ['x'], x: 1 })).toString('base64url');
      return `${header}.${body}.${signature}`;
    };
    await refused('id_token_refused');
    plan.token = () => 'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d';
    await refused('id_token_refused');
  });

  test('sec-O15 a bad signature: keys are asked for once more, and it is refused', async () => {
    const other = await generateKeyPair('ES256');
    provider.plan.token = (claims) => provider.sign(claims, {}, other.privateKey);
    const before = provider.hits('/jwks');
    await refused('id_token_refused');
    expect(provider.hits('/jwks')).toBe(before + 1);
  });

  test('sec-O15 OA3 an unknown key is fetched once and then known; at most two fetches a minute', async () => {
    const other = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(other.publicKey)), kid: 'two', use: 'sig', alg: 'ES256' };
    const asked = () => provider.hits('/jwks');
    expect(asked()).toBe(1); // at turning on
    provider.plan.token = (claims) => provider.sign(claims, { kid: 'two' }, other.privateKey);
    await refused('id_token_refused');
    expect(asked()).toBe(2);
    provider.plan.keys = [provider.jwk, jwk];
    await refused('id_token_refused'); // no third fetch in this minute
    expect(asked()).toBe(2);
    scene.pass(61_000);
    await taken();
    expect(asked()).toBe(3);
    await taken();
    expect(asked()).toBe(3);
  });
});

describe('R21 an ID token out of its time', () => {
  test.each<[string, () => EvilPlan['claims'], string | undefined]>([
    ['ended 31 s ago', () => ({ exp: seconds() - 31 }), 'clock_differs'],
    ['ended 29 s ago', () => ({ exp: seconds() - 29 }), undefined],
    ['made in an hour', () => ({ iat: seconds() + 3600, exp: seconds() + 3900 }), 'clock_differs'],
    ['made a week ago', () => ({ iat: seconds() - 604_800 }), 'clock_differs'],
    ['good for ten years', () => ({ exp: seconds() + 315_360_000 }), 'id_token_refused'],
    ['not before an hour', () => ({ nbf: seconds() + 3600 }), 'clock_differs'],
  ])('sec-O17 %s', async (_, claims, code) => {
    provider.plan.claims = claims();
    await (code ? refused(code) : taken());
  });

  test('sec-O18 a hub whose clock is off by five minutes refuses and says "clock" to the admin', async () => {
    provider.plan.claims = { iat: seconds() - 300 };
    await refused('clock_differs');
    const maria = await door.owner();
    expect(await (await maria.get('/console')).text()).toContain('Set the clock.');
    provider.plan.claims = {};
    await taken();
    expect(await (await maria.get('/console')).text()).not.toContain('Set the clock.');
  });
});

describe('R21 claims that are somebody else’s, and answers that are too much', () => {
  test('sec-O20 userinfo with another sub, or none', async () => {
    for (const sub of ['person-2', undefined]) {
      provider.plan.userinfo = { sub };
      await refused('bad_answer');
    }
  });

  test('sec-O20 claims of another server are never asked for', async () => {
    const other = await openEvilProvider(seconds);
    provider.plan.metadata = { userinfo_endpoint: `${other.origin}/me` };
    scene.pass(6 * 60_000); // so that the metadata is read again
    const { opened } = await begun(door, integration);
    expect(opened.status).toBe(400);
    expect([other.connections(), provider.hits('/token')]).toEqual([0, 1]); // the one of turning on
    const said = door.store.read.hot("select detail from audit where act = 'login-refused'").all();
    expect(said).toEqual([{ detail: 'openid (sandbox): endpoint_refused' }]);
    await other.close();
  });

  test('sec-O21 the same e-mail from two subjects links nobody: nothing of the account is kept', async () => {
    const one = await signIn();
    provider.plan.claims = { sub: 'person-9' };
    provider.plan.userinfo = { sub: 'person-9' };
    const two = await signIn();
    for (const { browser, result } of [one, two]) {
      await choose(browser, { answer: 'use', 'use-email': 'yes', email: 'ada@brandt.example' });
      expect(await result()).toMatchObject({ state: 'here', values: { email: 'ada@brandt.example' } });
    }
    expect(count(door, 'subject')).toBe(0);
    const rows = JSON.stringify(door.store.read.hot('select * from login_transaction').all());
    expect(rows).not.toContain('person-');
  });

  test('OA11 more than was asked for is refused and handed back', async () => {
    provider.plan.metadata = { revocation_endpoint: `${provider.origin}/revoke` };
    scene.pass(6 * 60_000); // so that the metadata is read again
    provider.plan.answer = { scope: 'openid email contacts' };
    await refused('scope_exceeded');
    expect(provider.requests.find((r) => r.path === '/revoke')?.body).toContain('token=live-access-token');
  });

  test('OA5 a token over 16 kB, and an address never checked by the provider', async () => {
    provider.plan.answer = { access_token: 'a'.repeat(16_385) };
    await refused('token_too_large');
    provider.plan.answer = {};
    provider.plan.userinfo = { email_verified: false };
    const { browser } = await signIn();
    expect(await (await browser.get('/login/pick')).text()).not.toContain('ada@brandt.example');
  });

  test('sec-O01 a callback that names another issuer sends no code', async () => {
    const before = provider.hits('/token');
    await refused('issuer_mismatch', (query) => query.set('iss', 'https://other.example'));
    expect(provider.hits('/token')).toBe(before);
  });
});

describe('R2 what is tried is refused in plain words, and nothing is turned on', () => {
  const again = async () => {
    const maria = await door.owner();
    await maria.submit(`/console/connections/${integration}/disconnect`, { csrf: maria.csrf });
    const res = await maria.submit('/console/add/openid', { csrf: maria.csrf });
    expect(door.store.read.hot('select connection from integration').get()).toEqual({ connection: 'revoked' });
    expect(count(door, 'audit', "act = 'connect-refused'")).toBe(1);
    return { status: res.status, text: await res.text() };
  };

  test.each(['token_endpoint', 'jwks_uri', 'userinfo_endpoint', 'authorization_endpoint'])(
    'sec-O32 OA15 %s on another host',
    async (name) => {
      provider.plan.metadata = { [name]: 'https://evil.example/x' };
      expect(await again()).toMatchObject({ status: 400, text: expect.stringContaining('outside its own hosts') });
    },
  );

  test.each<[string, EvilPlan['metadata']]>([
    ['another issuer', { issuer: 'https://other.example' }],
    ['the same issuer with a slash', { issuer: 'slash' }],
    ['no asymmetric signature', { id_token_signing_alg_values_supported: ['HS256', 'none'] }],
  ])('OA2 OA15 %s', async (_, metadata) => {
    provider.plan.metadata = metadata.issuer === 'slash' ? { issuer: `${provider.origin}/` } : metadata;
    expect(await again()).toMatchObject({ status: 400, text: expect.stringContaining('did not answer as an OpenID') });
  });

  test('R2 a client or secret it does not know: said in plain words, never echoed', async () => {
    provider.plan.knowsUs = false;
    const { status, text } = await again();
    expect(status).toBe(400);
    expect(text).toContain('does not know our client or its secret');
    const basic = provider.requests.at(-1)?.headers.authorization ?? '';
    const [, secret = ''] = Buffer.from(basic.replace('Basic ', ''), 'base64').toString().split(':');
    expect(secret.length).toBeGreaterThan(20);
    expect(text + door.logged()).not.toContain(secret);
  });

  test('R2 a provider that hangs up', async () => {
    provider.answer((_, reply) => reply.hangUp());
    expect(await again()).toMatchObject({ status: 400, text: expect.stringContaining('did not answer as an OpenID') });
  });
});
