import type { Delivered } from '#sdk';
import { Stopped } from './fence.ts';
import { type Result, unreadable } from './outcome.ts';
import type { PartnerResult } from './partner.ts';
import { waitsForResume } from './stops.ts';

/** What the sandbox came to: the handler's report, or an error whose words are not ours to show. */
export type Ended = { value: Delivered } | { error: unknown };

/**
 * Says what became of a disclosure from what its calls came to (GATE.md a "outcome", e.2.6-e.2.8). Nothing is retried
 * blindly: after `unknown`, and after a handler that failed with an earlier call answered, only where the adapter
 * declares its sends idempotent.
 */
export function judge(partner: string, ended: Ended, calls: readonly PartnerResult[], idempotent: boolean): Result {
  const answered = calls.filter((c) => c.kind === 'sent');
  const httpStatus = answered.at(-1)?.status;
  const status = httpStatus === undefined ? {} : { httpStatus };
  if ('value' in ended) {
    const { record, card, values } = ended.value;
    const reference = {
      ...(record === undefined ? {} : { record }),
      ...(card ? { card } : {}),
      ...(values ? { values } : {}),
    };
    if (answered.length === 0) return { state: 'aborted', next: 'over', cause: 'The add-on ended without sending it.' };
    return { state: 'sent', next: 'done', reference, ...status };
  }
  const last = calls.at(-1);
  const some = answered.length > 0;
  // A byte may be out already, and only an idempotent adapter may send it a second time.
  const retry = some && !idempotent ? 'over' : 'again';
  const state = some ? 'sent' : 'failed';

  // Whichever call it was: a byte of this disclosure may be out, and nobody knows what became of it.
  if (calls.some((c) => c.kind === 'unknown' && c.why === 'stopped'))
    return { state: 'unknown', next: idempotent ? 'again' : 'over', afterMs: 0, ...status, cause: interrupted };
  if (calls.some((c) => c.kind === 'unknown'))
    return {
      state: 'unknown',
      next: idempotent ? 'again' : 'over',
      ...status,
      cause: `${partner} did not answer in time.`,
      trouble: `${partner} did not answer in time.`,
    };
  if (last?.kind === 'aborted' && last.why === 'leak')
    return {
      state: some ? 'sent' : 'aborted',
      next: 'over',
      ...status,
      cause: `The add-on tried to send the ${last.field}, which stays; it was stopped.`,
    };
  if (last?.kind === 'aborted') {
    const why = last.reason instanceof Stopped ? last.reason.why : undefined;
    const changed = why === 'epoch_changed' || why === 'stopped';
    // Decided again at once: a changed epoch ends as withheld, with the rule that says why. Not where a part is out: a
    // choice about something else raises the epoch too, and then the whole would go a second time.
    return {
      state: some ? 'sent' : 'aborted',
      next: retry,
      afterMs: 0,
      ...status,
      ...(retry === 'again' ? {} : { cause: changed ? interrupted : 'It took too long; only a part of it was sent.' }),
      ...(retry === 'again' && why === 'stopped' ? { cause: waitsForResume(partner) } : {}),
    };
  }
  if (last?.kind === 'failed' && last.why === 'token-later')
    return {
      state,
      next: retry,
      afterMs: last.retryAfterMs,
      ...status,
      cause: `${partner} cannot renew its key just now.`,
    };
  if (last?.kind === 'failed' && last.why === 'token')
    return { state, next: 'over', ...status, cause: `${partner} needs reconnecting.`, trouble: 'needs_reconnect' };
  if (last?.kind === 'failed' && (last.why === 'off-list' || last.why === 'refused' || last.why === 'invalid'))
    return {
      state,
      next: 'over',
      ...status,
      cause: 'The add-on asked for an address it did not declare; it was stopped.',
    };
  if (last?.kind === 'failed')
    return {
      state,
      next: retry,
      ...status,
      cause: `${partner} cannot be reached.`,
      trouble: `${partner} cannot be reached.`,
    };
  if (last?.kind === 'sent' && last.status < 400 && last.trouble === 'stopped')
    return { state, next: 'over', ...status, cause: interrupted };
  if (last?.kind === 'sent' && last.status < 400 && last.trouble) {
    const unread = `${partner} sent an answer we could not read.`;
    return { state, next: 'over', ...status, cause: unread, trouble: unread };
  }
  const took = calls.slice(0, -1).some((c) => c.kind === 'sent' && c.status < 300);
  if (last?.kind === 'sent' && last.status >= 400) return judgeAnswer(partner, last, retry, took && !idempotent);
  return { state, next: 'over', ...status, cause: addonCause(partner, ended.error, some) };
}

/** A choice of the visitor or the brand came between two calls of one share (GATE.md l.52). */
const interrupted = 'What may be sent changed meanwhile; only a part of it was sent.';

/** What to say of a handler that failed by itself; its own words are never shown (SandboxError, sdk PartnerError). */
function addonCause(partner: string, error: unknown, some: boolean): string {
  const { kind, reason } = (error ?? {}) as { kind?: string; reason?: string };
  if (reason === 'unknown-person') return `${partner} has no record of this person yet: send the contact first.`;
  if (reason === 'unreadable') return unreadable;
  if (reason === 'record') return `${partner} did not take it.`;
  if (reason === 'form') return `${partner} sent an answer we could not read.`;
  const what = kind === 'deadline' ? 'took too long' : kind === 'memory' ? 'used too much memory' : 'failed';
  return `The add-on ${what}${some ? '.' : '; nothing was sent.'}`;
}

function judgeAnswer(
  partner: string,
  last: Extract<PartnerResult, { kind: 'sent' }>,
  retry: 'again' | 'over',
  halfDone: boolean,
): Result {
  const base = { state: 'sent' as const, httpStatus: last.status };
  if (last.status === 401)
    return { ...base, next: 'over', cause: `${partner} needs reconnecting.`, trouble: 'needs_reconnect' };
  // An earlier call of this share was taken, and a second one could double it: nobody repeats it blindly.
  if (halfDone) return { ...base, next: 'over', cause: `${partner} took a part of it and then failed.` };
  // 429 and 503 say that nothing was taken; any other 5xx may have been half done.
  if (last.status === 429 || last.status === 503) {
    const wait = last.retryAfterMs === undefined ? {} : { afterMs: last.retryAfterMs };
    const cause = `${partner} is busy.`;
    return { ...base, next: 'again', ...wait, cause, trouble: `${partner} is busy. Sends wait their turn.` };
  }
  if (last.status >= 500)
    return {
      ...base,
      next: retry,
      cause: `${partner} had a fault of its own.`,
      trouble: `${partner} had a fault of its own.`,
    };
  return { ...base, next: 'over', cause: `${partner} did not take it.` };
}
