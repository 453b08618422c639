import { importJWK, type JWK } from 'jose';
import * as lib from 'oauth4webapi';
import type { OauthFacts } from '#sdk';
import { OauthError } from './oauth-error.ts';
import type { OauthFetch } from './oauth-http.ts';
import type { Origins } from './partner.ts';
import { describedPlace, placeOf } from './place.ts';

/** Which server is meant: the partner's own, or the sandbox one that stands in for it. */
interface At {
  facts: OauthFacts;
  sandbox: boolean;
}

/** A partner's authorization server as it is used: addresses checked, and whether tokens are bound to a key. */
export interface OauthServer {
  as: lib.AuthorizationServer;
  /** RFC 9449: by the facts, or by its own description. */
  dpop: boolean;
}

/** How long a server's description is believed, milliseconds; as long as an OpenID provider's. */
const believedMs = 5 * 60_000;
const described = [
  'authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'pushed_authorization_request_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
] as const;

/** How the hub proves itself; a private key stands as a JWK in place of the secret. Rejects with `invalid_client` where none can be read. */
export async function clientAuthOf(
  { auth }: { auth: Pick<OauthFacts['auth'], 'clientAuth'> },
  secret: string,
): Promise<lib.ClientAuth> {
  if (auth.clientAuth === 'body') return lib.ClientSecretPost(secret);
  if (auth.clientAuth === 'basic') return lib.ClientSecretBasic(secret);
  if (auth.clientAuth === 'private_key_jwt') {
    try {
      const { kid, ...jwk } = JSON.parse(secret) as JWK & { kty: 'EC' };
      const key = (await importJWK({ ...jwk }, jwk.alg ?? 'ES256')) as CryptoKey;
      return lib.PrivateKeyJwt(kid === undefined ? key : { key, kid });
    } catch {
      throw new OauthError('invalid_client');
    }
  }
  // Some servers do not undo the percent-encoding of RFC 6749 2.3.1 (SERVER.md).
  return (_as, { client_id }, _body, headers) =>
    headers.set('authorization', `Basic ${Buffer.from(`${client_id}:${secret}`).toString('base64')}`);
}

/** Finds a partner's authorization server by its facts and, where they name one, its description; rejects with OauthError. */
export function createOauthServers(d: { origins: Origins; monotonic: () => number }) {
  const known = new Map<string, { found: lib.AuthorizationServer; at: number }>();

  const place = ({ facts, sandbox }: At, endpoint: string) => placeOf(facts.hosts, sandbox, endpoint, d.origins);

  function issuerOf(at: At): string {
    const { authorize, issuer } = at.facts.auth;
    const { origin } = new URL(authorize);
    return at.sandbox ? (d.origins.get(origin) ?? '').replace(/\/$/, '') : (issuer ?? origin);
  }

  /** RFC 8414. It may add what the facts leave out; an address of it that leads elsewhere spoils all of it. */
  async function descriptionOf(
    at: At,
    issuer: string,
    fetch: OauthFetch,
  ): Promise<lib.AuthorizationServer | undefined> {
    const { metadata } = at.facts.auth;
    if (metadata === undefined) return undefined;
    const url = place(at, metadata);
    const kept = known.get(url);
    if (kept && d.monotonic() - kept.at < believedMs) return kept.found;
    const response = await fetch(url, { method: 'GET', headers: { accept: 'application/json' } });
    const found = await lib.processDiscoveryResponse(new URL(issuer), response);
    if (found.issuer !== issuer) throw new OauthError('issuer_mismatch', 200); // letter by letter, as iss will be
    for (const name of described) if (found[name] !== undefined) describedPlace(at, issuer, found[name]);
    known.set(url, { found, at: d.monotonic() });
    return found;
  }

  return async function find(at: At, fetch: OauthFetch): Promise<OauthServer> {
    const { auth } = at.facts;
    const issuer = issuerOf(at);
    const as: lib.AuthorizationServer = {
      issuer,
      authorization_endpoint: place(at, auth.authorize),
      token_endpoint: place(at, auth.token),
      revocation_endpoint: place(at, auth.revoke),
      introspection_endpoint: place(at, auth.account),
    };
    const told = await descriptionOf(at, issuer, fetch);
    const par = auth.par === undefined ? told?.pushed_authorization_request_endpoint : place(at, auth.par);
    const offered = told?.dpop_signing_alg_values_supported?.includes('ES256') === true;
    return {
      as: {
        ...as,
        ...(par === undefined ? {} : { pushed_authorization_request_endpoint: par }),
        authorization_response_iss_parameter_supported:
          auth.iss === true || told?.authorization_response_iss_parameter_supported === true,
      },
      dpop: auth.dpop === true || offered,
    };
  };
}
