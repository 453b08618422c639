import type { ConsentBy, ConsentState } from '#contract/consent.ts';

/** What a brand may loosen, each stricter than the law by default (GATE.md d); a change is a ledger row. */
export interface BrandSettings {
  /** D17 also stops sharing that is not a sale. */
  readonly signalStopsAllConsentSharing: boolean;
  /** D19: an unanswered question stops sharing in any regime. */
  readonly askedMeansWait: boolean;
  /** Without it D23 denies what D24 could allow. */
  readonly optOutDefaultEnabled: boolean;
  /** D08 to D10 also stop processors under contract. */
  readonly refusalStopsProcessors: boolean;
}

/** The settings of a brand that changed nothing. */
export const strictSettings: BrandSettings = Object.freeze({
  signalStopsAllConsentSharing: true,
  askedMeansWait: true,
  optOutDefaultEnabled: false,
  refusalStopsProcessors: true,
});

/** All that a decision may depend on, loaded in one transaction (GATE.md d; how each is derived stands there too). */
export interface Snapshot {
  readonly connection: 'active' | 'revoked';
  readonly erased: boolean;
  readonly purposeDeclared: boolean;
  readonly recipientDocumented: boolean;
  readonly basis: 'consent' | 'contract' | 'legal_obligation';
  readonly legalCitation: boolean;
  readonly sale: boolean;
  readonly role: 'processor' | 'third_party';
  readonly restricted: boolean;
  readonly objected: boolean;
  readonly state: ConsentState;
  /** Who gave the grant; counts only where `state` is granted. */
  readonly by: Exclude<ConsentBy, 'operator' | 'signal'>;
  readonly explicit: boolean;
  readonly versionOk: boolean;
  readonly scopeOk: boolean;
  readonly age: 'adult' | 'teen' | 'below_consent_age';
  readonly special: boolean;
  readonly signal: boolean;
  readonly grantAfterSignalSpecific: boolean;
  readonly regime: 'opt_in' | 'opt_out' | 'unknown';
  readonly noticeServed: boolean;
  readonly settings: BrandSettings;
}

const bool = [true, false] as const;

/** Every value each input can have: what isKnown admits and what the property test walks through. */
export const domain = {
  connection: ['active', 'revoked'],
  erased: bool,
  purposeDeclared: bool,
  recipientDocumented: bool,
  basis: ['consent', 'contract', 'legal_obligation'],
  legalCitation: bool,
  sale: bool,
  role: ['processor', 'third_party'],
  restricted: bool,
  objected: bool,
  state: ['none', 'requested', 'granted', 'refused', 'withdrawn', 'revoked', 'expired'],
  by: ['self', 'guardian', 'authorised_agent', 'agent_attested'],
  explicit: bool,
  versionOk: bool,
  scopeOk: bool,
  age: ['adult', 'teen', 'below_consent_age'],
  special: bool,
  signal: bool,
  grantAfterSignalSpecific: bool,
  regime: ['opt_in', 'opt_out', 'unknown'],
  noticeServed: bool,
} as const satisfies { [K in Exclude<keyof Snapshot, 'settings'>]: readonly Snapshot[K][] };

const one = <T>(values: readonly T[], value: T): boolean => values.includes(value);
const flag = (value: unknown): boolean => typeof value === 'boolean';

// Written out, not looped over `domain`: this runs for every field of every share, and the property test 50 million times.
/** True when every input holds a value of its type; a row of the store may hold anything. */
export function isKnown(s: Snapshot): boolean {
  const { settings } = s;
  return (
    one(domain.connection, s.connection) &&
    flag(s.erased) &&
    flag(s.purposeDeclared) &&
    flag(s.recipientDocumented) &&
    one(domain.basis, s.basis) &&
    flag(s.legalCitation) &&
    flag(s.sale) &&
    one(domain.role, s.role) &&
    flag(s.restricted) &&
    flag(s.objected) &&
    one(domain.state, s.state) &&
    one(domain.by, s.by) &&
    flag(s.explicit) &&
    flag(s.versionOk) &&
    flag(s.scopeOk) &&
    one(domain.age, s.age) &&
    flag(s.special) &&
    flag(s.signal) &&
    flag(s.grantAfterSignalSpecific) &&
    one(domain.regime, s.regime) &&
    flag(s.noticeServed) &&
    flag(settings?.signalStopsAllConsentSharing) &&
    flag(settings.askedMeansWait) &&
    flag(settings.optOutDefaultEnabled) &&
    flag(settings.refusalStopsProcessors)
  );
}
