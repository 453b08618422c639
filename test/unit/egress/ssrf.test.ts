import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isOidc, type LoginFacts, type OauthFacts, type OidcLoginAuth } from '#sdk';
import { facts as openidFacts } from '../../../integrations/openid/facts.ts';
import type { Resolve } from '../../../server/egress/guard.ts';
import { createHttp, type Http } from '../../../server/egress/http.ts';
import { createOauth } from '../../../server/egress/oauth.ts';
import { oauthFetch } from '../../../server/egress/oauth-http.ts';
import type { TokenSet } from '../../../server/egress/oauth-tokens.ts';
import { createOpenid } from '../../../server/egress/openid.ts';
import { createServers } from '../../../server/egress/openid-server.ts';
import { createPartnerCall, prepare } from '../../../server/egress/partner.ts';
import { readEnvironment } from '../../../server/env.ts';
import { type Evil, openEvil } from '../../support/evil.ts';
import { testClient, vendorFacts } from '../../support/honest-as.ts';
import { disguises, insideAnswers, insideHost, insideHosts, names } from '../../support/ssrf.ts';

let canary: Evil;
let partner: Evil;
const open: Http[] = [];
beforeEach(async () => {
  canary = await openEvil();
  partner = await openEvil();
});
afterEach(async () => {
  for (const http of open.splice(0)) await http.close();
  await canary.close();
  await partner.close();
});

const monotonic = () => performance.now();
const now = () => new Date();
/** Egress of a hub without the demo: nothing inside may be reached. */
function egress(resolve: Resolve, allow: string[] = []): Http {
  const http = createHttp({ allow, monotonic, resolve, totalMs: 2_000 });
  open.push(http);
  return http;
}

/** The host of an address as a careless operator or developer would approve it with. */
const hostsOf = (url: string): string[] => {
  const parsed = URL.parse(url);
  return parsed ? [parsed.host, parsed.hostname] : [];
};
const tokens = { access: 'a', refresh: 'r', scopes: [], asked: [], missing: [], account: {} } as unknown as TokenSet;
const openidWith = (
  change: Partial<Omit<LoginFacts, 'auth'>>,
  issuer: string,
  url: string,
): LoginFacts<OidcLoginAuth> => {
  if (!isOidc(openidFacts)) throw new Error('another way in');
  const auth = { ...openidFacts.auth, issuer };
  return { ...openidFacts, hosts: ['id.example', ...hostsOf(url)], ...change, auth };
};

type Reach = (http: Http, url: string) => Promise<unknown>;
const vendorAt = (url: string, change: (facts: OauthFacts) => OauthFacts) => {
  const facts = vendorFacts();
  return change({ ...facts, hosts: [...facts.hosts, ...hostsOf(url)] });
};
const oauthAt =
  (member: 'token' | 'revoke' | 'account', act: 'refresh' | 'revoke' | 'account'): Reach =>
  (http, url) => {
    const facts = vendorAt(url, (f) => ({ ...f, auth: { ...f.auth, [member]: url } }));
    const oauth = createOauth({ http, origins: new Map(), monotonic });
    return oauth[act]({ facts, sandbox: false, client: testClient }, tokens);
  };
const callAt =
  (act: 'call' | 'prepare'): Reach =>
  (http, url) => {
    const deps = {
      http,
      facts: vendorAt(url, (f) => ({ ...f, api: url })),
      connection: { sandbox: false },
      origins: new Map<string, string>(),
      token: async () => ({ access: 'LIVE' }),
      ticket: { fence: () => {}, written: () => {} },
      leak: { denied: {}, allowed: {}, constants: [] },
    };
    return act === 'prepare'
      ? prepare(deps)
      : createPartnerCall(deps).call({ method: 'POST', path: '/contacts', body: {} });
  };
/** A discovery document from an honest issuer, with one member that names another place. */
const discovered =
  (member: string): Reach =>
  async (http, url) => {
    const issuer = 'https://id.example';
    const real = oauthFetch(http, { idToken: true, errand: 'sign-in' });
    const document = {
      issuer,
      ...Object.fromEntries(
        ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint', 'revocation_endpoint'].map(
          (name) => [name, `${issuer}/${name}`],
        ),
      ),
      id_token_signing_alg_values_supported: ['ES256'],
      [member]: url,
    };
    const find = createServers({
      fetchFor: () => (href, init) =>
        href.startsWith(`${issuer}/.well-known/`) ? Promise.resolve(Response.json(document)) : real(href, init),
      origins: new Map(),
      monotonic,
    });
    const facts = openidWith({}, issuer, url);
    const partner = { facts, sandbox: false, client: testClient };
    const { metadata, keys } = await find(partner);
    await keys(partner, true).catch(() => {});
    for (const address of [metadata.token_endpoint, metadata.userinfo_endpoint, metadata.revocation_endpoint])
      if (address) await real(address, { method: 'POST', headers: {}, body: '' }).catch(() => {});
  };

/**
 * Every field that holds an address egress may call. Addresses that are only shown or led to (`authorize`, `docs`,
 * `policy`, a brand's `sites`) are in hub/ssrf.test.ts; addresses we answer at are none of these.
 */
const fields: Record<string, Reach> = {
  'facts: api, of a call': callAt('call'),
  'facts: api, made ready': callAt('prepare'),
  'facts: auth.token': oauthAt('token', 'refresh'),
  'facts: auth.revoke': oauthAt('revoke', 'revoke'),
  'facts: auth.account': oauthAt('account', 'account'),
  'setting: ASKFIRST_OPENID_ISSUER': async (http, url) => {
    const told = {
      NAME: 'I',
      LEGAL_NAME: 'I',
      ADDRESS: 'A',
      COUNTRIES: 'DK',
      RETENTION: 'a day',
      POLICY: 'https://id.example',
    };
    const env = Object.fromEntries(Object.entries(told).map(([name, value]) => [`ASKFIRST_OPENID_${name}`, value]));
    const stated = readEnvironment({
      ...env,
      ASKFIRST_OPENID_ISSUER: url,
      ASKFIRST_OPENID_HOSTS: hostsOf(url).join(','),
      ASKFIRST_OPENID_CLIENT_ID: 'c',
      ASKFIRST_OPENID_CLIENT_SECRET: 's',
    }).login('openid');
    if (!stated?.issuer) return;
    const { issuer, ...who } = stated;
    const facts = openidWith(who, issuer, url);
    await createOpenid({ http, origins: new Map(), monotonic, now }).tryOut({
      facts,
      sandbox: false,
      client: testClient,
    });
  },
  'discovery: token_endpoint': discovered('token_endpoint'),
  'discovery: jwks_uri': discovered('jwks_uri'),
  'discovery: userinfo_endpoint': discovered('userinfo_endpoint'),
  'discovery: revocation_endpoint': discovered('revocation_endpoint'),
  'egress itself: origin': (http, url) =>
    http.dispatch({ origin: url, method: 'POST', path: '/', headers: {}, body: '{}' }),
};

describe.each(Object.entries(fields))('sec-H10 %s', (name, reach) => {
  const tried = (http: Http, url: string) => reach(http, url).catch(() => {});

  test('the field is one that egress calls: a name outside is asked for, by https', async () => {
    const dns = names([]);
    await tried(egress(dns), 'https://elsewhere.example');
    expect(dns.asked, name).toContain('elsewhere.example');
  });

  test('every literal inside, and every address in disguise: 0 connections, no name asked', async () => {
    const dns = names(['127.0.0.1']);
    const http = egress(dns);
    for (const host of insideHosts)
      for (const scheme of ['https', 'http']) await tried(http, `${scheme}://${host}:${canary.port}`);
    for (const url of disguises('partner.example', canary.port)) await tried(http, url);
    expect(canary.connections()).toBe(0);
    // what looks like a name after parsing is one; it was asked about, and its answer was inside
    expect(dns.asked.filter((host) => !/example$|^localhost$/.test(host))).toEqual([]);
  });

  test('a name, or the CNAME behind it, that answers inside: 0 connections', async () => {
    for (const answers of insideAnswers) {
      const dns = names(answers);
      await tried(egress(dns), `https://inside.example:${canary.port}`);
      expect(dns.asked).toContain('inside.example');
    }
    expect(canary.connections()).toBe(0);
  });
});

test('sec-H10 any spelling of an address inside, in any field: 0 connections', async () => {
  const http = egress(names(['127.0.0.1']));
  await fc.assert(
    fc.asyncProperty(insideHost, fc.constantFrom(...Object.values(fields)), async (host, reach) => {
      await reach(http, `https://${host}:${canary.port}`).catch(() => {});
      expect([host, canary.connections()]).toEqual([host, 0]);
    }),
    { numRuns: 400 },
  );
});

test('sec-H10 EG3 a visitor’s value in a path names no other host: it is off the list, or arrives at the partner', async () => {
  const dns = names(['127.0.0.1']);
  const { call } = createPartnerCall({
    http: egress(dns, [partner.host]),
    facts: vendorFacts(),
    connection: { sandbox: true },
    origins: new Map([['https://api.vendor.example', `${partner.origin}/vendor`]]),
    token: async () => ({ access: 'LIVE' }),
    ticket: { fence: () => {}, written: () => {} },
    leak: { denied: {}, allowed: {}, constants: [] },
  });
  const value = fc.oneof(
    insideHost.map((host) => `//${host}:${canary.port}/`),
    insideHost.map((host) => `@${host}:${canary.port}`),
    insideHost.map((host) => `../../..//${host}:${canary.port}`),
    fc.constantFrom(...disguises('partner.example', canary.port)),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
  );
  let arrived = 0;
  await fc.assert(
    fc.asyncProperty(value, fc.boolean(), async (said, encoded) => {
      const one = encoded ? encodeURIComponent(said) : said;
      for (const path of [`/contacts/${one}`, `/search?q=${one}`, one]) {
        const method = path.startsWith('/search') ? 'GET' : 'PUT';
        const result = await call({ method, path });
        const off = result.kind === 'failed' && result.why === 'off-list';
        expect([path, off || result.kind === 'sent']).toEqual([path, true]);
        if (!off) arrived++;
      }
    }),
    { numRuns: 200 },
  );
  expect(canary.connections()).toBe(0);
  expect(dns.asked).toEqual([]);
  expect([arrived > 50, partner.requests.length]).toEqual([true, arrived]);
  for (const request of partner.requests) expect(request.path).toMatch(/^\/vendor\/(contacts\/|search\?q=)/);
});
