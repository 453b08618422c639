import { type Reason, type RuleId, reasons } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { type Field, isField } from '#contract/visitor.ts';
import { type Rule, rules } from './rules.ts';
import { isKnown, type Snapshot } from './snapshot.ts';

export { type BrandSettings, type Snapshot, strictSettings } from './snapshot.ts';

/** The answer for one field: allow or deny, the rule that gave it, and the rule's word. */
export interface Decision {
  readonly effect: 'allow' | 'deny';
  readonly id: RuleId;
  readonly reason: Reason;
}

const answers = Object.fromEntries(
  rules.map(({ id, effect }) => [id, Object.freeze({ effect, id, reason: reasons[id] })]),
) as Record<RuleId, Decision>;

/** `decide` over another list of rules, so that a test can take one away; raises `internal` where no rule matches. */
export function decideBy(list: readonly Rule[], s: Snapshot): Decision {
  // A value nobody has thought of must not fall through to D24: no decision, so no row and no byte (GATE.md preamble).
  if (!isKnown(s)) problem('internal', 'the snapshot holds a value the gate does not know');
  for (const rule of list) if (rule.when(s)) return answers[rule.id];
  return problem('internal', 'no rule matches');
}

/** The decision of GATE.md d for one field: pure, first match wins. Raises `internal` for a value outside its type. */
export const decide = (s: Snapshot): Decision => decideBy(rules, s);

/** One field of a share with what the hub knew when it looked. */
export interface ShareField {
  readonly field: Field;
  readonly need: boolean;
  readonly snapshot: Snapshot;
}

/** The answer for a whole share: `rules` names the rule of each allowed field, `denied` that of each other one. */
export interface ShareDecision {
  readonly effect: 'allow' | 'deny';
  readonly allowedFields: readonly Field[];
  readonly rules: Readonly<Partial<Record<Field, RuleId>>>;
  readonly denied: Readonly<Partial<Record<Field, RuleId>>>;
}

/**
 * Decides each field of a share (GATE.md d). A denied field that is needed denies the whole share, and the other
 * fields carry its rule; a share without an allowed field is a deny. At the claim, give it only the fields that were
 * allowed at capture: what leaves is then the intersection. Raises `internal` for an unknown or repeated field.
 */
export function decideShare(fields: readonly ShareField[]): ShareDecision {
  const allowed: Partial<Record<Field, RuleId>> = {};
  const denied: Partial<Record<Field, RuleId>> = {};
  let stop: { field: Field; id: RuleId } | undefined;
  for (const { field, need, snapshot } of fields) {
    if (!isField(field) || allowed[field] || denied[field]) problem('internal', 'a share names a field wrongly');
    const { effect, id } = decide(snapshot);
    (effect === 'allow' ? allowed : denied)[field] = id;
    if (effect === 'deny' && need) stop ??= { field, id };
  }
  if (stop) for (const { field } of fields) denied[field] = stop.id;
  const rulesOfAllowed = stop ? {} : allowed;
  const allowedFields = Object.keys(rulesOfAllowed) as Field[];
  return Object.freeze({
    effect: allowedFields.length > 0 ? 'allow' : 'deny',
    allowedFields: Object.freeze(allowedFields),
    rules: Object.freeze(rulesOfAllowed),
    denied: Object.freeze(denied),
  });
}
