import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import { accountOf, sandboxAccounts } from './accounts.ts';
import { createAuthorizationServer, oauthPaths, type SandboxPartner } from './authorization-server.ts';
import { createCrm } from './crm.ts';
import { crmRecords } from './crm-records.ts';
import { createIdentityProvider, type SandboxIdentity } from './identity-provider.ts';
import { createIntrospection } from './introspection.ts';
import { alreadySent, type NodeEnv, pageHeaders } from './node-pages.ts';
import { pageScript, pageStyle } from './page-assets.ts';
import {
  contactPage,
  heldPage,
  type LoggedCall,
  questionPage,
  type SandboxMode,
  sandboxModes,
  sentencePage,
} from './pages.ts';
import { openSandboxStore, type SandboxStore } from './sandbox-store.ts';
import { vendorError } from './vendor-error.ts';

/** What the sandbox partners are made of. */
export interface SandboxDeps {
  /** Origin they are served on, without a slash at the end; not the hub's own, so that cross-site rules are real. */
  base: string;
  now: () => Date;
  /** Correlation ids: UUIDs. */
  ids: () => string;
  partners: readonly SandboxPartner[];
  /** Identity providers beside them. */
  identities?: readonly SandboxIdentity[];
  /** SQLite file that survives a restart; in memory when absent. */
  storeFile?: string;
  /** How long "slow" is, milliseconds; 20 s unless said otherwise. */
  slowMs?: number;
  /** Access token lifetime, seconds; 30 minutes unless said otherwise. */
  accessSeconds?: number;
}

/** The running sandbox partners: a Hono app to mount at the root of a node server. */
export interface SandboxPartners {
  app: Hono<NodeEnv>;
  /** Empties records, blocklists and call logs, lets go of held calls undone, answers normally again; connections stay. */
  reset(): void;
  /** Sets how a partner answers from now on; an unknown partner is an Error. */
  setMode(partner: string, mode: SandboxMode): void;
  close(): void;
}

const isMode = (value: unknown): value is SandboxMode =>
  typeof value === 'string' && Object.hasOwn(sandboxModes, value);

/** Waits, or gives up at once when the caller has gone. */
const hold = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

function createPartner(deps: SandboxDeps, store: SandboxStore, partner: SandboxPartner) {
  const mount = `/sandbox/${partner.id}`;
  const now = () => deps.now().getTime();
  const { ids } = deps;
  const server = createAuthorizationServer({
    base: deps.base,
    mount,
    partner,
    store,
    now,
    ids,
    ...(deps.accessSeconds === undefined ? {} : { accessSeconds: deps.accessSeconds }),
    errorPage: (title, detail) => String(sentencePage(partner, title, detail)),
  });
  const state = { mode: 'normal' as SandboxMode, calls: [] as LoggedCall[], held: new AbortController() };

  const log: MiddlewareHandler<NodeEnv> = async (c, next) => {
    const at = deps.now().toISOString();
    await next();
    // the outer status is a stand-in where the library answered by itself
    const status = c.res.headers.has('x-hono-already-sent') ? c.env.outgoing.statusCode : c.res.status;
    state.calls.unshift({ at, method: c.req.method, path: c.req.path.slice(mount.length), status });
    state.calls.length = Math.min(state.calls.length, 100);
  };
  const behave: MiddlewareHandler<NodeEnv> = async (c, next) => {
    if (state.mode === 'slow') {
      const over = AbortSignal.any([c.req.raw.signal, state.held.signal]);
      await hold(deps.slowMs ?? 20_000, over);
      if (over.aborted) return c.body(null, 408);
    }
    if (state.mode === 'down')
      return c.json(vendorError(ids(), 'SERVICE_UNAVAILABLE', 'The sandbox is set to be down.'), 503);
    if (state.mode === 'refuse' && c.req.path.startsWith(`${mount}/crm/`))
      return c.json(vendorError(ids(), 'INVALID_AUTHENTICATION', 'The sandbox is set to turn the key down.'), 401);
    return next();
  };
  const page = pageHeaders(partner.client.redirectUri);
  const native = async (c: Context<NodeEnv>) => {
    await server.serve(c.env.incoming, c.env.outgoing);
    return alreadySent();
  };

  const app = new Hono<NodeEnv>();
  app.use('/crm/*', log, behave);
  app.use(`${oauthPaths.token}/*`, log, behave);
  app.use('/', page);
  app.use('/contacts/*', page);
  app.use('/mode', page, csrf({ origin: deps.base }));
  app.use(`${oauthPaths.interaction}/*`, page, csrf({ origin: deps.base }));

  app.get(oauthPaths.authorize, native);
  app.get(`${oauthPaths.authorize}/:uid`, native);
  app.post(oauthPaths.token, native);
  app.post(oauthPaths.revoke, native);
  app.route(oauthPaths.introspect, createIntrospection({ partner, server, now, ids }));
  app.route('/crm', createCrm({ partner: partner.id, store, now, ids, find: server.find }));

  app.get(`${oauthPaths.interaction}/:uid`, async (c) => {
    const question = await server.question(c.env.incoming, c.env.outgoing);
    if (!question) return c.html(sentencePage(partner, 'This question is too old.', 'Start again from the hub.'), 410);
    return c.html(questionPage(partner, question.scopes, c.req.path));
  });
  app.post(`${oauthPaths.interaction}/:uid`, async (c) => {
    const question = await server.question(c.env.incoming, c.env.outgoing);
    if (!question) return c.html(sentencePage(partner, 'This question is too old.', 'Start again from the hub.'), 410);
    const form = await c.req.parseBody();
    const account = accountOf(String(form.account));
    if (form.answer !== 'deny' && (form.answer !== 'allow' || !account))
      return c.html(sentencePage(partner, 'No account was chosen.', 'Go back and choose one.'), 400);
    const accountId = form.answer === 'allow' && account ? String(account.hubId) : undefined;
    return c.redirect(await server.answer(c.env.incoming, c.env.outgoing, accountId), 303);
  });

  app.get('/', (c) => {
    const held = sandboxAccounts.map((account) => {
      const records = crmRecords(store, partner.id, account.hubId, now);
      const contacts = records
        .list('contacts')
        .map((one) => ({ ...one, notes: records.linked({ type: 'contacts', id: one.id }, 'notes') }));
      const loose = records
        .list('notes')
        .filter((note) => records.linked({ type: 'notes', id: note.id }, 'contacts').length === 0);
      return { account, contacts, loose };
    });
    return c.html(heldPage({ partner, mode: state.mode, held, calls: state.calls }));
  });
  app.get('/contacts/:account/record/0-1/:id', (c) => {
    const account = accountOf(c.req.param('account'));
    const records = account && crmRecords(store, partner.id, account.hubId, now);
    const contact = records?.byId('contacts', c.req.param('id'));
    if (!account || !records || !contact)
      return c.html(sentencePage(partner, 'There is no such contact.', 'It may have been erased.'), 404);
    const notes = records.linked({ type: 'contacts', id: contact.id }, 'notes');
    return c.html(contactPage(partner, account, { ...contact, notes }));
  });
  app.post('/mode', async (c) => {
    const { mode } = await c.req.parseBody();
    if (!isMode(mode))
      return c.html(sentencePage(partner, 'There is no such way to answer.', 'Go back and choose one.'), 400);
    state.mode = mode;
    return c.redirect(`${mount}/`, 303);
  });
  return { mount, app, state };
}

/**
 * The demo's partners (R15): for each id an authorization server and a small CRM with HubSpot's paths under
 * `/sandbox/<id>`, an OpenID provider for each identity, and a page for people at `/sandbox/<id>/`. Nothing in front of the app may read request bodies:
 * oidc-provider reads them from the socket. Throws when the file cannot be opened.
 */
export function createSandboxPartners(deps: SandboxDeps): SandboxPartners {
  const store = openSandboxStore(deps.storeFile, () => deps.now().getTime());
  const made = new Map(deps.partners.map((partner) => [partner.id, createPartner(deps, store, partner)]));
  const app = new Hono<NodeEnv>();
  app.get('/sandbox/page.css', (c) => c.body(pageStyle, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/sandbox/page.js', (c) => c.body(pageScript, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  const now = () => deps.now().getTime();
  const identities = (deps.identities ?? []).map((identity) =>
    createIdentityProvider({ base: deps.base, identity, store, now }),
  );
  for (const { mount, app: one } of [...made.values(), ...identities]) {
    app.get(mount, (c) => c.redirect(`${mount}/`, 302));
    app.route(`${mount}/`, one);
  }
  return {
    app,
    reset: () => {
      for (const table of ['record', 'link', 'blocked']) store.run(`delete from ${table}`);
      for (const { state } of made.values()) {
        state.held.abort();
        Object.assign(state, { mode: 'normal', calls: [], held: new AbortController() });
      }
    },
    setMode: (id, mode) => {
      const partner = made.get(id);
      if (!partner) throw new Error(`There is no sandbox partner called ${id}.`);
      partner.state.mode = mode;
    },
    close: () => store.close(),
  };
}
