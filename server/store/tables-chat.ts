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
  /** User id of the one agent who holds it; null where it waits in the queue. */
  assignee: string | null;
  /** 1 where it was begun by the form for when nobody is there (R62). */
  left_offline: Generated<number>;
  /** The answer to the notice before recording, 1 for yes; null where none was shown (R63). */
  recorded: number | null;
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
  /** code: from the chat; mail: by mail; session: of a browser the page knows. */
  kind: 'code' | 'mail' | 'session';
  brand_id: string;
  subject_id: string;
  expires_ms: number;
  used: number;
  /** Of a mailed one: the keyed name of the mailbox it went to. */
  lookup_hmac: Generated<string | null>;
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

/** Whether an agent is there for a brand's chats; server/chat/presence.ts. */
interface PresenceTable {
  brand_id: string;
  user_id: string;
  /** 1 where the agent chose to be away. */
  away: number;
  /** Newest sign of life of a live stream, milliseconds since 1970. */
  seen_ms: number;
  /** Number of the newest chat routing gave to this agent, counted in the brand. */
  turn: number;
}

/** How an agent arranged the cards of a brand; contract Arrangement. */
interface CardLayoutTable {
  user_id: string;
  brand_id: string;
  version: number;
  body_json: string;
  at: string;
  /** The bytes of a file in a chat; its line is found by `client_key`. */
}

interface FileTable {
  id: string;
  brand_id: string;
  conversation_id: string;
  subject_id: string;
  client_key: string;
  bytes: number;
  /** Under the subject's key. */
  bytes_enc: Uint8Array;
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
  presence: PresenceTable;
  card_layout: CardLayoutTable;
  file: FileTable;
}
