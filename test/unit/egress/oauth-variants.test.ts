import { expect, test } from 'vitest';
import type { OauthFacts } from '#sdk';
import { createHttp } from '../../../server/egress/http.ts';
import { createOauth, type OauthPartner } from '../../../server/egress/oauth.ts';
import { type Credential, createPartnerCall } from '../../../server/egress/partner.ts';
import {
  type HonestAs,
  type HonestOptions,
  keyClient,
  openHonestAs,
  redirectUri,
  testClient,
  vendorFacts,
  vendorOrigins,
} from '../../support/honest-as.ts';
import { codeOf, open } from './oauth-rig.ts';

type Auth = Partial<OauthFacts['auth']>;
const host = 'https://as.vendor.example';
const metadata = `${host}/.well-known/openid-configuration`;
const scopes = ['openid', 'contacts.read', 'contacts.write'];

/** A strict server, and the wrapper in front of it with the partner's facts. */
async function stage(clientAuth: 'body' | 'basic' | 'private_key_jwt', options: HonestOptions, auth: Auth) {
  const server = await openHonestAs(clientAuth, options);
  open.push(server.close);
  const http = createHttp({ allow: [server.host], monotonic: () => performance.now() });
  open.push(http.close);
  const oauth = createOauth({ http, origins: vendorOrigins(server.origin), monotonic: () => performance.now() });
  const who: OauthPartner = {
    facts: { ...vendorFacts({ clientAuth, scopes, ...auth }), api: host, calls: ['GET /me'] },
    sandbox: true,
    client: clientAuth === 'private_key_jwt' ? keyClient : testClient,
  };
  return { server, http, oauth, who };
}
type Stage = Awaited<ReturnType<typeof stage>>;

async function connect({ server, oauth, who }: Stage) {
  const begun = await oauth.begin(who, { redirectUri });
  const params = await server.visit(begun.url);
  const tokens = await oauth.finish(who, { params, redirectUri, transaction: { ...begun, scopes } });
  return { begun, tokens };
}
/** Calls the server's own protected resource as an adapter would. */
const read = ({ http, who, server }: Stage, held: Credential) =>
  createPartnerCall({
    http,
    facts: who.facts,
    connection: { sandbox: true },
    origins: vendorOrigins(server.origin),
    token: async () => held,
    ticket: { fence: () => {}, written: () => {} },
    leak: { denied: {}, allowed: {}, constants: [] },
  }).call({ method: 'GET', path: '/me' });
const queryOf = (url: string) => [...new URL(url).searchParams.keys()].sort();
const calls = (server: HonestAs) => [server.hits('/request'), server.hits('/token')];

test.each<[string, 'body' | 'basic' | 'private_key_jwt', HonestOptions, Auth]>([
  ['a secret in the body', 'body', {}, {}],
  ['Basic', 'basic', {}, {}],
  ['a signed assertion', 'private_key_jwt', {}, {}],
  ['a pushed question', 'body', { par: true }, { par: `${host}/request` }],
  ['a pushed question its description offers', 'basic', { par: true }, { metadata }],
  ['bound tokens', 'basic', { dpop: true }, { dpop: true }],
  ['bound tokens and a nonce', 'body', { dpop: 'nonce' }, { dpop: true }],
  ['all of it, as its description offers', 'private_key_jwt', { par: true, dpop: 'nonce' }, { metadata }],
])('R1 connect, call, refresh with rotation and revoke: %s', async (_, clientAuth, options, auth) => {
  const s = await stage(clientAuth, options, auth);
  const { begun, tokens } = await connect(s);
  if (options.par) expect(queryOf(begun.url)).toEqual(['client_id', 'request_uri']);
  else expect(new URL(begun.url).searchParams.get('code_challenge_method')).toBe('S256');
  expect(tokens).toMatchObject({ scopes, missing: [] });
  expect('dpop' in tokens).toBe(options.dpop !== undefined);
  expect(await s.oauth.account(s.who, tokens)).toEqual({ id: 'acme', name: 'acme' });
  expect(await read(s, { access: tokens.access, prover: s.oauth.prover(tokens) })).toMatchObject({ status: 200 });

  const next = await s.oauth.refresh(s.who, tokens);
  expect([next.access === tokens.access, next.refresh === tokens.refresh]).toEqual([false, false]);
  expect(next.dpop).toEqual(tokens.dpop);
  expect(await read(s, { access: next.access, prover: s.oauth.prover(next) })).toMatchObject({ status: 200 });
  await s.oauth.revoke(s.who, next);
  expect(codeOf(await s.oauth.refresh(s.who, next).catch((e: unknown) => e))).toBe('invalid_grant');
});

test('control 4 a stolen token without its key opens nothing, nor does it with another one', async () => {
  const s = await stage('basic', { dpop: true }, { dpop: true });
  const { tokens } = await connect(s);
  const { tokens: other } = await connect(s);
  for (const prover of [undefined, s.oauth.prover(other)])
    expect(await read(s, { access: tokens.access, prover })).toMatchObject({ kind: 'sent', status: 401 });
  expect(await read(s, { access: tokens.access, prover: s.oauth.prover(tokens) })).toMatchObject({ status: 200 });
});

test('control 4 a proof is for one request: replayed, or meant for another address, it is refused', async () => {
  const s = await stage('basic', { dpop: true }, { dpop: true });
  const { tokens } = await connect(s);
  const prover = s.oauth.prover(tokens);
  const url = `${s.server.origin}/me`;
  const request = { method: 'GET', url, access: tokens.access };
  const ask = async (dpop: string | undefined) =>
    (await fetch(url, { headers: { authorization: `DPoP ${tokens.access}`, dpop: dpop ?? '' } })).status;
  const proof = await prover?.sign(request);
  expect([await ask(proof), await ask(proof)]).toEqual([200, 401]);
  expect(await ask(await prover?.sign({ ...request, url: `${s.server.origin}/token` }))).toBe(401);
  expect(await ask(await prover?.sign({ ...request, access: 'another' }))).toBe(401);
});

test('RFC 9449 8 and 9 a nonce is asked for once and then known', async () => {
  const s = await stage('body', { par: true, dpop: 'nonce' }, { metadata });
  const { tokens } = await connect(s);
  expect(calls(s.server)).toEqual([2, 1]); // the pushed question brought it
  const held = { access: tokens.access, prover: s.oauth.prover(tokens) };
  for (let i = 0; i < 3; i++) expect(await read(s, held)).toMatchObject({ status: 200 });
  await s.oauth.refresh(s.who, tokens);
  expect([s.server.hits('/me'), calls(s.server)]).toEqual([3, [2, 2]]);
});

test('a private key that cannot be read is a client nobody knows, and no word of it is told', async () => {
  const s = await stage('private_key_jwt', {}, {});
  const { tokens } = await connect(s);
  for (const secret of ['not a key', '{"kty":"EC"}', JSON.stringify({ ...JSON.parse(keyClient.secret), d: 'x' })]) {
    const e = await s.oauth.refresh({ ...s.who, client: { id: 'hub', secret } }, tokens).catch((e: unknown) => e);
    expect([codeOf(e), (e as Error).message]).toEqual(['invalid_client', 'invalid_client']);
  }
});
