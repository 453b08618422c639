import type { Entry } from '#contract/chat.ts';
import type { Purpose, RuleId } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import { type ClaimDeps, claimShare, readShare } from '../egress/claim.ts';
import { loadShare } from '../egress/context.ts';
import type { Fence } from '../egress/fence.ts';
import { decideShare } from '../gate/decide.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import type { Tx } from '../store/open.ts';
import type { ShareKey } from '../store/share-facts.ts';

/** A disclosure that was out before an opt-out, as its acknowledgement lists it (GATE.md e.2). */
export interface AlreadyOut {
  disclosure: string;
  recipient: string;
  fields: Field[];
  purpose: Purpose;
  at: string;
  outcome: 'sent' | 'unknown';
  /** What let each field leave. */
  rules: RuleId[];
}

/**
 * Finishes every queued share of one consent machine that the gate now denies, by the claim's own decision; returns
 * their lines. What is still allowed (another basis, fewer fields) stays queued and is decided again at its claim.
 */
export function stopQueued(tx: Tx, d: ClaimDeps, who: ShareKey): Entry[] {
  const queued = everyoneIn(closureOf(tx, who.brandId, who.subjectId)).flatMap((id) =>
    tx
      .hot(
        `select id from share where brand_id = ? and subject_id = ? and integration_id = ? and purpose = ?
         and state = 'queued' order by seq`,
      )
      .all(who.brandId, id, who.integrationId, who.purpose),
  );
  return queued.flatMap((row) => {
    const share = readShare(tx, row.id as string);
    if (!share) return [];
    const { context } = loadShare(tx, d.keys, share, d.now(), share.captured.allowed);
    if (decideShare(context.fields).effect === 'allow') return [];
    const claim = claimShare(tx, d, share.id);
    return claim && !claim.allowed && claim.entry ? [claim.entry] : [];
  });
}

/** Disclosures to this integration whose bytes have left or may have: no outcome says "no byte", and nobody here knows it. */
export function whatIsOut(tx: Pick<Tx, 'hot'>, fence: Fence, who: Omit<ShareKey, 'purpose'>): AlreadyOut[] {
  return everyoneIn(closureOf(tx, who.brandId, who.subjectId))
    .flatMap((id) =>
      tx
        .hot(
          `select x.id, x.fields_json, x.at, x.purpose, x.rules_json, x.claim_seq, o.state, m.body_json from disclosure x
           left join outcome o on o.disclosure_id = x.id
           join integration i on i.id = x.integration_id
           join manifest m on m.brand_id = x.brand_id and m.hash = i.manifest_hash
           where x.brand_id = ? and x.subject_id = ? and x.integration_id = ?`,
        )
        .all(who.brandId, id, who.integrationId),
    )
    .sort((a, b) => (a.claim_seq as number) - (b.claim_seq as number))
    .filter((r) => (r.state === null ? !fence.unwritten(r.id as string) : r.state === 'sent' || r.state === 'unknown'))
    .map((r) => ({
      disclosure: r.id as string,
      recipient: (JSON.parse(r.body_json as string) as { name: string }).name,
      fields: JSON.parse(r.fields_json as string) as Field[],
      purpose: r.purpose as Purpose,
      at: r.at as string,
      outcome: r.state === 'sent' ? 'sent' : 'unknown',
      rules: Object.values(JSON.parse(r.rules_json as string) as Record<string, RuleId>),
    }));
}

/** Chats of a person that are told of a change: the one it happened in, or all that are open, each with its own subject. */
export function chatsOf(
  tx: Tx,
  who: { brandId: string; subjectId: string; conversationId?: string },
): { conversationId: string; subjectId: string }[] {
  if (who.conversationId) return [{ conversationId: who.conversationId, subjectId: who.subjectId }];
  return everyoneIn(closureOf(tx, who.brandId, who.subjectId)).flatMap((subjectId) =>
    tx
      .hot('select id from conversation where brand_id = ? and subject_id = ? and closed_at is null')
      .all(who.brandId, subjectId)
      .map((r) => ({ conversationId: r.id as string, subjectId })),
  );
}
