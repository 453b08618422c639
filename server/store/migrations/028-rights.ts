/**
 * Requests of visitors (GATE.md i, R37). The code of the status page is kept as its digest. A request names its person
 * until they are erased; the jobs it made hang on it, and are what its page shows.
 */
export const rights: string[] = [
  `create table rights_request (id text primary key, brand_id text not null, subject_id text, code_hash text not null unique,
    kind text not null check (kind in ('correct', 'erase')), field text, received_at text not null, due_on text not null,
    done_at text, leaf_index integer) strict`,
  'create index rights_person on rights_request (brand_id, subject_id) where subject_id is not null',
  "create index rights_open on rights_request (received_at) where kind = 'erase' and done_at is null",
  'alter table propagation_job add column request_id text',
  'create index propagation_request on propagation_job (request_id) where request_id is not null',
  // An erased person takes no new row (GATE.md f).
  `create trigger rights_request_erased before insert on rights_request when exists
    (select 1 from subject where id = new.subject_id and erased_at is not null)
    begin select raise(abort, 'erased: rights_request'); end`,
];
