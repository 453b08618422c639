import type { Entry } from '#contract/chat.ts';
import type { Field } from '#contract/visitor.ts';
import { type ClaimDeps, stopShares } from '../egress/claim.ts';
import type { Fence } from '../egress/fence.ts';
import type { Tx } from '../store/open.ts';
import type { ShareKey } from '../store/share-facts.ts';

/** A disclosure that was out before an opt-out, as its acknowledgement lists it (GATE.md e.2). */
export interface AlreadyOut {
  disclosure: string;
  recipient: string;
  fields: Field[];
  at: string;
  outcome: 'sent' | 'unknown';
}

/**
 * Finishes every queued share of one consent machine that the gate now denies, by the claim's own decision; returns
 * their lines. What is still allowed (another basis, fewer fields) stays queued and is decided again at its claim.
 */
export function stopQueued(tx: Tx, d: ClaimDeps, who: ShareKey): Entry[] {
  const queued = tx
    .hot(
      `select id from share where brand_id = ? and subject_id = ? and integration_id = ? and purpose = ?
       and state = 'queued' order by seq`,
    )
    .all(who.brandId, who.subjectId, who.integrationId, who.purpose);
  return stopShares(
    tx,
    d,
    queued.map((row) => row.id as string),
  );
}

/** Disclosures to this integration whose bytes have left or may have: no outcome says "no byte", and nobody here knows it. */
export function whatIsOut(tx: Pick<Tx, 'hot'>, fence: Fence, who: Omit<ShareKey, 'purpose'>): AlreadyOut[] {
  return tx
    .hot(
      `select x.id, x.fields_json, x.at, o.state, m.body_json from disclosure x
       left join outcome o on o.disclosure_id = x.id
       join integration i on i.id = x.integration_id
       join manifest m on m.brand_id = x.brand_id and m.hash = i.manifest_hash
       where x.brand_id = ? and x.subject_id = ? and x.integration_id = ? order by x.claim_seq`,
    )
    .all(who.brandId, who.subjectId, who.integrationId)
    .filter((r) => (r.state === null ? !fence.unwritten(r.id as string) : r.state === 'sent' || r.state === 'unknown'))
    .map((r) => ({
      disclosure: r.id as string,
      recipient: (JSON.parse(r.body_json as string) as { name: string }).name,
      fields: JSON.parse(r.fields_json as string) as Field[],
      at: r.at as string,
      outcome: r.state === 'sent' ? 'sent' : 'unknown',
    }));
}

/** Chats of a person that are told of a change: the one it happened in, or all that are open. */
export function chatsOf(tx: Tx, who: { brandId: string; subjectId: string; conversationId?: string }): string[] {
  if (who.conversationId) return [who.conversationId];
  return tx
    .hot('select id from conversation where brand_id = ? and subject_id = ? and closed_at is null')
    .all(who.brandId, who.subjectId)
    .map((r) => r.id as string);
}
