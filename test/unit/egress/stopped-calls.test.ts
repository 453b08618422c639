import { afterEach, expect, test } from 'vitest';
import { isOidc, type OauthFacts } from '#sdk';
import { facts as github } from '../../../integrations/github/facts.ts';
import { facts as openid } from '../../../integrations/openid/facts.ts';
import { Stopped } from '../../../server/egress/fence.ts';
import { createHttp } from '../../../server/egress/http.ts';
import { createOauth } from '../../../server/egress/oauth.ts';
import { stateHash } from '../../../server/egress/oauth-callback.ts';
import { createOauthLogin } from '../../../server/egress/oauth-login.ts';
import { createOpenid } from '../../../server/egress/openid.ts';
import type { Errand, OauthErrand } from '../../../server/egress/tally.ts';
import { openEvil } from '../../support/evil.ts';
import { redirectUri, testClient, vendorFacts, vendorOrigins } from '../../support/honest-as.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const monotonic = () => performance.now();
const fence = () => {
  throw new Stopped('stopped');
};
/** A partner that answers all it is asked with `{}`, and what the tally was told. */
async function rig() {
  const evil = await openEvil((_, reply) => reply.json(200, {}));
  open.push(evil.close);
  const errands: (Errand | undefined)[] = [];
  const http = createHttp({ allow: [evil.host], monotonic, tally: (errand) => void errands.push(errand) });
  open.push(http.close);
  return { evil, errands, http };
}
const params = new URLSearchParams({ code: 'c', state: 'S' });
const secrets = { stateHash: stateHash('S'), verifier: 'v'.repeat(43), nonce: 'n' };
const set = { access: 'a', refresh: 'r', receivedMs: 0, clock: '', scopes: [], asked: [], missing: [], account: {} };
const own = {
  kind: 'client_credentials' as const,
  token: 'https://as.vendor.example/token',
  revoke: 'https://as.vendor.example/token/revocation',
  clientAuth: 'basic' as const,
  id: { label: 'Client id' },
  secret: { label: 'Client secret' },
  scopes: [],
  check: { call: 'GET /me' },
};

test('P4 control 8 no call of a connection is written while a stop holds, description and pushed question included; a grant is ended', async () => {
  const { evil, errands, http } = await rig();
  const oauth = createOauth({ http, origins: vendorOrigins(evil.origin), monotonic });
  const ways: Partial<OauthFacts['auth']>[] = [
    {},
    { metadata: 'https://as.vendor.example/.well-known/oauth-authorization-server' },
    { par: 'https://as.vendor.example/par', dpop: true },
  ];
  for (const auth of ways) {
    const partner = { facts: vendorFacts(auth), sandbox: true, client: testClient, fence };
    const transaction = { ...secrets, scopes: [] };
    const calls = [
      ...(auth.metadata || auth.par ? [() => oauth.begin(partner, { redirectUri })] : []),
      () => oauth.finish(partner, { params, redirectUri, transaction }),
      () => oauth.refresh(partner, set),
      () => oauth.account(partner, set),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'unreachable' });
  }
  const partner = { facts: { hosts: ['as.vendor.example'], auth: own }, sandbox: true, client: testClient, fence };
  await expect(oauth.grantOwn(partner)).rejects.toMatchObject({ code: 'unreachable' });
  expect([evil.requests.length, errands]).toEqual([0, []]);
  await oauth.revoke({ facts: vendorFacts(), sandbox: true, client: testClient, fence }, set);
  expect(await oauth.revokeOwn(partner, set)).toBe(true);
  expect(errands).toEqual(['revocation', 'revocation']);
});

test('P4 control 8 no call of a visitor’s sign-in is written while a stop holds, whichever way it goes', async () => {
  const { evil, errands, http } = await rig();
  if (!isOidc(openid)) throw new Error('another way');
  const origins = new Map(
    ['https://id.example', 'https://github.com', 'https://api.github.com'].map((of) => [of, evil.origin]),
  );
  const client = { id: 'askfirst', secret: 's' };
  const oidc = createOpenid({ http, origins, monotonic, now: () => new Date() });
  const auth = { ...openid.auth, issuer: 'https://id.example' };
  const provider = { facts: { ...openid, hosts: ['id.example'], auth }, sandbox: true, client, fence };
  const plain = createOauthLogin({ http, origins, monotonic, log: { warn() {} } });
  const hub = { facts: github, sandbox: true, client, fence };
  for (const call of [
    () => oidc.tryOut(provider),
    () => oidc.begin(provider, redirectUri),
    () => oidc.finish(provider, { params, redirectUri, secrets }),
    () => plain.tryOut(hub),
    () => plain.finish(hub, { params, redirectUri, secrets }),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'unreachable' });
  expect([evil.requests.length, errands]).toEqual([0, []]);
});

test('control 7 a sign-in by plain OAuth says of each call what it is for', async () => {
  const { evil, errands, http } = await rig();
  evil.answer((request, reply) =>
    request.path.endsWith('access_token')
      ? reply.json(200, { access_token: 'T', token_type: 'bearer', scope: 'user:email' })
      : reply.json(200, request.path === '/user' ? { id: 7, name: 'Ada Brandt' } : []),
  );
  const origins = new Map(['https://github.com', 'https://api.github.com'].map((of) => [of, evil.origin]));
  const way = createOauthLogin({ http, origins, monotonic, log: { warn() {} } });
  const partner = { facts: github, sandbox: true, client: { id: 'askfirst', secret: 's' } };
  await way.finish(partner, { params, redirectUri, secrets });
  const all: OauthErrand[] = ['sign-in', 'sign-in', 'sign-in', 'revocation'];
  expect(errands).toEqual(all);
});
