import type { RuleId } from '#contract/consent.ts';
import type { Snapshot } from './snapshot.ts';

/** One row of the table of GATE.md d. */
export interface Rule {
  readonly id: RuleId;
  readonly effect: 'allow' | 'deny';
  readonly when: (s: Snapshot) => boolean;
}

const allow = (id: RuleId, when: Rule['when']): Rule => Object.freeze({ id, effect: 'allow', when });
const deny = (id: RuleId, when: Rule['when']): Rule => Object.freeze({ id, effect: 'deny', when });

const granted = (s: Snapshot): boolean => s.state === 'granted';
const underContract = (s: Snapshot): boolean => s.basis === 'contract' && s.role === 'processor' && !s.sale;
// Only what would meet D13 may pass a no, and only where the brand loosened it: a sale never rides along.
const noCounts = (s: Snapshot): boolean => s.settings.refusalStopsProcessors || !underContract(s);
const guardianGrant = (s: Snapshot): boolean => granted(s) && s.by === 'guardian';
const attestedGrant = (s: Snapshot): boolean => granted(s) && s.by === 'agent_attested';
const explicitGrant = (s: Snapshot): boolean => granted(s) && s.explicit && s.by !== 'agent_attested';

/** The rules in the order in which they are tried; the first that matches answers (GATE.md d). */
export const rules: readonly Rule[] = Object.freeze([
  deny('D01', (s) => s.connection !== 'active'),
  deny('D02', (s) => s.erased),
  deny('D03', (s) => !s.purposeDeclared),
  deny('D04', (s) => !s.recipientDocumented),
  allow('D05', (s) => s.basis === 'legal_obligation' && s.legalCitation && !s.sale),
  // Art. 18 GDPR: storage only, so before every basis but the law's own.
  deny('D06', (s) => s.restricted),
  // Art. 21 GDPR gives no objection against a contract the person asked for.
  deny('D07', (s) => s.objected && s.basis !== 'contract'),
  deny('D08', (s) => s.state === 'refused' && noCounts(s)),
  deny('D09', (s) => s.state === 'withdrawn' && noCounts(s)),
  deny('D10', (s) => s.state === 'revoked' && noCounts(s)),
  deny(
    'D11',
    (s) =>
      s.basis !== 'contract' &&
      ((s.age === 'below_consent_age' && !guardianGrant(s)) || (s.age !== 'adult' && attestedGrant(s))),
  ),
  deny('D12', (s) => s.special && !explicitGrant(s)),
  allow('D13', underContract),
  deny('D14', (s) => s.state === 'expired'),
  deny('D15', (s) => granted(s) && !s.versionOk),
  deny('D16', (s) => granted(s) && !s.scopeOk),
  deny(
    'D17',
    (s) =>
      s.signal && (s.sale || s.settings.signalStopsAllConsentSharing) && !(granted(s) && s.grantAfterSignalSpecific),
  ),
  allow('D18', granted),
  deny('D19', (s) => s.state === 'requested' && s.settings.askedMeansWait),
  deny('D20', (s) => s.regime !== 'opt_out'),
  deny('D21', (s) => s.age !== 'adult'),
  deny('D22', (s) => !s.noticeServed),
  deny('D23', (s) => !s.settings.optOutDefaultEnabled),
  allow('D24', () => true),
]);
