import { createHash, timingSafeEqual } from 'node:crypto';
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
