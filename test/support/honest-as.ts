import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider/lib/provider.js';
import type { OauthFacts } from '#sdk';

/** A strict authorization server (oidc-provider): code, PKCE required, rotation, revocation, introspection. */
export interface HonestAs {
  origin: string;
  host: string;
  /** Requests of each path so far. */
  hits(path: string): number;
  /** Follows `url` as a browser that says yes to everything; the query of the redirect it ends in. */
  visit(url: string): Promise<URLSearchParams>;
  close(): Promise<void>;
}

/** The hub's client there. */
export const testClient = { id: 'hub', secret: 'a secret/with:odd+chars' };
/** Where its redirects end; nothing listens there. */
export const redirectUri = 'http://127.0.0.1:1/oauth/callback/vendor';

/** Facts of a partner whose origins are `https://as.vendor.example` and `https://api.vendor.example`. */
export const vendorFacts = (auth: Partial<OauthFacts['auth']> = {}): OauthFacts => ({
  id: 'vendor',
  name: 'Vendor',
  docs: 'https://vendor.example/docs',
  policy: 'https://vendor.example/privacy',
  recipient: {
    legalName: 'Vendor Inc.',
    address: '1 Vendor Way',
    countries: ['US'],
    role: 'processor',
    retention: '-',
  },
  basis: 'consent',
  legalCitation: '',
  sale: false,
  auth: {
    kind: 'oauth2',
    authorize: 'https://as.vendor.example/auth',
    token: 'https://as.vendor.example/token',
    revoke: 'https://as.vendor.example/token/revocation',
    account: 'https://as.vendor.example/token/introspection',
    accountId: 'sub',
    accountName: 'username',
    clientAuth: 'body',
    scopes: ['contacts.read', 'contacts.write'],
    ...auth,
  },
  api: 'https://api.vendor.example',
  hosts: ['as.vendor.example', 'api.vendor.example'],
  calls: ['POST /contacts', 'PUT /contacts/{id}', 'GET /search?q'],
  rate: { requests: 100, perSeconds: 10 },
  idempotent: true,
  erase: { steps: '-', remains: '-' },
  verification: 'sandbox only',
});

/** The vendor's origins on the loopback address of `origin`. */
export const vendorOrigins = (origin: string): ReadonlyMap<string, string> =>
  new Map([
    ['https://as.vendor.example', origin],
    ['https://api.vendor.example', origin],
  ]);

/** How a server differs from the plain one. */
export interface HonestOptions {
  /** Takes no question but a pushed one (RFC 9126). */
  par?: true;
  /** Binds its tokens to a key (RFC 9449); 'nonce': and wants its own nonce in each proof. */
  dpop?: true | 'nonce';
}

const methods = {
  body: 'client_secret_post',
  basic: 'client_secret_basic',
  private_key_jwt: 'private_key_jwt',
} as const;
const keyPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
/** The hub's client at a server that knows its public key: the private one stands where the secret would. */
export const keyClient = {
  id: testClient.id,
  secret: JSON.stringify({ ...keyPair.privateKey.export({ format: 'jwk' }), kid: 'hub' }),
};

/** Opens one; `clientAuth` as the facts say it. */
export async function openHonestAs(
  clientAuth: keyof typeof methods = 'body',
  { par, dpop }: HonestOptions = {},
): Promise<HonestAs> {
  const seen: string[] = [];
  let provider: Provider;
  const serve = async (req: IncomingMessage, res: ServerResponse) => {
    const path = (req.url ?? '').split('?')[0] ?? '';
    seen.push(path);
    if (!path.startsWith('/interaction/')) return provider.callback()(req, res);
    const { params } = await provider.interactionDetails(req, res);
    const grant = new provider.Grant({ accountId: 'acme', clientId: params.client_id });
    grant.addOIDCScope(params.scope ?? '');
    const result = { login: { accountId: 'acme' }, consent: { grantId: await grant.save() } };
    res.writeHead(303, { location: await provider.interactionResult(req, res, result) }).end();
  };
  const server = createServer((req, res) => void serve(req, res).catch(() => res.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const origin = `http://${host}`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const method = methods[clientAuth];
  // `openid` opens the server's own resource, its userinfo endpoint
  const scope = 'openid contacts.read contacts.write';
  provider = new Provider(origin, {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] },
    cookies: { keys: ['test only'] },
    clients: [
      {
        client_id: testClient.id,
        ...(clientAuth === 'private_key_jwt'
          ? {
              jwks: { keys: [{ ...keyPair.publicKey.export({ format: 'jwk' }), kid: 'hub', use: 'sig' }] },
              token_endpoint_auth_signing_alg: 'ES256',
            }
          : { client_secret: testClient.secret }),
        dpop_bound_access_tokens: dpop !== undefined,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: method,
        id_token_signed_response_alg: 'ES256',
        scope,
      },
    ],
    clientAuthMethods: [method],
    scopes: scope.split(' '),
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: par === true, requirePushedAuthorizationRequests: par === true },
      dPoP: { enabled: dpop !== undefined, nonceSecret: randomBytes(32), requireNonce: () => dpop === 'nonce' },
      revocation: { enabled: true, allowedPolicy: async () => true },
      introspection: { enabled: true, allowedPolicy: async () => true },
    },
    ttl: {
      PushedAuthorizationRequest: 60,
      ReplayDetection: 60,
      IdToken: 60,
      AccessToken: 1800,
      AuthorizationCode: 60,
      Grant: 86_400,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 600,
    },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    expiresWithSession: async () => false,
    findAccount: async (_: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    interactions: { url: (_: unknown, question: { uid: string }) => `/interaction/${question.uid}` },
  });

  async function visit(url: string): Promise<URLSearchParams> {
    const jar = new Map<string, string>();
    for (let at = new URL(url), step = 0; step < 10; step++) {
      if (at.href.startsWith(redirectUri)) return at.searchParams;
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const next = answer.headers.get('location');
      if (!next) throw new Error(`the server stopped at ${at.pathname} with ${answer.status}`);
      at = new URL(next, at);
    }
    throw new Error('too many redirects');
  }

  return {
    origin,
    host,
    hits: (path) => seen.filter((one) => one === path).length,
    visit,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
