import type { Field } from '#contract/visitor.ts';
import { type Closure, closureOf, everyoneIn } from '../store/closure.ts';
import type { Tx } from '../store/open.ts';
import { seal, unseal } from '../store/seal.ts';
import type { ShareKey } from '../store/share-facts.ts';
import type { SubjectKeys } from '../store/subjects.ts';

/** What a partner gave back for a person: its own reference, lines for the card and words for the reply. Sealed with the person's key. */
export interface Reference {
  record?: string;
  card?: { label: string; value: string }[];
  /** Words it offers for the reply (R72). */
  drafts?: { label: string; text: string }[];
  /** What it knows of the person, as far as its manifest announced that (R22). */
  values?: Partial<Record<Field, string>>;
}

const place = (disclosureId: string) => `reference|${disclosureId}`;

/** Seals a reference for the `outcome` row of its disclosure. */
export const sealReference = (key: Buffer, disclosureId: string, ref: Reference): string =>
  seal(key, place(disclosureId), JSON.stringify(ref));

/**
 * The newest reference this partner gave for this person, and when. One of an account the brand has left is none: its
 * number may be somebody else's record in the account that is connected now (GATE.md k.19).
 */
export function lastReference(
  read: Pick<Tx, 'hot'>,
  keys: Pick<SubjectKeys, 'of'>,
  { brandId, subjectId, integrationId, closure }: Omit<ShareKey, 'purpose'> & { closure?: Closure },
): (Reference & { at: string }) | undefined {
  const row = everyoneIn(closure ?? closureOf(read, brandId, subjectId))
    .flatMap((id) =>
      read
        .hot(
          `select o.ref_enc, o.disclosure_id, o.subject_id, o.seq, o.at from outcome o
           join disclosure x on x.id = o.disclosure_id
           join integration i on i.id = x.integration_id and x.claim_seq >= i.revoked_before_seq
           where o.brand_id = ? and o.subject_id = ? and x.integration_id = ? and o.ref_enc is not null
           order by o.seq desc limit 1`,
        )
        .all(brandId, id, integrationId),
    )
    .sort((a, b) => (b.seq as number) - (a.seq as number))[0];
  if (!row) return undefined;
  const key = keys.of(read, brandId, row.subject_id as string);
  const text = unseal(key, place(row.disclosure_id as string), row.ref_enc as string).toString();
  return { ...(JSON.parse(text) as Reference), at: row.at as string };
}

/**
 * The subjects for whom this partner gave this record, in the account that is connected now (GATE.md k.19); several may
 * be one person. Nothing is opened: records are compared by their keyed names.
 */
export const subjectsWith = (
  read: Pick<Tx, 'hot'>,
  keys: Pick<SubjectKeys, 'record'>,
  { brandId, integrationId, record }: { brandId: string; integrationId: string; record: string },
): string[] =>
  read
    .hot(
      `select distinct o.subject_id from outcome o
       join disclosure x on x.id = o.disclosure_id and x.integration_id = ?
       join integration i on i.id = x.integration_id and x.claim_seq >= i.revoked_before_seq
       where o.brand_id = ? and o.record_mac = ?`,
    )
    .all(integrationId, brandId, keys.record(brandId, integrationId, record))
    .map((row) => row.subject_id as string);
