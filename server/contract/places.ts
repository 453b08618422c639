// To be confirmed by counsel (GATE.md m). A place we are not sure of is not here: it counts as unknown, which is strict.

/**
 * Places where a yes comes first. EU and EEA: GDPR (Regulation (EU) 2016/679) Art. 6(1)(a), EEA by Decision 154/2018;
 * UK GDPR; Brazil: LGPD Art. 7(I). Switzerland's FADP asks for less: it stands here as the stricter choice, our guess.
 */
const optIn = [
  ...(['AT', 'BE', 'BG', 'HR', 'CY', 'CZ', 'DK', 'EE', 'FI', 'FR', 'DE', 'GR', 'HU', 'IE', 'IT', 'LV', 'LT'] as const),
  ...(['LU', 'MT', 'NL', 'PL', 'PT', 'RO', 'SK', 'SI', 'ES', 'SE', 'IS', 'LI', 'NO', 'GB', 'CH', 'BR'] as const),
] as const;

/**
 * Places where a no must be heeded: California Civ. 1798.120, Colorado C.R.S. 6-1-1306, Connecticut Gen. Stat. 42-518,
 * Utah Code 13-61-201, Virginia Code 59.1-577.
 */
const optOut = ['US-CA', 'US-CO', 'US-CT', 'US-UT', 'US-VA'] as const;

/** Places whose rule is known: ISO 3166-1 countries, and states of the USA as ISO 3166-2. */
export const places = [...optIn, ...optOut] as const;
/** One of them. */
export type Place = (typeof places)[number];
/** What a visitor may say about where they live; `elsewhere` is a place that is not in the table. */
export const declaredPlaces = [...places, 'elsewhere'] as const;
/** One of them. */
export type DeclaredPlace = (typeof declaredPlaces)[number];

/** A country somebody's network address is of: ISO 3166-1 alpha-2. It names no state, and may be of no known place. */
export type Country = string;

/** Which rule the law of a place sets; none for a place we do not know (GATE.md d, "How inputs are derived"). */
export const lawOf = (place: DeclaredPlace | Country): 'opt_in' | 'opt_out' | undefined =>
  (optIn as readonly string[]).includes(place)
    ? 'opt_in'
    : (optOut as readonly string[]).includes(place)
      ? 'opt_out'
      : undefined;

/**
 * From which age in years somebody may say yes alone, where we are sure: GDPR Art. 8(1) and the national laws under it
 * (DE, IE, NL left it at 16; AT § 4(4) DSG; ES LOPDGDD Art. 7; IT Codice Art. 2-quinquies; FR Loi 78-17 Art. 45; BE Act
 * of 30 July 2018 Art. 7; UK DPA 2018 s. 9), and COPPA, 15 U.S.C. 6501. To be confirmed by counsel (GATE.md m.4).
 */
export const consentAgeOf: Readonly<Partial<Record<DeclaredPlace | Country, number>>> = {
  ...{ DE: 16, IE: 16, NL: 16, AT: 14, ES: 14, IT: 14, FR: 15, BE: 13, GB: 13 },
  ...{ 'US-CA': 13, 'US-CO': 13, 'US-CT': 13, 'US-UT': 13, 'US-VA': 13 },
};

/** What a visitor may say about their age: a band, never a date. */
export const ageBands = ['under_13', '13_to_15', '16_or_over'] as const;
/** One band; they come in the order of years. */
export type AgeBand = (typeof ageBands)[number];
