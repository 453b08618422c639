// the package's index only adds a warning on every Node that is not yet called LTS
import { Provider, type ProviderContext } from 'oidc-provider/lib/provider.js';
import { accountOf } from './accounts.ts';
import { commonSettings, type MountedProvider, mountProvider } from './mounted-provider.ts';
import type { SandboxStore } from './sandbox-store.ts';
import { vendorError } from './vendor-error.ts';

/** One partner the sandbox plays: its id is the path, its client is the hub. */
export interface SandboxPartner {
  id: string;
  name: string;
  client: { id: string; secret: string; redirectUri: string };
  scopes: readonly string[];
  /** Each refresh ends the old refresh token (PARTNERS.md 7.3); true unless said otherwise. */
  rotates?: boolean;
}

/** HubSpot's paths (PARTNERS.md HubSpot, file); the rest of the server is the same for every partner. */
export const oauthPaths = {
  authorize: '/oauth/authorize',
  token: '/oauth/2026-03/token',
  revoke: '/oauth/2026-03/token/revoke',
  introspect: '/oauth/2026-03/token/introspect',
  interaction: '/oauth/interaction',
} as const;

/** Who a bearer token speaks for at the sandbox partner; `exp` in seconds. */
export interface TokenHolder {
  hubId: number;
  scopes: Set<string>;
  exp: number;
}

/** A running authorization server of one sandbox partner. */
export interface AuthorizationServer extends MountedProvider {
  find(token: string): Promise<(TokenHolder & { use: 'access_token' | 'refresh_token' }) | undefined>;
}

/** HubSpot's token answer carries hub_id, scopes, token_use and user_id, and no `scope` (oauth-2026-03). */
function shapeToken(ctx: ProviderContext, ids: () => string) {
  const body = ctx.body as Record<string, unknown>;
  if (ctx.status !== 200) {
    // both tongues: OAuth's own for the client, the vendor's Error for the description
    ctx.body = { ...vendorError(ids(), 'VALIDATION_ERROR', String(body.error_description ?? body.error)), ...body };
    return;
  }
  const account = accountOf(ctx.oidc?.entities.Account?.accountId ?? '');
  const { scope, ...rest } = body;
  const scopes = String(scope).split(' ');
  ctx.body = { ...rest, token_use: 'access_token', hub_id: account?.hubId, user_id: account?.userId, scopes };
}

/** HubSpot's redirect carries code and state only; the library always adds `iss` (RFC 9207). */
function dropIssuer(ctx: ProviderContext, redirectUri: string) {
  const location = ctx.response.get('location');
  if (!location?.startsWith(redirectUri)) return;
  const url = new URL(location);
  url.searchParams.delete('iss');
  ctx.set('location', url.href);
}

/** A real authorization server (oidc-provider) with HubSpot's paths and answers, under `mount` of `base`. */
export function createAuthorizationServer(deps: {
  base: string;
  mount: string;
  partner: SandboxPartner;
  store: SandboxStore;
  now: () => number;
  ids: () => string;
  /** Access token lifetime, seconds; 30 minutes as HubSpot's. */
  accessSeconds?: number;
  /** The page shown when a request cannot even be sent back. */
  errorPage(title: string, detail: string): string;
}): AuthorizationServer {
  const { mount, partner, store, now, ids } = deps;
  const place = { id: partner.id, mount, cookies: 'sandbox' };
  const provider = new Provider(deps.base + mount, {
    ...commonSettings(place, store, now),
    clients: [
      {
        client_id: partner.client.id,
        client_secret: partner.client.secret,
        redirect_uris: [partner.client.redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: 'ES256',
        scope: partner.scopes.join(' '),
      },
    ],
    clientAuthMethods: ['client_secret_post'],
    scopes: [...partner.scopes],
    claims: {},
    routes: { authorization: oauthPaths.authorize, token: oauthPaths.token, revocation: oauthPaths.revoke },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_: unknown, client: { clientId: string }, token: { clientId: string }) =>
          client.clientId === token.clientId,
      },
    },
    ttl: {
      AccessToken: deps.accessSeconds ?? 1800,
      AuthorizationCode: 60,
      Grant: 365 * 86_400,
      Interaction: 900,
      RefreshToken: 180 * 86_400,
      Session: 900,
    },
    expiresWithSession: async () => false,
    issueRefreshToken: async () => true,
    rotateRefreshToken: partner.rotates ?? true,
    findAccount: async (_: unknown, id: string) =>
      accountOf(id) && { accountId: id, claims: async () => ({ sub: id }) },
    interactions: {
      url: (_: unknown, question: { uid: string }) => `${mount}${oauthPaths.interaction}/${question.uid}`,
    },
    renderError: async (ctx: ProviderContext, out: { error: string; error_description?: string }) => {
      ctx.type = 'html';
      ctx.body = deps.errorPage(out.error, out.error_description ?? '');
    },
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'token') shapeToken(ctx, ids);
    else if (ctx.oidc) dropIssuer(ctx, partner.client.redirectUri);
  });
  return {
    ...mountProvider(provider, place),
    find: async (value) => {
      const access = await provider.AccessToken.find(value);
      const token = access ?? (await provider.RefreshToken.find(value));
      if (!token || token.consumed !== undefined) return undefined;
      const use = access ? 'access_token' : 'refresh_token';
      return { hubId: Number(token.accountId), scopes: token.scopes, exp: token.exp, use };
    },
  };
}
