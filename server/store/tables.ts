import type { BrandTables } from './tables-brand.ts';
import type { ChatTables } from './tables-chat.ts';
import type { HealthTables } from './tables-health.ts';
import type { HookTables } from './tables-hook.ts';
import type { KillTables } from './tables-kill.ts';
import type { LedgerTables } from './tables-ledger.ts';
import type { PeopleTables } from './tables-people.ts';
import type { RightsTables } from './tables-rights.ts';
import type { SubjectTables } from './tables-subject.ts';

/**
 * The data model of GATE.md j, as far as it is in use, and what chat, connections and people need beside it.
 * `*_json` is JSON text, `*_enc` is sealed with the subject's key, `sealed` with the brand's vault key, `*_hash` is
 * base64url of SHA-256. `seq` is database order; `*_at` is ISO 8601 UTC and decides nothing (SECURITY.md DB7).
 * Every table of ours; better-auth's own live in the same file (people/).
 */
export interface Tables
  extends BrandTables,
    SubjectTables,
    LedgerTables,
    ChatTables,
    PeopleTables,
    HealthTables,
    HookTables,
    KillTables,
    RightsTables {}
