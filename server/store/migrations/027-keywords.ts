/** STOP and START in chats: the newest of a person is found without reading what else was said (R45). */
export const keywords: string[] = [
  "create index entry_keyword on entry (brand_id, subject_id, seq) where kind = 'keyword'",
];
