import type { SeenPage } from '#contract/visit.ts';
import type { Tx } from './open.ts';
import { readable } from './readable.ts';
import { seal, unseal } from './seal.ts';

type Read = Pick<Tx, 'hot'>;

/** Pages before the one the visitor is on that are kept of a chat. */
const mostPages = 20;

/** Whose visit it is, and the key that seals it. */
export interface VisitPlace {
  brandId: string;
  subjectId: string;
  conversationId: string;
  key: Buffer;
}

/** What is stored of a visit; each part is absent where nothing is known. */
export interface StoredVisit {
  page?: SeenPage;
  /** The oldest first. */
  trail: SeenPage[];
  device?: { words: string; at: string };
}

const aad = (conversationId: string, part: 'page' | 'trail' | 'device') => `visit|${conversationId}|${part}`;
const rowOf = (read: Read, { brandId, conversationId }: Omit<VisitPlace, 'key'>) =>
  read.hot('select * from visit where conversation_id = ? and brand_id = ?').get(conversationId, brandId);

/** The visit of a chat, opened; a part that cannot be is absent, so that the others are shown and the next page is kept (R16). */
export function visitOf(read: Read, place: VisitPlace): StoredVisit {
  const row = rowOf(read, place);
  const open = (part: 'page' | 'trail' | 'device'): unknown => {
    const sealed = row?.[`${part}_enc`];
    if (typeof sealed !== 'string') return undefined;
    return readable(() => JSON.parse(unseal(place.key, aad(place.conversationId, part), sealed).toString()));
  };
  const [page, trail, words] = [open('page'), open('trail'), open('device')];
  return {
    ...(page ? { page: page as SeenPage } : {}),
    trail: (trail ?? []) as SeenPage[],
    ...(words ? { device: { words: words as string, at: row?.device_at as string } } : {}),
  };
}

/** The row of a chat, made where there is none. */
function makeRow(tx: Tx, { brandId, subjectId, conversationId }: VisitPlace): void {
  tx.hot('insert into visit (conversation_id, brand_id, subject_id) values (?, ?, ?) on conflict do nothing').run(
    conversationId,
    brandId,
    subjectId,
  );
}

/** Stores the page of now and the trail before it. */
export function putPages(tx: Tx, place: VisitPlace, { page, trail }: { page: SeenPage; trail: SeenPage[] }): void {
  makeRow(tx, place);
  const { key, conversationId } = place;
  const kept = trail.slice(-mostPages);
  tx.hot('update visit set page_enc = ?, trail_enc = ? where conversation_id = ?').run(
    seal(key, aad(conversationId, 'page'), JSON.stringify(page)),
    kept.length > 0 ? seal(key, aad(conversationId, 'trail'), JSON.stringify(kept)) : null,
    conversationId,
  );
}

/** Stores coarse words about the device; the first of a chat stay. */
export function putDevice(tx: Tx, place: VisitPlace, words: string, at: string): void {
  makeRow(tx, place);
  const { key, conversationId } = place;
  tx.hot('update visit set device_enc = ?, device_at = ? where conversation_id = ? and device_enc is null').run(
    seal(key, aad(conversationId, 'device'), JSON.stringify(words)),
    at,
    conversationId,
  );
}

/** Takes the trail of every chat of a person away and leaves the page of now, readable or not (R26). */
export function dropTrail(tx: Tx, brandId: string, subjectId: string): void {
  tx.hot('update visit set trail_enc = null where brand_id = ? and subject_id = ?').run(brandId, subjectId);
}
