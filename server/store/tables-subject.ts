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
  /** The person this one was found to be; its answers are asked for there (GATE.md k.10). */
  merged_into: string | null;
  merged_seq: number | null;
  /** How many are merged into this one. */
  linked: number;
  /** JSON [{ integration, seq }]: opt-outs of its address from before it was known; `*` is every integration. */
  suppressed_json: string | null;
  epoch: number;
  /** What somebody found out; `below_consent_age` is the flag of R27. What the person says is a statement. */
  age_class: 'adult' | 'teen' | 'below_consent_age';
  restricted: number;
  objected: number;
  no_profiling: number;
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
  /** Keyed hash of the proof an answer by somebody else stands on. */
  evidence_hash: string | null;
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

interface LinkTable {
  id: string;
  brand_id: string;
  /** Who was merged. */
  subject_id: string;
  root_id: string;
  kind: 'verified' | 'operator';
  action: 'link' | 'unlink';
  /** JSON: what both had said about each integration and purpose. */
  heads_json: string;
  seq: number;
}

interface IdentifierTable {
  brand_id: string;
  kind: 'email' | 'phone' | 'account';
  lookup_hmac: string;
  subject_id: string;
  verified_at: string | null;
}

interface SuppressionTable {
  brand_id: string;
  token_hmac: string;
  /** `*` for every integration of the brand, of now and later. */
  integration_id: string;
  created_seq: number;
}

/** Somebody else's word that this address said yes; evidence, never a grant (GATE.md k.23). */
interface ImportedClaimTable {
  brand_id: string;
  token_hmac: string;
  seq: number;
  at: string;
}

interface PropagationJobTable {
  id: string;
  brand_id: string;
  /** Number of the event that caused it. */
  cause_seq: number;
  integration_id: string;
  purpose: Purpose;
  action: 'suppress' | 'erase' | 'restrict' | 'rectify' | 'notify';
  /** The job's own key, gone when the job is over. */
  wrapped_key: string | null;
  /** JSON { record } or { values } under that key; `set` beside it holds what a value is to become. */
  target_enc: string | null;
  state:
    | 'queued'
    | 'running'
    | 'awaiting_operator'
    | 'blocked_needs_operator'
    | 'acknowledged'
    | 'impossible'
    | 'disproportionate';
  attempts: number;
  due_at: string;
  result: string | null;
  reason: string | null;
}

interface PropagationCoverTable {
  disclosure_id: string;
  action: PropagationJobTable['action'];
  brand_id: string;
  job_id: string;
}

/** What was said about a person beside answers: place, age, country, objections (store/statements.ts). */
interface StatementTable {
  seq: number;
  brand_id: string;
  subject_id: string;
  kind: string;
  value_enc: string;
  by: 'self' | 'operator' | 'network';
  at: string;
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
  link: LinkTable;
  identifier: IdentifierTable;
  suppression: SuppressionTable;
  imported_claim: ImportedClaimTable;
  propagation_job: PropagationJobTable;
  propagation_cover: PropagationCoverTable;
  statement: StatementTable;
}
