import { fromLogin, fromPartner } from '#contract/visitor.ts';
import { recipientName } from './disclosures.ts';
import type { Tx } from './open.ts';

/** Where a value came from: the person's own words, an account they signed in with, a partner, or whatever else stands there. */
export type Source =
  | { by: 'visitor' }
  | { by: 'login' | 'partner'; name: string | undefined; sandbox: boolean }
  | { by: 'other'; word: string };

/** The stored word of a source, with the name its connection publishes; none where that connection is gone. */
export function sourceOf(read: Pick<Tx, 'hot'>, brandId: string, source: string): Source {
  if (source === 'visitor') return { by: 'visitor' };
  const from = [fromLogin, fromPartner].find((word) => source.startsWith(word));
  if (!from) return { by: 'other', word: source };
  const row = read
    .hot(
      `select i.sandbox, ${recipientName} as name from integration i
       left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash where i.id = ? and i.brand_id = ?`,
    )
    .get(source.slice(from.length), brandId);
  return {
    by: from === fromLogin ? 'login' : 'partner',
    name: row?.name as string | undefined,
    sandbox: row?.sandbox === 1,
  };
}

/** The name of the partner a value came from. */
export function partnerNameOf(read: Pick<Tx, 'hot'>, brandId: string, source: string): string {
  const from = sourceOf(read, brandId, source);
  return (from.by === 'partner' ? from.name : undefined) ?? 'a partner';
}
