import type { Generated } from 'kysely';
import type { Purpose } from '#contract/consent.ts';

interface ShareTable {
  id: string;
  brand_id: string;
  subject_id: string;
  conversation_id: string;
  integration_id: string;
  purpose: Purpose;
  client_id: string;
  fields_json: string;
  allowed_json: string;
  /** failed, unknown: nobody tries again by itself; dropped: somebody looked at it and left it at that (R12). */
  state: 'queued' | 'sending' | 'done' | 'denied' | 'failed' | 'unknown' | 'dropped';
  attempts: number;
  /** Attempts made before somebody pressed "Try again". */
  tries_from: Generated<number>;
  not_before_ms: number;
  seq: number;
  at: string;
}

interface DecisionTable {
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

interface DisclosureTable {
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

interface LeaseTable {
  brand_id: string;
  disclosure_id: string;
  subject_id: string;
  integration_id: string;
  /** Milliseconds of the process's monotonic clock. */
  until_ms: number;
}

interface OutcomeTable {
  brand_id: string;
  subject_id: string;
  disclosure_id: string;
  state: 'sent' | 'unknown' | 'failed' | 'aborted';
  http_status: number | null;
  /** JSON { record, card } as the partner gave it. */
  ref_enc: string | null;
  /** Keyed name of that record (SubjectKeys.record). */
  record_mac: string | null;
  seq: number;
  at: string;
}

interface LedgerLeafTable {
  idx: number;
  brand_id: string;
  type: string;
  /** JCS bytes of the row, as text. */
  row: string;
  leaf_hash: string;
}

interface LedgerNodeTable {
  level: number;
  idx: number;
  hash: string;
}

interface CheckpointTable {
  size: number;
  note: string;
  at: string;
}

interface ReceiptTable {
  id: string;
  brand_id: string;
  subject_id: string;
  event_seq: number;
  record_json: string;
  leaf_index: number;
}

/** What was asked to leave, what was decided, what left, and the tree that proves it. */
export interface LedgerTables {
  share: ShareTable;
  decision: DecisionTable;
  disclosure: DisclosureTable;
  lease: LeaseTable;
  outcome: OutcomeTable;
  ledger_leaf: LedgerLeafTable;
  ledger_node: LedgerNodeTable;
  checkpoint: CheckpointTable;
  receipt: ReceiptTable;
}
