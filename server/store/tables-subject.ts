import type { ConsentBy, ConsentType, Purpose } from '#contract/consent.ts';

interface NoticeTable {
  hash: string;
  brand_id: string;
  /** BCP 47 primary subtag; a version has one row a language. */
  lang: string;
  /** JSON { blocks, by? }: `by` is `user:<id>`, absent where the hub published by itself. */
  body_json: string;
  /** The version: equal for the languages that were published together. */
  published_seq: number;
  published_at: string;
}

interface NoticeDraftTable {
  brand_id: string;
  /** consent/notice-draft.ts Draft, JSON. */
  body_json: string;
  by: string;
  at: string;
}

interface NoticeServedTable {
  id: string;
  brand_id: string;
  subject_id: string;
  notice_hash: string;
  surface: 'question' | 'preferences';
  integration_id: string | null;
  purpose: Purpose | null;
  seq: number;
}

interface SubjectTable {
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

interface SubjectKeyTable {
  subject_id: string;
  brand_id: string;
  wrapped_key: string;
}

interface ValueTable {
  brand_id: string;
  subject_id: string;
  field: string;
  value_enc: string;
  source: string;
  collected_notice_hash: string | null;
  seq: number;
  at: string;
}

interface ConsentEventTable {
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

interface ConsentHeadTable {
  brand_id: string;
  subject_id: string;
  integration_id: string;
  purpose: Purpose;
  event_seq: number;
}

interface UiNonceTable {
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

interface SignalSeenTable {
  id: string;
  brand_id: string;
  subject_id: string;
  kind: 'gpc' | 'dnt';
  value: string;
  seq: number;
}

/** Visitors, what is known of them, what they read and what they answered. */
export interface SubjectTables {
  notice: NoticeTable;
  notice_draft: NoticeDraftTable;
  notice_served: NoticeServedTable;
  subject: SubjectTable;
  subject_key: SubjectKeyTable;
  value: ValueTable;
  consent_event: ConsentEventTable;
  consent_head: ConsentHeadTable;
  ui_nonce: UiNonceTable;
  signal_seen: SignalSeenTable;
}
