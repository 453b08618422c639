/** Why there is no access token: `not_connected` and `needs_reconnect` want a person, `later` only time. */
export type TokenCode = 'not_connected' | 'needs_reconnect' | 'later';

/** The error of tokens.ts; `retryAfterMs` (milliseconds) stands with `later` only. Holds no token and no partner's text. */
export class TokenError extends Error {
  readonly code: TokenCode;
  readonly retryAfterMs: number | undefined;
  constructor(code: TokenCode, retryAfterMs?: number) {
    super(code);
    this.name = 'TokenError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
