import type { Prover } from './dpop.ts';
import type { Http } from './http.ts';
import { readJson } from './json.ts';
import { type OauthCode, OauthError } from './oauth-error.ts';
import { retryAfter } from './partner.ts';
import type { OauthErrand } from './tally.ts';

/** Our word for an error answer of a token, revocation or introspection endpoint; its own text stays unread but for the registered codes. */
function codeFor(status: number, body: unknown): OauthCode {
  const error = (body as { error?: unknown } | null)?.error;
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'unavailable';
  if (status >= 300 && status < 400) return 'bad_answer';
  if (error === 'invalid_grant') return 'invalid_grant';
  if (error === 'use_dpop_nonce') return 'nonce_needed';
  if (error === 'invalid_client' || error === 'unauthorized_client' || status === 401) return 'invalid_client';
  return typeof error === 'string' ? 'refused' : 'bad_answer';
}

/** The fetch oauth4webapi is handed. */
export type OauthFetch = (
  href: string,
  init: { method: string; headers: Record<string, string>; body?: unknown },
) => Promise<Response>;

/** How the calls of one fetch are made. */
interface OauthFetchOptions {
  idToken?: boolean;
  any?: boolean;
  prover?: Prover | undefined;
  errand: OauthErrand;
  fence?: (() => void) | undefined;
}

/**
 * A fetch that goes through the one way to a socket: guard, caps and time included, redirects refused. Whatever is not a
 * 2xx with sound JSON rejects with OauthError, so that no text of the server goes further (SECURITY.md OA1, OA5, OA15).
 * `idToken` lets an ID token through to whoever checks it, `any` every JSON of a call beside the OAuth ones; with a `prover`
 * each request carries a proof of its own. `fence` is asked in the tick of the write.
 */
export function oauthFetch(
  http: Http,
  { idToken = false, any = false, prover, errand, fence }: OauthFetchOptions,
): OauthFetch {
  return async (href, init) => {
    const url = new URL(href);
    const proof = prover && { dpop: await prover.sign({ method: init.method, url: href }) };
    const answer = await http.dispatch({
      origin: url.origin,
      method: init.method,
      path: url.pathname + url.search,
      headers: { ...init.headers, ...proof, 'accept-encoding': 'identity' },
      errand,
      ...(fence ? { fence } : {}),
      ...(init.method === 'GET' ? {} : { body: String(init.body ?? '') }),
    });
    if (answer.kind === 'failed') throw new OauthError(answer.why === 'refused' ? 'endpoint_refused' : 'unreachable');
    if (answer.kind === 'aborted') throw new OauthError('unreachable'); // the fence: no byte left
    if (answer.kind !== 'sent') throw new OauthError('no_answer');
    const { status, headers, body, cut } = answer;
    prover?.learn(href, headers);
    if (cut) throw new OauthError(cut === 'too-large' ? 'bad_answer' : 'no_answer', status);
    const read = readJson(body);
    const value = read.ok ? read.value : undefined;
    if (status < 200 || status > 299) throw new OauthError(codeFor(status, value), status, retryAfter(headers));
    if (any) return new Response(read.ok ? JSON.stringify(value) : null);
    // A revocation answers without a body (RFC 7009 2.2); from all others nothing is an answer that cannot be used.
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Response(null);
    // Where we ask for no sign-in, an ID token that came unasked is not looked at.
    const { id_token: token, ...rest } = value as Record<string, unknown>;
    const kept = idToken && token !== undefined ? { ...rest, id_token: token } : rest;
    return new Response(JSON.stringify(kept), { status, headers: { 'content-type': 'application/json' } });
  };
}
