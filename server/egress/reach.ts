import type { Http } from './http.ts';

/** How a partner's address answered: with which status and at what time of its own, or why it did not. */
export type Reached = { ok: true; status: number; at?: Date } | { ok: false; why: 'inside' | 'silent' };

/**
 * Asks one https address of a partner with an empty GET through the one way out, for the operator who checks a set-up:
 * no token, no client and no person is in it. `inside`: the guard refused the address. Redirects are answers.
 */
export async function reach(http: Pick<Http, 'dispatch'>, address: string): Promise<Reached> {
  const url = new URL(address);
  const answer = await http.dispatch({
    origin: url.origin,
    method: 'GET',
    path: url.pathname + url.search,
    errand: 'check',
    headers: { accept: '*/*', 'accept-encoding': 'identity' },
  });
  if (answer.kind === 'failed' && answer.why === 'refused') return { ok: false, why: 'inside' };
  if (answer.kind !== 'sent') return { ok: false, why: 'silent' };
  const at = new Date(answer.headers.date ?? '');
  return { ok: true, status: answer.status, ...(Number.isNaN(at.getTime()) ? {} : { at }) };
}
