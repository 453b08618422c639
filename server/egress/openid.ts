import * as lib from 'oauth4webapi';
import { type Field, fieldNames } from '#contract/visitor.ts';
import type { Http } from './http.ts';
import { checkCallback, stateHash } from './oauth-callback.ts';
import { OauthError } from './oauth-error.ts';
import { oauthFetch } from './oauth-http.ts';
import { createServers, type OpenidPartner, type OpenidServer } from './openid-server.ts';
import type { Origins } from './partner.ts';

/** What of a login the hub keeps between its two halves; `stateHash` is base64url of SHA-256. */
export interface LoginSecrets {
  stateHash: string;
  verifier: string;
  nonce: string;
}

/** Claims as fields of the form: text the provider gave, trimmed and cut to the form's own limits. */
export type Claimed = Partial<Record<Field, string>>;

/** Visitors' sign-in by OpenID Connect; every method rejects with OauthError and nothing else. */
export interface Openid {
  /** Tries the provider: metadata, keys, and whether it knows our client and its secret (R2). */
  tryOut(partner: OpenidPartner): Promise<void>;
  /** Address to send the visitor's browser to, with the secrets of this login. */
  begin(partner: OpenidPartner, redirectUri: string): Promise<LoginSecrets & { url: string }>;
  /**
   * Checks the callback and the ID token and reads the claims; tokens and subject end with this call. Once per login.
   * What goes out is what the provider itself gave for this login (code, access token), our client's secret and the
   * verifier. No value of the visitor is in it, so nothing is disclosed and no ledger row is due (GATE.md I1 speaks of
   * bytes about a visitor; that this one came is what the provider told us). The used-up transaction is committed first.
   */
  finish(
    partner: OpenidPartner,
    input: { params: URLSearchParams; redirectUri: string; secrets: LoginSecrets },
  ): Promise<Claimed>;
}

const maxToken = 16_384;
const minute = 60;
/** Longest value of each field, characters, as contract/endpoints.ts has it. */
const longest: Partial<Record<Field, number>> = { name: 120, email: 254, phone: 40 };

/** Makes the wrapper for sign-ins (SECURITY.md 4.1); its calls go through `http`, guard and caps included. */
export function createOpenid(d: {
  http: Http;
  origins: Origins;
  monotonic: () => number;
  now: () => Date;
  /** Asked in the tick of each write; what it throws stops the call. */
  fence?: () => void;
}): Openid {
  const fetch = oauthFetch(d.http, { idToken: true, errand: 'sign-in', ...(d.fence && { fence: d.fence }) });
  const find = createServers({ fetch, origins: d.origins, monotonic: d.monotonic });

  /** Runs one exchange; whatever oauth4webapi throws holds tokens or claims in its cause and is dropped whole (OA1). */
  async function ours<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (e) {
      throw e instanceof OauthError ? e : new OauthError('bad_answer', 200);
    }
  }
  const optionsOf = ({ sandbox }: OpenidPartner) => ({
    [lib.customFetch]: fetch,
    [lib.allowInsecureRequests]: sandbox,
  });
  // oauth4webapi asks the system's clock; the skew puts the hub's own in its place, for tests that set it.
  const me = ({ client }: OpenidPartner) => ({
    client_id: client.id,
    [lib.clockSkew]: Math.floor(d.now().getTime() / 1000) - Math.floor(Date.now() / 1000),
  });

  /** The signature, always (SECURITY.md OA2): by the keys we have, and once more by fresh ones (OA3). */
  async function signed(partner: OpenidPartner, server: OpenidServer, response: Response): Promise<void> {
    for (const fresh of [false, true]) {
      const keys = await server.keys(fresh);
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
  function strict({ facts }: OpenidPartner, claims: lib.IDToken): void {
    const now = d.now().getTime() / 1000;
    if (Math.abs(claims.iat - now) > 2 * minute) throw new OauthError('clock_differs', 200);
    if (claims.exp - claims.iat > 24 * 60 * minute) throw new OauthError('id_token_refused', 200);
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

  /** Values for the form: text only, one line, not empty; an address the provider says it never checked stays out. */
  function fieldsOf({ facts }: OpenidPartner, claims: Record<string, unknown>): Claimed {
    const pairs = fieldNames.flatMap((field) => {
      const claim = facts.auth.claims[field];
      const value = claim === undefined ? undefined : claims[claim];
      if (typeof value !== 'string' || (claim === 'email' && claims.email_verified === false)) return [];
      const line = value.replace(/\p{Cc}+/gu, ' ').trim();
      return line && line.length <= (longest[field] ?? 0) ? [[field, line] as const] : [];
    });
    return Object.fromEntries(pairs);
  }

  return {
    tryOut: (partner) =>
      ours(async () => {
        const server = await find(partner, true);
        if (!(await server.keys(false))) throw new OauthError('unavailable');
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
        const state = lib.generateRandomState();
        const nonce = lib.generateRandomNonce();
        const verifier = lib.generateRandomCodeVerifier();
        const url = new URL(metadata.authorization_endpoint as string);
        const query = {
          response_type: 'code',
          client_id: partner.client.id,
          redirect_uri: redirectUri,
          scope: partner.facts.auth.scopes.join(' '),
          state,
          nonce,
          code_challenge: await lib.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        };
        for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
        return { url: url.href, stateHash: stateHash(state), verifier, nonce };
      }),

    finish: (partner, { params, redirectUri, secrets }) =>
      ours(async () => {
        const state = checkCallback(params, secrets);
        const server = await find(partner);
        const { metadata } = server;
        const iss = params.get('iss');
        if (iss !== null && iss !== metadata.issuer) throw new OauthError('issuer_mismatch');
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
