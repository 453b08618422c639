import { type AgeBand, type Country, consentAgeOf, type DeclaredPlace, type Place } from '#contract/places.ts';
import { seenCandidates } from './regime.ts';
import type { Snapshot } from './snapshot.ts';

/** All that a person's age class depends on. */
export interface AgeFacts {
  /** What somebody found out: `below_consent_age` is the flag of R27; `adult` where nobody did. */
  recorded: Snapshot['age'];
  /** What the person says now, the youngest band they ever named, and every country they were seen in. */
  said: {
    readonly age?: AgeBand;
    readonly youngest?: AgeBand;
    readonly place?: DeclaredPlace;
    readonly seen?: readonly Country[];
  };
  childDirected: boolean;
  /** Years, for a place whose age we do not know. */
  consentAge: number;
  places: readonly Place[];
}

const youngerLast: readonly Snapshot['age'][] = ['adult', 'teen', 'below_consent_age'];

/**
 * From which age this person may say yes alone, in years: the highest of all candidate places (GATE.md d). A country they
 * were seen in raises it and never lowers it, also where it is the only place that is known.
 */
function consentAgeFor({ said, consentAge, places }: AgeFacts): number {
  const ageIn = (p: DeclaredPlace | Country) => consentAgeOf[p] ?? consentAge;
  const named: DeclaredPlace[] = [...places, ...(said.place ? [said.place] : [])];
  const ages = named.length === 0 ? [consentAge] : named.map(ageIn);
  return Math.max(...ages, ...seenCandidates(places, said.seen).map(ageIn));
}

function bySaid(facts: AgeFacts): Snapshot['age'] {
  const { age, youngest } = facts.said;
  if (age === 'under_13') return 'below_consent_age';
  // Part of this band may be below the age, and nobody is asked for more than the band.
  if (age === '13_to_15') return consentAgeFor(facts) > 13 ? 'below_consent_age' : 'teen';
  if (age === undefined && facts.childDirected) return 'below_consent_age';
  return youngest && youngest !== '16_or_over' ? 'teen' : 'adult';
}

/**
 * `age` of the decision (GATE.md d, k.6): below the consent age, or unknown on a child-directed brand, is
 * `below_consent_age`; up to the age of own opt-in, or with a sign against what is said, `teen`; otherwise `adult`. The
 * younger of what was said and what was found out counts; a recorded word nobody knows is handed on, and the gate denies.
 */
export function ageFor(facts: AgeFacts): Snapshot['age'] {
  const found = youngerLast.indexOf(facts.recorded);
  if (found < 0) return facts.recorded;
  return youngerLast[Math.max(found, youngerLast.indexOf(bySaid(facts)))] ?? 'below_consent_age';
}
