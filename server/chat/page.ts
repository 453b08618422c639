import type { SeenPage } from '#contract/visit.ts';

/** Characters of an address and of a title that are kept; the rest is cut with "…". */
const longest = { address: 300, title: 150 };

const shorten = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;

/**
 * What may be kept of a page (R67): host and path, for query and fragment hold tokens and e-mail addresses; a step of the
 * path with an `@` in it becomes "…" for the same reason (our guess). The title is one line without control characters
 * and without marks that turn the direction of writing, so that it cannot pass for words of ours. Undefined for an
 * address that is not of one of these sites.
 */
export function pageOf(
  said: { address: string; title: string },
  sites: readonly string[],
): Omit<SeenPage, 'at'> | undefined {
  const url = URL.parse(said.address);
  if (!url || !sites.includes(url.origin)) return undefined;
  const path = url.pathname
    .split('/')
    .map((step) => (/@|%40/i.test(step) ? '…' : step))
    .join('/');
  const title = said.title
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Bidi_Control}/gu, '')
    .trim();
  return { address: shorten(`${url.host}${path}`, longest.address), title: shorten(title, longest.title) };
}
