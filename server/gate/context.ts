import type { Manifest } from '#contract/connection.ts';
import type { Purpose } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import type { ShareDecision, ShareField } from './decide.ts';
import { type Projection, project } from './project.ts';

/** A field of a share with its value and where that came from (visitor, agent, partner:id); no value, no source. */
export interface ContextField extends ShareField {
  readonly value?: string;
  readonly source?: string;
}

/** What the hub knows for one share, before anything is decided (DESIGN.md 1, step 2). */
export interface Context {
  readonly brandId: string;
  readonly subjectId: string;
  readonly integrationId: string;
  readonly provider: string;
  readonly manifest: Manifest;
  readonly purpose: Purpose;
  readonly fields: readonly ContextField[];
}

/** Context and decision together: what a claim is made of. */
export interface Decided {
  readonly context: Context;
  readonly decision: ShareDecision;
}

/** Freezes a context, fields and snapshots included, so that no later stage can widen it. */
export function freezeContext(context: Context): Context {
  const fields = context.fields.map((f) => Object.freeze({ ...f, snapshot: Object.freeze({ ...f.snapshot }) }));
  return Object.freeze({ ...context, fields: Object.freeze(fields) });
}

/** The values a context holds, by field; a field without one is absent. */
function valuesOf(context: Context): Partial<Record<Field, string>> {
  const values: Partial<Record<Field, string>> = {};
  for (const { field, value } of context.fields) if (value !== undefined) values[field] = value;
  return values;
}

/** Step 4 of DESIGN.md 1: the allowed fields of a decided share and nothing else. */
export const projectionOf = ({ context, decision }: Decided): Projection => project(valuesOf(context), decision);
