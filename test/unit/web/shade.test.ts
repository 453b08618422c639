import { describe, expect, it, test } from 'vitest';
import { look } from '#contract/look.ts';
import { actColours, contrast, type Hex, least, nearestShade, pairsOf, reaches, readHex } from '#contract/shade.ts';

describe('contrast as WCAG 2.2 counts it', () => {
  // Known answers: black on white, the grey next to 4.5, and two pairs UI.md lists.
  it.each([
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#fffdf9', '#0d4f56', 9.1],
    ['#0b2527', '#8bcdca', 8.9],
  ] as const)('%s and %s: %d', (a, b, want) => {
    expect(contrast(a, b)).toBeCloseTo(want, 1);
    expect(contrast(b, a)).toBe(contrast(a, b));
  });
});

/** Every hue at every lightness, and the edges. */
const samples = [0, 36, 73, 110, 146, 183, 219, 255].flatMap((r) =>
  [0, 51, 102, 153, 204, 255].flatMap((g) =>
    [0, 64, 128, 192, 255].map((b) => `#${[r, g, b].map((c) => c.toString(16).padStart(2, '0')).join('')}` as Hex),
  ),
);

test('R61 whatever colour a brand picks, the nearest shade reads in every pair, light and dark', () => {
  for (const colour of samples) {
    const shade = nearestShade(colour);
    const colours = actColours(shade);
    for (const theme of ['light', 'dark'] as const) {
      const short = pairsOf(colours[theme], theme).filter((p) => p.reaches < least);
      expect(short, `${colour} → ${shade}, ${theme}`).toEqual([]);
      expect(contrast(colours[theme].act, colours[theme].over), `${shade} under a pointer`).toBeGreaterThan(1.05);
    }
  }
});

test('a colour that reads is left as it is, and one that does not moves no further than it must', () => {
  expect(nearestShade('#0d4f56')).toBe('#0d4f56');
  const shade = nearestShade('#ffcc00');
  expect(reaches('#ffcc00')).toBeLessThan(2);
  expect(reaches(shade)).toBeGreaterThanOrEqual(least);
  expect(reaches(shade)).toBeLessThan(least + 0.1);
});

test.each([
  ['#0D4F56', '#0d4f56'],
  ['0d4f56', '#0d4f56'],
  [' #abc ', '#aabbcc'],
  ['red', undefined],
  ['#0d4f5', undefined],
  ['#0d4f56;}', undefined],
  ['', undefined],
])('reads %j as %j', (typed, want) => expect(readHex(typed)).toBe(want));

test.each([
  { colour: '#ffcc00' },
  { colour: 'url(//evil)' },
  { colour: '#0D4F56' },
  { side: 'top' },
  { text: 'a\nb' },
  { text: 'x'.repeat(41) },
  { greeting: 'x'.repeat(121) },
  { more: 1 },
])('R61 a look with %j is not stored', (part) => {
  expect(look.check({ ...look.standard, ...part })).toHaveProperty('wrong');
});
