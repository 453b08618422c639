import type { Tx } from './open.ts';

type Read = Pick<Tx, 'hot'>;

/** One person as the hub knows them: whose answers count, and who was found to be the same (GATE.md a, "closure"). */
export interface Closure {
  /** The subject that answers; its epoch fences every disclosure of the closure. */
  root: string;
  /** Subjects merged into the root, each with the number in database order at which it was. */
  merged: readonly { id: string; seq: number }[];
  /** The rows of all of them as they are stored, the root's first. */
  rows: readonly Record<string, unknown>[];
}

/**
 * Finds a person's closure from any subject of it; one that nobody merged is alone, and one that is not there has no
 * rows. One statement, two where somebody is linked: every claim passes here.
 */
export function closureOf(read: Read, brandId: string, subjectId: string): Closure {
  const row = read
    .hot(
      `select r.* from subject s join subject r on r.id = coalesce(s.merged_into, s.id) and r.brand_id = s.brand_id
       where s.id = ? and s.brand_id = ?`,
    )
    .get(subjectId, brandId);
  if (!row) return { root: subjectId, merged: [], rows: [] };
  const root = row.id as string;
  if (row.linked === 0) return { root, merged: [], rows: [row] };
  const others = read
    .hot('select * from subject where brand_id = ? and merged_into = ? order by merged_seq')
    .all(brandId, root);
  return {
    root,
    merged: others.map((o) => ({ id: o.id as string, seq: o.merged_seq as number })),
    rows: [row, ...others],
  };
}

/** Every subject of a person, the root first. */
export const everyoneIn = ({ root, merged }: Pick<Closure, 'root' | 'merged'>): string[] => [
  root,
  ...merged.map((m) => m.id),
];

/** Raises the epoch of a person, so that no lease opened before lets a byte through, and kills their open screens. */
export function raiseEpoch(tx: Tx, brandId: string, closure: Closure): void {
  tx.hot('update subject set epoch = epoch + 1 where id = ? and brand_id = ?').run(closure.root, brandId);
  for (const id of everyoneIn(closure))
    tx.hot('delete from ui_nonce where brand_id = ? and subject_id = ?').run(brandId, id);
}
