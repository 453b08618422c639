import type { DeclaredField, Manifest } from '#contract/connection.ts';
import {
  type ConsentBy,
  type ConsentState,
  type ConsentType,
  type Purpose,
  type Reason,
  type RuleId,
  reasons,
} from '#contract/consent.ts';
import { type Field, fromPartner } from '#contract/visitor.ts';
import { type AgeFacts, ageFor } from './age.ts';
import { type Context, type ContextField, freezeContext } from './context.ts';
import type { BrandSettings, Snapshot } from './decide.ts';
import { isClassed, recipientDocumented, termsOfField } from './manifest.ts';
import { regimeFor } from './regime.ts';

/** What the store read in one transaction for one share (store/share-facts.ts has the same shape). */
export interface Facts {
  brandId: string;
  subjectId: string;
  integrationId: string;
  purpose: Purpose;
  config: BrandSettings & Pick<AgeFacts, 'childDirected' | 'consentAge' | 'places'>;
  integration: { provider: string; active: boolean; revokedBeforeSeq: number };
  manifest: Manifest;
  subject: { erased: boolean; restricted: boolean; objected: boolean; noProfiling: boolean; age: Snapshot['age'] };
  said: AgeFacts['said'];
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

/**
 * Why a field stays, in a word for people. An address that opted out before its person came counts as withdrawn (GATE.md
 * l.28), yet no yes was taken back.
 */
export const reasonOf = (rule: RuleId, head: Facts['head']): Reason =>
  rule === 'D09' && head?.method === 'suppression' ? reasons.D08 : reasons[rule];

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

/** The law that counts for this person at this brand. */
export const regimeOf = ({ config, said }: Pick<Facts, 'said'> & { config: Pick<Facts['config'], 'places'> }) =>
  regimeFor(config.places, said.place, said.seen);

/** Profiling by what is sent or by what it is for (R26): behaviour, and purposes that judge or target a person. */
export const profiles = (declared: Pick<DeclaredField, 'class' | 'purpose'> | undefined): boolean =>
  declared?.class === 'behaviour' ||
  declared?.purpose === 'Personalisation' ||
  declared?.purpose === 'TargetedAdvertising';

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
 * `wanted` are the fields of the share; one the manifest does not declare for this purpose, or declares to come back and
 * not to leave, is denied by D03, and so is a value that a partner supplied: no manifest declares those, they go neither
 * back nor onward (k.15). With `way` in, the question is whether such a field may be combined with the person's record.
 */
export function contextOf(facts: Facts, wanted: readonly Field[], now: Date, way: 'out' | 'in' = 'out'): Context {
  const { manifest, head, config } = facts;
  const state = stateOf(head, facts.integration.revokedBeforeSeq, now);
  const granted = state === 'granted';
  // D11 leaves a contract alone; who was found under age is shared nowhere until the flag is cleared (R27).
  const flagged = facts.subject.age === 'below_consent_age' && manifest.basis === 'contract';
  const shared = {
    connection: facts.integration.active ? 'active' : 'revoked',
    erased: facts.subject.erased,
    recipientDocumented: recipientDocumented(manifest),
    basis: manifest.basis,
    legalCitation: manifest.legalCitation.trim() !== '',
    sale: manifest.sale,
    role: manifest.role,
    restricted: facts.subject.restricted || flagged,
    state,
    // A grant by operator or signal is none (GATE.md c): it is handed on as it stands, and the gate refuses the value.
    by: granted && head ? (head.by as Snapshot['by']) : 'self',
    age: ageFor({ ...config, recorded: facts.subject.age, said: facts.said }),
    signal: facts.signalSeqs.length > 0,
    grantAfterSignalSpecific: grantedAfterSignal(facts),
    regime: regimeOf(facts),
    settings: config,
  } as const satisfies Partial<Snapshot>;

  const fields = wanted.map((name): ContextField => {
    const declared = manifest.fields.find(
      (f) =>
        f.name === name && f.purpose === facts.purpose && f.receives === (way === 'in' || undefined) && isClassed(f),
    );
    const value = facts.values.find((v) => v.field === name);
    const covered = head?.fields.includes(name) ?? false;
    const snapshot: Snapshot = {
      ...shared,
      purposeDeclared: declared !== undefined && !(way === 'out' && value?.source.startsWith(fromPartner)),
      objected: facts.subject.objected || (facts.subject.noProfiling && profiles(declared)),
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
