import type { MaskedKind } from '#contract/chat.ts';
import type { BrandConfig } from '#contract/settings.ts';

/*
 * Numbers that are taken out of a message before it is written, for good (R52). Each kind is recognised by its own check
 * digits or its rules of issue, so that order numbers and telephone numbers stay. A brand may switch a kind off.
 */

/** The last digit of a card number checks the others (ISO/IEC 7812-1, annex B: Luhn). */
function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const twice = i % 2 === 1 ? digit * 2 : digit;
    sum += twice > 9 ? twice - 9 : twice;
  }
  return sum % 10 === 0;
}

/** 13 to 19 digits that begin like a payment card (2 to 6) and pass the check digit; a run of one digit is none. */
function isCard(found: string): boolean {
  const digits = found.replace(/\D/g, '');
  return /^[2-6]\d{12,18}$/.test(digits) && !/^(\d)\1+$/.test(digits) && luhn(digits);
}

/** An IBAN: 97 divides it, letters counted from 10, the first four characters put last (ISO 13616-1). */
function isIban(found: string): boolean {
  const text = found.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  let rest = 0;
  for (const c of text.slice(4) + text.slice(0, 4))
    for (const digit of String(Number.parseInt(c, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

/** A US social security number as it is written, but for areas and groups that are never given out (SSA). */
const isSsn = (found: string): boolean => {
  const [, area = '', , group = '', serial = ''] = /^(\d{3})([- ])(\d{2})\2(\d{4})$/.exec(found) ?? [];
  return area !== '' && !['000', '666'].includes(area) && area < '900' && group !== '00' && serial !== '0000';
};

/** A Danish CPR number begins with a day of the calendar; its check digit is no longer kept since 2007. */
function isCpr(found: string): boolean {
  const [, day, month] = /^(\d{2})(\d{2})\d{2}-\d{4}$/.exec(found) ?? [];
  const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1];
  return days !== undefined && Number(day) >= 1 && Number(day) <= days;
}

/** One dot for each digit or letter that was taken out; what stood between stays, so that people see what it was. */
const dots = (found: string): string => found.replace(/[A-Za-z0-9]/g, '•');

const gap = String.raw`[\s.\u2010-\u2015-]{0,2}`;

/** Characters of the longest number with all its gaps. */
const longest = 60;

/**
 * Takes the longest part of a run of groups that `is` one, from the left, and looks again behind it: a number may stand
 * beside an expiry date or a sentence, but begins and ends where a group does.
 */
function maskRun(run: string, is: (part: string) => boolean): string {
  const ends = [...run.matchAll(/[A-Za-z0-9]+/g)].map((m) => m.index + m[0].length);
  for (const { index } of run.matchAll(/[A-Za-z0-9]+/g))
    for (const end of ends.toReversed())
      if (end > index && end - index <= longest && is(run.slice(index, end)))
        return run.slice(0, index) + dots(run.slice(index, end)) + maskRun(run.slice(end), is);
  return run;
}

interface Pattern {
  kind: MaskedKind;
  /** Where one may stand. */
  shape: RegExp;
  is(found: string): boolean;
}

const patterns: readonly Pattern[] = [
  // An IBAN before a card: its groups of digits could pass for one.
  { kind: 'bank', shape: new RegExp(`(?<![A-Za-z0-9])[A-Za-z]{2}\\d{2}(?:${gap}[A-Za-z0-9]){11,}`, 'g'), is: isIban },
  { kind: 'card', shape: new RegExp(`(?<![\\d+])\\d(?:${gap}\\d){12,}`, 'g'), is: isCard },
  { kind: 'social', shape: /(?<![\d-])\d{3}([- ])\d{2}\1\d{4}(?![\d-])/g, is: isSsn },
  { kind: 'social', shape: /(?<![\d-])\d{6}-\d{4}(?![\d-])/g, is: isCpr },
];

/** Which kinds a brand masks: all but those it switched off, and all where its settings cannot be read (R52, R16). */
export const masksOf = (
  config: Pick<BrandConfig, 'maskCards' | 'maskBanks' | 'maskSocial'> | undefined,
): MaskedKind[] => [
  ...(config?.maskCards === false ? [] : (['card'] as const)),
  ...(config?.maskBanks === false ? [] : (['bank'] as const)),
  ...(config?.maskSocial === false ? [] : (['social'] as const)),
];

/** A text with the numbers of these kinds as dots, and which kinds were found. */
export function maskText(text: string, kinds: readonly MaskedKind[]): { text: string; masked: MaskedKind[] } {
  const masked = new Set<MaskedKind>();
  let rest = text;
  for (const { kind, shape, is } of patterns) {
    if (!kinds.includes(kind)) continue;
    const before = rest;
    rest = rest.replace(shape, (run) => maskRun(run, is));
    if (rest !== before) masked.add(kind);
  }
  return { text: rest, masked: [...masked] };
}
