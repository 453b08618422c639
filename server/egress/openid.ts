import * as lib from 'oauth4webapi';
import type { OidcLoginAuth } from '#sdk';
import type { Http } from './http.ts';
import { type Claimed, fieldsIn, type LoginWay } from './login-way.ts';
import { addressWith, beginCode, checkCallback, checkIssuer } from './oauth-callback.ts';
import { OauthError, ours } from './oauth-error.ts';
import { oauthFetch } from './oauth-http.ts';
import { createServers, type OpenidPartner, type OpenidServer } from './openid-server.ts';
import type { Origins } from './partner.ts';

/** Visitors' sign-in by OpenID Connect: metadata, keys, ID token, userinfo. */
export type Openid = LoginWay<OidcLoginAuth>;

const maxToken = 16_384;
const minute = 60;

/** Makes the wrapper for sign-ins (SECURITY.md 4.1); its calls go through `http`, guard and caps included. */
export function createOpenid(d: { http: Http; origins: Origins; monotonic: () => number; now: () => Date }): Openid {
  const fetchFor = ({ fence }: OpenidPartner) => oauthFetch(d.http, { idToken: true, errand: 'sign-in', fence });
  const find = createServers({ fetchFor, origins: d.origins, monotonic: d.monotonic });

  const optionsOf = (partner: OpenidPartner) => ({
    [lib.customFetch]: fetchFor(partner),
    [lib.allowInsecureRequests]: partner.sandbox,
  });
  // oauth4webapi asks the system's clock; the skew puts the hub's own in its place, for tests that set it.
  const me = ({ client }: OpenidPartner) => ({
    client_id: client.id,
    [lib.clockSkew]: Math.floor(d.now().getTime() / 1000) - Math.floor(Date.now() / 1000),
  });

  /** The signature, always (SECURITY.md OA2): by the keys we have, and once more by fresh ones (OA3). */
  async function signed(partner: OpenidPartner, server: OpenidServer, response: Response): Promise<void> {
    for (const fresh of [false, true]) {
      const keys = await server.keys(partner, fresh);
      if (!keys) break;
      const cache = { jwks: { keys }, uat: Math.floor(Date.now() / 1000) };
      try {
        // A copy: the library keeps keys by this object, and ours decide when they are fetched.
        const as = { ...server.metadata };
        await lib.validateApplicationLevelSignature(as, response, {
          ...optionsOf(partner),
          [lib.jwksCache]: cache as never,
        });
        return;
      } catch {
        // a key nobody knows, or a signature that does not fit
      }
    }
    throw new OauthError('id_token_refused', 200);
  }

  /** What the library lets pass: odd times and strangers in the audience (SECURITY.md OA4, OA12). */
  function strict({ facts, client }: OpenidPartner, claims: lib.IDToken): void {
    const now = d.now().getTime() / 1000;
    if (Math.abs(claims.iat - now) > 2 * minute) throw new OauthError('clock_differs', 200);
    if (claims.exp - claims.iat > 24 * 60 * minute) throw new OauthError('id_token_refused', 200);
    // made for somebody else who then named us (OpenID Connect Core 3.1.3.7, 5)
    if (claims.azp !== undefined && claims.azp !== client.id) throw new OauthError('id_token_refused', 200);
    if (Array.isArray(claims.aud) && claims.aud.length > 1 && !facts.auth.sharedAudience)
      throw new OauthError('id_token_refused', 200);
  }

  /** Says which clause failed without the library's words: times are told apart, because a clock can be set (OA4). */
  function tokenError(e: unknown): OauthError {
    if (e instanceof OauthError) return e;
    const { code, cause } = e as { code?: string; cause?: { claim?: string } };
    return new OauthError(code === lib.JWT_TIMESTAMP_CHECK && cause?.claim ? 'clock_differs' : 'id_token_refused', 200);
  }

  async function revoke(partner: OpenidPartner, { metadata, auth }: OpenidServer, token: string): Promise<void> {
    if (metadata.revocation_endpoint)
      await lib.revocationRequest(metadata, me(partner), auth, token, optionsOf(partner));
  }

  /** Token answer and ID token, checked whole; more scopes than asked are handed back (SECURITY.md OA11). */
  async function tokensOf(
    partner: OpenidPartner,
    server: OpenidServer,
    response: Response,
    nonce: string,
  ): Promise<{ access: string; claims: lib.IDToken }> {
    const raw = (await response.clone().json()) as Record<string, unknown>;
    for (const token of [raw.access_token, raw.id_token])
      if (typeof token === 'string' && token.length > maxToken) throw new OauthError('token_too_large', 200);
    try {
      const answer = await lib.processAuthorizationCodeResponse(server.metadata, me(partner), response, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      const claims = lib.getValidatedIdTokenClaims(answer);
      if (!claims || answer.token_type !== 'bearer') throw new OauthError('id_token_refused', 200);
      strict(partner, claims);
      await signed(partner, server, response);
      const granted = answer.scope?.split(' ').filter(Boolean) ?? [];
      if (!granted.every((scope) => partner.facts.auth.scopes.includes(scope))) {
        await revoke(partner, server, answer.access_token).catch(() => {}); // refused either way, and never stored
        throw new OauthError('scope_exceeded', 200);
      }
      return { access: answer.access_token, claims };
    } catch (e) {
      throw tokenError(e);
    }
  }

  /** Claims by the field they may fill in; an address the provider says it never checked stays out. */
  function fieldsOf({ facts }: OpenidPartner, claims: Record<string, unknown>): Claimed {
    const pairs = Object.entries(facts.auth.claims).filter(([, c]) => c !== 'email' || claims.email_verified !== false);
    return fieldsIn(Object.fromEntries(pairs.map(([field, claim]) => [field, claims[claim]])));
  }

  return {
    tryOut: (partner) =>
      ours(async () => {
        const server = await find(partner, true);
        if (!(await server.keys(partner, false))) throw new OauthError('unavailable');
        // A code nobody gave: a server that knows us says so (invalid_grant), one that does not says invalid_client.
        const none = new URLSearchParams({ code: 'askfirst-tries-out', state: 'x' });
        if (server.metadata.authorization_response_iss_parameter_supported) none.set('iss', server.metadata.issuer);
        const params = lib.validateAuthResponse(server.metadata, me(partner), none, 'x');
        const uri = 'https://askfirst.invalid/';
        const verifier = lib.generateRandomCodeVerifier();
        await lib
          .authorizationCodeGrantRequest(
            server.metadata,
            me(partner),
            server.auth,
            params,
            uri,
            verifier,
            optionsOf(partner),
          )
          .catch((e: unknown) => {
            if (!(e instanceof OauthError) || !['invalid_grant', 'refused'].includes(e.code)) throw e;
          });
      }),

    begin: (partner, redirectUri) =>
      ours(async () => {
        const { metadata } = await find(partner);
        const nonce = lib.generateRandomNonce();
        const scope = partner.facts.auth.scopes.join(' ');
        const { query, ...secrets } = await beginCode({ clientId: partner.client.id, redirectUri, scope });
        const url = addressWith(metadata.authorization_endpoint as string, { ...query, nonce });
        return { url, ...secrets, nonce };
      }),

    finish: (partner, { params, redirectUri, secrets }) =>
      ours(async () => {
        const state = checkCallback(params, secrets);
        const server = await find(partner);
        const { metadata } = server;
        if (secrets.nonce === undefined) throw new OauthError('callback_malformed'); // begun another way
        const announced = metadata.authorization_response_iss_parameter_supported === true;
        checkIssuer(params, { issuer: metadata.issuer, announced });
        const fit = lib.validateAuthResponse(metadata, me(partner), params, state);
        const response = await lib.authorizationCodeGrantRequest(
          metadata,
          me(partner),
          server.auth,
          fit,
          redirectUri,
          secrets.verifier,
          optionsOf(partner),
        );
        const { access, claims } = await tokensOf(partner, server, response, secrets.nonce);
        if (!metadata.userinfo_endpoint) return fieldsOf(partner, claims);
        const told = await lib.userInfoRequest(metadata, me(partner), access, optionsOf(partner));
        // its subject must be the ID token's, or these are somebody else's claims
        const more = await lib.processUserInfoResponse(metadata, me(partner), claims.sub, told);
        return fieldsOf(partner, { ...claims, ...more });
      }),
  };
}
