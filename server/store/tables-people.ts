import type { Generated } from 'kysely';

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
  /** When the person who approved it had given their second step; null where none was asked. */
  mfa_at: string | null;
}

/** A brand that asks everyone for a second step; no row where it does not. */
interface SecondStepDemandTable {
  brand_id: string;
  since: string;
}

/** The newest 30-second step of a code that a person has used, counted from 1970. */
interface SecondStepUsedTable {
  user_id: string;
  step: number;
}

/** Mail on its way, or waiting where no mail server is set; only the operator opens it. */
interface OutboxTable {
  id: string;
  to_enc: string;
  subject: string;
  body_enc: string;
  at: string;
  /** sending: claimed; unsure: handed over, perhaps; failed: nobody tries again by itself. */
  state: Generated<'waiting' | 'sending' | 'sent' | 'failed' | 'unsure'>;
  attempts: Generated<number>;
  not_before_ms: Generated<number>;
  sent_at: Generated<string | null>;
  /** Why it did not go, a word of ours. */
  trouble: Generated<string | null>;
  /** Whose words are in it; then it goes with that person. */
  brand_id: Generated<string | null>;
  subject_id: Generated<string | null>;
  /** 1: its reader asked for it, so that a STOP of theirs does not keep it away. */
  asked: Generated<number>;
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

/** Pairings, second steps, waiting mail and the audit trail. */
export interface PeopleTables {
  pairing: PairingTable;
  second_step_demand: SecondStepDemandTable;
  second_step_used: SecondStepUsedTable;
  outbox: OutboxTable;
  audit: AuditTable;
}
