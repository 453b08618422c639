import type { EntryBody } from '#contract/chat.ts';
import { type Purpose, type RuleId, reasons } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import type { Tx } from '../store/open.ts';

/** One row of `share`. */
export interface ShareRow {
  id: string;
  brandId: string;
  subjectId: string;
  conversationId: string;
  integrationId: string;
  purpose: Purpose;
  fields: Field[];
  captured: { allowed: Field[]; denied: Partial<Record<Field, RuleId>> };
  state: string;
  attempts: number;
  /** Attempts made before somebody pressed "Try again" (R12). */
  triesFrom: number;
  notBeforeMs: number;
}

/** Reads a share row, whatever its state; throws where its stored decision cannot be read, and the gate then denies (R16). */
export function readShare(tx: Pick<Tx, 'hot'>, id: string): ShareRow | undefined {
  return shareOf(tx, id, JSON.parse);
}

/** The same to end a share with: a stored decision that cannot be read counts as one that allowed nothing. */
export function readShareToEnd(tx: Pick<Tx, 'hot'>, id: string): ShareRow | undefined {
  return shareOf(tx, id, (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  });
}

function shareOf(tx: Pick<Tx, 'hot'>, id: string, parse: (text: string) => unknown): ShareRow | undefined {
  const r = tx.hot('select * from share where id = ?').get(id);
  if (!r) return undefined;
  return {
    id,
    brandId: r.brand_id as string,
    subjectId: r.subject_id as string,
    conversationId: r.conversation_id as string,
    integrationId: r.integration_id as string,
    purpose: r.purpose as Purpose,
    fields: (parse(r.fields_json as string) ?? []) as ShareRow['fields'],
    captured: (parse(r.allowed_json as string) ?? { allowed: [], denied: {} }) as ShareRow['captured'],
    state: r.state as string,
    attempts: r.attempts as number,
    triesFrom: r.tries_from as number,
    notBeforeMs: r.not_before_ms as number,
  };
}

/** The `share` line of a conversation for one state of a share. */
export function shareEntry(
  share: ShareRow,
  partner: string,
  state: Extract<EntryBody, { kind: 'share' }>['state'],
  fields: readonly Field[],
  denied: Partial<Record<Field, RuleId>>,
  cause?: string,
): EntryBody {
  const withheld = (Object.entries(denied) as [Field, RuleId][]).map(([field, rule]) => ({
    field,
    rule,
    reason: reasons[rule],
  }));
  return {
    kind: 'share',
    share: share.id,
    integration: share.integrationId,
    partner,
    purpose: share.purpose,
    state,
    fields: [...fields],
    withheld,
    ...(cause ? { cause } : {}),
  };
}
