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
    const { record, card, drafts, values } = ended.value;
    const reference = {
      ...(record === undefined ? {} : { record }),
      ...(card ? { card } : {}),
      ...(drafts ? { drafts } : {}),
      ...(values ? { values } : {}),
    };
    if (answered.length === 0)
      return { state: 'aborted', next: 'over', ...both('The add-on ended without sending it.') };
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
      ...both(`${partner} did not answer in time.`),
      ...(calls.some((c) => c.kind === 'unknown' && c.why === 'timeout') ? { why: 'slow' as const } : {}),
      fault: 'down',
    };
  if (last?.kind === 'aborted' && last.why === 'leak')
    return {
      state: some ? 'sent' : 'aborted',
      next: 'over',
      ...status,
      ...both(`The add-on tried to send the ${last.field}, which stays; it was stopped.`),
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
      ...both(`${partner} cannot renew its key just now.`),
      fault: 'down',
    };
  if (last?.kind === 'failed' && last.why === 'token') return { state, ...status, ...turnedDown(partner, retry) };
  if (last?.kind === 'failed' && (last.why === 'off-list' || last.why === 'refused' || last.why === 'invalid'))
    return {
      state,
      next: 'over',
      ...status,
      ...both('The add-on asked for an address it did not declare; it was stopped.'),
    };
  if (last?.kind === 'failed')
    return {
      state,
      next: retry,
      ...status,
      ...both(`${partner} cannot be reached.`),
      fault: 'down',
    };
  if (last?.kind === 'sent' && last.status < 400 && last.trouble === 'stopped')
    return { state, next: 'over', ...status, cause: interrupted };
  if (last?.kind === 'sent' && last.status < 400 && last.trouble) {
    const why = last.trouble === 'timeout' ? 'slow' : 'unreadable';
    return { state, next: 'over', ...status, ...both(`${partner} sent an answer we could not read.`), why };
  }
  const took = calls.slice(0, -1).some((c) => c.kind === 'sent' && c.status < 300);
  if (last?.kind === 'sent' && last.status >= 400) return judgeAnswer(partner, last, retry, took && !idempotent);
  return { state, next: 'over', ...status, ...ofAddon(partner, ended.error, some) };
}

/** What the agent reads of this send, and the console of its connection: a call that failed is never "works" (R5). */
const both = (cause: string): Pick<Result, 'cause' | 'trouble'> => ({ cause, trouble: cause });

/** Nothing was taken, so the send waits until somebody reconnects; a part of it that is out is not sent twice. */
const turnedDown = (partner: string, next: 'again' | 'over'): Pick<Result, 'next' | 'afterMs' | 'cause' | 'fault'> => ({
  next,
  afterMs: 0,
  cause: `${partner} needs reconnecting.`,
  fault: 'key',
});

/** A choice of the visitor or the brand came between two calls of one share (GATE.md l.52). */
const interrupted = 'What may be sent changed meanwhile; only a part of it was sent.';

/** What to say of a handler that failed by itself; its own words are never shown (SandboxError, sdk PartnerError). */
function ofAddon(partner: string, error: unknown, some: boolean): Pick<Result, 'cause' | 'trouble' | 'why'> {
  const { kind, reason } = (error ?? {}) as { kind?: string; reason?: string };
  // These two are about one person or record, and say nothing about the connection.
  if (reason === 'unknown-person')
    return { cause: `${partner} has no record of this person yet: send the contact first.` };
  if (reason === 'unreadable') return { cause: unreadable };
  if (reason === 'record') return refused(partner);
  if (reason === 'form') return { ...both(`${partner} sent an answer we could not read.`), why: 'unreadable' };
  if (kind === 'overreach') return both('The add-on tried to do more than fill a card and a reply; it was stopped.');
  if (kind === 'bad-result') return { ...both('The add-on gave something we could not draw.'), why: 'unreadable' };
  const what = kind === 'deadline' ? 'took too long' : kind === 'memory' ? 'used too much memory' : 'failed';
  return both(`The add-on ${what}${some ? '.' : '; nothing was sent.'}`);
}

const refused = (partner: string) => ({
  cause: `${partner} did not take it.`,
  trouble: `${partner} did not take the last send.`,
});

function judgeAnswer(
  partner: string,
  last: Extract<PartnerResult, { kind: 'sent' }>,
  retry: 'again' | 'over',
  halfDone: boolean,
): Result {
  const base = { state: 'sent' as const, httpStatus: last.status };
  // What an earlier call of this share brought in could be doubled by a second try: nobody repeats it blindly.
  if (last.status === 401) return { ...base, ...turnedDown(partner, halfDone ? 'over' : 'again') };
  const down = last.status === 429 || last.status >= 500 ? { fault: 'down' as const } : {};
  const wait = last.retryAfterMs === undefined ? {} : { afterMs: last.retryAfterMs };
  if (halfDone)
    return { ...base, next: 'over', ...wait, ...both(`${partner} took a part of it and then failed.`), ...down };
  // 429 and 503 say that nothing was taken; any other 5xx may have been half done.
  if (last.status === 429 || last.status === 503) {
    const trouble = `${partner} is busy. Sends wait their turn.`;
    return { ...base, next: 'again', ...wait, cause: `${partner} is busy.`, trouble, ...down };
  }
  if (last.status >= 500) return { ...base, next: retry, ...both(`${partner} had a fault of its own.`), ...down };
  return { ...base, next: 'over', ...refused(partner) };
}
