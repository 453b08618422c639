import { words as english, type Words } from './words/en.ts';

declare global {
  /** Put there by the script of another language, which stands before the app's (words/da.ts and its like). */
  var askfirstWords: { words: Words } | undefined;
}

/** Everything the widget says, in the language of the page; the app itself brings English along. */
export const words: Words = globalThis.askfirstWords?.words ?? english;

/** A refusal of the hub in words for a visitor; never the hub's own detail. */
export function plain(status: number): string {
  if (status === 0) return words.noAnswer;
  if (status === 429) return words.tooMany;
  if (status === 503) return words.cannotStore;
  if (status === 403) return words.notHere;
  if (status === 400 || status === 413) return words.wrongForm;
  return words.wentWrong;
}
