/** What agents do to a chat beside talking (R66): the newest change of tags is found without reading the talk. */
export const conversationTools: string[] = [
  "create index entry_tagged on entry (conversation_id, seq) where kind = 'tagged'",
];
