import { problem } from '#contract/problem.ts';
import type { Tx } from './open.ts';

/** A chat as it is stored, of this brand. Raises `not-found` for another brand's, as for none (DB4). */
export const chatRow = (
  read: Pick<Tx, 'hot'>,
  { brandId, conversationId }: { brandId: string; conversationId: string },
): Record<string, unknown> =>
  read.hot('select * from conversation where id = ? and brand_id = ?').get(conversationId, brandId) ??
  problem('not-found');
