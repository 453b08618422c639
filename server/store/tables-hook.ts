import type { Happening } from '#contract/hook.ts';

interface HookTable {
  /** A connection's id, or a provider whose address serves every brand. */
  source: string;
  brand_id: string | null;
  received: number;
  refused: number;
  last_at: string | null;
  refused_at: string | null;
}

interface HookSecretTable {
  brand_id: string;
  integration_id: string;
  version: number;
  sealed: string;
  made_at: string;
  /** Null while it is the newest; then the end of the day it still counts (SECURITY.md WH3). */
  ends_ms: number | null;
}

interface HookSeenTable {
  source: string;
  /** base64url of SHA-256. */
  id_hash: string;
  brand_id: string;
  /** Null: kept for good, since nothing else stops a repeat (SECURITY.md WH1). */
  until_ms: number | null;
}

interface HookEventTable {
  id: string;
  brand_id: string;
  integration_id: string;
  kind: Happening;
  /** The partner's reference of the person, sealed with the brand's vault key; null where the event names nobody. */
  sealed: string | null;
  seq: number;
  at: string;
}

/** Calls of partners to us (R11). */
export interface HookTables {
  hook: HookTable;
  hook_secret: HookSecretTable;
  hook_seen: HookSeenTable;
  hook_event: HookEventTable;
}
