import type { Preview, PreviewRow } from '#contract/chat.ts';
import { sentFor } from '#contract/connection.ts';
import { problem } from '#contract/problem.ts';
import { fromPartner, visitorFields } from '#contract/visitor.ts';
import { decideShare } from '../gate/decide.ts';
import { reasonOf } from '../gate/derive.ts';
import type { Tx } from '../store/open.ts';
import type { ShareKey } from '../store/share-facts.ts';
import { partnerNameOf } from '../store/sources.ts';
import type { SubjectKeys } from '../store/subjects.ts';
import { loadShare } from './context.ts';

/**
 * What would leave if the share were claimed now: the claim's own decision over the same facts, without a row (R71).
 * Leaving fields come first, in the order of the declaration; a staying field shows its rule and never its value.
 */
export function previewShare(
  read: Pick<Tx, 'hot'>,
  keys: SubjectKeys,
  share: ShareKey & { conversationId: string },
  now: Date,
): Preview {
  const { facts, context } = loadShare(read, keys, share, now);
  const declared = sentFor(facts.manifest, share.purpose);
  if (declared.length === 0) problem('bad-input', 'This partner declares nothing for this purpose.');
  const known = context.fields.filter((f) => f.value !== undefined);
  const lacking = context.fields.filter((f) => f.need && f.value === undefined).map((f) => f.field);
  const decision = decideShare(known);
  const rows = known.map(({ field, value, source }): PreviewRow => {
    const label = visitorFields[field].label;
    const rule = decision.rules[field];
    if (rule && value !== undefined) return { field, label, leaves: true, value, rule };
    const denied = decision.denied[field] ?? 'D03';
    const from = source?.startsWith(fromPartner) ? partnerNameOf(read, share.brandId, source) : undefined;
    const saidNo = Boolean(facts.head?.asked.includes(field) && !facts.head.fields.includes(field));
    const reason = reasonOf(denied, facts.head);
    return { field, label, leaves: false, rule: denied, reason, saidNo, ...(from ? { from } : {}) };
  });
  return {
    integration: share.integrationId,
    partner: facts.manifest.name,
    sandbox: facts.integration.sandbox,
    purpose: share.purpose,
    because: declared.find((f) => f.need)?.because ?? declared[0]?.because ?? '',
    lacking,
    rows: [...rows.filter((r) => r.leaves), ...rows.filter((r) => !r.leaves)],
  };
}
