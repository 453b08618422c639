import type { Tx } from './open.ts';

/** What one audit row says: words of ours and ids, never a personal value or a token. */
export interface AuditNote {
  brandId: string | null;
  /** `user:<id>`, `operator`, `visitor`, `partner`, `hub` (it did so by itself) or `nobody`. */
  actor: string;
  act: string;
  detail: string;
}

/** Writes one audit row inside the caller's transaction. */
export function note(tx: Tx, now: number, { brandId, actor, act, detail }: AuditNote): void {
  tx.hot('insert into audit (seq, brand_id, actor, act, detail, at) values (?, ?, ?, ?, ?, ?)').run(
    tx.seq(),
    brandId,
    actor,
    act,
    detail,
    new Date(now).toISOString(),
  );
}
