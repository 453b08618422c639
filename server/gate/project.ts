import type { Field } from '#contract/visitor.ts';
import type { ShareDecision } from './decide.ts';

declare const minted: unique symbol;

/** A fresh frozen object with the allowed fields that have a value; only `project` can make one. */
export type Projection = { readonly [F in Field]?: string } & { readonly [minted]: true };

const projections = new WeakSet<object>();

/**
 * Copies the allowed fields of a share into a fresh frozen plain object (GATE.md e.1.1). A denied field, and one
 * without a value, is absent and not blank; a denied share gives an empty object. Reads own properties only.
 */
export function project(values: Readonly<Partial<Record<Field, string>>>, decision: ShareDecision): Projection {
  const copy: { [F in Field]?: string } = {};
  for (const field of decision.effect === 'allow' ? decision.allowedFields : []) {
    const value = Object.hasOwn(values, field) ? values[field] : undefined;
    if (typeof value === 'string' && value !== '') copy[field] = value;
  }
  projections.add(copy);
  return Object.freeze(copy) as Projection;
}

/** True for what `project` made and nothing else: no copy, no cast, no parsed JSON (DESIGN.md 1, step 4). */
export const isProjection = (x: unknown): x is Projection => typeof x === 'object' && x !== null && projections.has(x);
