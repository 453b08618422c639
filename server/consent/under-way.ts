import type { Entry } from '#contract/chat.ts';
import type { Purpose, RuleId } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import { type ClaimDeps, stopShares } from '../egress/claim.ts';
import type { Fence } from '../egress/fence.ts';
import { closureOf, everyoneIn, raiseEpoch } from '../store/closure.ts';
import { recipientName } from '../store/disclosures.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
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
  return stopShares(
    tx,
    d,
    queued.map((row) => row.id as string),
  );
}

/** Finishes what the gate now denies of everything that waits at a brand: of one person, or of one integration, where named. */
export function stopWaiting(
  tx: Tx,
  d: ClaimDeps,
  at: { brandId: string; subjectId?: string; integrationId?: string },
): Entry[] {
  return tx
    .hot(
      `select distinct subject_id, integration_id, purpose from share where brand_id = ? and state = 'queued'
       and subject_id = coalesce(?, subject_id) and integration_id = coalesce(?, integration_id)`,
    )
    .all(at.brandId, at.subjectId ?? null, at.integrationId ?? null)
    .flatMap((row) => {
      const key = { subjectId: row.subject_id as string, integrationId: row.integration_id as string };
      // One record that cannot be read must not keep the others going: its own claim ends it (R16).
      return readable(() => stopQueued(tx, d, { brandId: at.brandId, ...key, purpose: row.purpose as Purpose })) ?? [];
    });
}

/**
 * Stops what is under way to one person, whatever was decided about them (GATE.md e "Opt-out"): the epoch rises, open
 * questions die, what waits and is denied now is finished; returns those lines. After the commit the caller cancels the
 * person's leases.
 */
export function stopPerson(tx: Tx, d: ClaimDeps, who: { brandId: string; subjectId: string }): Entry[] {
  const closure = closureOf(tx, who.brandId, who.subjectId);
  raiseEpoch(tx, who.brandId, closure);
  return everyoneIn(closure).flatMap((subjectId) => stopWaiting(tx, d, { brandId: who.brandId, subjectId }));
}

/** How many sends to anybody had left, or may have, before a person stopped. */
export const outBefore = (tx: Tx, fence: Fence, who: { brandId: string; subjectId: string }): number =>
  recipientsOf(tx, who).reduce((n, integrationId) => n + whatIsOut(tx, fence, { ...who, integrationId }).length, 0);

/** Integrations to which anything of a person was ever sent. */
export const recipientsOf = (tx: Pick<Tx, 'hot'>, who: { brandId: string; subjectId: string }): string[] => [
  ...new Set(
    everyoneIn(closureOf(tx, who.brandId, who.subjectId)).flatMap((id) =>
      tx
        .hot('select distinct integration_id from disclosure where brand_id = ? and subject_id = ?')
        .all(who.brandId, id)
        .map((r) => r.integration_id as string),
    ),
  ),
];

/** Disclosures to this integration whose bytes have left or may have: no outcome says "no byte", and nobody here knows it. */
export function whatIsOut(tx: Pick<Tx, 'hot'>, fence: Fence, who: Omit<ShareKey, 'purpose'>): AlreadyOut[] {
  return everyoneIn(closureOf(tx, who.brandId, who.subjectId))
    .flatMap((id) =>
      tx
        .hot(
          `select x.id, x.fields_json, x.at, x.purpose, x.rules_json, x.claim_seq, o.state,
           ${recipientName} as recipient from disclosure x
           left join outcome o on o.disclosure_id = x.id
           join integration i on i.id = x.integration_id
           left join manifest m on m.brand_id = x.brand_id and m.hash = i.manifest_hash
           where x.brand_id = ? and x.subject_id = ? and x.integration_id = ?`,
        )
        .all(who.brandId, id, who.integrationId),
    )
    .sort((a, b) => (a.claim_seq as number) - (b.claim_seq as number))
    .filter((r) => (r.state === null ? !fence.unwritten(r.id as string) : r.state === 'sent' || r.state === 'unknown'))
    .map((r) => ({
      disclosure: r.id as string,
      recipient: r.recipient as string,
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
