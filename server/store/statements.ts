import { type AgeBand, ageBands, type Country, type DeclaredPlace, declaredPlaces } from '#contract/places.ts';
import { type Closure, everyoneIn } from './closure.ts';
import type { Tx } from './open.ts';
import { seal, unseal } from './seal.ts';
import type { SubjectKeys } from './subjects.ts';

type Read = Pick<Tx, 'hot'>;

/**
 * What can be said about a person beside answers; `country` is of their network address, `revealed` says why an agent read
 * a contact (R51). The columns of `subject` hold what counts of `under_age`, `objected` and `no_profiling`.
 */
export const statementKinds = ['place', 'age', 'country', 'under_age', 'objected', 'no_profiling', 'revealed'] as const;
/** One of them. */
export type StatementKind = (typeof statementKinds)[number];

/** One statement: who said what of whom; the value is sealed with the person's key and goes with it. */
export interface Statement {
  brandId: string;
  subjectId: string;
  kind: StatementKind;
  /** '' takes back what was said. */
  value: string;
  by: 'self' | 'operator' | 'network';
  at: string;
}

/** What a person said about themselves, and their network addresses said of them, as it counts now. */
export interface Said {
  place?: DeclaredPlace;
  age?: AgeBand;
  /** The youngest band they ever named: a sign against an older word (GATE.md d, k.6). */
  youngest?: AgeBand;
  /** Every country they were ever seen in, the newest first. */
  seen?: readonly Country[];
}

/** Appends one statement. */
export function putStatement(tx: Tx, key: Buffer, s: Statement): void {
  tx.hot('insert into statement (seq, brand_id, subject_id, kind, value_enc, by, at) values (?, ?, ?, ?, ?, ?, ?)').run(
    tx.seq(),
    s.brandId,
    s.subjectId,
    s.kind,
    seal(key, `statement|${s.subjectId}|${s.kind}`, s.value),
    s.by,
    s.at,
  );
}

const known = <T extends string>(list: readonly T[], word: string): T | undefined => {
  const found = list.find((x) => x === word);
  if (word && !found) throw new Error('a statement holds a word nobody knows');
  return found;
};
const younger = (a: AgeBand | undefined, b: AgeBand | undefined): AgeBand | undefined =>
  a && b ? (ageBands.indexOf(a) < ageBands.indexOf(b) ? a : b) : (a ?? b);

/** What is stored of an age: the band said now and the youngest ever said, so that one row tells both. */
export const ageStatement = (age: AgeBand | '', before: Said): string =>
  `${age}/${younger(before.youngest, age || undefined) ?? ''}`;

/** What is stored of countries: each one ever seen, the newest first, so that one row tells all. */
export const countryStatement = (country: Country, before: Said): string => [country, ...(before.seen ?? [])].join(' ');

const isCountry = (word: string): boolean => /^[A-Z]{2}$/.test(word);

/** Place and age as the person said them, and countries; throws where a row cannot be read, and the gate then denies (R16). */
export function saidOf(read: Read, key: Buffer, brandId: string, subjectId: string): Said {
  // One question for all three, since every decision asks it; the last row of a kind is its newest.
  const rows = read
    .hot(
      `select kind, value_enc from statement where brand_id = ? and subject_id = ?
       and kind in ('place', 'age', 'country') order by seq`,
    )
    .all(brandId, subjectId);
  const newest = (kind: 'place' | 'age' | 'country'): string => {
    const row = rows.findLast((r) => r.kind === kind);
    return row ? unseal(key, `statement|${subjectId}|${kind}`, row.value_enc as string).toString() : '';
  };
  const [now = '', ever = ''] = newest('age').split('/');
  const [place, age, youngest] = [known(declaredPlaces, newest('place')), known(ageBands, now), known(ageBands, ever)];
  const seen = newest('country').split(' ').filter(Boolean);
  if (!seen.every(isCountry)) throw new Error('a statement holds a word nobody knows');
  return {
    ...(place ? { place } : {}),
    ...(age ? { age } : {}),
    ...(youngest ? { youngest } : {}),
    ...(seen.length > 0 ? { seen } : {}),
  };
}

/**
 * The same for a whole person: the root's own word on each, else that of whom was merged last; the youngest band anybody
 * of them ever named stays a sign, and every country any of them was seen in counts (GATE.md k.10: the stricter holds).
 */
export function saidOfAll(
  read: Read,
  keys: Pick<SubjectKeys, 'of'>,
  brandId: string,
  closure: Pick<Closure, 'root' | 'merged'>,
): Said {
  const [root = '', ...merged] = everyoneIn(closure);
  const all = [root, ...merged.toReversed()].map((id) => saidOf(read, keys.of(read, brandId, id), brandId, id));
  const place = all.find((s) => s.place)?.place;
  const age = all.find((s) => s.age)?.age;
  const youngest = all.reduce<AgeBand | undefined>((found, s) => younger(found, s.youngest), undefined);
  const seen = [...new Set(all.flatMap((s) => s.seen ?? []))];
  return {
    ...(place ? { place } : {}),
    ...(age ? { age } : {}),
    ...(youngest ? { youngest } : {}),
    ...(seen.length > 0 ? { seen } : {}),
  };
}

/** What was stated of a kind, opened, the newest first. */
export const statements = (
  read: Read,
  key: Buffer,
  { brandId, subjectId, kind }: Pick<Statement, 'brandId' | 'subjectId' | 'kind'>,
): { value: string; at: string; by: Statement['by'] }[] =>
  read
    .hot('select value_enc, at, by from statement where brand_id = ? and subject_id = ? and kind = ? order by seq desc')
    .all(brandId, subjectId, kind)
    .map((row) => ({
      value: unseal(key, `statement|${subjectId}|${kind}`, row.value_enc as string).toString(),
      at: row.at as string,
      by: row.by as Statement['by'],
    }));

/** When the newest statement of a kind was made; undefined where there is none. */
export const statedAt = (read: Read, brandId: string, subjectId: string, kind: StatementKind): string | undefined =>
  read
    .hot('select at from statement where brand_id = ? and subject_id = ? and kind = ? order by seq desc limit 1')
    .get(brandId, subjectId, kind)?.at as string | undefined;
