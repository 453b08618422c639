import type { Tx } from '../store/open.ts';

/** What one audit row says; words of ours and ids, never a personal value or a token. */
export interface AuditNote {
  brandId: string | null;
  /** `user:<id>`, `operator` or `nobody`. */
  actor: string;
  act: string;
  detail: string;
}

/** Writes one audit row inside the caller's transaction. */
export function note(tx: Tx, now: number, { brandId, actor, act, detail }: AuditNote): void {
  tx.run(
    tx.sql
      .insertInto('audit')
      .values({ seq: tx.seq(), brand_id: brandId, actor, act, detail, at: new Date(now).toISOString() }),
  );
}
