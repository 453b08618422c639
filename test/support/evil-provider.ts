import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type Evil, type EvilAnswer, openEvil } from './evil.ts';

/** What the next sign-in gets; every part can be spoilt. */
export interface EvilPlan {
  /** Members put over the honest discovery document. */
  metadata: Record<string, unknown>;
  /** Claims put over the honest ones; undefined takes one out. */
  claims: Record<string, unknown>;
  /** Makes the ID token from its claims; signed by the published key when left out. */
  token: ((claims: JWTPayload) => Promise<string> | string) | undefined;
  /** Members put over the honest token answer. */
  answer: Record<string, unknown>;
  userinfo: Record<string, unknown>;
  /** Whether it knows our client and its secret. */
  knowsUs: boolean;
  /** The published keys. */
  keys: Record<string, unknown>[];
}

/** A provider of sign-ins on evil.ts that is honest until told otherwise; `now` in seconds. */
export async function openEvilProvider(now: () => number) {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', use: 'sig', alg: 'ES256' };
  const plan: EvilPlan = {
    metadata: {},
    claims: {},
    token: undefined,
    answer: {},
    userinfo: {},
    knowsUs: true,
    keys: [jwk],
  };
  let nonce = '';
  const respond: EvilAnswer = (request, reply) => {
    const path = request.path.split('?')[0];
    if (path === '/.well-known/openid-configuration')
      return reply.json(200, {
        issuer: evil.origin,
        authorization_endpoint: `${evil.origin}/auth`,
        token_endpoint: `${evil.origin}/token`,
        userinfo_endpoint: `${evil.origin}/me`,
        jwks_uri: `${evil.origin}/jwks`,
        id_token_signing_alg_values_supported: ['ES256', 'HS256', 'none'],
        ...plan.metadata,
      });
    if (path === '/jwks') return reply.json(200, { keys: plan.keys });
    if (path === '/me') return reply.json(200, { sub: 'person-1', email: 'ada@brandt.example', ...plan.userinfo });
    if (path !== '/token') return reply.json(404, {});
    if (!plan.knowsUs) return reply.json(401, { error: 'invalid_client' });
    if (request.body.includes('askfirst-tries-out')) return reply.json(400, { error: 'invalid_grant' });
    void idToken().then((id_token) =>
      reply.json(200, { access_token: 'live-access-token', token_type: 'Bearer', id_token, ...plan.answer }),
    );
  };
  const evil: Evil = await openEvil(respond);
  /** Claims as an honest provider would state them. */
  const honest = (): JWTPayload => ({
    iss: evil.origin,
    sub: 'person-1',
    aud: 'askfirst-openid',
    iat: now(),
    exp: now() + 300,
    nonce,
    name: 'Ada Brandt',
  });
  const sign = (claims: JWTPayload, header: object = {}, key: Parameters<SignJWT['sign']>[0] = pair.privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(key);
  async function idToken(): Promise<string> {
    const all = Object.entries({ ...honest(), ...plan.claims }).filter(([, value]) => value !== undefined);
    const claims = Object.fromEntries(all) as JWTPayload;
    return plan.token ? plan.token(claims) : sign(claims);
  }
  return {
    ...evil,
    plan,
    /** What it answers unless told otherwise. */
    respond,
    sign,
    jwk,
    /** Plays the browser at the provider: reads the request at `url` and gives the callback's query. */
    visit(url: string): URLSearchParams {
      const asked = new URL(url).searchParams;
      nonce = asked.get('nonce') ?? '';
      return new URLSearchParams({ code: 'a-code', state: asked.get('state') ?? '' });
    },
  };
}
/** What openEvilProvider returns. */
export type EvilProvider = Awaited<ReturnType<typeof openEvilProvider>>;
