import { Hono, type MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import { Provider, type ProviderContext } from 'oidc-provider/lib/provider.js';
import { personOf } from './harbor-id.ts';
import { commonSettings, mountProvider } from './mounted-provider.ts';
import { alreadySent, type NodeEnv, pageHeaders } from './node-pages.ts';
import { peoplePage, sentencePage, signInPage } from './pages.ts';
import type { SandboxStore } from './sandbox-store.ts';

/** One identity provider the sandbox plays: its id is the path, its client is the hub. */
export interface SandboxIdentity {
  id: string;
  name: string;
  client: { id: string; secret: string; redirectUri: string };
  scopes: readonly string[];
}

const interaction = '/interaction';

/** A real OpenID provider (oidc-provider) with test people only, under `/sandbox/<id>` of `base`. */
export function createIdentityProvider(deps: {
  base: string;
  identity: SandboxIdentity;
  store: SandboxStore;
  now: () => number;
}) {
  const { base, identity, store, now } = deps;
  const mount = `/sandbox/${identity.id}`;
  const place = { id: identity.id, mount, cookies: 'harbor' };
  const provider = new Provider(base + mount, {
    ...commonSettings(place, store, now),
    clients: [
      {
        client_id: identity.client.id,
        client_secret: identity.client.secret,
        redirect_uris: [identity.client.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
        scope: identity.scopes.join(' '),
      },
    ],
    scopes: [...identity.scopes],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], phone: ['phone_number'] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 900, IdToken: 300, Interaction: 900, Session: 900 },
    findAccount: async (_: unknown, sub: string) => {
      const person = personOf(sub);
      return person && { accountId: sub, claims: async () => person };
    },
    interactions: { url: (_: unknown, question: { uid: string }) => `${mount}${interaction}/${question.uid}` },
    renderError: async (ctx: ProviderContext, out: { error: string; error_description?: string }) => {
      ctx.type = 'html';
      ctx.body = String(sentencePage(identity, out.error, out.error_description ?? ''));
    },
  });
  const { serve, question, answer } = mountProvider(provider, place);
  const native: MiddlewareHandler<NodeEnv> = async (c) => {
    await serve(c.env.incoming, c.env.outgoing);
    return alreadySent();
  };
  const tooOld = String(sentencePage(identity, 'This question is too old.', 'Start again from the chat.'));
  const page = pageHeaders(identity.client.redirectUri);

  const app = new Hono<NodeEnv>();
  app.use('/', page);
  app.use(`${interaction}/*`, page, csrf({ origin: base }));
  app.get('/', (c) => c.html(peoplePage(identity)));
  app.get(`${interaction}/:uid`, async (c) => {
    const asked = await question(c.env.incoming, c.env.outgoing);
    return asked ? c.html(signInPage(identity, c.req.path)) : c.html(tooOld, 410);
  });
  app.post(`${interaction}/:uid`, async (c) => {
    const { incoming, outgoing } = c.env;
    if (!(await question(incoming, outgoing))) return c.html(tooOld, 410);
    const form = await c.req.parseBody();
    const person = personOf(String(form.account));
    if (form.answer !== 'deny' && (form.answer !== 'allow' || !person))
      return c.html(sentencePage(identity, 'Nobody was chosen.', 'Go back and choose a test person.'), 400);
    return c.redirect(await answer(incoming, outgoing, form.answer === 'deny' ? undefined : person?.sub), 303);
  });
  for (const path of ['/.well-known/openid-configuration', '/jwks', '/auth', '/auth/:uid', '/me'])
    app.get(path, native);
  app.post('/token', native);
  return { mount, app };
}
