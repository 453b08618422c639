import type { Country } from '#contract/places.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { countryStatement, putStatement, type Said, saidOf } from '../store/statements.ts';
import type { OptOutDeps } from './opt-out.ts';

/** The person whose request came from somewhere. */
interface Who {
  brandId: string;
  subjectId: string;
}

/** What is known of whoever called, where this country is not yet; undefined too for a record nobody can read (R16). */
function without(
  read: Pick<Tx, 'hot'>,
  { keys }: Pick<OptOutDeps, 'keys'>,
  { brandId, subjectId }: Who,
  country: Country | undefined,
): Said | undefined {
  if (country === undefined) return undefined;
  // The gate denies a person whose record is damaged anyway; the chat itself goes on.
  const said = readable(() => saidOf(read, keys.of(read, brandId, subjectId), brandId, subjectId));
  return said?.seen?.includes(country) ? undefined : said;
}

/** True where a person was not seen in this country before. */
export const isNewCountry = (
  read: Pick<Tx, 'hot'>,
  d: Pick<OptOutDeps, 'keys'>,
  who: Who,
  country: Country | undefined,
): boolean => without(read, d, who, country) !== undefined;

/**
 * Keeps the country of a request's network address as one more candidate for the law that counts, inside the caller's
 * transaction; the address itself is kept nowhere (R26, R90). Every country ever seen stays a candidate until erasure:
 * nobody knows which visit was the true one, and a later one must not take a rule away (GATE.md d, I8; our guess). It
 * joins the very subject that called, so that a merge taken back takes its countries back too. True where it was new.
 */
export function keepCountry(
  tx: Tx,
  d: Pick<OptOutDeps, 'keys' | 'now'>,
  who: Who,
  country: Country | undefined,
): boolean {
  const before = without(tx, d, who, country);
  if (!before || country === undefined) return false;
  putStatement(tx, d.keys.of(tx, who.brandId, who.subjectId), {
    ...who,
    kind: 'country',
    value: countryStatement(country, before),
    by: 'network',
    at: d.now().toISOString(),
  });
  return true;
}
