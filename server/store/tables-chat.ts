import type { Generated } from 'kysely';

interface ConversationTable {
  id: string;
  brand_id: string;
  subject_id: string;
  number: number;
  opened_at: string;
  closed_at: string | null;
  /** Number of the last entry, and sequence of the last one. */
  last_n: number;
  last_seq: number;
  /** n of the last entry when an agent last wrote or opened it. */
  seen_n: number;
}

interface EntryTable {
  seq: Generated<number>;
  brand_id: string;
  conversation_id: string;
  subject_id: string;
  n: number;
  kind: string;
  /** JSON of the kind's body without personal values; for a message all but the text. */
  body_json: string;
  text_enc: string | null;
  /** `author:clientId`, unique in a conversation: a send that is repeated is stored once. */
  client_key: string | null;
  text_hash: string | null;
  at: string;
}

interface VisitorTokenTable {
  token_hash: string;
  brand_id: string;
  conversation_id: string;
  subject_id: string;
  created_at: string;
}

/** A one-time code or a cookie session of the preference page; never a way to anything but one subject's choices. */
interface PreferenceSessionTable {
  hash: string;
  kind: 'code' | 'session';
  brand_id: string;
  subject_id: string;
  expires_ms: number;
  used: number;
}

/** Words of the brand that agents fill in; `name` is unique in a brand whatever the case. */
interface CannedReplyTable {
  id: string;
  brand_id: string;
  name: string;
  text: string;
  /** Raised at each change, so that nobody overwrites what they did not see. */
  version: number;
  at: string;
}

/** One group of what a brand decides about its chat; contract ChatSetting. */
interface ChatSettingTable {
  brand_id: string;
  name: string;
  version: number;
  body_json: string;
  at: string;
}

/** The bytes of a file in a chat; its line is found by `client_key`. */
interface FileTable {
  id: string;
  brand_id: string;
  conversation_id: string;
  subject_id: string;
  client_key: string;
  bytes: number;
  /** Under the subject's key. */
  sealed: Uint8Array;
}

/** Conversations and how visitors come back to them. */
export interface ChatTables {
  conversation: ConversationTable;
  entry: EntryTable;
  visitor_token: VisitorTokenTable;
  preference_session: PreferenceSessionTable;
  canned_reply: CannedReplyTable;
  chat_setting: ChatSettingTable;
  file: FileTable;
}
