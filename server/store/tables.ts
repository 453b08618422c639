import type { Generated } from 'kysely';
import type { ConsentBy, ConsentType, Purpose } from '#contract/consent.ts';

/*
 * The data model of GATE.md j, as far as it is in use, and what chat, connections and people need beside it.
 * `*_json` is JSON text, `*_enc` is sealed with the subject's key, `sealed` with the brand's vault key, `*_hash` is
 * base64url of SHA-256. `seq` is database order; `*_at` is ISO 8601 UTC and decides nothing (SECURITY.md DB7).
 */

/** Database order: one row, raised inside write transactions only. */
export interface CounterTable {
  name: string;
  value: number;
}
export interface MetaTable {
  key: string;
  value: string;
}

export interface BrandTable {
  id: string;
  slug: string;
  legal_name: string;
  name: string;
  address: string;
  contact: string;
  country: string;
  /** contract BrandSettings and regime, JSON. */
  settings_json: string;
  /** Data key of the brand's secrets, wrapped by the vault key (SECURITY.md control 2). */
  wrapped_key: string;
  created_at: string;
}
export interface IntegrationTable {
  id: string;
  brand_id: string;
  provider: string;
  sandbox: number;
  account_id: string;
  account_name: string;
  connection: 'active' | 'revoked';
  conn_epoch: number;
  revoked_before_seq: number;
  manifest_hash: string;
  connected_at: string;
  last_good_at: string | null;
  /** Last failure since the last good call: a word of ours, never the partner's text. */
  trouble: string | null;
}
export interface VaultTable {
  brand_id: string;
  integration_id: string;
  /** JSON of the token set, AES-256-GCM; AAD = brand, integration, field, key id. */
  sealed: string;
  version: number;
  updated_at: string;
}
export interface ConnectTransactionTable {
  id: string;
  brand_id: string;
  state_hash: string;
  adapter: string;
  sandbox: number;
  user_id: string;
  session_id: string;
  cookie_hash: string;
  /** JSON { verifier } before the callback, { tokens, account } after it; sealed. */
  sealed: string;
  stage: 'started' | 'called_back' | 'confirmed' | 'refused';
  created_at: string;
  expires_ms: number;
}
export interface ManifestTable {
  hash: string;
  brand_id: string;
  provider: string;
  body_json: string;
  published_at: string;
}
export interface NoticeTable {
  hash: string;
  brand_id: string;
  lang: string;
  body_json: string;
  published_seq: number;
  published_at: string;
}
export interface NoticeServedTable {
  id: string;
  brand_id: string;
  subject_id: string;
  notice_hash: string;
  surface: 'form' | 'question' | 'preferences';
  integration_id: string | null;
  purpose: Purpose | null;
  seq: number;
}

export interface SubjectTable {
  id: string;
  brand_id: string;
  created_seq: number;
  merged_into: string | null;
  epoch: number;
  age_class: 'adult' | 'teen' | 'below_consent_age';
  restricted: number;
  objected: number;
  erased_at: string | null;
}
export interface SubjectKeyTable {
  subject_id: string;
  brand_id: string;
  wrapped_key: string;
}
export interface ValueTable {
  brand_id: string;
  subject_id: string;
  field: string;
  value_enc: string;
  source: string;
  collected_notice_hash: string | null;
  seq: number;
  at: string;
}

export interface ConsentEventTable {
  seq: number;
  event_id: string;
  brand_id: string;
  subject_id: string;
  integration_id: string;
  purpose: Purpose;
  type: ConsentType;
  /** Fields the answer says yes to; all asked fields for the other types. */
  fields_json: string;
  /** Fields that stood on the screen: a field asked and not in `fields` of a yes was a no of its own. */
  asked_json: string;
  terms_json: string;
  manifest_hash: string;
  notice_hash: string | null;
  regime: string;
  by: ConsentBy;
  method: string;
  received_at: string;
  valid_until: string | null;
  leaf_index: number | null;
}
export interface ConsentHeadTable {
  brand_id: string;
  subject_id: string;
  integration_id: string;
  purpose: Purpose;
  event_seq: number;
}
export interface UiNonceTable {
  nonce_hash: string;
  brand_id: string;
  subject_id: string;
  session_hash: string;
  integration_id: string;
  purpose: Purpose;
  notice_hash: string;
  fields_json: string;
  issued_seq: number;
  expires_ms: number;
  used: number;
}
export interface SignalSeenTable {
  id: string;
  brand_id: string;
  subject_id: string;
  kind: 'gpc' | 'dnt';
  value: string;
  seq: number;
}

export interface ShareTable {
  id: string;
  brand_id: string;
  subject_id: string;
  conversation_id: string;
  integration_id: string;
  purpose: Purpose;
  client_id: string;
  fields_json: string;
  allowed_json: string;
  state: 'queued' | 'sending' | 'done' | 'denied' | 'failed' | 'unknown';
  attempts: number;
  not_before_ms: number;
  seq: number;
  at: string;
}
export interface DecisionTable {
  id: string;
  brand_id: string;
  subject_id: string;
  integration_id: string;
  share_id: string;
  purpose: Purpose;
  effect: 'allow' | 'deny';
  allowed_json: string;
  denied_json: string;
  inputs_hash: string;
  seq: number;
  at: string;
}
export interface DisclosureTable {
  id: string;
  brand_id: string;
  subject_id: string;
  integration_id: string;
  share_id: string;
  attempt: number;
  decision_id: string;
  purpose: Purpose;
  subject_epoch: number;
  conn_epoch: number;
  claim_seq: number;
  fields_json: string;
  rules_json: string;
  leaf_index: number;
  at: string;
}
export interface LeaseTable {
  brand_id: string;
  disclosure_id: string;
  subject_id: string;
  integration_id: string;
  /** Milliseconds of the process's monotonic clock. */
  until_ms: number;
}
export interface OutcomeTable {
  brand_id: string;
  subject_id: string;
  disclosure_id: string;
  state: 'sent' | 'unknown' | 'failed' | 'aborted';
  http_status: number | null;
  /** JSON { record, card } as the partner gave it. */
  ref_enc: string | null;
  seq: number;
  at: string;
}
export interface LedgerLeafTable {
  idx: number;
  brand_id: string;
  type: string;
  /** JCS bytes of the row, as text. */
  row: string;
  leaf_hash: string;
}
export interface LedgerNodeTable {
  level: number;
  idx: number;
  hash: string;
}
export interface CheckpointTable {
  size: number;
  note: string;
  at: string;
}
export interface ReceiptTable {
  id: string;
  brand_id: string;
  subject_id: string;
  event_seq: number;
  record_json: string;
  leaf_index: number;
}

export interface ConversationTable {
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
export interface EntryTable {
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
export interface VisitorTokenTable {
  token_hash: string;
  brand_id: string;
  conversation_id: string;
  subject_id: string;
  created_at: string;
}
/** A one-time code or a cookie session of the preference page; never a way to anything but one subject's choices. */
export interface PreferenceSessionTable {
  hash: string;
  kind: 'code' | 'session';
  brand_id: string;
  subject_id: string;
  expires_ms: number;
  used: number;
}

/** Pairing of an extension (SECURITY.md BA8): codes and tokens only as SHA-256. */
export interface PairingTable {
  id: string;
  code_hash: string;
  secret_hash: string;
  browser: string;
  state: 'waiting' | 'approved' | 'refused' | 'paired' | 'ended';
  brand_id: string | null;
  user_id: string | null;
  token_hash: string | null;
  previous_hash: string | null;
  token_used: number;
  token_expires_ms: number;
  created_at: string;
  expires_ms: number;
  last_used_at: string | null;
}
/** Mail waits here when no mail server is set; only the operator opens it. */
export interface OutboxTable {
  id: string;
  to_enc: string;
  subject: string;
  body_enc: string;
  at: string;
}
export interface AuditTable {
  seq: number;
  brand_id: string | null;
  actor: string;
  act: string;
  /** Words of ours and ids; never a personal value or a token. */
  detail: string;
  at: string;
}

/** Every table of ours; better-auth's own live in the same file (people/). */
export interface Tables {
  counter: CounterTable;
  meta: MetaTable;
  brand: BrandTable;
  integration: IntegrationTable;
  vault: VaultTable;
  connect_transaction: ConnectTransactionTable;
  manifest: ManifestTable;
  notice: NoticeTable;
  notice_served: NoticeServedTable;
  subject: SubjectTable;
  subject_key: SubjectKeyTable;
  value: ValueTable;
  consent_event: ConsentEventTable;
  consent_head: ConsentHeadTable;
  ui_nonce: UiNonceTable;
  signal_seen: SignalSeenTable;
  share: ShareTable;
  decision: DecisionTable;
  disclosure: DisclosureTable;
  lease: LeaseTable;
  outcome: OutcomeTable;
  ledger_leaf: LedgerLeafTable;
  ledger_node: LedgerNodeTable;
  checkpoint: CheckpointTable;
  receipt: ReceiptTable;
  conversation: ConversationTable;
  entry: EntryTable;
  visitor_token: VisitorTokenTable;
  preference_session: PreferenceSessionTable;
  pairing: PairingTable;
  outbox: OutboxTable;
  audit: AuditTable;
}
