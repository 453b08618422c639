import { problem } from '#contract/problem.ts';
import type { Tx } from './open.ts';

/** A chat as it is stored, of this brand. Raises `not-found` for another brand's, as for none (DB4). */
export const chatRow = (
  read: Pick<Tx, 'hot'>,
  { brandId, conversationId }: { brandId: string; conversationId: string },
): Record<string, unknown> =>
  read.hot('select * from conversation where id = ? and brand_id = ?').get(conversationId, brandId) ??
  problem('not-found');

/** What a call can name that belongs to one brand. */
export type BrandThing = 'conversation' | 'file' | 'integration';

/** The brand a thing belongs to, whoever asks: only for the look-up of the asker's place there (R64, DB4). */
export const brandOf = (read: Pick<Tx, 'hot'>, what: BrandThing, id: string): string | undefined =>
  read.hot(`select brand_id from ${what} where id = ?`).get(id)?.brand_id as string | undefined;
