import { type Arrangement, arrangement, type CardLayout } from '#contract/layout.ts';
import type { Store, Tx } from '../store/open.ts';

/** Whose cards they are. */
interface Whose {
  brandId: string;
  userId: string;
}
const none: CardLayout = { version: 0, order: [], pinned: [], folded: [] };

/** How this agent arranged the cards of this brand; as they come where nothing was saved or it cannot be read (R73). */
export function layoutOf(read: Pick<Tx, 'hot'>, { brandId, userId }: Whose): CardLayout {
  const row = read
    .hot('select version, body_json from card_layout where user_id = ? and brand_id = ?')
    .get(userId, brandId);
  if (!row) return none;
  const version = row.version as number;
  try {
    return { ...arrangement.parse(JSON.parse(row.body_json as string)), version };
  } catch {
    return { ...none, version }; // an order of cards is never worth an error; the next save replaces it
  }
}

/** Keeps an arrangement; of two windows the last save wins, and its version tells which that was (R73). */
export const saveLayout = (
  d: { store: Store; now: () => Date },
  { brandId, userId }: Whose,
  wanted: Arrangement,
): Promise<CardLayout> =>
  d.store.write((tx) => {
    const row = tx
      .hot(
        `insert into card_layout (user_id, brand_id, version, body_json, at) values (?, ?, 1, ?, ?)
         on conflict (user_id, brand_id) do update set version = version + 1, body_json = excluded.body_json,
         at = excluded.at returning version`,
      )
      .get(userId, brandId, JSON.stringify(wanted), d.now().toISOString());
    return { ...wanted, version: row?.version as number };
  });
