/** The languages visitors are spoken to in, BCP 47 primary subtags: widget, their pages and their mails alike. */
export const languages = ['en', 'da', 'de', 'fr'] as const;
/** One of them. */
export type Language = (typeof languages)[number];

const isSpoken = (tag: string): tag is Language => (languages as readonly string[]).includes(tag);

/** The language for a reader: the first wanted one that is spoken here, else English. */
export const languageFor = (wanted: readonly string[]): Language => wanted.find(isSpoken) ?? 'en';

/** An address of ours with the language that was asked for; without one, the reader's browser goes on deciding. */
export const inLanguage = (href: string, lang: string | undefined): string =>
  lang ? `${href}?lang=${encodeURIComponent(lang)}` : href;
