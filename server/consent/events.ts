import { randomBytes } from 'node:crypto';
import { type ConsentBy, type ConsentType, combinePurpose } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import type { Field } from '#contract/visitor.ts';
import { appendRow, minuteOf } from '../egress/ledger.ts';
import { suppliedBy } from '../gate/combine.ts';
import type { afterSignal } from '../gate/derive.ts';
import { evidenceTag, rowTag } from '../gate/keyed.ts';
import type { Tx } from '../store/open.ts';
import { headOf, type ShareKey } from '../store/share-facts.ts';
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
  /** question (in the chat), preferences (the public page), agent (asked); with afterSignal where the conflict stood. */
  method: 'question' | 'preferences' | 'agent' | `${'question' | 'preferences'}${typeof afterSignal}`;
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
}

const negative: readonly ConsentType[] = ['refused', 'withdrawn', 'revoked', 'invalidated', 'expired'];
const open: readonly ConsentType[] = ['requested', 'deferred'];
const granting: readonly ConsentType[] = ['given', 'renewed', 'given_pending_confirm'];

/**
 * Appends one event with its ledger row, moves the head (an open question only where there is no answer yet, GATE.md
 * c), and at a negative event raises the person's epoch and kills every live nonce. Returns seq and leaf index. Raises
 * `internal` for a grant by operator or signal, and throws for a person without a key: nothing is stored.
 */
export function appendEvent(tx: Tx, d: ConsentDeps, e: NewEvent): { seq: number; leafIndex: number; at: string } {
  if (granting.includes(e.type) && (e.by === 'operator' || e.by === 'signal'))
    problem('internal', 'operator and signal never grant');
  const key = d.keys.of(tx, e.brandId, e.subjectId);
  const seq = tx.seq();
  const eventId = d.ids();
  const nonce = randomBytes(16);
  const now = d.now();
  const at = now.toISOString();
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
    evidence: evidenceTag(key, eventId, { seq, asked: e.asked }),
    minute: minuteOf(now),
  });
  tx.hot(
    `insert into consent_event (seq, event_id, brand_id, subject_id, integration_id, purpose, type, fields_json,
     asked_json, terms_json, manifest_hash, notice_hash, regime, by, method, received_at, valid_until, leaf_index)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    seq,
    eventId,
    e.brandId,
    e.subjectId,
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
  );
  const head = headOf(tx, e);
  const answered = head !== undefined && !open.includes(head.type);
  if (!open.includes(e.type) || !answered)
    tx.hot(
      `insert into consent_head (brand_id, subject_id, integration_id, purpose, event_seq) values (?, ?, ?, ?, ?)
       on conflict (brand_id, subject_id, integration_id, purpose) do update set event_seq = excluded.event_seq`,
    ).run(e.brandId, e.subjectId, e.integrationId, e.purpose, seq);
  if (negative.includes(e.type) || e.takesBack) {
    tx.hot('update subject set epoch = epoch + 1 where id = ? and brand_id = ?').run(e.subjectId, e.brandId);
    tx.hot('delete from ui_nonce where brand_id = ? and subject_id = ?').run(e.brandId, e.subjectId);
    // A yes with a no in it keeps what it says yes to; any other no keeps nothing (GATE.md k.15).
    if (e.purpose === combinePurpose)
      dropValues(tx, { ...e, source: suppliedBy(e.integrationId) }, granting.includes(e.type) ? e.fields : []);
  }
  return { seq, leafIndex, at };
}
