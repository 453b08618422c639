import { type Language, languageFor } from '../../i18n/spoken.ts';
import { words as da } from './words/da.ts';
import { words as de } from './words/de.ts';
import { words as en, type Words } from './words/en.ts';
import { words as fr } from './words/fr.ts';

/** What the widget says; the build makes a script of each language but English (vite.config.ts). For the hub alone. */
export const spoken: Readonly<Record<Language, Words>> = { da, de, en, fr };

/** The words for a reader, by the languages they want (i18n/spoken.ts). */
export const wordsFor = (wanted: readonly string[]): Words => spoken[languageFor(wanted)];
