import { hash } from 'node:crypto';
import type { Entry } from '#contract/chat.ts';
import type { Field } from '#contract/visitor.ts';
import type { Context } from '../gate/context.ts';
import { decideShare, type ShareDecision } from '../gate/decide.ts';
import { regimeOf } from '../gate/derive.ts';
import { consentLink, epochLink, fieldCommitment, rowTag } from '../gate/keyed.ts';
import { appendEntry } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { freshNonce } from '../store/seal.ts';
import type { ShareFacts } from '../store/share-facts.ts';
import type { SubjectKeys } from '../store/subjects.ts';
import { mayClaim } from './circuit.ts';
import { type LoadedShare, loadShare } from './context.ts';
import { type Lease, leaseMs } from './fence.ts';
import { appendRow, minuteOf } from './ledger.ts';
import { lastReference } from './reference.ts';
import { readShare, type ShareRow, shareEntry } from './share-row.ts';

/** What the gate needs from outside: every one a seam of GATE.md l. */
export interface ClaimDeps {
  keys: SubjectKeys;
  now: () => Date;
  /** Milliseconds that never jump. */
  monotonic: () => number;
  ids: () => string;
}

/** The claim's answer: stopped with its entry, or one disclosure whose row stands before its first byte. */
export type Claim =
  | { allowed: false; share: ShareRow; entry: Entry | undefined }
  | {
      allowed: true;
      share: ShareRow;
      disclosureId: string;
      context: Context;
      decision: ShareDecision;
      facts: ShareFacts;
      /**
       * Values of this person that may not leave, for the byte check, the words of the chat among them. Those are read
       * here and not in the transaction: they decide nothing, and other writers wait meanwhile. Throws where unreadable.
       */
      withheldValues(): Partial<Record<Field, string>>;
      record: string | undefined;
      /** Opened in memory after the commit; a commit that fails leaves none. */
      lease: Lease;
      /** Index of the disclosure's row in the ledger. */
      leaf: number;
      chatNumber: number;
      at: string;
    };

/** Writes one decision row: allowed fields, denied fields with their rule, a hash of the inputs, never a value (R32). */
export function insertDecision(
  tx: Tx,
  d: ClaimDeps,
  share: ShareRow,
  context: Context,
  decision: ShareDecision,
  at: string,
): string {
  const id = d.ids();
  // The text of one build of this hub, not of a standard: derive.ts puts the names in the same order each time.
  const inputs = hash('sha256', JSON.stringify(context.fields.map((f) => [f.field, f.snapshot])), 'base64url');
  tx.hot(
    `insert into decision (id, brand_id, subject_id, integration_id, share_id, purpose, effect, allowed_json,
     denied_json, inputs_hash, seq, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    id,
    share.brandId,
    share.subjectId,
    share.integrationId,
    share.id,
    share.purpose,
    decision.effect,
    JSON.stringify(decision.rules),
    JSON.stringify(decision.denied),
    inputs,
    tx.seq(),
    at,
  );
  return id;
}

/** A waiting share, read with all its decision needs. */
interface Waiting extends LoadedShare {
  share: ShareRow;
  decision: ShareDecision;
  now: Date;
}

/** Decides a waiting share anew against the newest consent; undefined when it is not waiting. */
function decideWaiting(tx: Tx, d: ClaimDeps, shareId: string, known?: LoadedShare): Waiting | undefined {
  const share = readShare(tx, shareId);
  if (share?.state !== 'queued') return undefined;
  const now = d.now();
  // What was denied when the share was queued stays out: a later yes makes a new share and wakes no old one.
  const loaded = loadShare(tx, d.keys, share, now, share.captured.allowed, known);
  const decided = decideShare(loaded.context.fields);
  return { ...loaded, share, now, decision: { ...decided, denied: { ...share.captured.denied, ...decided.denied } } };
}

/** Finishes a share that the gate denies: its decision row, its state, its line. */
function finishDenied(tx: Tx, d: ClaimDeps, w: Waiting): Entry | undefined {
  const at = w.now.toISOString();
  insertDecision(tx, d, w.share, w.context, w.decision, at);
  tx.hot("update share set state = 'denied' where id = ?").run(w.share.id);
  const place = { ...w.share, key: w.key(), at };
  return appendEntry(tx, place, shareEntry(w.share, w.facts.manifest.name, 'withheld', [], w.decision.denied));
}

/** Finishes each waiting share of one consent machine that the gate denies now, and leaves the others; their lines. */
export function stopShares(tx: Tx, d: ClaimDeps, shareIds: readonly string[]): Entry[] {
  let known: Waiting | undefined;
  return shareIds.flatMap((id) => {
    const waiting = decideWaiting(tx, d, id, known);
    known ??= waiting;
    return waiting?.decision.effect === 'deny' ? (finishDenied(tx, d, waiting) ?? []) : [];
  });
}

/**
 * The claim transaction of GATE.md e.2.2: decides anew against the newest consent; denied, it finishes the share;
 * allowed, it writes the disclosure row with its leaf and opens the lease. Undefined when the share is not waiting, or
 * goes on waiting because its partner cannot be worked with (sec-O28).
 */
export function claimShare(tx: Tx, d: ClaimDeps, shareId: string): Claim | undefined {
  const waiting = decideWaiting(tx, d, shareId);
  if (!waiting) return undefined;
  const { share, facts, context, decision, now } = waiting;
  if (decision.effect === 'deny') return { allowed: false, share, entry: finishDenied(tx, d, waiting) };
  if (!mayClaim(tx, { ...share, now })) return undefined;
  const key = waiting.key();
  const at = now.toISOString();
  const decisionId = insertDecision(tx, d, share, context, decision, at);
  const { disclosureId, lease, leaf } = insertDisclosure(tx, d, waiting, decisionId, key, at);
  tx.hot("update share set state = 'sending', attempts = attempts + 1 where id = ?").run(share.id);
  const chat = tx.hot('select number from conversation where id = ?').get(share.conversationId);
  return {
    allowed: true,
    share: { ...share, attempts: share.attempts + 1 },
    disclosureId,
    context,
    decision,
    facts,
    withheldValues() {
      const known = [...facts.values.map((v) => [v.field, v.value] as const), ['transcript', waiting.words()] as const];
      return Object.fromEntries(known.filter(([field, value]) => value && !decision.allowedFields.includes(field)));
    },
    record: lastReference(tx, d.keys, facts)?.record,
    lease,
    leaf,
    chatNumber: chat?.number as number,
    at: `${at.slice(0, 16)}:00.000Z`, // the minute: an adapter gets no finer clock
  };
}

function insertDisclosure(
  tx: Tx,
  d: ClaimDeps,
  { share, facts, context, decision, now }: Waiting,
  decisionId: string,
  key: Buffer,
  at: string,
): { disclosureId: string; lease: Lease; leaf: number } {
  const id = d.ids();
  const seq = tx.seq();
  const nonce = freshNonce();
  const sent = context.fields.filter((f) => decision.allowedFields.includes(f.field) && f.value !== undefined);
  const fields = sent.map((f) => f.field);
  const row = {
    v: 1,
    t: 'disclosure',
    tag: rowTag(key, nonce),
    nonce: nonce.toString('base64url'),
    integration: share.integrationId,
    ...(facts.integration.sandbox ? { sandbox: true } : {}), // R15: marked in the ledger
    manifest: facts.manifestHash,
    notice: facts.head?.noticeHash ?? facts.noticeHash ?? '',
    purpose: `dpv:${share.purpose}`,
    fields,
    c: Object.fromEntries(sent.map((f) => [f.field, fieldCommitment(key, f.field, id, f.value ?? '')])),
    rule: Object.fromEntries(fields.map((f) => [f, decision.rules[f]])),
    consent: consentLink(key, id, facts.head?.leafIndex ?? -1),
    epoch: epochLink(key, id, facts.subject.epoch),
    regime: regimeOf(facts),
    minute: minuteOf(now),
  };
  const leaf = appendRow(tx, share.brandId, row);
  tx.hot(
    `insert into disclosure (id, brand_id, subject_id, integration_id, share_id, attempt, decision_id, purpose,
     subject_epoch, conn_epoch, claim_seq, fields_json, rules_json, leaf_index, at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    id,
    share.brandId,
    facts.subjectId,
    share.integrationId,
    share.id,
    share.attempts + 1,
    decisionId,
    share.purpose,
    facts.subject.epoch,
    facts.integration.connEpoch,
    seq,
    JSON.stringify(fields),
    JSON.stringify(row.rule),
    leaf,
    at,
  );
  const untilMs = d.monotonic() + leaseMs;
  tx.hot(
    'insert into lease (brand_id, disclosure_id, subject_id, integration_id, until_ms) values (?, ?, ?, ?, ?)',
  ).run(share.brandId, id, facts.subjectId, share.integrationId, Math.ceil(untilMs));
  const lease = {
    disclosureId: id,
    brandId: share.brandId,
    subjectId: facts.subjectId, // the root of the closure carries the epoch (GATE.md a)
    integrationId: share.integrationId,
    subjectEpoch: facts.subject.epoch,
    connEpoch: facts.integration.connEpoch,
    untilMs,
  };
  return { disclosureId: id, lease, leaf };
}
