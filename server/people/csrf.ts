import { timingSafeEqual } from 'node:crypto';
import { mac } from '../store/seal.ts';

/** The hidden field of the console's forms (SECURITY.md HO2). */
export interface Csrf {
  /** The field's value for this session. */
  csrfFor(sessionId: string): string;
  /** True when the value was made for this very session. */
  checkCsrf(sessionId: string, token: unknown): boolean;
  /** For forms of who has no session yet: true when the browser says that our own page sent it. */
  checkOrigin(headers: Headers): boolean;
}

/** Compares without telling by time where two strings differ. */
function same(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Makes the helpers from a key of 32 bytes and the hub's exact origin.
 * A page opened from a mailed link has no referrer, so its form says `Origin: null`; then Sec-Fetch-Site must vouch.
 */
export function createCsrf(key: Buffer, baseUrl: string): Csrf {
  const ours = new URL(baseUrl).origin;
  const csrfFor = (sessionId: string) => mac(key, `csrf ${sessionId}`);
  return {
    csrfFor,
    checkCsrf: (sessionId, token) => typeof token === 'string' && same(token, csrfFor(sessionId)),
    checkOrigin: (headers) => {
      const [origin, site] = [headers.get('origin'), headers.get('sec-fetch-site')];
      if (site !== null && site !== 'same-origin') return false;
      return origin === null || origin === 'null' ? site === 'same-origin' : origin === ours;
    },
  };
}
