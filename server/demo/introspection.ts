import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { accountOf } from './accounts.ts';
import type { AuthorizationServer, SandboxPartner } from './authorization-server.ts';
import { vendorError } from './vendor-error.ts';

const same = (a: string, b: string) => {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
};

/**
 * HubSpot's token introspection (oauth-2026-03): hub_id and hub_domain tell the account. It differs from RFC 7662, so
 * the library's own endpoint is off and this one stands in its place.
 */
export function createIntrospection(deps: {
  partner: SandboxPartner;
  server: AuthorizationServer;
  now: () => number;
  ids: () => string;
}): Hono {
  const { partner, server, now, ids } = deps;
  const app = new Hono();
  app.post('/', async (c) => {
    const form = await c.req.parseBody();
    const text = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
    if (!same(text('client_id'), partner.client.id) || !same(text('client_secret'), partner.client.secret))
      return c.json(vendorError(ids(), 'INVALID_AUTHENTICATION', 'The client id or secret is wrong.'), 401);
    const token = text('token');
    const holder = await server.find(token);
    const account = holder && accountOf(String(holder.hubId));
    if (!holder || !account)
      return c.json(vendorError(ids(), 'VALIDATION_ERROR', 'The token is unknown, expired or revoked.'), 400);
    const scopes = [...holder.scopes];
    const common = {
      active: true,
      token,
      token_use: holder.use,
      token_type: 'bearer',
      client_id: partner.client.id,
      app_id: 1,
      hub_id: account.hubId,
      hub_domain: account.domain,
      user: account.user,
      user_id: account.userId,
      scopes,
    };
    if (holder.use === 'refresh_token') return c.json(common);
    const expires_in = Math.max(0, holder.exp - Math.floor(now() / 1000));
    // the description requires this object; the sandbox signs nothing, so its signatures are empty
    const signed_access_token = {
      appId: 1,
      appInstallId: '',
      audience: '',
      expiresAt: holder.exp * 1000,
      hubId: account.hubId,
      hublet: '',
      installingUserId: account.userId,
      isPrivateDistribution: true,
      isServiceAccount: false,
      isUserLevel: false,
      newSignature: '',
      scopeToScopeGroupPks: '',
      scopes: '',
      signature: '',
      trialScopeToScopeGroupPks: '',
      trialScopes: '',
      userId: account.userId,
    };
    return c.json({ ...common, expires_in, is_private_distribution: true, signed_access_token });
  });
  return app;
}
