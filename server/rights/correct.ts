import type { Purpose } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { type Correctable, longestCorrection } from '#contract/rights.ts';
import { type AddressDeps, dropAddress, looksRight, noteAddresses } from '../consent/addresses.ts';
import { addJob, type PropagationDeps } from '../consent/propagation.ts';
import { recipientsOf, whatIsOut } from '../consent/under-way.ts';
import type { Fence } from '../egress/fence.ts';
import { decideShare } from '../gate/decide.ts';
import { contextOf, reasonOf } from '../gate/derive.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import type { Store, Tx } from '../store/open.ts';
import { currentNotice, readShareFacts } from '../store/share-facts.ts';
import { putValue, type StoredValue, valuesOf, valuesOfAll } from '../store/subjects.ts';
import { hangOn, openRequest } from './requests.ts';

/** What correcting needs; `touch` tells open panels that something of the brand changed. */
export interface CorrectDeps extends PropagationDeps, AddressDeps {
  store: Store;
  fence: Fence;
  touch(brandId: string): void;
}

/** True for the name of a field a person can correct. */
export const isCorrectable = (name: string): name is Correctable => Object.hasOwn(longestCorrection, name);

/** What is kept of a person that they can correct. */
export const correctableOf = (
  d: Pick<CorrectDeps, 'store' | 'keys'>,
  who: { brandId: string; subjectId: string },
): { field: Correctable; value: string }[] => {
  const { read } = d.store;
  const known = valuesOfAll(read, d.keys, who.brandId, closureOf(read, who.brandId, who.subjectId));
  const names = Object.keys(longestCorrection) as Correctable[];
  return names.flatMap((field) => {
    const found = known.find((v) => v.field === field);
    return found ? [{ field, value: found.value }] : [];
  });
};

function checked(field: Correctable, text: string): string {
  const value = text.trim();
  if (value === '' || value.length > longestCorrection[field] || /\p{Cc}/u.test(value)) problem('bad-input');
  if ((field === 'email' || field === 'phone') && !looksRight({ kind: field, value })) problem('bad-input');
  return value;
}

/**
 * Corrects one value of a person, here at once and at every recipient whose ledger shows that field (R42, GDPR 16, 19);
 * nobody else hears of it. Each gets one job: with a new value that passes `decide` (GATE.md i), or, where it does not, a
 * job that is over as it begins and says by which rule. Resolves with the code of its status page, undefined where the
 * value stands like this already. Raises `bad-input` for what the field cannot be, `not-found` where nothing is kept. What
 * queued shares hold is read at their claim, so they leave with the new value.
 */
export async function correct(
  d: CorrectDeps,
  who: { brandId: string; subjectId: string },
  field: Correctable,
  text: string,
): Promise<string | undefined> {
  const value = checked(field, text);
  const { brandId } = who;
  const code = await d.store.write((tx) => {
    const closure = closureOf(tx, brandId, who.subjectId);
    const known = valuesOfAll(tx, d.keys, brandId, closure).find((v) => v.field === field) ?? problem('not-found');
    if (known.value === value) return undefined;
    const request = openRequest(tx, d, { brandId, subjectId: closure.root, kind: 'correct', field });
    hangOn(tx, request.id, tell(tx, d, { brandId, subjectId: closure.root }, field, value));
    for (const subjectId of everyoneIn(closure)) replace(tx, d, { brandId, subjectId }, known, value);
    tx.hot('update rights_request set done_at = ? where id = ?').run(d.now().toISOString(), request.id);
    return request.code;
  });
  if (code) d.touch(brandId);
  return code;
}

/** Tells who got the field, before the old value is gone: where the partner named no record, it is found by that. */
function tell(
  tx: Tx,
  d: CorrectDeps,
  who: { brandId: string; subjectId: string },
  field: Correctable,
  value: string,
): string[] {
  const causeSeq = tx.seq();
  return recipientsOf(tx, who).flatMap((integrationId) => {
    const at = { ...who, integrationId };
    const out = whatIsOut(tx, d.fence, at).filter((o) => o.fields.includes(field));
    const rulings = [...new Set(out.map((o) => o.purpose))].map((purpose) => ({
      purpose,
      refused: ruling(tx, d, at, purpose, field),
    }));
    const best = rulings.find((r) => r.refused === undefined) ?? rulings[0];
    if (!best) return [];
    const job = addJob(tx, d, {
      ...at,
      ...best,
      action: 'rectify',
      causeSeq,
      fields: [field],
      set: { [field]: value },
    });
    return job ? [job.id] : [];
  });
}

/** Why the new value may not go there for this purpose, as a reason code; undefined where it may. */
function ruling(
  tx: Tx,
  d: CorrectDeps,
  who: { brandId: string; subjectId: string; integrationId: string },
  purpose: Purpose,
  field: Correctable,
): string | undefined {
  const facts = readShareFacts(tx, d.keys, { ...who, purpose });
  const { fields } = contextOf(facts, [field], d.now());
  const decision = decideShare(fields.map((f) => ({ ...f, need: false })));
  const rule = decision.denied[field];
  return rule && reasonOf(rule, facts.head);
}

/** Puts the new value in the place of an old one, and the address people are found by with it. */
function replace(
  tx: Tx,
  d: CorrectDeps,
  who: { brandId: string; subjectId: string },
  known: StoredValue,
  value: string,
): void {
  const { field } = known;
  const key = d.keys.of(tx, who.brandId, who.subjectId);
  const held = valuesOf(tx, key, who.brandId, who.subjectId).find((v) => v.field === field);
  if (!held) return;
  const old = held.value;
  putValue(tx, key, who.brandId, who.subjectId, {
    field,
    value,
    source: 'visitor',
    noticeHash: currentNotice(tx, who.brandId)?.hash ?? null,
    seq: tx.seq(),
    at: d.now().toISOString(),
  });
  if (field !== 'email' && field !== 'phone') return;
  dropAddress(tx, d, who, { kind: field, value: old });
  noteAddresses(tx, d, who, { [field]: value });
}
