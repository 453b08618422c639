import type { JSX } from 'preact';
import type { Look } from '#contract/look.ts';
import { type ActColours, actColours, type Hex } from '#contract/shade.ts';

/** What stands around the brand's colours in each look, as tokens.css has it. */
const around = {
  light: {
    page: '#f5f3ee',
    sheet: '#fffdf9',
    ink: '#221f1a',
    ink2: '#544e44',
    rule: '#d9d3c6',
    edge: '#82796a',
    dot: '#f0ac3a',
  },
  dark: {
    page: '#161411',
    sheet: '#1f1c18',
    ink: '#f1ece2',
    ink2: '#c2baab',
    rule: '#3c372f',
    edge: '#8f8674',
    dot: '#8a5200',
  },
} as const;
/** The hub's own colours, as tokens.css has them. */
const standard: Record<'light' | 'dark', ActColours> = {
  light: { act: '#0d4f56', over: '#093b41', on: '#fffdf9' },
  dark: { act: '#8bcdca', over: '#aaddda', on: '#0b2527' },
};

/** At most so many characters of a line fit the picture; the page itself wraps them. */
const cut = (text: string, most: number): string =>
  [...text].length > most ? `${[...text].slice(0, most - 1).join('')}…` : text;

/**
 * The chat's head, a link and the button in both looks. Drawn as a picture, whose colours are attributes: the page's
 * policy allows no style of its own, and a colour nobody saved yet has no sheet.
 */
export const LookPreview = ({
  look,
  colour,
  brand,
}: {
  look: Look;
  colour: Hex | undefined;
  brand: string;
}): JSX.Element => (
  <div class="looks">
    {(['light', 'dark'] as const).map((theme) => (
      <figure key={theme}>
        <Picture look={look} theme={theme} colours={(colour ? actColours(colour) : standard)[theme]} brand={brand} />
        <figcaption>{theme === 'light' ? 'In a light look' : 'In a dark look'}</figcaption>
      </figure>
    ))}
  </div>
);

function Picture(p: { look: Look; theme: 'light' | 'dark'; colours: ActColours; brand: string }): JSX.Element {
  const { look, theme, colours, brand } = p;
  const { page, sheet, ink, ink2, rule, edge, dot } = around[theme];
  const words = cut(look.text || `Chat with ${brand}`, 30);
  // As wide as such words are, about; longer ones are drawn closer, where the page wraps them.
  const natural = [...words].length * 9.4;
  const long = Math.min(natural, 210);
  const wide = long + 66;
  const left = look.side === 'left' ? 16 : 304 - wide;
  const said = look.greeting ? `, with the line “${look.greeting}” above it` : '';
  return (
    <svg viewBox="0 0 320 240" role="img" aria-label={`The button “${words}” at the ${look.side}${said}, ${theme}`}>
      <rect width="320" height="240" fill={page} />
      <rect x="16.5" y="12.5" width="287" height="96" rx="4" fill={sheet} stroke={edge} />
      <text x="32" y="38" font-size="16" font-weight="650" fill={ink}>
        {cut(brand, 26)}
      </text>
      <path d="M17 52.5h286" stroke={rule} />
      <text x="32" y="84" font-size="14" fill={colours.act} text-decoration="underline">
        My data
      </text>
      <rect x="196" y="62" width="92" height="34" rx="2" fill={colours.act} />
      <text x="242" y="84" font-size="14" font-weight="550" fill={colours.on} text-anchor="middle">
        Send
      </text>
      {look.greeting && (
        <>
          <rect
            x={look.side === 'left' ? 16.5 : 71.5}
            y="120.5"
            width="232"
            height="44"
            rx="4"
            fill={sheet}
            stroke={edge}
          />
          <text x={look.side === 'left' ? 30 : 85} y="147" font-size="13" fill={ink2}>
            {cut(look.greeting, 32)}
          </text>
        </>
      )}
      <rect x={left} y="176" width={wide} height="48" rx="4" fill={colours.act} />
      <path
        transform={`translate(${left + 12} 186)`}
        d="M5 4h18a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H12l-5 5v-5H5a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z"
        fill={colours.on}
      />
      <circle cx={left + 21.5} cy="200" r="3.3" fill={dot} />
      <rect x={left + 29} y="194.5" width="3.4" height="11" fill={colours.act} />
      <text
        x={left + 50}
        y="205"
        font-size="16"
        font-weight="550"
        fill={colours.on}
        {...(natural > long ? { textLength: long, lengthAdjust: 'spacingAndGlyphs' } : {})}
      >
        {words}
      </text>
    </svg>
  );
}
