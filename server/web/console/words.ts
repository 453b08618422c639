import type { Capability } from '#contract/connection.ts';
import type { Reason } from '#contract/consent.ts';
import { start } from '../../i18n/en.ts';

/** Why a row was withheld, after "Withheld:", to the brand. */
export const withheldWords: Record<Reason, string> = {
  no_consent: 'not asked yet',
  operator_posture_ask_first: 'not asked yet',
  awaiting_answer: 'asked, no answer yet',
  refused: 'person said no',
  withdrawn: 'person took the yes back',
  scope_not_covered: 'no yes to it',
  policy_version_stale: 'notice changed, ask again',
  consent_expired: 'yes ran out',
  opt_out_signal: 'browser asks not to share',
  restricted: 'blocked at the person’s request',
  objected: 'blocked at the person’s request',
  minor_needs_guardian: 'under age',
  teen_needs_opt_in: 'under age',
  special_needs_explicit: 'too sensitive for a general yes',
  notice_not_served: 'collected before the notice',
  connection_not_active: 'not connected',
  purpose_not_declared: 'never declared',
  recipient_not_documented: 'recipient not documented',
  subject_erased: 'person was forgotten',
  revoked_or_invalidated: 'yes declared void',
  legal_obligation: 'asked for by law',
  service_provider_necessary: 'needed for the service',
  consent_granted: 'person said yes',
  opt_out_regime_default: 'told, did not object',
};

/** How a right reaches the partner, to the brand. */
export const able: Record<Capability, string> = {
  api: 'by itself, confirmed by the partner',
  manual: 'by a person at your brand, with a task and a date',
  none: 'not possible at this partner',
};
/** What sharing rests on. */
export const bases = {
  consent: 'a yes of the visitor',
  contract: 'a contract with the visitor',
  legal_obligation: 'the law',
} as const;
/** What the recipient is in law, in plain words. */
export const roles = {
  processor: 'works on your instructions',
  third_party: 'decides itself what it does with the data',
} as const;

const levels: Readonly<Record<string, string>> = {
  'real server': 'Tested against the real server.',
  'real server (oidc-provider)': 'Tested against a real OpenID provider, the program oidc-provider.',
  'vendor description + vendor SDK': 'Tested against the vendor’s published description and its own client.',
  'vendor description only': 'Tested against the vendor’s published description; no real account was used yet.',
  'sandbox only': 'Tested against the sandbox alone.',
};
/** How sure the tests of an add-on make us, as a sentence (PARTNERS.md 1). */
export const verified = (level: string): string => levels[level] ?? start(level);
