import { type Language, languageFor } from '../../i18n/spoken.ts';
import { words as da } from './words/da.ts';
import { words as de } from './words/de.ts';
import { words as en, type Words } from './words/en.ts';
import { words as fr } from './words/fr.ts';

/** What a visitor's own pages say, in every language the widget speaks. */
export const pageSpoken: Readonly<Record<Language, Words>> = { en, da, de, fr };

/** The words of a visitor's own pages for a reader, by the languages they want (i18n/spoken.ts). */
export const pageWords = (wanted: readonly string[]): Words => pageSpoken[languageFor(wanted)];
