import type { Field } from '#contract/visitor.ts';
import { inlandNumber } from '../consent/addresses.ts';

/** An address or number of a person, and a text without it; made by `contactOf` alone, which compiles it once. */
export type Contact = { readonly field: Field; readonly value: string; readonly hiddenIn: (text: string) => string };
/** What is hidden of one person: every address and number that stands as theirs now. */
export type Contacts = readonly Contact[];

const digits = (text: string): string => text.normalize('NFKC').replace(/\D/g, ''); // also of full width
/** Two spellings of a number share these many digits at its end, whatever is dialled before them. */
const tail = 7;

const hiddenPhone = (value: string): string =>
  digits(value).length < tail ? '•••• •••' : `•••• ••• ${digits(value).slice(-3)}`;
/** What stands in place of an address. */
export const hiddenAddress = (value: string): string => `${/^[a-z0-9]/i.exec(value)?.[0] ?? ''}•••@•••`;

/** What stands in place of a value: enough to tell two apart when read aloud, too little to use. */
export const hiddenValue = (field: Field, value: string): string =>
  field === 'phone' ? hiddenPhone(value) : hiddenAddress(value);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const numbers = /[+＋]?[\d０-９](?:[\s()./‐-―-]{0,3}[\d０-９]){4,}/g;

/** True for two spellings of one number; a short one has to be the same digit by digit. */
const sameNumber = (value: string, run: string): boolean => {
  const number = digits(value);
  return number.length < tail ? digits(run) === number : digits(run).includes(number.slice(-tail));
};

/** Without the zeros that are dialled before a number at home or from abroad. */
const dialled = (text: string): string => digits(text).replace(/^0+/, '');

/** True for a number written whole, with its country code or without: one digit less would be found by ten guesses. */
function isWholeNumber(word: string, value: string): boolean {
  const theirs = dialled(word);
  return theirs.length >= tail && (theirs === dialled(value) || theirs === inlandNumber(value));
}

/** True for a word that is one of these contacts as a whole: whoever writes it knows it already. */
export const isWhole = (word: string, contacts: Contacts | undefined): boolean =>
  (contacts ?? []).some(({ field, value }) =>
    field === 'phone' ? isWholeNumber(word, value) : value.toLowerCase() === word,
  );

/** True where one of the words could be an address or a number: whoever tries many of them guesses. */
export const namesContact = (words: string): boolean =>
  words.split(/\s+/).some((word) => word.includes('@') || digits(word).length >= tail);

/** An address as it is written, as it stands in a web address, and in one that was put together by hand. */
const spellingsOf = (value: string): RegExp =>
  new RegExp([value, encodeURIComponent(value), value.replace('@', '%40')].map(escaped).join('|'), 'gi');

/** A contact that is hidden by its field: a number in whatever gaps it was written, anything else as an address. */
export function contactOf(field: Field, value: string): Contact {
  const said = hiddenValue(field, value);
  if (field === 'phone')
    return { field, value, hiddenIn: (text) => text.replace(numbers, (run) => (sameNumber(value, run) ? said : run)) };
  const spelled = spellingsOf(value);
  return { field, value, hiddenIn: (text) => text.replace(spelled, () => said) };
}

/** A text without these contacts, in whatever case or with whatever gaps they were written; undefined hides nothing. */
export const hide = (text: string, contacts: Contacts | undefined): string =>
  (contacts ?? []).reduce((rest, { hiddenIn }) => hiddenIn(rest), text);
