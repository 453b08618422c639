/**
 * Ending a chat: what was answered to the notice before recording (R63; null where none was shown), and mail that holds a
 * person's words, which goes with the person (R60).
 */
export const ending: string[] = [
  'alter table conversation add column recorded integer',
  'alter table outbox add column brand_id text',
  'alter table outbox add column subject_id text',
  'create index outbox_subject on outbox (brand_id, subject_id) where subject_id is not null',
  // An erased person takes no new row (GATE.md f).
  `create trigger outbox_erased before insert on outbox when exists
    (select 1 from subject where id = new.subject_id and erased_at is not null)
    begin select raise(abort, 'erased: outbox'); end`,
];
