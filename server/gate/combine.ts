import { declaredFor, type Manifest } from '#contract/connection.ts';
import { combinePurpose } from '#contract/consent.ts';
import { type Field, fromPartner } from '#contract/visitor.ts';
import { decideShare } from './decide.ts';
import { contextOf, type Facts } from './derive.ts';

/** What a partner knows of a person, by field. */
export type Supplied = Partial<Record<Field, string>>;

/** The source of a value that a connection's partner supplied (GATE.md j, `value`). */
export const suppliedBy = (integrationId: string): string => fromPartner + integrationId;

const comingBack = (manifest: Manifest): Field[] =>
  declaredFor(manifest, combinePurpose).flatMap((f) => (f.receives ? [f.name] : []));

/** Of what a handler reported, the fields its manifest says come back; what it did not announce is dropped (R22). */
export function announced(manifest: Manifest, values: Supplied | undefined): Supplied | undefined {
  const known = comingBack(manifest).flatMap((name) => {
    const value = values?.[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

/**
 * The fields of a partner that may be in the person's record now, from the facts of its combining question: a yes of
 * their own by D18, and no other rule. A contract or a default that lets data out lets none in (R22).
 */
export function combinable(facts: Facts, now: Date): Field[] {
  const names = comingBack(facts.manifest);
  const { rules } = decideShare(contextOf(facts, names, now, 'in').fields);
  return names.filter((name) => rules[name] === 'D18');
}
