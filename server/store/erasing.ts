import type { Tx } from './open.ts';

/**
 * Every table that names a person, emptied of them by an erasure; the `subject` row itself stays, with nothing in it.
 * A table made later is named here too: a test walks the schema for those that are not.
 */
export const ofSubject = [
  'receipt',
  'outcome',
  'lease',
  'disclosure',
  'decision',
  'share',
  'signal_seen',
  'ui_nonce',
  'consent_head',
  'consent_event',
  'statement',
  'link',
  'identifier',
  'notice_served',
  'file',
  'entry',
  'visitor_token',
  'preference_session',
  'outbox',
  'rights_request',
  'visit',
  'conversation',
  'value',
  'subject_key',
] as const;

/** Found by the chats of a person: an index by person would cost each message and each share. */
const byChat: readonly string[] = ['share', 'file', 'entry'];
const whoseChat = 'conversation_id in (select id from conversation where brand_id = ? and subject_id = ?)';
/** A merge names two; the row goes with either of them. */
const eitherOf = 'brand_id = ? and ? in (subject_id, root_id)';

const whoseIn = (table: string): string =>
  byChat.includes(table) ? whoseChat : table === 'link' ? eitherOf : 'brand_id = ? and subject_id = ?';

/**
 * Deletes all that is kept of a person, their key too, inside the caller's transaction (GATE.md f, I9). `minute` is all
 * that says when.
 */
export function eraseSubject(tx: Tx, brandId: string, subjectId: string, minute: string): void {
  tx.hot('insert into erasing (subject_id) values (?)').run(subjectId);
  // Which job covers which send would tie them together; the jobs stay, and name nobody.
  tx.hot(
    'delete from propagation_cover where disclosure_id in (select id from disclosure where brand_id = ? and subject_id = ?)',
  ).run(brandId, subjectId);
  // So would the request they all hang on.
  tx.hot(
    `update propagation_job set request_id = null where request_id in
     (select id from rights_request where brand_id = ? and subject_id = ?)`,
  ).run(brandId, subjectId);
  for (const table of ofSubject) tx.hot(`delete from ${table} where ${whoseIn(table)}`).run(brandId, subjectId);
  tx.hot('delete from erasing where subject_id = ?').run(subjectId);
  tx.hot(
    `update subject set created_seq = 0, merged_into = null, merged_seq = null, linked = 0, suppressed_json = null,
     epoch = 0, age_class = 'adult', restricted = 0, objected = 0, no_profiling = 0, erased_at = ?
     where id = ? and brand_id = ?`,
  ).run(minute, subjectId, brandId);
}

/**
 * Writes what a deletion overwrote into the file itself, and empties the log that still held it. While another program
 * reads the file the log stays until the hub's next one; the keys in it are wrapped, and rotation ends them (GATE.md f).
 */
export const flushDeleted = (read: Pick<Tx, 'hot'>): void => void read.hot('pragma wal_checkpoint(truncate)').get();
