import { randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import * as oauth from 'oauth4webapi';
import { createSandboxPartners, type SandboxDeps } from '../../../server/demo/sandbox-partners.ts';

const redirectUri = 'http://localhost:8787/connect/callback';
const scopes = ['oauth', 'crm.objects.contacts.read', 'crm.objects.contacts.write'];
const loose = { [oauth.allowInsecureRequests]: true };

/** One registered sandbox partner, as the composition root would hand it in. */
const partnerOf = (id: string) => ({
  id,
  name: 'HubSpot',
  client: { id: 'askfirst-demo', secret: 'a-secret-of-the-demo', redirectUri },
  scopes,
});

/** Takes the next free port of 127.0.0.1 and gives it back: the base must be known before the app is made. */
async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs the sandbox partners on a real port of 127.0.0.1; a `port` given is taken again (a restart). */
export async function startSandbox(options: Partial<SandboxDeps> & { port?: number } = {}) {
  const { port = await freePort(), ...rest } = options;
  const base = `http://127.0.0.1:${port}`;
  const partners = [partnerOf('hubspot'), { ...partnerOf('acme-crm'), name: 'Acme CRM' }];
  const sandbox = createSandboxPartners({ base, now: () => new Date(), ids: randomUUID, partners, ...rest });
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const made = serve({ fetch: sandbox.app.fetch, port, hostname: '127.0.0.1' }, () => resolve(made));
  });
  const stop = async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
    sandbox.close();
  };
  return { ...sandbox, server, port, base, stop };
}

/** The hub's side of a connection, with oauth4webapi as the hub uses it, and a person at a browser with cookies. */
export function visitor(base: string, id = 'hubspot', given: { redirectUri?: string; secret?: string } = {}) {
  const mount = `${base}/sandbox/${id}`;
  const as: oauth.AuthorizationServer = {
    issuer: `${base}/hub-side-name`,
    authorization_endpoint: `${mount}/oauth/authorize`,
    token_endpoint: `${mount}/oauth/2026-03/token`,
    revocation_endpoint: `${mount}/oauth/2026-03/token/revoke`,
  };
  const client: oauth.Client = { client_id: 'askfirst-demo' };
  const auth = oauth.ClientSecretPost(given.secret ?? 'a-secret-of-the-demo');
  const back = given.redirectUri ?? redirectUri;
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const jar = new Map<string, string>();

  const browse = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('accept', 'text/html');
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || line.includes('1970')) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  };
  const follow = async (from: Response): Promise<Response> => {
    let answer = from;
    for (let hop = 0; hop < 6; hop++) {
      const location = answer.headers.get('location');
      if (location === null || location.startsWith(back)) return answer;
      answer = await browse(new URL(location, base).href);
    }
    return answer;
  };
  const start = async (extra: Record<string, string | undefined> = {}) => {
    const url = new URL(String(as.authorization_endpoint));
    const query: Record<string, string | undefined> = {
      client_id: client.client_id,
      redirect_uri: back,
      response_type: 'code',
      scope: scopes.join(' '),
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...extra,
    };
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    return follow(await browse(url.href));
  };
  const decide = async (page: Response, answer: 'allow' | 'deny', account = '4810000') => {
    const action = /action="([^"]+)"/.exec(await page.text())?.[1];
    if (action === undefined) throw new Error('The page holds no form.');
    const sent = await browse(base + action, {
      method: 'POST',
      headers: { origin: base, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ answer, account }),
    });
    return new URL((await follow(sent)).headers.get('location') ?? 'none:');
  };
  const exchange = async (callback: URL) => {
    const params = oauth.validateAuthResponse(as, client, callback, state);
    const answer = await oauth.authorizationCodeGrantRequest(as, client, auth, params, back, verifier, loose);
    return oauth.processAuthorizationCodeResponse(as, client, answer);
  };
  const connect = async (account?: string) => exchange(await decide(await start(), 'allow', account));
  const refresh = async (token: string) =>
    oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, auth, token, loose));
  const revoke = async (token: string) =>
    oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, token, loose));
  const call = (token: string, method: string, path: string, body?: unknown) =>
    fetch(mount + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { start, decide, exchange, connect, refresh, revoke, call, browse, mount };
}
