import * as lib from 'oauth4webapi';
import type { OauthLoginAuth } from '#sdk';
import type { Http } from './http.ts';
import { type Claimed, fieldsIn, issuerOf, type LoginPartner, type LoginWay } from './login-way.ts';
import { addressWith, beginCode, checkCallback, checkIssuer } from './oauth-callback.ts';
import { OauthError, ours } from './oauth-error.ts';
import { oauthFetch } from './oauth-http.ts';
import { type TokenSet, tokenSetOf } from './oauth-tokens.ts';
import { type Origins, userAgent } from './partner.ts';
import { placeOf } from './place.ts';
import type { OauthErrand } from './tally.ts';

type Partner = LoginPartner<OauthLoginAuth>;

const basic = ({ client }: Partner) => `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;

/** An account's name that stays the same, as text; PARTNERS.md: GitHub's is a number. */
const subjectOf = (value: unknown): string | undefined =>
  Number.isSafeInteger(value) || (typeof value === 'string' && value !== '') ? String(value) : undefined;

const listOf = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];

/** The address a person can be written to at: the main one if the provider checked it, else the first one it checked. */
function addressIn(answer: unknown, { address, primary, verified }: OauthLoginAuth['emails']): unknown {
  const checked = listOf(answer).filter((one) => one[verified] === true);
  return (checked.find((one) => one[primary] === true) ?? checked[0])?.[address];
}

/**
 * Makes visitors' sign-in by plain OAuth 2 (RFC 6749, PKCE S256 of RFC 7636): what OpenID says in a signed token stands
 * here in answers of the provider's API. The account is (issuer, subject), never an e-mail (SECURITY.md OA16); neither
 * outlives the call. The token is dropped and handed back at its end, whatever came of it (R21).
 */
export function createOauthLogin(d: {
  http: Http;
  origins: Origins;
  /** Milliseconds that never run back. */
  monotonic: () => number;
  log: { warn(facts: Record<string, unknown>, message: string): void };
}): LoginWay<OauthLoginAuth> {
  const optionsOf = ({ sandbox, fence }: Partner) => ({
    [lib.customFetch]: oauthFetch(d.http, { errand: 'sign-in', fence }),
    [lib.allowInsecureRequests]: sandbox,
  });

  const place = ({ facts, sandbox }: Partner, address: string) => placeOf(facts.hosts, sandbox, address, d.origins);
  const serverOf = (partner: Partner): lib.AuthorizationServer => ({
    issuer: issuerOf(partner, d.origins),
    authorization_endpoint: place(partner, partner.facts.auth.authorize),
    token_endpoint: place(partner, partner.facts.auth.token),
    authorization_response_iss_parameter_supported: false,
  });

  /** One call to the provider's API: a path of the facts, on a host of theirs (SECURITY.md control 5). */
  async function ask(
    partner: Partner,
    call: { method: 'GET' | 'DELETE'; path: string; authorization: string; body?: object },
    errand: OauthErrand = 'sign-in',
  ): Promise<unknown> {
    const { method, path, authorization, body } = call;
    const headers = {
      accept: 'application/json',
      'user-agent': userAgent,
      authorization,
      ...(body ? { 'content-type': 'application/json' } : {}),
    };
    const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    const fetch = oauthFetch(d.http, { any: true, errand, fence: partner.fence });
    const answer = await fetch(place(partner, partner.facts.auth.api + path), init);
    return answer.body === null ? undefined : answer.json();
  }
  const read = (partner: Partner, path: string, access: string) =>
    ask(partner, { method: 'GET', path, authorization: `Bearer ${access}` }).catch((e: unknown) => {
      // A 401 here speaks of the token it gave us a moment ago, not of our client.
      throw e instanceof OauthError && e.code === 'invalid_client' ? new OauthError('bad_answer', e.status) : e;
    });
  const takeBack = (partner: Partner, access: string, errand: OauthErrand) => {
    const path = partner.facts.auth.grant.replace('{client_id}', encodeURIComponent(partner.client.id));
    const authorization = basic(partner);
    return ask(partner, { method: 'DELETE', path, authorization, body: { access_token: access } }, errand);
  };
  /** A stop keeps no grant alive: nothing but the token is in it. */
  const handBack = ({ fence: _, ...partner }: Partner, access: string) => takeBack(partner, access, 'revocation');

  async function tokensOf(partner: Partner, params: URLSearchParams, uri: string, verifier: string): Promise<TokenSet> {
    const { facts, client } = partner;
    const server = serverOf(partner);
    const me = { client_id: client.id };
    const auth =
      facts.auth.clientAuth === 'body' ? lib.ClientSecretPost(client.secret) : lib.ClientSecretBasic(client.secret);
    const response = await lib.authorizationCodeGrantRequest(
      server,
      me,
      auth,
      params,
      uri,
      verifier,
      optionsOf(partner),
    );
    const answer = await lib.processAuthorizationCodeResponse(server, me, response);
    return tokenSetOf(answer, {}, facts.auth.scopes, { receivedMs: d.monotonic(), clock: '' });
  }

  async function claimsOf(partner: Partner, { access, scopes }: TokenSet): Promise<Claimed> {
    const { auth } = partner.facts;
    if (!scopes.every((scope) => auth.scopes.includes(scope))) throw new OauthError('scope_exceeded', 200); // OA11
    const profile = await read(partner, auth.profile, access);
    const person = listOf([profile])[0];
    if (!person || subjectOf(person[auth.subject]) === undefined) throw new OauthError('bad_answer', 200);
    const named = Object.entries(auth.claims).map(([field, member]) => [field, person[member]] as const);
    const { emails } = auth;
    // Fewer rights than asked: that part stays empty, and the rest goes on (OA11).
    const addresses = scopes.includes(emails.scope)
      ? await read(partner, emails.path, access).catch((e: unknown) => {
          if (e instanceof OauthError && [403, 404].includes(e.status)) return undefined;
          throw e;
        })
      : undefined;
    return fieldsIn({ ...Object.fromEntries(named), email: addressIn(addresses, emails) });
  }

  return {
    tryOut: (partner) =>
      ours(async () => {
        serverOf(partner);
        // A token nobody has: a provider that knows us finds nothing to take back (GitHub's description: 422).
        await takeBack(partner, 'askfirst-tries-out', 'sign-in').catch((e: unknown) => {
          if (!(e instanceof OauthError)) throw e;
          if (e.status === 403) throw new OauthError('invalid_client', 403);
          if (![404, 422].includes(e.status)) throw e;
        });
      }),

    begin: (partner, redirectUri) =>
      ours(async () => {
        const scope = partner.facts.auth.scopes.join(' ');
        const { query, ...secrets } = await beginCode({ clientId: partner.client.id, redirectUri, scope });
        return { url: addressWith(place(partner, partner.facts.auth.authorize), query), ...secrets };
      }),

    finish: (partner, { params, redirectUri, secrets }) =>
      ours(async () => {
        const state = checkCallback(params, secrets);
        const server = serverOf(partner);
        checkIssuer(params, { issuer: server.issuer, announced: false });
        const fit = lib.validateAuthResponse(server, { client_id: partner.client.id }, params, state);
        const tokens = await tokensOf(partner, fit, redirectUri, secrets.verifier);
        try {
          return await claimsOf(partner, tokens);
        } finally {
          await handBack(partner, tokens.access).catch((e: unknown) => {
            const code = e instanceof OauthError ? e.code : 'failed';
            d.log.warn({ provider: partner.facts.id, code }, 'a sign-in could not be handed back');
          });
        }
      }),
  };
}
