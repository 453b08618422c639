/**
 * What agents do to a chat beside talking (R66): the newest change of tags is found without reading the talk, and a brand
 * has replies at hand. Those are the brand's words, about nobody.
 */
export const conversationTools: string[] = [
  "create index entry_tagged on entry (conversation_id, seq) where kind = 'tagged'",
  `create table canned_reply (id text primary key, brand_id text not null, name text not null collate nocase,
    text text not null, version integer not null, at text not null) strict`,
  'create unique index canned_reply_name on canned_reply (brand_id, name)',
];
