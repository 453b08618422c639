import type { MaskedKind } from '#contract/chat.ts';
import { start, whole } from './en.ts';
import { formsOf, typeset } from './forms.ts';

/** Dates, numbers, lists and places in French, and the fields of a visitor in its words. */
export const say = formsOf('fr', {
  name: { label: 'Nom', yours: 'votre nom' },
  email: { label: whole('E-mail'), yours: whole('votre e-mail') },
  phone: { label: 'Téléphone', yours: 'votre numéro de téléphone' },
  company: { label: 'Entreprise', yours: 'votre entreprise' },
  transcript: { label: 'Conversation', yours: 'votre conversation' },
});
/** Two to ten, for `counted`. */
export const numbers = ['deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'dix'];
const taken: Record<MaskedKind, string> = {
  card: 'un numéro de carte',
  bank: 'un numéro de compte bancaire',
  social: 'un numéro de sécurité sociale',
};
/** What was taken out of a message, to its writer. */
export const maskedWords = (kinds: readonly MaskedKind[]): string =>
  `${start(say.list(kinds.map((kind) => taken[kind])))} ${
    kinds.length === 1 ? 'a été retiré' : 'ont été retirés'
  } avant l’enregistrement du message.`;

/** Words with French marks: no line begins with the one that ends a sentence. */
export const marked = <T>(written: T): T =>
  typeset(written, (s) => s.replace(/ ([?:;»])/g, '\u00a0$1').replaceAll('« ', '«\u00a0'));
