import { combinePurpose } from '#contract/consent.ts';
import { combinable, type Supplied, suppliedBy } from '../gate/combine.ts';
import type { Tx } from '../store/open.ts';
import { readShareFacts, type ShareKey } from '../store/share-facts.ts';
import { putValue, type SubjectKeys } from '../store/subjects.ts';
import { lastReference } from './reference.ts';

/** What combining needs from outside. */
interface CombineDeps {
  keys: SubjectKeys;
  now: () => Date;
}
/** Whose record, and which partner's connection. */
type Pair = Omit<ShareKey, 'purpose'>;

/**
 * Adds what a partner reported to the person's record as far as they said yes to that, each value with its source (R22).
 * What the person, an agent or another partner gave is not overwritten.
 */
export function combine(tx: Tx, d: CombineDeps, who: Pair, values: Supplied): void {
  const { brandId, subjectId, integrationId } = who;
  const facts = readShareFacts(tx, d.keys, { brandId, subjectId, integrationId, purpose: combinePurpose });
  const source = suppliedBy(integrationId);
  for (const field of combinable(facts, d.now())) {
    const value = values[field];
    const known = facts.values.find((v) => v.field === field);
    if (value === undefined || (known && known.source !== source)) continue;
    const at = d.now().toISOString();
    const stored = { field, value, source, noticeHash: facts.noticeHash ?? null, seq: tx.seq(), at };
    putValue(tx, d.keys.of(tx, brandId, facts.subjectId), brandId, facts.subjectId, stored);
  }
}

/** The same with what the partner reported last, in the commit of the person's yes to it. */
export function combineKnown(tx: Tx, d: CombineDeps, who: Pair): void {
  const values = lastReference(tx, d.keys, who)?.values;
  if (values) combine(tx, d, who, values);
}
