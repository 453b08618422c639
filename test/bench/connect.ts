import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import * as lib from 'oauth4webapi';
import { createApp } from '../../server/app.ts';
import { createHttp } from '../../server/egress/http.ts';
import { createOauth } from '../../server/egress/oauth.ts';
import { redirectUri, testClient, vendorFacts, vendorOrigins } from '../support/honest-as.ts';
import { openRig } from './rig.ts';
import { type BenchRow, quantile, row } from './row.ts';

const account = { hub_id: 4810000, hub_domain: 'harbor.example', sub: 'acme' };
const token = { access_token: 'a'.repeat(200), refresh_token: 'r'.repeat(64), token_type: 'bearer', expires_in: 1800 };
const answers = {
  token: JSON.stringify({ ...token, ...account }),
  account: JSON.stringify({ active: true, ...account }),
};

/** A partner that answers at once. */
async function openFastPartner() {
  const server = createServer((req, res) => {
    const answer = /introspect/.test(req.url ?? '') ? answers.account : answers.token;
    req.resume().on('end', () => res.writeHead(200, { 'content-type': 'application/json' }).end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    origin: `http://${host}`,
    behind() {},
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
type FastPartner = Awaited<ReturnType<typeof openFastPartner>>;

const cookiesOf = (res: Response) => res.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
const stateOf = (url: string) => new URL(url).searchParams.get('state') ?? '';

/** The least that can be called a connect: oauth4webapi on Hono, with PKCE, state in a cookie, token and account. */
function bareApp({ origin }: FastPartner): Hono {
  const as = { issuer: origin, token_endpoint: `${origin}/token`, introspection_endpoint: `${origin}/introspect` };
  const me = { client_id: 'bench' };
  const auth = lib.ClientSecretPost('secret');
  const options = { [lib.allowInsecureRequests]: true };
  const under = new Map<string, string>();
  const app = new Hono();
  app.post('/start', async (c) => {
    const state = lib.generateRandomState();
    const verifier = lib.generateRandomCodeVerifier();
    under.set(state, verifier);
    const url = new URL(`${origin}/authorize`);
    const query = { response_type: 'code', client_id: me.client_id, redirect_uri: redirectUri, scope: 'oauth', state };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    url.searchParams.set('code_challenge', await lib.calculatePKCECodeChallenge(verifier));
    url.searchParams.set('code_challenge_method', 'S256');
    setCookie(c, 'connect', state);
    return c.redirect(url.href, 303);
  });
  app.get('/callback', async (c) => {
    const state = getCookie(c, 'connect') ?? '';
    const verifier = under.get(state) ?? '';
    const params = lib.validateAuthResponse(as, me, new URL(c.req.url), state);
    const response = await lib.authorizationCodeGrantRequest(as, me, auth, params, redirectUri, verifier, options);
    const tokens = await lib.processAuthorizationCodeResponse(as, me, response);
    const told = await lib.introspectionRequest(as, me, auth, tokens.access_token, options);
    return c.json(await lib.processIntrospectionResponse(as, me, told));
  });
  return app;
}

/** One connect of it. */
async function connectBare(app: Hono): Promise<void> {
  const started = await app.request('/start', { method: 'POST' });
  const query = `code=c&state=${stateOf(started.headers.get('location') ?? '')}`;
  const done = await app.request(`/callback?${query}`, { headers: { cookie: cookiesOf(started).join('; ') } });
  if (done.status !== 200) throw new Error(`the bare connect ended with ${done.status}`);
}

/** The hub's own: a signed-in owner presses the button, and comes back from the partner. */
async function openHubConnect(partner: FastPartner) {
  const rig = await openRig({ recorder: partner });
  const { deps } = rig.door.hub;
  const { origin } = rig.door;
  const app = createApp(deps);
  const maria = await rig.door.owner();
  const cookie = () => [...maria.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    close: rig.close,
    /** What a browser brings along, made ready outside the measured time. */
    async ready() {
      const agent = await deps.people.whoIs(new Headers({ cookie: cookie() }));
      // how often somebody may connect is not what is measured
      for (const of of ['harbor-motors', '']) await deps.limits.connect.delete(of);
      const type = 'application/x-www-form-urlencoded';
      const headers = { cookie: cookie(), origin, 'sec-fetch-site': 'same-origin', 'content-type': type };
      return { method: 'POST', headers, body: `csrf=${deps.people.csrf.csrfFor(agent?.sessionId ?? '')}` };
    },
    async connect(form: RequestInit): Promise<void> {
      const started = await app.request(`${origin}/console/add/hubspot`, form);
      const pairs = cookiesOf(started);
      const back = `${origin}/oauth/callback/hubspot?code=c&state=${stateOf(started.headers.get('location') ?? '')}`;
      const done = await app.request(back, { headers: { cookie: pairs.join('; ') } });
      if (done.status !== 200) throw new Error(`the hub's connect ended with ${done.status}`);
      for (const pair of pairs) maria.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    },
  };
}

/** The wrapper alone: guard, caps, checks and oauth4webapi, without session, store and pages. */
function openWrapper({ host, origin }: FastPartner) {
  const http = createHttp({ allow: [host], monotonic: () => performance.now() });
  const oauth = createOauth({ http, origins: vendorOrigins(origin), monotonic: () => performance.now() });
  const who = { facts: vendorFacts(), sandbox: true, client: testClient };
  return {
    close: http.close,
    async connect(): Promise<void> {
      const begun = await oauth.begin(who, { redirectUri });
      const params = new URLSearchParams({ code: 'c', state: stateOf(begun.url) });
      const transaction = { ...begun, scopes: who.facts.auth.scopes };
      await oauth.account(who, await oauth.finish(who, { params, redirectUri, transaction }));
    },
  };
}

/**
 * R1: start and callback of a connect, token exchange and look at the account included, against a partner that answers
 * at once, beside bare oauth4webapi on Hono: first the wrapper alone, then the whole. The bare one stores nothing, has
 * no session and draws no page; the hub commits five times on the way (new session, old one gone, transaction begun,
 * used up before the code leaves, tokens sealed), each on the disk before it goes on (SECURITY.md BA4, OA8, DB1).
 */
export async function benchConnect({ count = 200 } = {}): Promise<BenchRow[]> {
  const partner = await openFastPartner();
  const bare = bareApp(partner);
  const wrapper = openWrapper(partner);
  const hub = await openHubConnect(partner);
  const times = { bare: [] as number[], wrapper: [] as number[], hub: [] as number[] };
  for (let i = -Math.ceil(count / 5); i < count; i++) {
    const form = await hub.ready();
    for (const [name, run] of [
      ['bare', () => connectBare(bare)],
      ['wrapper', wrapper.connect],
      ['hub', () => hub.connect(form)],
    ] as const) {
      const begin = performance.now();
      await run();
      if (i >= 0) times[name].push(performance.now() - begin);
      await new Promise((resolve) => setImmediate(resolve)); // undici frees a connection one turn after its answer
    }
  }
  await Promise.all([hub.close(), wrapper.close()]);
  partner.close();
  const perSecond = (of: number[]) => 1000 / quantile(of, 0.5);
  const limit = perSecond(times.bare);
  return (
    [
      ['connect: start and callback, wrapper alone, beside bare oauth4webapi on Hono', times.wrapper],
      ['connect: start and callback, whole hub, beside bare oauth4webapi on Hono', times.hub],
    ] as const
  ).map(([name, of]) => row(name, '1/s', perSecond(of), limit, 'at least 0.9', (_, ratio) => ratio >= 0.9));
}
