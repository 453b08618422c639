import { type Country, type DeclaredPlace, lawOf, type Place } from '#contract/places.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Of the countries a person was seen in, those that are candidates of their own. A country with laws by state says
 * nothing against a state of it in which the brand serves people, since it cannot tell which one the person is in. That
 * is our guess, to be confirmed by counsel (GATE.md d and m); where the brand serves none of them nobody knows the law.
 */
export const seenCandidates = (served: readonly Place[], seen: readonly Country[] = []): Country[] =>
  seen.filter((country) => !served.some((place) => place.startsWith(`${country}-`)));

/**
 * The law that counts for one person: what every candidate place agrees on (GATE.md d): where the brand serves, where
 * they say they live, and every country they were ever seen in. A place nobody knows, or two that differ, make it
 * `unknown`, which decides as strictly as opt_in (GATE.md k.7). Where the brand does not say where it serves it stays
 * unknown whatever else is known: so a visitor's word, or an address, which prove nothing, can only make it stricter.
 */
export function regimeFor(
  served: readonly Place[],
  declared?: DeclaredPlace,
  seen?: readonly Country[],
): Snapshot['regime'] {
  if (served.length === 0) return 'unknown';
  const laws = new Set([...served, ...(declared ? [declared] : []), ...seenCandidates(served, seen)].map(lawOf));
  const [law] = laws;
  return laws.size === 1 && law ? law : 'unknown';
}
