import * as lib from 'oauth4webapi';
import type { OidcLoginAuth } from '#sdk';
import { issuerOf, type LoginPartner } from './login-way.ts';
import { OauthError } from './oauth-error.ts';
import type { OauthFetch } from './oauth-http.ts';
import type { Origins } from './partner.ts';
import { describedPlace } from './place.ts';

/** A provider of sign-ins by OpenID Connect. */
export type OpenidPartner = LoginPartner<OidcLoginAuth>;

/** What is known of one issuer: its metadata, checked against the manifest, and its keys. */
export interface OpenidServer {
  metadata: lib.AuthorizationServer;
  auth: lib.ClientAuth;
  /** The issuer's keys; `fresh` asks for them again. Undefined when two fetches a minute are used up (SECURITY.md OA3). */
  keys(partner: OpenidPartner, fresh: boolean): Promise<object[] | undefined>;
}

/** How long metadata and keys are believed, milliseconds; oauth4webapi's own five minutes for keys. */
const believedMs = 5 * 60_000;

function clientAuth(metadata: lib.AuthorizationServer, secret: string): lib.ClientAuth {
  // OpenID Connect Discovery 3: client_secret_basic where nothing is said.
  const ways = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  if (ways.includes('client_secret_basic')) return lib.ClientSecretBasic(secret);
  if (ways.includes('client_secret_post')) return lib.ClientSecretPost(secret);
  throw new OauthError('bad_answer', 200);
}

/** The provider's metadata as far as it is used, every address of it checked; its own claims about PKCE are not read (OA10). */
function checked(partner: OpenidPartner, issuer: string, found: lib.AuthorizationServer): lib.AuthorizationServer {
  const place = (endpoint: unknown) => describedPlace(partner, issuer, endpoint);
  const { algorithms } = partner.facts.auth;
  const announced = found.id_token_signing_alg_values_supported ?? ['RS256'];
  const signed = algorithms.filter((alg) => announced.includes(alg));
  if (signed.length === 0) throw new OauthError('bad_answer', 200);
  return {
    issuer,
    authorization_endpoint: place(found.authorization_endpoint),
    token_endpoint: place(found.token_endpoint),
    jwks_uri: place(found.jwks_uri),
    ...(found.userinfo_endpoint === undefined ? {} : { userinfo_endpoint: place(found.userinfo_endpoint) }),
    ...(found.revocation_endpoint === undefined ? {} : { revocation_endpoint: place(found.revocation_endpoint) }),
    id_token_signing_alg_values_supported: signed,
    authorization_response_iss_parameter_supported: found.authorization_response_iss_parameter_supported === true,
  };
}

/** Finds providers by OpenID Connect Discovery 1.0 and keeps what it found for five minutes; rejects with OauthError. */
export function createServers(d: {
  /** How a partner's addresses are asked, its fence included. */
  fetchFor(partner: OpenidPartner): OauthFetch;
  origins: Origins;
  monotonic: () => number;
}) {
  const known = new Map<string, { server: OpenidServer; at: number }>();

  function keysOf(uri: string): OpenidServer['keys'] {
    let kept: { keys: object[]; at: number } | undefined;
    let running: Promise<object[]> | undefined;
    let fetched: number[] = [];
    async function load(partner: OpenidPartner): Promise<object[]> {
      const answer = await d.fetchFor(partner)(uri, { method: 'GET', headers: { accept: 'application/json' } });
      const { keys } = (await answer.json().catch(() => ({}))) as { keys?: unknown };
      if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'object' && key !== null))
        throw new OauthError('bad_answer', 200);
      kept = { keys, at: d.monotonic() };
      return keys;
    }
    return async (partner, fresh) => {
      const now = d.monotonic();
      if (running) return running;
      if (kept && !fresh && now - kept.at < believedMs) return kept.keys;
      fetched = fetched.filter((at) => now - at < 60_000);
      if (fetched.length >= 2) return fresh ? undefined : kept?.keys;
      fetched.push(now);
      running = load(partner).finally(() => {
        running = undefined;
      });
      return running;
    };
  }

  /** The provider as it stands now; `again` asks it anew, whatever is kept. */
  return async function find(partner: OpenidPartner, again = false): Promise<OpenidServer> {
    const issuer = issuerOf(partner, d.origins);
    const kept = known.get(issuer);
    if (kept && !again && d.monotonic() - kept.at < believedMs) return kept.server;
    const response = await lib.discoveryRequest(new URL(issuer), {
      [lib.customFetch]: d.fetchFor(partner),
      [lib.allowInsecureRequests]: partner.sandbox,
    });
    const found = await lib.processDiscoveryResponse(new URL(issuer), response);
    if (found.issuer !== issuer) throw new OauthError('issuer_mismatch', 200); // letter by letter, as iss will be
    const metadata = checked(partner, issuer, found);
    const sameKeys = kept?.server.metadata.jwks_uri === metadata.jwks_uri ? kept?.server.keys : undefined;
    const keys = sameKeys ?? keysOf(metadata.jwks_uri as string);
    const server = { metadata, keys, auth: clientAuth(found, partner.client.secret) };
    known.set(issuer, { server, at: d.monotonic() });
    return server;
  };
}
