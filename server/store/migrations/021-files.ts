/**
 * Files of a chat (R62, R88): the bytes sealed with the person's key; name, type and size stand in the line of the chat
 * that `client_key` finds. Found by chat, for its cap and by an erasure; nothing is stored about one who was erased.
 */
export const files: string[] = [
  `create table file (id text primary key, brand_id text not null, conversation_id text not null,
    subject_id text not null, client_key text not null, bytes integer not null, bytes_enc blob not null) strict`,
  'create index file_chat on file (conversation_id, bytes)',
  `create trigger file_no_erased before insert on file
    when exists (select 1 from subject where id = new.subject_id and erased_at is not null)
    begin select raise(abort, 'erased: file'); end`,
];
