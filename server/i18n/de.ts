import type { MaskedKind } from '#contract/chat.ts';
import { start, whole } from './en.ts';
import { formsOf } from './forms.ts';

/** Dates, numbers, lists and places in German, and the fields of a visitor in its words. */
export const say = formsOf('de', {
  name: { label: 'Name', yours: 'Ihren Namen' },
  email: { label: whole('E-Mail-Adresse'), yours: whole('Ihre E-Mail-Adresse') },
  phone: { label: 'Telefonnummer', yours: 'Ihre Telefonnummer' },
  company: { label: 'Firma', yours: 'Ihre Firma' },
  transcript: { label: 'Gesprächsverlauf', yours: 'Ihren Gesprächsverlauf' },
});
/** Two to ten, for `counted`. */
export const numbers = ['zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn'];
const taken: Record<MaskedKind, string> = {
  card: 'eine Kartennummer',
  bank: 'eine Kontonummer',
  social: 'eine Sozialversicherungsnummer',
};
/** What was taken out of a message, to its writer. */
export const maskedWords = (kinds: readonly MaskedKind[]): string =>
  `${start(say.list(kinds.map((kind) => taken[kind])))} ${
    kinds.length === 1 ? 'wurde' : 'wurden'
  } entfernt, bevor die Nachricht gespeichert wurde.`;
