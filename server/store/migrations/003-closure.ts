/** Who is the same person, who opted out before we knew them, and what recipients are told afterwards (GATE.md j, k). */
export const closure: string[] = [
  'alter table subject add column merged_seq integer',
  'alter table subject add column linked integer not null default 0',
  'alter table subject add column suppressed_json text',
  'create index subject_merged on subject (brand_id, merged_into) where merged_into is not null',
  'alter table consent_event add column evidence_hash text',
  `create table link (id text primary key, brand_id text not null, subject_id text not null, root_id text not null,
    kind text not null, action text not null, heads_json text not null, seq integer not null) strict`,
  'create index link_subject on link (brand_id, subject_id, seq)',
  `create table identifier (brand_id text not null, kind text not null, lookup_hmac text not null,
    subject_id text not null, verified_at text, primary key (brand_id, kind, lookup_hmac, subject_id)) strict, without rowid`,
  'create index identifier_subject on identifier (brand_id, subject_id)',
  `create table suppression (brand_id text not null, token_hmac text not null, integration_id text not null,
    created_seq integer not null, primary key (brand_id, token_hmac, integration_id)) strict, without rowid`,
  `create table imported_claim (brand_id text not null, token_hmac text not null, seq integer not null,
    at text not null, primary key (brand_id, token_hmac)) strict, without rowid`,
  `create table propagation_job (id text primary key, brand_id text not null, cause_seq integer not null,
    integration_id text not null, purpose text not null, action text not null,
    wrapped_key text, target_enc text, state text not null, attempts integer not null, due_at text not null,
    result text, reason text) strict`,
  'create index propagation_due on propagation_job (brand_id, state, due_at)',
  // One job an action for each disclosure: the key is what makes it exactly one (GATE.md I5).
  `create table propagation_cover (disclosure_id text not null, action text not null, brand_id text not null,
    job_id text not null, primary key (disclosure_id, action)) strict, without rowid`,
  ...(['update', 'delete'] as const).map(
    (act) =>
      `create trigger link_no_${act} before ${act} on link ${act === 'delete' ? 'when old.subject_id not in (select subject_id from erasing) and old.root_id not in (select subject_id from erasing)' : ''}
       begin select raise(abort, 'append-only: link'); end`,
  ),
];
