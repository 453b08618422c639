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
interface OutboxTable {
  id: string;
  to_enc: string;
  subject: string;
  body_enc: string;
  at: string;
}

interface AuditTable {
  seq: number;
  brand_id: string | null;
  actor: string;
  act: string;
  /** Words of ours and ids; never a personal value or a token. */
  detail: string;
  at: string;
}

/** Pairings, waiting mail and the audit trail. */
export interface PeopleTables {
  pairing: PairingTable;
  outbox: OutboxTable;
  audit: AuditTable;
}
