/**
 * Tables of this schema that name a person; nothing is ever stored again about one who was erased (GATE.md c). The list is
 * this migration's own: erasing.ts has the one of today.
 */
const ofSubject = [
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
  'entry',
  'visitor_token',
  'preference_session',
  'conversation',
  'value',
  'subject_key',
];

/** What the ledger and an erasure need beside the tables. */
export const ledger: string[] = [
  // Its key rows are found without reading all the others.
  "create index ledger_leaf_key on ledger_leaf (idx) where type = 'key'",
  // An erasure finds them by person; all else looks them up by token.
  'create index visitor_token_subject on visitor_token (brand_id, subject_id)',
  ...ofSubject.map(
    (table) => `create trigger ${table}_no_erased before insert on ${table}
      when exists (select 1 from subject where id = new.subject_id and erased_at is not null)
      begin select raise(abort, 'erased: ${table}'); end`,
  ),
];
