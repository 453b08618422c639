/** What people say about themselves, and settings that name places instead of one fixed regime (GATE.md d). */
export const regime: string[] = [
  // Append-only until the subject's erasure (GATE.md j, "S"); the newest row of a kind counts.
  `create table statement (seq integer primary key, brand_id text not null, subject_id text not null,
    kind text not null, value_enc text not null, by text not null, at text not null) strict`,
  'create index statement_subject on statement (brand_id, subject_id, seq)',
  `create trigger statement_no_update before update on statement
    begin select raise(abort, 'append-only: statement'); end`,
  `create trigger statement_no_delete before delete on statement
    when old.subject_id not in (select subject_id from erasing)
    begin select raise(abort, 'append-only: statement'); end`,
  // The public page of a brand reads its changed rules; the ledger is long.
  "create index ledger_leaf_setting on ledger_leaf (brand_id, idx) where type = 'setting'",
  'alter table subject add column no_profiling integer not null default 0',
  // The column held what a child-directed brand implied; that is derived now, and the column is what somebody found out.
  "update subject set age_class = 'adult'",
  // Nobody said where a brand serves: unknown, which decides as opt_in did.
  `update brand set settings_json = json_set(json_remove(settings_json, '$.regime'), '$.places', json('[]'),
    '$.consentAge', 16) where json_valid(settings_json)`,
];
