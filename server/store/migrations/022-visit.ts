/**
 * How far each side of a chat has read, and what is known of the visit (R62, R67). Whoever had read before this step did so
 * at a time nobody kept: then no time is shown.
 */
export const visit: string[] = [
  // `seen_n` is what an agent had on screen; `read_n` what the visitor had. When each was last raised stands beside it.
  'alter table conversation add column seen_at text',
  'alter table conversation add column read_n integer not null default 0',
  'alter table conversation add column read_at text',
  // The page now and the pages before it stand apart: an objection takes the trail and leaves the page (R26).
  `create table visit (conversation_id text primary key, brand_id text not null, subject_id text not null,
    page_enc text, trail_enc text, device_enc text, device_at text) strict`,
  'create index visit_subject on visit (brand_id, subject_id)',
  `create trigger visit_no_erased before insert on visit
    when exists (select 1 from subject where id = new.subject_id and erased_at is not null)
    begin select raise(abort, 'erased: visit'); end`,
];
