import type { Delivered } from '#sdk';
import { Stopped } from './fence.ts';
import type { Result } from './outcome.ts';
import type { PartnerResult } from './partner.ts';

/** What the sandbox came to: the handler's report, or an error whose words are not ours to show. */
export type Ended = { value: Delivered } | { error: unknown };

const kindOf = (error: unknown): string => (error as { kind?: string } | null)?.kind ?? 'threw';

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
    const { record, card } = ended.value;
    const reference = { ...(record === undefined ? {} : { record }), ...(card ? { card } : {}) };
    return { state: answered.length > 0 ? 'sent' : 'failed', next: 'done', reference, ...status };
  }
  const last = calls.at(-1);
  const some = answered.length > 0;
  // A byte may be out already, and only an idempotent adapter may send it a second time.
  const retry = some && !idempotent ? 'over' : 'again';
  const state = some ? 'sent' : 'failed';

  if (last?.kind === 'unknown')
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
    const changed = last.reason instanceof Stopped && last.reason.why === 'epoch_changed';
    // Decided again at once: a changed epoch ends as withheld, with the rule that says why.
    return {
      state: some ? 'sent' : 'aborted',
      next: changed || retry === 'again' ? 'again' : 'over',
      afterMs: 0,
      ...status,
    };
  }
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
  if (last?.kind === 'sent') return judgeAnswer(partner, last, retry);
  const kind = kindOf(ended.error);
  const why = kind === 'deadline' ? 'took too long' : kind === 'memory' ? 'used too much memory' : 'failed';
  return { state, next: 'over', ...status, cause: `The add-on ${why}; nothing was sent.` };
}

function judgeAnswer(partner: string, last: Extract<PartnerResult, { kind: 'sent' }>, retry: 'again' | 'over'): Result {
  const base = { state: 'sent' as const, httpStatus: last.status };
  if (last.status === 401 || last.status === 403)
    return { ...base, next: 'over', cause: `${partner} needs reconnecting.`, trouble: 'needs_reconnect' };
  // 429 and 503 say that nothing was taken; any other 5xx may have been half done.
  if (last.status === 429 || last.status === 503) {
    const wait = last.retryAfterMs === undefined ? {} : { afterMs: last.retryAfterMs };
    const cause = `${partner} is busy; this is tried again by itself.`;
    return { ...base, next: 'again', ...wait, cause, trouble: `${partner} is busy. Sends wait their turn.` };
  }
  if (last.status >= 500)
    return {
      ...base,
      next: retry,
      cause: `${partner} had a fault of its own.`,
      trouble: `${partner} had a fault of its own.`,
    };
  if (last.trouble || last.status < 400)
    return { ...base, next: 'over', cause: `${partner} sent an answer we could not read.` };
  return { ...base, next: 'over', cause: `${partner} did not take it.` };
}
