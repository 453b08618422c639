/**
 * Who answers a chat (R66): its one holder, whether it was left while nobody was there (R62), and which agents are there.
 * The newest change of holder is found without reading the talk.
 */
export const routing: string[] = [
  'alter table conversation add column assignee text',
  'alter table conversation add column left_offline integer not null default 0',
  'create index conversation_open on conversation (brand_id, assignee) where closed_at is null',
  "create index entry_assigned on entry (conversation_id, seq) where kind = 'assigned'",
  `create table presence (brand_id text not null, user_id text not null, away integer not null, seen_ms integer not null,
    turn integer not null, primary key (brand_id, user_id)) strict`,
];
