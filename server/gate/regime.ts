import { type DeclaredPlace, lawOf, type Place } from '#contract/places.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * The law that counts for one person: what every candidate place agrees on (GATE.md d). A place nobody knows, or two that
 * differ, make it `unknown`, which decides as strictly as opt_in (GATE.md k.7). Where the brand does not say where it
 * serves it stays unknown whatever the visitor says: so a visitor's word, which nothing proves, can only make it stricter.
 */
export function regimeFor(served: readonly Place[], declared?: DeclaredPlace): Snapshot['regime'] {
  if (served.length === 0) return 'unknown';
  const laws = new Set([...served, ...(declared ? [declared] : [])].map(lawOf));
  const [law] = laws;
  return laws.size === 1 && law ? law : 'unknown';
}
