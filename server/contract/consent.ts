/** Why a field is shared: DPV terms without their prefix (GATE.md a). */
export const purposes = [
  'RequestedServiceProvision',
  'CustomerCare',
  'CustomerRelationshipManagement',
  'ServiceUsageAnalytics',
  'DirectMarketing',
  'TargetedAdvertising',
  'Personalisation',
  'FraudPreventionAndDetection',
  'LegalCompliance',
  'SellDataToThirdParties',
] as const;
/** One DPV purpose term. */
export type Purpose = (typeof purposes)[number];
/**
 * The purpose of adding what a partner knows of a person to the brand's own record of them (R22). Our guess at the DPV
 * term that fits best: the record is made to fit the person; no partner is told anything.
 */
export const combinePurpose = 'Personalisation' satisfies Purpose;

/** The rules of GATE.md d with their reason codes, in the order in which they are tried. */
export const reasons = {
  D01: 'connection_not_active',
  D02: 'subject_erased',
  D03: 'purpose_not_declared',
  D04: 'recipient_not_documented',
  D05: 'legal_obligation',
  D06: 'restricted',
  D07: 'objected',
  D08: 'refused',
  D09: 'withdrawn',
  D10: 'revoked_or_invalidated',
  D11: 'minor_needs_guardian',
  D12: 'special_needs_explicit',
  D13: 'service_provider_necessary',
  D14: 'consent_expired',
  D15: 'policy_version_stale',
  D16: 'scope_not_covered',
  D17: 'opt_out_signal',
  D18: 'consent_granted',
  D19: 'awaiting_answer',
  D20: 'no_consent',
  D21: 'teen_needs_opt_in',
  D22: 'notice_not_served',
  D23: 'operator_posture_ask_first',
  D24: 'opt_out_regime_default',
} as const;
/** A rule of the decision, D01 to D24. */
export type RuleId = keyof typeof reasons;
/** The word that goes with a rule in ledger and screens. */
export type Reason = (typeof reasons)[RuleId];

/** What happened to a question: the events of the consent state machine (GATE.md c). */
const consentTypes = [
  'requested',
  'deferred',
  'given_pending_confirm',
  'given',
  'renewed',
  'refused',
  'withdrawn',
  'revoked',
  'invalidated',
  'expired',
] as const;
/** One of them. */
export type ConsentType = (typeof consentTypes)[number];

/** `state` in decide(): the head of one subject × integration × purpose (GATE.md c, second table). */
export type ConsentState = 'none' | 'requested' | 'granted' | 'refused' | 'withdrawn' | 'revoked' | 'expired';

/** Who expressed an answer (GATE.md c, "By"). */
export type ConsentBy = 'self' | 'guardian' | 'authorised_agent' | 'agent_attested' | 'operator' | 'signal';

/** The four shapes of UI.md section 2. */
export type Mark = 'yes' | 'no' | 'open' | 'held';
