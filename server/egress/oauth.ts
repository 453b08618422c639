import { randomUUID } from 'node:crypto';
import * as lib from 'oauth4webapi';
import type { OauthFacts } from '#sdk';
import { type ClientCredentials, clientCredentials } from './client-credentials.ts';
import { createProvers, newProofKey, type Prover, thumbprintOf } from './dpop.ts';
import type { Http } from './http.ts';
import { addressWith, beginCode, checkCallback, checkIssuer, type OauthTransaction } from './oauth-callback.ts';
import { OauthError, ours } from './oauth-error.ts';
import { oauthFetch } from './oauth-http.ts';
import { clientAuthOf, createOauthServers, type OauthServer } from './oauth-server.ts';
import { accountIn, type TokenSet, tokenSetOf } from './oauth-tokens.ts';
import type { Origins } from './partner.ts';
import { placeOf } from './place.ts';
import type { OauthErrand } from './tally.ts';

/** The hub's own client at one partner. */
export interface OauthClient {
  id: string;
  /** The secret, or the private key as a JWK where the facts say `private_key_jwt`. */
  secret: string;
}

/** Which partner, and whether it is the sandbox one (its origins are then the loopback ones). */
export interface OauthPartner {
  facts: OauthFacts;
  sandbox: boolean;
  client: OauthClient;
  /** Asked in the tick of each write but a revocation's; what it throws stops the call with zero bytes (P4). */
  fence?: () => void;
}

/** What a connect keeps until its callback, and the address to send the browser to. */
type Begun = Omit<OauthTransaction, 'scopes'> & { url: string; state: string };

/** Everything about OAuth a partner connection needs; every method rejects with OauthError and nothing else. */
export interface Oauth extends ClientCredentials {
  /** Name of this process's monotonic clock, as in TokenSet.clock. */
  readonly clock: string;
  /** Address to send the browser to, with the secrets of the transaction; pushed first where the server takes that (RFC 9126). */
  begin(partner: OauthPartner, input: { redirectUri: string; scopes?: readonly string[] }): Promise<Begun>;
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
  /** Who proves that a call carries its own token; undefined where the tokens are bound to no key. */
  prover(tokens: Pick<TokenSet, 'dpop'>): Prover | undefined;
}

/** Makes the wrapper around oauth4webapi (SECURITY.md 4.1); its calls go through `http`, guard and caps included. */
export function createOauth({
  http,
  origins,
  monotonic,
  now = () => new Date(),
}: {
  http: Http;
  origins: Origins;
  /** Milliseconds that never run back. */
  monotonic: () => number;
  /** Wall clock: proofs and assertions say when they were made. */
  now?: () => Date;
}): Oauth {
  const clock = randomUUID();
  const proverOf = createProvers({ now });
  const find = createOauthServers({ origins, monotonic });
  const prover = ({ dpop }: Pick<TokenSet, 'dpop'>) => dpop && proverOf(dpop);

  /** How calls to a server are made. */
  const optionsFor = (
    { sandbox, fence }: Pick<OauthPartner, 'sandbox' | 'fence'>,
    errand: OauthErrand,
    dpop?: TokenSet['dpop'],
  ) => ({
    [lib.customFetch]: oauthFetch(http, { errand, fence, prover: prover({ dpop }) }),
    [lib.allowInsecureRequests]: sandbox,
  });
  const findFor = (partner: OauthPartner, errand: OauthErrand = 'token') =>
    find(partner, oauthFetch(http, { errand, fence: partner.fence }));

  /** A server, us as its client, and how a request to it is made. */
  async function deskOf(partner: OauthPartner, dpop?: TokenSet['dpop'], errand: OauthErrand = 'token') {
    const { facts, client } = partner;
    const server = await findFor(partner, errand);
    // oauth4webapi asks the system's clock; the skew puts the hub's own in its place.
    const skew = Math.floor(now().getTime() / 1000) - Math.floor(Date.now() / 1000);
    const me: lib.Client = { client_id: client.id, [lib.clockSkew]: skew };
    const auth = await clientAuthOf(facts, client.secret);
    const options = optionsFor(partner, errand, dpop);
    /** A server that wants its nonce in the proof took nothing (RFC 9449 8): the request is made anew, once. */
    const send = (run: () => Promise<Response>) =>
      run().catch((e) => {
        if (e instanceof OauthError && e.code === 'nonce_needed') return run();
        throw e;
      });
    return { ...server, me, auth, options, send };
  }

  /** The token set of an answer; one that cannot be used, or opens more than was asked, is revoked (SECURITY.md OA11). */
  async function setFrom(
    partner: OauthPartner,
    answer: lib.TokenEndpointResponse,
    { asked, dpop, before }: { asked: readonly string[]; dpop: TokenSet['dpop']; before?: TokenSet },
  ): Promise<TokenSet> {
    const receipt = { receivedMs: monotonic(), clock, ...(dpop ? { dpop } : {}) };
    try {
      const tokens = tokenSetOf(answer, partner.facts.auth, asked, receipt, before);
      if (tokens.scopes.every((scope) => asked.includes(scope))) return tokens;
      throw new OauthError('scope_exceeded', 200);
    } catch (e) {
      const { access_token: access, refresh_token: refresh } = answer;
      const given = { access, ...(refresh === undefined ? {} : { refresh }) };
      // Refused either way, and never stored; what no answer should hold is sent nowhere.
      const whole = e instanceof OauthError && e.code !== 'token_too_large' && e.code !== 'bad_answer';
      if (whole) await revoke(partner, given).catch(() => {});
      throw e;
    }
  }

  async function revoke({ fence: _, ...partner }: OauthPartner, tokens: Pick<TokenSet, 'access' | 'refresh'>) {
    const token = tokens.refresh ?? tokens.access;
    const additionalParameters = { token_type_hint: tokens.refresh ? 'refresh_token' : 'access_token' };
    await ours(async () => {
      // A stop keeps no grant alive: this carries no visitor's data.
      const { as, me, auth, options } = await deskOf(partner, undefined, 'revocation');
      await lib.revocationRequest(as, me, auth, token, { ...options, additionalParameters });
    });
  }

  /** Where to send the browser: with the whole question, or with the reference the server gave for it. */
  async function addressOf(
    { as, me, auth, options, send }: OauthServer & Awaited<ReturnType<typeof deskOf>>,
    query: Record<string, string>,
  ): Promise<string> {
    let asked = query;
    if (as.pushed_authorization_request_endpoint) {
      const response = await send(() => lib.pushedAuthorizationRequest(as, me, auth, query, options));
      const { request_uri } = await lib.processPushedAuthorizationResponse(as, me, response);
      asked = { client_id: me.client_id, request_uri };
    }
    return addressWith(as.authorization_endpoint ?? '', asked);
  }

  return {
    clock,
    prover,
    revoke,
    ...clientCredentials({
      place: (facts, sandbox, endpoint) => placeOf(facts.hosts, sandbox, endpoint, origins),
      clientAuth: ({ facts, client }) => clientAuthOf(facts, client.secret),
      optionsFor,
      receipt: () => ({ receivedMs: monotonic(), clock }),
    }),
    begin: (partner, { redirectUri, scopes = partner.facts.auth.scopes }) =>
      ours(async () => {
        const { auth } = partner.facts;
        const dpop = (await findFor(partner)).dpop ? newProofKey() : undefined;
        const scope = scopes.join(auth.scopeSeparator ?? ' ');
        const { query, ...secrets } = await beginCode({ clientId: partner.client.id, redirectUri, scope });
        const url = await addressOf(await deskOf(partner, dpop), {
          ...auth.authorizeParams,
          ...query,
          ...(dpop ? { dpop_jkt: await thumbprintOf(dpop) } : {}),
        });
        return { url, state: query.state, ...secrets, ...(dpop ? { dpop } : {}) };
      }),
    finish: (partner, { params, redirectUri, transaction }) =>
      ours(async () => {
        const { scopes: asked, verifier, dpop } = transaction;
        const state = checkCallback(params, transaction);
        const { as, me, auth, options, send } = await deskOf(partner, dpop);
        const announced = as.authorization_response_iss_parameter_supported === true;
        checkIssuer(params, { issuer: as.issuer, announced });
        const checked = lib.validateAuthResponse(as, me, params, state);
        const response = await send(() =>
          lib.authorizationCodeGrantRequest(as, me, auth, checked, redirectUri, verifier, options),
        );
        const answer = await lib.processAuthorizationCodeResponse(as, me, response);
        return setFrom(partner, answer, { asked, dpop });
      }),
    refresh: (partner, tokens) =>
      ours(async () => {
        const { refresh, asked, dpop } = tokens;
        if (refresh === undefined) throw new OauthError('invalid_grant');
        const { as, me, auth, options, send } = await deskOf(partner, dpop);
        const response = await send(() => lib.refreshTokenGrantRequest(as, me, auth, refresh, options));
        const answer = await lib.processRefreshTokenResponse(as, me, response);
        return setFrom(partner, answer, { asked, dpop, before: tokens });
      }),
    account: (partner, tokens) =>
      ours(async () => {
        const { as, me, auth, options } = await deskOf(partner);
        const response = await lib.introspectionRequest(as, me, auth, tokens.access, {
          ...options,
          additionalParameters: { token_type_hint: 'access_token' },
        });
        const answer = (await response.json()) as Record<string, unknown>;
        if (answer.active === false) throw new OauthError('bad_answer', 200);
        const { id, name } = { ...tokens.account, ...accountIn(answer, partner.facts.auth) };
        if (id === undefined) throw new OauthError('bad_answer', 200);
        return { id, name: name ?? id };
      }),
  };
}
