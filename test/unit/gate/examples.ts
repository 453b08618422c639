import type { RuleId } from '#contract/consent.ts';
import type { BrandSettings, Snapshot } from '../../../server/gate/decide.ts';
import { strictSettings } from '../../../server/gate/decide.ts';
import { base } from './base.ts';

/** One input, the rule it must meet, and why in words. */
export interface NamedExample {
  readonly id: RuleId;
  readonly name: string;
  readonly snapshot: Snapshot;
}

const example = (id: RuleId, name: string, over: Partial<Snapshot>, settings: Partial<BrandSettings> = {}) => ({
  id,
  name,
  snapshot: { ...base, ...over, settings: { ...strictSettings, ...settings } },
});
const granted = { state: 'granted' } as const;
const contract = { basis: 'contract', role: 'processor', sale: false } as const;
const law = { basis: 'legal_obligation', legalCitation: true, sale: false } as const;

/** Named examples of GATE.md d and l: each rule at least once, and each of its conditions from both sides. */
export const examples: readonly NamedExample[] = [
  example('D01', 'a revoked connection, even under a cited law', { ...law, connection: 'revoked' }),
  example('D02', 'an erased person', { ...granted, erased: true }),
  example('D03', 'a purpose the manifest does not declare', { ...granted, purposeDeclared: false }),
  example('D04', 'a recipient without an address', { ...granted, recipientDocumented: false }),

  example('D05', 'a cited law passes a refusal', { ...law, state: 'refused' }),
  example('D05', 'a cited law passes a restriction', { ...law, restricted: true }),
  example('D20', 'a law without a citation asks', { ...law, legalCitation: false }),
  example('D20', 'a law does not cover a sale', { ...law, sale: true }),

  example('D06', 'a restricted person who said yes', { ...granted, restricted: true }),
  example('D06', 'a restriction also stops a processor under contract', { ...contract, restricted: true }),
  example('D07', 'an objection stops a yes', { ...granted, objected: true }),
  example('D13', 'an objection does not stop a contract', { ...contract, objected: true }),

  example('D08', 'GATE-51 a refusal stops a processor under contract', { ...contract, state: 'refused' }),
  example(
    'D13',
    'unless the brand loosened that',
    { ...contract, state: 'refused' },
    { refusalStopsProcessors: false },
  ),
  example(
    'D08',
    'loosened, a refusal still stops a sale under contract',
    { ...contract, sale: true, state: 'refused', regime: 'opt_out' },
    { refusalStopsProcessors: false, optOutDefaultEnabled: true },
  ),
  example(
    'D09',
    'loosened, a withdrawal still stops a third party under contract',
    { ...contract, role: 'third_party', state: 'withdrawn' },
    { refusalStopsProcessors: false },
  ),
  example('D13', 'loosened, a withdrawal', { ...contract, state: 'withdrawn' }, { refusalStopsProcessors: false }),
  example('D13', 'loosened, a revocation', { ...contract, state: 'revoked' }, { refusalStopsProcessors: false }),
  example('D09', 'GATE-5 a withdrawal', { state: 'withdrawn' }),
  example('D10', 'a revocation by the operator', { state: 'revoked' }),

  example('D11', 'GATE-22 a child’s own yes', { ...granted, age: 'below_consent_age' }),
  example('D18', 'GATE-22 a guardian’s yes', { ...granted, age: 'below_consent_age', by: 'guardian' }),
  example('D11', 'a child nobody asked', { age: 'below_consent_age' }),
  example('D11', 'a teen’s spoken yes', { ...granted, age: 'teen', by: 'agent_attested' }),
  example('D18', 'GATE-21 a teen’s own yes', { ...granted, age: 'teen' }),
  example('D18', 'an adult’s spoken yes', { ...granted, by: 'agent_attested' }),
  example('D13', 'a processor under contract for a child', { ...contract, age: 'below_consent_age' }),

  example('D12', 'a special field with a general yes', { ...granted, special: true, explicit: false }),
  example('D12', 'a special field with a spoken yes', { ...granted, special: true, by: 'agent_attested' }),
  example('D12', 'a special field under contract', { ...contract, special: true }),
  example('D18', 'a special field with an explicit yes', { ...granted, special: true }),

  example('D13', 'a processor under contract, never asked', contract),
  example('D20', 'a third party under contract asks', { ...contract, role: 'third_party' }),
  example('D20', 'a sale under contract asks', { ...contract, sale: true }),

  example('D14', 'a yes that ran out', { state: 'expired' }),
  example(
    'D14',
    'a yes that ran out does not fall to the opt-out default',
    { state: 'expired', regime: 'opt_out' },
    { optOutDefaultEnabled: true },
  ),
  example('D15', 'GATE-20 a yes to other terms', { ...granted, versionOk: false }),
  example('D16', 'GATE-2 a field outside the yes', { ...granted, scopeOk: false }),

  example('D17', 'GATE-14 a signal after the yes', { ...granted, signal: true }),
  example(
    'D17',
    'GATE-11 a signal where the default would allow',
    { regime: 'opt_out', signal: true },
    {
      optOutDefaultEnabled: true,
    },
  ),
  example('D17', 'a signal stops what is no sale', { ...granted, signal: true, sale: false }),
  example(
    'D18',
    'unless the brand loosened that',
    { ...granted, signal: true, sale: false },
    {
      signalStopsAllConsentSharing: false,
    },
  ),
  example(
    'D17',
    'loosened, it still stops a sale',
    { ...granted, signal: true },
    { signalStopsAllConsentSharing: false },
  ),
  example('D18', 'GATE-15 a specific yes after the signal', {
    ...granted,
    signal: true,
    grantAfterSignalSpecific: true,
  }),

  example('D18', 'a yes', granted),
  example('D19', 'GATE-29 asked, not answered', { state: 'requested' }),
  example('D19', 'asked under opt-out', { state: 'requested', regime: 'opt_out' }, { optOutDefaultEnabled: true }),
  example(
    'D24',
    'asked under opt-out where asking means nothing',
    { state: 'requested', regime: 'opt_out' },
    { optOutDefaultEnabled: true, askedMeansWait: false },
  ),
  example('D20', 'asked under opt-in where asking means nothing', { state: 'requested' }, { askedMeansWait: false }),
  example('D20', 'GATE-1 never asked', {}),
  example('D20', 'GATE-27 never asked, law unknown', { regime: 'unknown' }, { optOutDefaultEnabled: true }),
  example('D21', 'GATE-21 a teen nobody asked', { regime: 'opt_out', age: 'teen' }, { optOutDefaultEnabled: true }),
  example('D22', 'a notice nobody saw', { regime: 'opt_out', noticeServed: false }, { optOutDefaultEnabled: true }),
  example('D23', 'a brand that asks first', { regime: 'opt_out' }),
  example('D24', 'the opt-out default, turned on', { regime: 'opt_out' }, { optOutDefaultEnabled: true }),
];
