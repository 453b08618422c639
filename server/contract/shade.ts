/** A colour as `#rrggbb`. */
export type Hex = `#${string}`;

/** The three colours a brand may set, one value for each look (UI.md 2). */
export interface ActColours {
  act: Hex;
  over: Hex;
  on: Hex;
}

/** Grounds on which words in the acting colour stand, as tokens.css has them: paper, sheet, well, and one's own message. */
const grounds = {
  light: ['#f5f3ee', '#fffdf9', '#ebe7de', '#e1ecea'],
  dark: ['#161411', '#1f1c18', '#2a2621', '#17302f'],
} as const satisfies Record<'light' | 'dark', readonly Hex[]>;
/** Words on the acting colour: the lightest ground on a dark colour, the darkest on a light one. */
const words = { light: '#fffdf9', dark: '#161411' } as const;

/** What text needs (WCAG 2.2, 1.4.3). */
export const least = 4.5;
/** What the derived colour of the dark look aims at: words as readable as the rest of it. */
const inTheDark = 7;

const channels = (hex: Hex): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** Relative luminance (WCAG 2.2). */
function luminance(hex: Hex): number {
  const [r = 0, g = 0, b = 0] = channels(hex).map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(a: Hex, b: Hex): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** `#rrggbb` of what a person typed: with or without #, three digits or six; undefined where it is no colour. */
export function readHex(typed: string): Hex | undefined {
  const digits = /^#?([\da-f]{3}|[\da-f]{6})$/i.exec(typed.trim())?.[1]?.toLowerCase();
  if (!digits) return undefined;
  return `#${digits.length === 3 ? [...digits].map((d) => d + d).join('') : digits}`;
}

/** A colour on its way to black or to white, `step` of 255. */
function mixed(hex: Hex, to: 0 | 255, step: number): Hex {
  const part = (c: number) =>
    Math.round(c + ((to - c) * step) / 255)
      .toString(16)
      .padStart(2, '0');
  return `#${channels(hex).map(part).join('')}`;
}

/** The nearest shade of a colour on the way to black or white that passes; white and black do. */
function nearest(hex: Hex, to: 0 | 255, passes: (shade: Hex) => boolean): Hex {
  for (let step = 0; step < 255; step++) {
    const shade = mixed(hex, to, step);
    if (passes(shade)) return shade;
  }
  return to === 0 ? '#000000' : '#ffffff';
}

const worst = (hex: Hex, look: 'light' | 'dark'): number => Math.min(...grounds[look].map((g) => contrast(hex, g)));

/** The least contrast a colour reaches where a brand's colour is used in the light look. */
export const reaches = (hex: Hex): number => worst(hex, 'light');

/** The nearest shade that can be a brand's colour: itself where it reads already. */
export const nearestShade = (hex: Hex): Hex => nearest(hex, 0, (shade) => reaches(shade) >= least);

/** A little on, so that a pointer over it shows: away from the ground, or back where there is no further to go. */
const stepOn = (hex: Hex, to: 0 | 255): Hex => {
  const over = mixed(hex, to, 64);
  return contrast(over, hex) >= 1.1 ? over : mixed(hex, to === 0 ? 255 : 0, 40);
};

/** Both looks from one colour that reads: the light one as it is, the dark one the same hue, lighter (UI.md 2). */
export function actColours(colour: Hex): Record<'light' | 'dark', ActColours> {
  const dark = nearest(colour, 255, (shade) => worst(shade, 'dark') >= inTheDark);
  return {
    light: { act: colour, over: stepOn(colour, 0), on: words.light },
    dark: { act: dark, over: stepOn(dark, 255), on: words.dark },
  };
}

/** Every pair in which the colours of a look meet, and what it reaches; each has to reach `least`. */
export function pairsOf({ act, over, on }: ActColours, look: 'light' | 'dark'): { pair: string; reaches: number }[] {
  return [
    ...grounds[look].flatMap((ground) => [
      { pair: `act on ${ground}`, reaches: contrast(act, ground) },
      { pair: `over on ${ground}`, reaches: contrast(over, ground) },
    ]),
    { pair: 'on act', reaches: contrast(on, act) },
    { pair: 'on over', reaches: contrast(on, over) },
  ];
}
