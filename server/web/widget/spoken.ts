import { words as da } from './words/da.ts';
import { words as de } from './words/de.ts';
import { words as en, type Words } from './words/en.ts';
import { words as fr } from './words/fr.ts';

/** The languages the widget speaks; the build makes a script of each but English (vite.config.ts). For the hub alone. */
export const spoken: Readonly<Record<string, Words>> = { da, de, en, fr };

/** The words for a reader: the first wanted language that is spoken here, else English. */
export const wordsFor = (wanted: readonly string[]): Words =>
  spoken[wanted.find((lang) => Object.hasOwn(spoken, lang)) ?? 'en'] ?? en;
