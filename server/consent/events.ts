import { randomBytes } from 'node:crypto';
import { type ConsentBy, type ConsentType, combinePurpose } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import type { Field } from '#contract/visitor.ts';
import { appendRow, minuteOf } from '../egress/ledger.ts';
import { suppliedBy } from '../gate/combine.ts';
import type { afterSignal } from '../gate/derive.ts';
import { evidenceTag, rowTag } from '../gate/keyed.ts';
import { closureOf, everyoneIn, raiseEpoch } from '../store/closure.ts';
import type { Tx } from '../store/open.ts';
import { lastType, type ShareKey } from '../store/share-facts.ts';
import { dropValues, type SubjectKeys } from '../store/subjects.ts';

/** What consent needs from outside; all are seams (GATE.md l). */
export interface ConsentDeps {
  keys: SubjectKeys;
  now: () => Date;
  ids: () => string;
}

/** One event to append; what it does not name is empty. */
export interface NewEvent extends ShareKey {
  type: ConsentType;
  by: ConsentBy;
  /**
   * question (in the chat), preferences (the public page), agent (asked), address (opted out by an address alone),
   * keyword (STOP or START in the chat), recorded (the brand wrote down what somebody said on the person's behalf); with afterSignal where the conflict stood.
   */
  method:
    | 'question'
    | 'preferences'
    | 'agent'
    | 'address'
    | 'recorded'
    | 'keyword'
    | `${'question' | 'preferences'}${typeof afterSignal}`;
  /** Yes-fields of a grant; all fields otherwise. */
  fields: readonly Field[];
  asked: readonly Field[];
  terms: Partial<Record<Field, string>>;
  manifestHash: string;
  noticeHash: string | null;
  regime: string;
  validUntil: string | null;
  /** A yes with a no in it: what is under way stops as after any no (GATE.md I4). */
  takesBack?: boolean;
  /** What an answer by somebody else stands on; only its keyed hash is kept (GATE.md c, "By"). */
  evidence?: string;
}

const negative: readonly ConsentType[] = ['refused', 'withdrawn', 'revoked', 'invalidated', 'expired'];
const open: readonly ConsentType[] = ['requested', 'deferred'];
const granting: readonly ConsentType[] = ['given', 'renewed', 'given_pending_confirm'];

/**
 * Appends one event with its ledger row, moves the head (an open question only where there is no answer yet, GATE.md
 * c), and at a negative event raises the person's epoch and kills every live nonce. Returns seq and leaf index. Raises
 * `internal` for a grant by operator or signal and `forgotten` for a person who was erased (GATE.md c), and throws for a
 * person without a key: nothing is stored.
 */
export function appendEvent(tx: Tx, d: ConsentDeps, e: NewEvent): { seq: number; leafIndex: number; at: string } {
  if (granting.includes(e.type) && (e.by === 'operator' || e.by === 'signal'))
    problem('internal', 'operator and signal never grant');
  const closure = closureOf(tx, e.brandId, e.subjectId);
  const subjectId = closure.root; // who was merged answers as the person they were found to be
  if (closure.rows.some((r) => r.erased_at !== null)) problem('forgotten');
  const key = d.keys.of(tx, e.brandId, subjectId);
  const seq = tx.seq();
  const eventId = d.ids();
  const nonce = randomBytes(16);
  const now = d.now();
  const at = now.toISOString();
  const proof = e.evidence === undefined ? {} : { proof: e.evidence };
  const evidence = evidenceTag(key, eventId, { seq, asked: e.asked, ...proof });
  const leafIndex = appendRow(tx, e.brandId, {
    v: 1,
    t: 'consent',
    tag: rowTag(key, nonce),
    nonce: nonce.toString('base64url'),
    integration: e.integrationId,
    purpose: `dpv:${e.purpose}`,
    event: e.type,
    fields: e.fields,
    manifest: e.manifestHash,
    notice: e.noticeHash ?? '',
    regime: e.regime,
    by: e.by,
    method: e.method,
    evidence,
    minute: minuteOf(now),
  });
  tx.hot(
    `insert into consent_event (seq, event_id, brand_id, subject_id, integration_id, purpose, type, fields_json,
     asked_json, terms_json, manifest_hash, notice_hash, regime, by, method, received_at, valid_until, leaf_index,
     evidence_hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    seq,
    eventId,
    e.brandId,
    subjectId,
    e.integrationId,
    e.purpose,
    e.type,
    JSON.stringify(e.fields),
    JSON.stringify(e.asked),
    JSON.stringify(e.terms),
    e.manifestHash,
    e.noticeHash,
    e.regime,
    e.by,
    e.method,
    at,
    e.validUntil,
    leafIndex,
    e.evidence === undefined ? null : evidence,
  );
  const before = lastType(tx, { ...e, subjectId });
  const answered = before !== undefined && !open.includes(before);
  // The first step of two is no answer; the confirming one is (GATE.md c).
  if (e.type !== 'given_pending_confirm' && (!open.includes(e.type) || !answered))
    tx.hot(
      `insert into consent_head (brand_id, subject_id, integration_id, purpose, event_seq) values (?, ?, ?, ?, ?)
       on conflict (brand_id, subject_id, integration_id, purpose) do update set event_seq = excluded.event_seq`,
    ).run(e.brandId, subjectId, e.integrationId, e.purpose, seq);
  if (negative.includes(e.type) || e.takesBack) {
    raiseEpoch(tx, e.brandId, closure);
    // A yes with a no in it keeps what it says yes to; any other no keeps nothing (GATE.md k.15).
    if (e.purpose === combinePurpose)
      for (const id of everyoneIn(closure))
        dropValues(
          tx,
          { brandId: e.brandId, subjectId: id, source: suppliedBy(e.integrationId) },
          granting.includes(e.type) ? e.fields : [],
        );
  }
  return { seq, leafIndex, at };
}
