/** What the gate's hot paths look for: the line of a share in a chat, however many lines that has. */
export const egress = [
  "create index entry_share on entry (conversation_id, body_json ->> '$.share', n) where kind = 'share'",
];
