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
  /** n up to which an agent had it on screen, and when that was last raised over a message of the visitor's (R62). */
  seen_n: number;
  seen_at: string | null;
  /** The same for the visitor, and for messages of agents. */
  read_n: number;
  read_at: string | null;
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

/** What is known of one chat's visit beside what was said in it, sealed with the person's key (R67); store/visit.ts. */
interface VisitTable {
  conversation_id: string;
  brand_id: string;
  subject_id: string;
  /** JSON of the page the visitor is on, and of those before it, the oldest first. */
  page_enc: string | null;
  trail_enc: string | null;
  device_enc: string | null;
  device_at: string | null;
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

/** Conversations and how visitors come back to them. */
export interface ChatTables {
  conversation: ConversationTable;
  entry: EntryTable;
  visit: VisitTable;
  visitor_token: VisitorTokenTable;
  preference_session: PreferenceSessionTable;
  canned_reply: CannedReplyTable;
  chat_setting: ChatSettingTable;
}
