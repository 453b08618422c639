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

/** What pages and mails say beside that: whole dates, and languages by their names. */
export function datesOf(locale: string) {
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const clock = new Intl.DateTimeFormat(locale, time);
  const thisYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
  const anyYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
  const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const utc = { timeZone: 'UTC' } as const;
  const dayInUtc = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', ...utc });
  const clockInUtc = new Intl.DateTimeFormat(locale, { ...time, ...utc });
  const tongues = new Intl.DisplayNames(locale, { type: 'language' });
  return {
    /** "22. November", with its year when that is not this one; in the reader's zone. */
    day: (iso: string, now: Date): string => {
      const at = new Date(iso);
      return (at.getFullYear() === now.getFullYear() ? thisYear : anyYear).format(at);
    },
    /** The time of a table row: "22. Nov., 14:06". */
    stamp: (iso: string): string => `${short.format(new Date(iso))}, ${clock.format(new Date(iso))}`,
    /** "22. November 2026, 14:02 UTC": a mail is read in any zone. */
    inUtc: (iso: string): string => `${dayInUtc.format(new Date(iso))}, ${clockInUtc.format(new Date(iso))} UTC`,
    languageName: (tag: string): string => tongues.of(tag) ?? tag,
  };
}

/** One in its own phrase, two to ten in words, more in figures (UI.md 5); `names` begins with two. */
export const counted = (n: number, one: string, names: readonly string[], many: string): string =>
  n === 1 ? one : `${names[n - 2] ?? n} ${many}`;

/** The same words, each string and what each function says set anew by `fix`. */
export function typeset<T>(said: T, fix: (s: string) => string): T {
  if (typeof said === 'string') return fix(said) as T;
  if (typeof said === 'function') return ((...about: unknown[]) => typeset(said(...about), fix)) as T;
  if (Array.isArray(said)) return said.map((part) => typeset(part, fix)) as T;
  if (typeof said !== 'object' || said === null) return said;
  return Object.fromEntries(Object.entries(said).map(([name, part]) => [name, typeset(part, fix)])) as T;
}
