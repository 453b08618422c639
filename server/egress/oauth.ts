import { randomUUID } from 'node:crypto';
import * as lib from 'oauth4webapi';
import type { AdapterFacts } from '#sdk';
import type { Http } from './http.ts';
import { checkCallback, type OauthTransaction, stateHash } from './oauth-callback.ts';
import { OauthError } from './oauth-error.ts';
import { oauthFetch } from './oauth-http.ts';
import { accountIn, type TokenSet, tokenSetOf } from './oauth-tokens.ts';
import type { Origins } from './partner.ts';
import type { OauthErrand } from './tally.ts';

/** The hub's own client at one partner. */
export interface OauthClient {
  id: string;
  secret: string;
}

/** Which partner, and whether it is the sandbox one (its origins are then the loopback ones). */
export interface OauthPartner {
  facts: AdapterFacts;
  sandbox: boolean;
  client: OauthClient;
  /** Asked in the tick of each write but a revocation's; what it throws stops the call with zero bytes (P4). */
  fence?: () => void;
}

/** Everything about OAuth a partner connection needs; every method rejects with OauthError and nothing else. */
export interface Oauth {
  /** Name of this process's monotonic clock, as in TokenSet.clock. */
  readonly clock: string;
  /** Address to send the browser to, with the secrets of the transaction. */
  begin(input: {
    facts: AdapterFacts;
    sandbox: boolean;
    clientId: string;
    redirectUri: string;
    scopes?: readonly string[];
  }): Promise<{
    url: string;
    state: string;
    stateHash: string;
    verifier: string;
  }>;
  /** Checks the callback, then trades its code for tokens. Call it once per transaction (SECURITY.md OA8). */
  finish(
    partner: OauthPartner,
    input: { params: URLSearchParams; redirectUri: string; transaction: OauthTransaction },
  ): Promise<TokenSet>;
  refresh(partner: OauthPartner, tokens: TokenSet): Promise<TokenSet>;
  /** Ends the grant at the partner: refresh token first, else access token (RFC 7009). */
  revoke(partner: OauthPartner, tokens: Pick<TokenSet, 'access' | 'refresh'>): Promise<void>;
  /** Whose account the tokens open, by introspection (RFC 7662). */
  account(partner: OauthPartner, tokens: TokenSet): Promise<{ id: string; name: string }>;
}

/** Makes the wrapper around oauth4webapi (SECURITY.md 4.1); its calls go through `http`, guard and caps included. */
export function createOauth({
  http,
  origins,
  monotonic,
}: {
  http: Http;
  origins: Origins;
  /** Milliseconds that never run back. */
  monotonic: () => number;
}): Oauth {
  const clock = randomUUID();

  /** Where an endpoint of the manifest really is; refused when its host is not in the manifest or it is not https (OA15). */
  function place(facts: AdapterFacts, sandbox: boolean, endpoint: string): string {
    const url = URL.parse(endpoint);
    if (url?.protocol !== 'https:' || url.username || !facts.hosts.includes(url.host))
      throw new OauthError('endpoint_refused');
    if (!sandbox) return url.href;
    const base = origins.get(url.origin);
    if (!base) throw new OauthError('endpoint_refused');
    return base.replace(/\/$/, '') + url.pathname + url.search;
  }

  function serverOf(facts: AdapterFacts, sandbox: boolean): lib.AuthorizationServer {
    const authorize = new URL(facts.auth.authorize);
    return {
      issuer: sandbox ? (origins.get(authorize.origin) ?? '').replace(/\/$/, '') : authorize.origin,
      authorization_endpoint: place(facts, sandbox, facts.auth.authorize),
      token_endpoint: place(facts, sandbox, facts.auth.token),
      revocation_endpoint: place(facts, sandbox, facts.auth.revoke),
      introspection_endpoint: place(facts, sandbox, facts.auth.account),
      authorization_response_iss_parameter_supported: false,
    };
  }

  function clientAuth({ facts, client }: OauthPartner): lib.ClientAuth {
    if (facts.auth.clientAuth === 'body') return lib.ClientSecretPost(client.secret);
    if (facts.auth.clientAuth === 'basic') return lib.ClientSecretBasic(client.secret);
    // Some servers do not undo the percent-encoding of RFC 6749 2.3.1 (SERVER.md).
    return (_as, { client_id }, _body, headers) =>
      headers.set('authorization', `Basic ${Buffer.from(`${client_id}:${client.secret}`).toString('base64')}`);
  }

  const optionsFor = ({ sandbox, fence }: Pick<OauthPartner, 'sandbox' | 'fence'>, errand: OauthErrand = 'token') => ({
    [lib.customFetch]: oauthFetch(http, { errand, ...(fence && { fence }) }),
    [lib.allowInsecureRequests]: sandbox,
  });

  /** Runs one exchange; whatever oauth4webapi throws holds tokens in its cause and is dropped whole (OA1). */
  async function ours<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (e) {
      throw e instanceof OauthError ? e : new OauthError('bad_answer', 200);
    }
  }

  /** The token set of an answer; one that opens more than was asked is revoked and refused (SECURITY.md OA11). */
  async function setFrom(
    partner: OauthPartner,
    answer: lib.TokenEndpointResponse,
    asked: readonly string[],
    before?: TokenSet,
  ): Promise<TokenSet> {
    const receipt = { receivedMs: monotonic(), clock };
    const tokens = tokenSetOf(answer, partner.facts.auth, asked, receipt, before);
    if (tokens.scopes.every((scope) => asked.includes(scope))) return tokens;
    await revoke(partner, tokens).catch(() => {}); // refused either way, and never stored
    throw new OauthError('scope_exceeded', 200);
  }

  async function revoke(partner: OauthPartner, tokens: Pick<TokenSet, 'access' | 'refresh'>): Promise<void> {
    const { facts, sandbox, client } = partner;
    const token = tokens.refresh ?? tokens.access;
    const additionalParameters = { token_type_hint: tokens.refresh ? 'refresh_token' : 'access_token' };
    await ours(() =>
      lib.revocationRequest(serverOf(facts, sandbox), { client_id: client.id }, clientAuth(partner), token, {
        ...optionsFor({ sandbox }, 'revocation'), // a stop keeps no grant alive: this carries no visitor's data
        additionalParameters,
      }),
    );
  }

  return {
    clock,
    begin: ({ facts, sandbox, clientId, redirectUri, scopes = facts.auth.scopes }) =>
      ours(async () => {
        const state = lib.generateRandomState();
        const verifier = lib.generateRandomCodeVerifier();
        const url = new URL(place(facts, sandbox, facts.auth.authorize));
        const query = {
          response_type: 'code',
          client_id: clientId,
          redirect_uri: redirectUri,
          scope: scopes.join(' '),
          state,
          code_challenge: await lib.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        };
        for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
        return { url: url.href, state, stateHash: stateHash(state), verifier };
      }),
    finish: (partner, { params, redirectUri, transaction }) =>
      ours(async () => {
        const { facts, sandbox, client } = partner;
        const state = checkCallback(params, transaction);
        const server = serverOf(facts, sandbox);
        const iss = params.get('iss');
        if (iss !== null && iss !== server.issuer) throw new OauthError('issuer_mismatch');
        const me = { client_id: client.id };
        const checked = lib.validateAuthResponse(server, me, params, state);
        const response = await lib.authorizationCodeGrantRequest(
          server,
          me,
          clientAuth(partner),
          checked,
          redirectUri,
          transaction.verifier,
          optionsFor(partner),
        );
        return setFrom(partner, await lib.processAuthorizationCodeResponse(server, me, response), transaction.scopes);
      }),
    refresh: (partner, tokens) =>
      ours(async () => {
        const { facts, sandbox, client } = partner;
        if (tokens.refresh === undefined) throw new OauthError('invalid_grant');
        const server = serverOf(facts, sandbox);
        const me = { client_id: client.id };
        const response = await lib.refreshTokenGrantRequest(
          server,
          me,
          clientAuth(partner),
          tokens.refresh,
          optionsFor(partner),
        );
        return setFrom(partner, await lib.processRefreshTokenResponse(server, me, response), tokens.asked, tokens);
      }),
    revoke,
    account: (partner, tokens) =>
      ours(async () => {
        const { facts, sandbox, client } = partner;
        const server = serverOf(facts, sandbox);
        const me = { client_id: client.id };
        const response = await lib.introspectionRequest(server, me, clientAuth(partner), tokens.access, {
          ...optionsFor(partner),
          additionalParameters: { token_type_hint: 'access_token' },
        });
        const answer = (await response.json()) as Record<string, unknown>;
        if (answer.active === false) throw new OauthError('bad_answer', 200);
        const { id, name } = { ...tokens.account, ...accountIn(answer, facts.auth) };
        if (id === undefined) throw new OauthError('bad_answer', 200);
        return { id, name: name ?? id };
      }),
  };
}
