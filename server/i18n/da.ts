import type { MaskedKind } from '#contract/chat.ts';
import { start, whole } from './en.ts';
import { formsOf } from './forms.ts';

/** Dates, numbers, lists and places in Danish, and the fields of a visitor in its words. */
export const say = formsOf('da', {
  name: { label: 'Navn', yours: 'dit navn' },
  email: { label: whole('E-mail'), yours: whole('din e-mail') },
  phone: { label: 'Telefonnummer', yours: 'dit telefonnummer' },
  company: { label: 'Firma', yours: 'dit firma' },
  transcript: { label: 'Samtale', yours: 'din samtale' },
});
/** Two to ten, for `counted`. */
export const numbers = ['to', 'tre', 'fire', 'fem', 'seks', 'syv', 'otte', 'ni', 'ti'];
const taken: Record<MaskedKind, string> = {
  card: 'et kortnummer',
  bank: 'et kontonummer',
  social: 'et CPR-nummer',
};
/** What was taken out of a message, to its writer. */
export const maskedWords = (kinds: readonly MaskedKind[]): string =>
  `${start(say.list(kinds.map((kind) => taken[kind])))} blev fjernet, før beskeden blev gemt.`;
