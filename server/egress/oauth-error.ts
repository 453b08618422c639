/** What can go wrong at an authorization server, in words of ours. */
export type OauthCode =
  | 'callback_malformed'
  | 'state_mismatch'
  | 'issuer_mismatch'
  | 'denied'
  | 'endpoint_refused'
  | 'invalid_grant'
  | 'invalid_client'
  | 'nonce_needed'
  | 'refused'
  | 'rate_limited'
  | 'unavailable'
  | 'unreachable'
  | 'no_answer'
  | 'bad_answer'
  | 'token_too_large'
  | 'token_unbound'
  | 'id_token_refused'
  | 'clock_differs'
  | 'scope_exceeded';

/**
 * The only error that leaves the OAuth wrapper (SECURITY.md OA1): a word of ours, the HTTP status (0 without one) and
 * the wait the server asked for. No cause, no response, no text of the authorization server.
 */
export class OauthError extends Error {
  readonly code: OauthCode;
  readonly status: number;
  /** Milliseconds. */
  readonly retryAfterMs: number | undefined;
  constructor(code: OauthCode, status = 0, retryAfterMs?: number) {
    super(code);
    this.name = 'OauthError';
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Runs one exchange; whatever oauth4webapi throws holds tokens or claims in its cause and is dropped whole (SECURITY.md OA1). */
export async function ours<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (e) {
    throw e instanceof OauthError ? e : new OauthError('bad_answer', 200);
  }
}
