import type { KeyAuth, KeyFacts, SharingAdapter } from '#sdk';
import { openEvil } from './evil.ts';

/** Main purpose of the test's partners. */
const purpose = 'CustomerRelationshipManagement';
const key = { label: 'API key', hint: 'In Acme: Settings, API keys.' };
const check = { call: 'GET /me', accountId: 'id', accountName: 'name' };
const client = { id: { label: 'Client ID' }, secret: { label: 'Client secret' } };

/** A way in by each kind, as facts name it; the second Basic one does not say whose it is. */
export const ways = {
  'acme-key': { kind: 'api_key', header: 'X-Acme-Key', key, check, scopes: ['people.write'] },
  'acme-scheme': { kind: 'api_key', header: 'Authorization', scheme: 'Token', key, check },
  'acme-basic': { kind: 'basic', user: { label: 'User name' }, password: { label: 'Password' }, check },
  'acme-unnamed': {
    kind: 'basic',
    user: { label: 'Account SID' },
    password: { label: 'Auth token' },
    check: { call: 'GET /me' },
  },
  'acme-client': {
    kind: 'client_credentials',
    ...client,
    token: 'https://api.acme.example/token',
    revoke: 'https://api.acme.example/revoke',
    clientAuth: 'basic',
    scopes: ['people.write'],
    check,
  },
  'acme-hook': { kind: 'webhook_only', secret: { label: 'Signing secret' } },
} as const satisfies Record<string, KeyAuth>;
/** One of them. */
export type WayId = keyof typeof ways;

const factsOf = (id: string, auth: KeyAuth): KeyFacts => ({
  id,
  name: 'Acme',
  docs: 'https://acme.example/docs',
  policy: 'https://acme.example/privacy',
  recipient: {
    legalName: 'Acme Ltd',
    address: '1 Example Street, Dublin',
    countries: ['IE'],
    role: 'processor',
    retention: 'until the brand deletes it',
  },
  basis: 'consent',
  legalCitation: '',
  sale: false,
  auth,
  api: auth.kind === 'webhook_only' ? '' : 'https://api.acme.example',
  hosts: ['api.acme.example'],
  calls: auth.kind === 'webhook_only' ? [] : ['GET /me', 'POST /people'],
  rate: { requests: 100, perSeconds: 10 },
  idempotent: true,
  erase: { steps: 'By hand.', remains: 'Nothing.' },
  verification: 'sandbox only',
});

/** A test's partner that is let in this way. */
const keyed = (id: string, auth: KeyAuth): SharingAdapter => ({
  facts: factsOf(id, auth),
  shares: auth.kind === 'webhook_only' ? {} : { email: { purpose, need: true, because: 'to find your record' } },
  receives: auth.kind === 'webhook_only' ? { 'A note': 'to show the agent what happened there' } : {},
  on: {},
  erase: 'manual',
  rectify: 'manual',
  restrict: 'none',
  suppress: 'none',
});

/** All of them, and the one script they share. */
export const acmes: SharingAdapter[] = Object.entries(ways).map(([id, auth]) => keyed(id, auth));
const any = '{ safeParse: (data) => ({ success: true, data }) }';
/** What runs for any of them. */
export const acmeCode = `globalThis.adapter = { on: { ${purpose}: async (v, partner) => {
  const { id } = await partner.post('/people', { body: { email: v.email }, returns: ${any} });
  return { record: id };
} } };`;

/** A loopback partner that is let in by one secret at a time and keeps all it was asked. */
export async function openAcme() {
  const plan = {
    /** Header a request must carry to be let in: name and value. */
    door: ['x-acme-key', 'KEY-one-1f1f'] as [string, string],
    /** Client id and secret the token endpoint knows. */
    client: 'harbor:CLIENT-secret-2e2e',
    /** Access tokens given; each new one closes the door to the one before. */
    given: 0,
    scope: 'people.write',
    account: { id: 'acme-7', name: 'Harbor at Acme' } as unknown,
    /** Status of the check, where it is not what the door says. */
    status: 0,
  };
  const tokenOf = (n: number) => `TOKEN-${n}-3d3d`;
  const evil = await openEvil((request, reply) => {
    const call = `${request.method} ${request.path}`;
    const { authorization = '' } = request.headers;
    // Basic as RFC 6749 2.3.1 has it: each part is percent-encoded first.
    const basic = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
    const known = basic.split(':').map(decodeURIComponent).join(':') === plan.client;
    if (call === 'POST /token' && !known) return reply.json(401, { error: 'invalid_client', hint: 'PARTNER-TEXT' });
    if (call === 'POST /token') {
      plan.door = ['authorization', `Bearer ${tokenOf(++plan.given)}`];
      const { scope } = plan;
      return reply.json(200, { access_token: tokenOf(plan.given), token_type: 'Bearer', expires_in: 1800, scope });
    }
    if (call === 'POST /revoke') return reply.raw('HTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\n');
    if (request.headers[plan.door[0]] !== plan.door[1]) return reply.json(401, { message: 'PARTNER-TEXT' });
    if (call === 'POST /people') return reply.json(200, { id: 'p-1' });
    return plan.status ? reply.json(plan.status, { message: 'PARTNER-TEXT' }) : reply.json(200, plan.account);
  });
  return {
    ...evil,
    plan,
    /** Method and path of each request so far. */
    calls: () => evil.requests.map((r) => `${r.method} ${r.path}`),
    standIn: { allow: [evil.host], origins: new Map([['https://api.acme.example', evil.origin]]) },
  };
}
/** What openAcme returns. */
export type Acme = Awaited<ReturnType<typeof openAcme>>;
