interface RightsRequestTable {
  id: string;
  brand_id: string;
  /** Whose; null once the person is erased. */
  subject_id: string | null;
  /** Digest of the status page's code. */
  code_hash: string;
  kind: 'correct' | 'erase';
  /** The field that is corrected; null for an erasure. */
  field: string | null;
  received_at: string;
  /** Day (ISO 8601, the brand's zone) at whose end it is due (GATE.md i). */
  due_on: string;
  /** When the hub itself was done; its recipients may still be waiting. */
  done_at: string | null;
  /** The erasure's row in the ledger. */
  leaf_index: number | null;
}

/** What visitors asked for by right (GATE.md i). */
export interface RightsTables {
  rights_request: RightsRequestTable;
}
