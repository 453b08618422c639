import { brandConfigOrNone } from './brand-config.ts';
import { type Closure, everyoneIn } from './closure.ts';
import type { Tx } from './open.ts';

type Read = Pick<Tx, 'hot'>;

/** The signals seen of a person that act at this brand, oldest first: GPC, and DNT where the brand says so (GATE.md h). */
export function actingSignals(
  read: Read,
  brandId: string,
  closure: Pick<Closure, 'root' | 'merged'>,
): { kind: 'gpc' | 'dnt'; seq: number }[] {
  const rows = everyoneIn(closure)
    .flatMap((id) =>
      read.hot('select kind, seq from signal_seen where brand_id = ? and subject_id = ?').all(brandId, id),
    )
    .map((r) => ({ kind: r.kind as 'gpc' | 'dnt', seq: r.seq as number }))
    .sort((a, b) => a.seq - b.seq);
  return rows.filter((s) => s.kind === 'gpc' || dntActs(read, brandId));
}

/** True where the brand says that Do Not Track acts like Global Privacy Control (GATE.md h), or nobody can read it (R16). */
export function dntActs(read: Read, brandId: string): boolean {
  return brandConfigOrNone(read, brandId)?.dntActsLikeGpc ?? true;
}
