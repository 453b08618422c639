import type { DeclaredField, Manifest } from '#contract/connection.ts';
import type { ConsentBy, ConsentState, ConsentType, Purpose } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import { type Context, type ContextField, freezeContext } from './context.ts';
import type { BrandSettings, Snapshot } from './decide.ts';
import { recipientDocumented, termsOfField } from './manifest.ts';

/** What the store read in one transaction for one share (store/share-facts.ts has the same shape). */
export interface Facts {
  brandId: string;
  subjectId: string;
  integrationId: string;
  purpose: Purpose;
  config: BrandSettings & { regime: Snapshot['regime'] };
  integration: { provider: string; active: boolean; revokedBeforeSeq: number };
  manifest: Manifest;
  subject: { erased: boolean; restricted: boolean; objected: boolean; age: Snapshot['age'] };
  values: readonly { field: Field; value: string; source: string; seq: number }[];
  head:
    | {
        seq: number;
        type: ConsentType;
        by: ConsentBy;
        method: string;
        fields: readonly Field[];
        terms: Partial<Record<Field, string>>;
        validUntil: string | null;
      }
    | undefined;
  signalSeqs: readonly number[];
  blockHashes: readonly string[];
  servedSeqs: readonly number[];
}

const states: Record<ConsentType, ConsentState> = {
  requested: 'requested',
  deferred: 'requested',
  given_pending_confirm: 'requested', // not an answer (GATE.md c); it never becomes a head
  given: 'granted',
  renewed: 'granted',
  refused: 'refused',
  withdrawn: 'withdrawn',
  revoked: 'revoked',
  invalidated: 'revoked',
  expired: 'expired',
};

/** `state` of a head at `now`: expiry is half-open [from, until), a bulk revocation counts by seq (GATE.md c, k.24, k.25). */
export function stateOf(head: Facts['head'], revokedBeforeSeq: number, now: Date): ConsentState {
  if (!head) return 'none';
  const state = states[head.type];
  if (state !== 'granted') return state;
  if (head.seq < revokedBeforeSeq) return 'revoked';
  // A date that cannot be read is no date to rely on: the comparison fails for NaN, and the yes has run out.
  return head.validUntil === null || now.getTime() < Date.parse(head.validUntil) ? 'granted' : 'expired';
}

/** What the name of a screen ends with that said: your browser asks not to share, a yes counts for this partner only. */
export const afterSignal = '_after_signal';

/** True for a yes given in knowledge of every signal: on such a screen, for this integration, later than all (D17). */
export function grantedAfterSignal({ head, signalSeqs }: Pick<Facts, 'head' | 'signalSeqs'>): boolean {
  if (!head || states[head.type] !== 'granted' || signalSeqs.length === 0) return false;
  return head.method.endsWith(afterSignal) && signalSeqs.every((seq) => seq < head.seq);
}

/**
 * True where the terms a grant recorded for a field are its terms now. A block's hash names its language: a yes read in
 * German counts for the German block alone, whatever becomes of the English one (GATE.md a, "terms").
 */
export const termsHold = (
  { head, manifest, blockHashes }: Pick<Facts, 'head' | 'manifest' | 'blockHashes'>,
  field: DeclaredField,
): boolean => blockHashes.some((hash) => head?.terms[field.name] === termsOfField(manifest, field, hash));

/**
 * Derives the inputs of the decision, one snapshot a field, as GATE.md d "How inputs are derived" says.
 * `wanted` are the fields of the share; one the manifest does not declare for this purpose is denied by D03.
 */
export function contextOf(facts: Facts, wanted: readonly Field[], now: Date): Context {
  const { manifest, head, config } = facts;
  const state = stateOf(head, facts.integration.revokedBeforeSeq, now);
  const granted = state === 'granted';
  const shared = {
    connection: facts.integration.active ? 'active' : 'revoked',
    erased: facts.subject.erased,
    recipientDocumented: recipientDocumented(manifest),
    basis: manifest.basis,
    legalCitation: manifest.legalCitation.trim() !== '',
    sale: manifest.sale,
    role: manifest.role,
    restricted: facts.subject.restricted,
    objected: facts.subject.objected,
    state,
    // A grant by operator or signal is none (GATE.md c): it is handed on as it stands, and the gate refuses the value.
    by: granted && head ? (head.by as Snapshot['by']) : 'self',
    age: facts.subject.age,
    signal: facts.signalSeqs.length > 0,
    grantAfterSignalSpecific: grantedAfterSignal(facts),
    regime: config.regime,
    settings: config,
  } as const satisfies Partial<Snapshot>;

  const fields = wanted.map((name): ContextField => {
    const declared = manifest.fields.find((f) => f.name === name && f.purpose === facts.purpose);
    const value = facts.values.find((v) => v.field === name);
    const covered = head?.fields.includes(name) ?? false;
    const snapshot: Snapshot = {
      ...shared,
      purposeDeclared: declared !== undefined,
      explicit: granted && (head?.by === 'self' || head?.by === 'guardian') && covered,
      // A field outside the grant has no terms there that could differ: D16 says why it stays, not D15 (GATE.md k.2).
      versionOk: !covered || (declared !== undefined && termsHold(facts, declared)),
      scopeOk: covered,
      special: declared?.special ?? false,
      noticeServed: value !== undefined && facts.servedSeqs.some((s) => s < value.seq),
    };
    const known = value ? { value: value.value, source: value.source } : {};
    return { field: name, need: declared?.need ?? false, ...known, snapshot };
  });
  return freezeContext({
    brandId: facts.brandId,
    subjectId: facts.subjectId,
    integrationId: facts.integrationId,
    provider: facts.integration.provider,
    purpose: facts.purpose,
    manifest,
    fields,
  });
}
