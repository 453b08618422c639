import type { MaskedKind } from '#contract/chat.ts';
import * as da from './da.ts';
import * as de from './de.ts';
import { maskedWords } from './en.ts';
import { datesOf } from './forms.ts';
import * as fr from './fr.ts';
import { type Language, languageFor } from './spoken.ts';

/** What a transcript says around what both sides wrote (R60). */
export interface TranscriptWords {
  /** Its head, and the subject of its mail. */
  title(brand: string): string;
  you: string;
  /** Who ended the chat; `agent` where no name is read. */
  ended: { you: string; agent: string; named(name: string): string };
  file(name: string): string;
  masked(kinds: readonly MaskedKind[]): string;
  /** Stands before the link to the public page. */
  myData: string;
  /** Stands after a link that shows the reader's own data. */
  onlyYours: string;
  /** "22 November 2026, 14:02 UTC": a mail is read in any zone. */
  at(iso: string): string;
}

const words: Readonly<Record<Language, TranscriptWords>> = {
  en: {
    title: (brand) => `Your chat with ${brand}`,
    you: 'You',
    ended: {
      you: 'You ended the chat.',
      agent: 'The agent ended the chat.',
      named: (name) => `${name} ended the chat.`,
    },
    file: (name) => `File: ${name}`,
    masked: maskedWords,
    myData: 'Who got what about you, and how to be forgotten:',
    onlyYours:
      'This link works once, for seven days. Whoever has it sees your data, so take it out before you pass this mail on.',
    at: datesOf('en-GB').inUtc,
  },
  da: {
    title: (brand) => `Din chat med ${brand}`,
    you: 'Dig',
    ended: {
      you: 'Du afsluttede chatten.',
      agent: 'Kundeservice afsluttede chatten.',
      named: (name) => `${name} afsluttede chatten.`,
    },
    file: (name) => `Fil: ${name}`,
    masked: da.maskedWords,
    myData: 'Hvem der har fået hvad om dig, og hvordan du bliver glemt:',
    onlyYours:
      'Linket virker én gang i syv dage. Den, der har det, ser dine data, så fjern det, før du sender denne mail videre.',
    at: datesOf('da').inUtc,
  },
  de: {
    title: (brand) => `Ihr Chat mit ${brand}`,
    you: 'Sie',
    ended: {
      you: 'Sie haben den Chat beendet.',
      agent: 'Das Serviceteam hat den Chat beendet.',
      named: (name) => `${name} hat den Chat beendet.`,
    },
    file: (name) => `Datei: ${name}`,
    masked: de.maskedWords,
    myData: 'Wer was über Sie erhalten hat, und wie Sie vergessen werden:',
    onlyYours:
      'Dieser Link funktioniert einmal, sieben Tage lang. Wer ihn hat, sieht Ihre Daten: Entfernen Sie ihn, bevor Sie diese Mail weiterleiten.',
    at: datesOf('de').inUtc,
  },
  fr: fr.marked<TranscriptWords>({
    title: (brand) => `Votre chat avec ${brand}`,
    you: 'Vous',
    ended: {
      you: 'Vous avez terminé le chat.',
      agent: 'Le service client a terminé le chat.',
      named: (name) => `${name} a terminé le chat.`,
    },
    file: (name) => `Fichier : ${name}`,
    masked: fr.maskedWords,
    myData: 'Qui a reçu quoi à votre sujet, et comment tout faire effacer :',
    onlyYours:
      'Ce lien fonctionne une fois, pendant sept jours. Qui le possède voit vos données : retirez-le avant de transférer ce mail.',
    at: datesOf('fr').inUtc,
  }),
};

/** The words of a transcript for a reader, by the languages they want (spoken.ts). */
export const transcriptWords = (wanted: readonly string[]): TranscriptWords => words[languageFor(wanted)];
