import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Country, type DeclaredPlace, declaredPlaces, lawOf, type Place, places } from '#contract/places.ts';
import { regimeFor } from '../../../server/gate/regime.ts';

/** How much a regime holds back: unknown and opt_in decide alike (GATE-27). */
const strictness = { opt_out: 0, opt_in: 1, unknown: 1 } as const;

describe('R26 GATE.md d: the law that counts is the strictest of all candidates', () => {
  test.each<[readonly Place[], DeclaredPlace | undefined, string]>([
    [[], undefined, 'unknown'],
    [[], 'US-CA', 'unknown'],
    [['DK'], undefined, 'opt_in'],
    [['DK', 'BR'], 'GB', 'opt_in'],
    [['US-CA'], undefined, 'opt_out'],
    [['US-CA', 'US-VA'], 'US-CO', 'opt_out'],
    [['US-CA'], 'DE', 'unknown'],
    [['DE', 'US-CA'], undefined, 'unknown'],
    [['US-CA'], 'elsewhere', 'unknown'],
    [['DK'], 'elsewhere', 'unknown'],
  ])('served %j, lives %j: %s', (served, declared, regime) => {
    expect(regimeFor(served, declared)).toBe(regime);
  });

  test('every place of the table has one law, and every law its place', () => {
    expect(new Set(places.map(lawOf))).toEqual(new Set(['opt_in', 'opt_out']));
    expect(new Set(places).size).toBe(places.length);
    expect(lawOf('elsewhere')).toBeUndefined();
    for (const place of places) expect(regimeFor([place])).toBe(lawOf(place));
  });

  const some = fc.uniqueArray(fc.constantFrom(...places), { minLength: 1, maxLength: 6 });
  test('one more candidate never loosens: a place the brand serves, or the place a visitor names', () => {
    fc.assert(
      fc.property(some, fc.constantFrom(...places), fc.constantFrom(...declaredPlaces), (served, more, lives) => {
        const before = strictness[regimeFor(served)];
        expect(strictness[regimeFor([...served, more])]).toBeGreaterThanOrEqual(before);
        expect(strictness[regimeFor(served, lives)]).toBeGreaterThanOrEqual(before);
        expect(strictness[regimeFor([], lives)]).toBe(1);
      }),
    );
  });
  test.each<[readonly Place[], DeclaredPlace | undefined, readonly Country[], string]>([
    [[], undefined, ['DK'], 'unknown'],
    [['DK'], undefined, [], 'opt_in'],
    [['DK'], undefined, ['DE'], 'opt_in'],
    [['DK'], 'GB', ['DE', 'FR'], 'opt_in'],
    [['DK'], undefined, ['JP'], 'unknown'],
    [['US-CA'], undefined, ['DE'], 'unknown'],
    [['US-CA'], 'US-CA', ['DE'], 'unknown'],
    [['US-CA'], undefined, ['US'], 'opt_out'],
    [['US-CA'], undefined, ['US', 'DE'], 'unknown'],
    [['US-CA'], 'elsewhere', ['US'], 'unknown'],
    [['US-CA'], undefined, ['JP'], 'unknown'],
    [['DK'], undefined, ['US'], 'unknown'],
    [['DK', 'US-CA'], undefined, ['US'], 'unknown'],
    [['DK'], 'US-CA', ['US'], 'unknown'],
  ])('served %j, lives %j, seen in %j: %s', (served, declared, seen, regime) => {
    expect(regimeFor(served, declared, seen)).toBe(regime);
  });

  const countries = fc.uniqueArray(fc.constantFrom('US', 'DE', 'DK', 'GB', 'JP', 'BR', 'CH'), { maxLength: 4 });
  test('GATE-9 I8 one more country never loosens, whatever is served and said, and some tighten', () => {
    const lives = fc.option(fc.constantFrom(...declaredPlaces), { nil: undefined });
    const served = fc.uniqueArray(fc.constantFrom(...places), { maxLength: 4 });
    const more = fc.constantFrom('US', 'DE', 'JP');
    let tightened = 0;
    fc.assert(
      fc.property(served, lives, countries, more, (at, home, seen, country) => {
        const [before, after] = [regimeFor(at, home, seen), regimeFor(at, home, [country, ...seen])];
        expect(strictness[after]).toBeGreaterThanOrEqual(strictness[before]);
        if (strictness[after] > strictness[before]) tightened++;
      }),
      { seed: 26, numRuns: 2_000 },
    );
    expect(tightened).toBeGreaterThan(0);
  });
  test('what else is known of a person seen somewhere never loosens either', () => {
    fc.assert(
      fc.property(
        some,
        countries,
        fc.constantFrom(...places),
        fc.constantFrom(...declaredPlaces),
        (at, seen, p, home) => {
          const before = strictness[regimeFor(at, undefined, seen)];
          expect(strictness[regimeFor(at, home, seen)]).toBeGreaterThanOrEqual(before);
          expect(strictness[regimeFor([...at, p], undefined, seen)]).toBeGreaterThanOrEqual(before);
        },
      ),
    );
  });
  test('the order of the candidates does not matter', () => {
    const shuffled = some.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(fc.property(shuffled, ([list, other]) => regimeFor(other) === regimeFor(list)));
  });
});
