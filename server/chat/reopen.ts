import { afterEndMs } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import type { Tx } from '../store/open.ts';

/**
 * A new message opens an ended chat again, whoever wrote it: it is back in the queue; true where it did.
 * Raises `conflict` once the visitor can no longer read it, so that no agent writes to nobody and no token comes back to
 * life.
 */
export function reopen(
  tx: Tx,
  where: { brandId: string; conversationId: string },
  closedAt: string | null,
  now: Date,
): boolean {
  if (closedAt === null) return false;
  if (now.getTime() > Date.parse(closedAt) + afterEndMs)
    problem('conflict', 'This chat ended more than a day ago, so the visitor would not read this.');
  tx.hot('update conversation set closed_at = null where id = ? and brand_id = ?').run(
    where.conversationId,
    where.brandId,
  );
  return true;
}
