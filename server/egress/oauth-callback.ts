import { createHash, timingSafeEqual } from 'node:crypto';
import * as lib from 'oauth4webapi';
import type { ProofKey } from './dpop.ts';
import { OauthError } from './oauth-error.ts';

/** What the callback must belong to; `stateHash` is base64url of SHA-256. */
export interface OauthTransaction {
  stateHash: string;
  verifier: string;
  scopes: readonly string[];
  /** The key the tokens will be bound to, where the server binds them. */
  dpop?: ProofKey | undefined;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** base64url of SHA-256 of a state, as the transaction stores it. */
export const stateHash = (state: string): string => sha256(state).toString('base64url');

/** The question a browser is sent with, and what its callback must belong to (RFC 6749 4.1.1; PKCE S256, RFC 7636). */
export async function beginCode(of: { clientId: string; redirectUri: string; scope: string }) {
  const state = lib.generateRandomState();
  const verifier = lib.generateRandomCodeVerifier();
  const query = {
    response_type: 'code',
    client_id: of.clientId,
    redirect_uri: of.redirectUri,
    scope: of.scope,
    state,
    code_challenge: await lib.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  return { query, stateHash: stateHash(state), verifier };
}

/** An address with this query; what it had before stays. */
export function addressWith(address: string, query: Record<string, string>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** Exactly one `code` or one `error`, exactly one `state`, at most one `iss`, and the state we gave (SECURITY.md OA7). */
export function checkCallback(params: URLSearchParams, transaction: Pick<OauthTransaction, 'stateHash'>): string {
  const count = (name: string) => params.getAll(name).length;
  if (count('state') !== 1 || count('iss') > 1 || count('code') + count('error') !== 1)
    throw new OauthError('callback_malformed');
  const state = params.get('state') ?? '';
  const expected = Buffer.from(transaction.stateHash, 'base64url');
  const found = sha256(state);
  if (expected.length !== found.length || !timingSafeEqual(expected, found)) throw new OauthError('state_mismatch');
  if (count('error') === 1) throw new OauthError('denied');
  return state;
}

/** The callback names the server it was asked of, or no server where it never says (RFC 9207, SECURITY.md OA6). */
export function checkIssuer(
  params: URLSearchParams,
  { issuer, announced }: { issuer: string; announced: boolean },
): void {
  const iss = params.get('iss');
  if (iss === null ? announced : iss !== issuer) throw new OauthError('issuer_mismatch');
}
