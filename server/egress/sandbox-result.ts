import { isField, visitorFields } from '#contract/visitor.ts';
import { type Delivered, type Happened, happenings, type PartnerErrorReason } from '#sdk';
import { limits, type Outcome, type PartnerRequest } from './sandbox-protocol.ts';

/**
 * Why a delivery ended without a result: out of time, out of memory, the handler threw, its result has another form, it
 * asked for something it may not have, its result has a member no result has, or no sandbox could be had.
 */
export type SandboxErrorKind = 'deadline' | 'memory' | 'threw' | 'bad-result' | 'refused' | 'overreach' | 'unavailable';

/** The one error of the sandbox. Holds words of ours and an HTTP status, never what the adapter said (it may be personal). */
export class SandboxError extends Error {
  readonly kind: SandboxErrorKind;
  /** For 'threw': the sdk's word, when the handler gave up because of the partner. */
  readonly reason?: PartnerErrorReason;
  readonly status?: number;
  constructor(kind: SandboxErrorKind, from: { reason?: PartnerErrorReason; status?: number } = {}) {
    super(`adapter: ${[kind, from.reason, from.status].filter(Boolean).join(' ')}`);
    this.name = 'SandboxError';
    this.kind = kind;
    this.reason = from.reason;
    this.status = from.status;
  }
}

const reasons: Record<PartnerErrorReason, true> = { status: true, form: true, record: true, 'unknown-person': true };
const isReason = (word: unknown): word is PartnerErrorReason =>
  typeof word === 'string' && Object.hasOwn(reasons, word);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isLine = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= max;

/** What a handler said, if it ended well. Throws SandboxError. */
function resultIn(outcome: Outcome): unknown {
  // by its type it has one of two forms, but it was written inside the sandbox
  if (!isObject(outcome)) throw new SandboxError('bad-result');
  if (!('fail' in outcome)) return outcome.ok;
  if (outcome.fail !== 'threw')
    throw new SandboxError(outcome.fail === 'refused' || outcome.fail === 'memory' ? outcome.fail : 'bad-result');
  const status = Number.isInteger(outcome.status) ? Number(outcome.status) : undefined;
  throw new SandboxError('threw', isReason(outcome.reason) ? { reason: outcome.reason, status } : {});
}

/** What an event came to, copied into a fresh object: a word of the list, a record up to 256 characters. Throws SandboxError. */
export function readHappened(outcome: Outcome): Happened | undefined {
  const ok = resultIn(outcome);
  if (ok === null) return undefined;
  const kind = isObject(ok) ? happenings.find((word) => word === ok.kind) : undefined;
  if (kind === 'uninstalled') return { kind };
  if (!kind || !isObject(ok) || !isLine(ok.record, 256)) throw new SandboxError('bad-result');
  return { kind, record: ok.record };
}

/** All that a result may have: with anything else an adapter asks for what it never gets, to send a message say (R72). */
const members: Record<keyof Delivered, true> = { record: true, card: true, drafts: true, values: true };

/**
 * A handler's result copied into a fresh object: record up to 256 characters, 20 card rows of 200, 5 drafts of 1,000,
 * values of 254. Throws SandboxError.
 */
export function readOutcome(outcome: Outcome): Delivered {
  const ok = resultIn(outcome);
  if (!isObject(ok)) throw new SandboxError('bad-result');
  if (Object.keys(ok).some((name) => !Object.hasOwn(members, name))) throw new SandboxError('overreach');
  const record = Object.hasOwn(ok, 'record') ? ok.record : undefined;
  const rows = Object.hasOwn(ok, 'card') ? ok.card : undefined;
  if (record !== undefined && !isLine(record, 256)) throw new SandboxError('bad-result');
  if (rows !== undefined && !(Array.isArray(rows) && rows.length <= 20)) throw new SandboxError('bad-result');
  const card = rows?.map((row: unknown) => {
    if (!isObject(row) || !isLine(row.label, 200) || !isLine(row.value, 200)) throw new SandboxError('bad-result');
    return { label: row.label, value: row.value };
  });
  const values = Object.hasOwn(ok, 'values') ? readValues(ok.values) : undefined;
  const drafts = Object.hasOwn(ok, 'drafts') ? readDrafts(ok.drafts) : undefined;
  return {
    ...(record !== undefined && { record }),
    ...(card && { card }),
    ...(drafts && { drafts }),
    ...(values && { values }),
  };
}

/** Words for the reply: plain text of one or more lines, a label of one. Throws SandboxError. */
function readDrafts(drafts: unknown): Delivered['drafts'] {
  if (!Array.isArray(drafts) || drafts.length > 5) throw new SandboxError('bad-result');
  return drafts.map((draft: unknown) => {
    if (!isObject(draft) || !isLine(draft.label, 60) || !isLine(draft.text, 1_000))
      throw new SandboxError('bad-result');
    // What no key writes could hide words from the agent who reads them before sending.
    if (hidden.test(draft.label) || hidden.test(draft.text.replaceAll('\n', ''))) throw new SandboxError('bad-result');
    return { label: draft.label, text: draft.text };
  });
}
/** Control characters, and those that turn the direction of what is read. */
const hidden = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

/** What a partner knows of the person: short values of fields that are known and are no free text. Throws SandboxError. */
function readValues(values: unknown): Delivered['values'] {
  if (!isObject(values)) throw new SandboxError('bad-result');
  for (const [field, value] of Object.entries(values))
    if (!isField(field) || visitorFields[field].freeText || !isLine(value, 254)) throw new SandboxError('bad-result');
  return { ...values };
}

const methods: readonly unknown[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** A request as the adapter wrote it, or nothing when it has not the form of one. The call list is egress's to check. */
export function readRequest(text: string): PartnerRequest | undefined {
  const request: unknown = JSON.parse(text);
  if (!isObject(request)) return;
  const { method, path, body } = request;
  if (!methods.includes(method) || !isLine(path, limits.path) || !/^\/(?!\/)/.test(path)) return;
  return { method: method as PartnerRequest['method'], path, ...(body !== undefined && { body }) };
}
