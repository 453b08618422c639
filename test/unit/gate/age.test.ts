import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AgeBand, ageBands, type DeclaredPlace, declaredPlaces, type Place, places } from '#contract/places.ts';
import { type AgeFacts, ageFor } from '../../../server/gate/age.ts';

const nobody: AgeFacts = {
  recorded: 'adult',
  said: {},
  childDirected: false,
  consentAge: 16,
  places: [],
};
const said = (age: AgeBand | undefined, place?: DeclaredPlace, youngest = age): Partial<AgeFacts> => ({
  said: { ...(age ? { age } : {}), ...(place ? { place } : {}), ...(youngest ? { youngest } : {}) },
});
const years = ['adult', 'teen', 'below_consent_age'];

describe('GATE.md d, k.6: the age class', () => {
  test.each<[string, Partial<AgeFacts>, string]>([
    ['nothing known', {}, 'adult'],
    ['nothing known, for children', { childDirected: true }, 'below_consent_age'],
    ['GATE-22 under 13, wherever', { ...said('under_13', 'US-CA'), consentAge: 13 }, 'below_consent_age'],
    ['13 to 15, place unknown', said('13_to_15'), 'below_consent_age'],
    ['13 to 15, place unknown, the brand says 13', { ...said('13_to_15'), consentAge: 13 }, 'teen'],
    ['GATE-21 13 to 15 in California', { ...said('13_to_15'), places: ['US-CA'] }, 'teen'],
    [
      '13 to 15 in Germany, the brand says 13',
      { ...said('13_to_15'), places: ['DE'], consentAge: 13 },
      'below_consent_age',
    ],
    ['13 to 15 in Austria: part of the band is below', { ...said('13_to_15'), places: ['AT'] }, 'below_consent_age'],
    [
      '13 to 15, California served, lives in Spain',
      { ...said('13_to_15', 'ES'), places: ['US-CA'] },
      'below_consent_age',
    ],
    ['grown up, for children', { ...said('16_or_over'), childDirected: true }, 'adult'],
    ['taken back after a younger word', said(undefined, undefined, 'under_13'), 'teen'],
    ['grown up after a younger word', said('16_or_over', undefined, '13_to_15'), 'teen'],
    ['R27 flagged, whatever was said', { ...said('16_or_over'), recorded: 'below_consent_age' }, 'below_consent_age'],
    ['R16 a recorded word nobody knows is handed on', { recorded: 'maybe' as 'adult' }, 'maybe'],
  ])('%s', (_, facts, age) => {
    expect(ageFor({ ...nobody, ...facts })).toBe(age);
  });

  test.each<[string, Partial<AgeFacts>, string]>([
    ['served Belgium', {}, 'teen'],
    ['served Belgium, seen in Germany', { said: { age: '13_to_15', seen: ['DE'] } }, 'below_consent_age'],
    ['served Belgium, seen there too', { said: { age: '13_to_15', seen: ['BE'] } }, 'teen'],
    ['served California, seen in the USA', { places: ['US-CA'], said: { age: '13_to_15', seen: ['US'] } }, 'teen'],
    ['nowhere named, seen in Belgium', { places: [], said: { age: '13_to_15', seen: ['BE'] } }, 'below_consent_age'],
    ['no word about age', { said: { seen: ['DE'] } }, 'adult'],
  ])('R27 13 to 15, %s', (_, facts, age) => {
    expect(ageFor({ ...nobody, places: ['BE'], ...said('13_to_15'), ...facts })).toBe(age);
  });

  const anybody = fc.record({
    recorded: fc.constantFrom('adult' as const, 'teen' as const, 'below_consent_age' as const),
    age: fc.constantFrom(undefined, ...ageBands),
    youngest: fc.constantFrom(undefined, ...ageBands),
    place: fc.constantFrom(undefined, ...declaredPlaces),
    childDirected: fc.boolean(),
    consentAge: fc.constantFrom(13, 16),
    places: fc.uniqueArray(fc.constantFrom(...places), { maxLength: 4 }),
    seen: fc.uniqueArray(fc.constantFrom('US', 'DE', 'BE', 'JP'), { maxLength: 3 }),
  });
  const of = ({ age, youngest, place, seen, ...rest }: Record<string, unknown>) => {
    const { said: words } = said(age as AgeBand, place as DeclaredPlace, youngest as AgeBand);
    return years.indexOf(ageFor({ ...rest, said: { ...words, seen } } as AgeFacts));
  };

  test('no sign of youth, no place and no stricter setting ever makes a person older', () => {
    fc.assert(
      fc.property(anybody, fc.constantFrom(...places), (p, more: Place) => {
        const now = of(p);
        expect(of({ ...p, youngest: 'under_13' })).toBeGreaterThanOrEqual(now);
        for (const more of ['US', 'DE', 'BE', 'JP'])
          expect(of({ ...p, seen: [more, ...p.seen] })).toBeGreaterThanOrEqual(now);
        expect(of({ ...p, childDirected: true })).toBeGreaterThanOrEqual(now);
        expect(of({ ...p, consentAge: 16 })).toBeGreaterThanOrEqual(now);
        expect(of({ ...p, recorded: 'below_consent_age' })).toBe(2);
        expect(of({ ...p, age: 'under_13' })).toBe(2);
        if (p.places.length > 0) expect(of({ ...p, places: [...p.places, more] })).toBeGreaterThanOrEqual(now);
      }),
    );
  });
});
