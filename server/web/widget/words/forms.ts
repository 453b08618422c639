import type { Field } from '#contract/visitor.ts';

/** A field of the visitor: at the start of a row, and as it is given away ("Ihre E-Mail-Adresse"). */
export type FieldWords = Readonly<Record<Field, { label: string; yours: string }>>;

const whatIs = (at: string | Date): Date => (typeof at === 'string' ? new Date(at) : at);

/** Dates, numbers, lists and places as a language writes them, in the reader's zone, and the fields in its words. */
export function formsOf(locale: string, fields: FieldWords) {
  const hours = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
  const joined = new Intl.ListFormat(locale, { type: 'conjunction' });
  const regions = new Intl.DisplayNames(locale, { type: 'region' });
  const oneDigit = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return {
    clock: (at: string | Date): string => hours.format(whatIs(at)),
    weekday: (at: Date): string => weekday.format(at),
    date: (at: Date): string => date.format(at),
    number: (n: number): string => n.toLocaleString(locale),
    list: (all: readonly string[]): string => joined.format(all),
    country: (code: string): string => (/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code),
    label: (field: Field): string => fields[field].label,
    your: (all: readonly Field[]): string => joined.format(all.map((field) => fields[field].yours)),
    /** "812 bytes", "14 kB", "2,4 MB" with the language's own units. */
    size: (bytes: number, [one, thousand, million]: readonly [string, string, string]): string =>
      bytes < 1000
        ? `${bytes} ${one}`
        : bytes < 999_500
          ? `${Math.round(bytes / 1000)} ${thousand}`
          : `${oneDigit.format(bytes / 1_000_000)} ${million}`,
  };
}

/** One in its own phrase, two to ten in words, more in figures (UI.md 5); `names` begins with two. */
export const counted = (n: number, one: string, names: readonly string[], many: string): string =>
  n === 1 ? one : `${names[n - 2] ?? n} ${many}`;

/** The same words, each string and what each function says set anew by `fix`. */
export function typeset<T>(said: T, fix: (s: string) => string): T {
  if (typeof said === 'string') return fix(said) as T;
  if (typeof said === 'function') return ((...about: unknown[]) => typeset(said(...about), fix)) as T;
  if (typeof said !== 'object' || said === null) return said;
  return Object.fromEntries(Object.entries(said).map(([name, part]) => [name, typeset(part, fix)])) as T;
}
