import type { AskedField, ChatForm } from '#contract/chat-form.ts';
import type { Begin } from './keep.ts';
import type { Page } from './page.ts';
import { words } from './words.ts';

/** What is wrong with the form, by field, in words that say what to do. */
export type FormErrors = Partial<Record<'text' | AskedField, string>>;

/** In the order of the form; the contract's own list stands beside a schema that no page needs. */
const askedFields: readonly AskedField[] = ['name', 'email', 'phone'];

/** Characters of one message, as contract/endpoints.ts has it. */
const longest = 4000;

/** Explains a message that cannot be sent; undefined where it can. */
export const checkText = (text: string): string | undefined => {
  if (!text.trim()) return words.empty;
  if (text.trim().length > longest) return words.tooLong(text.trim().length, longest);
};

/**
 * How the form asks for one thing just now: as the brand wants it (R58). While nobody is there an address is asked for
 * where an answer reaches whoever leaves a message, whatever is asked at other times, and never less than then (R62).
 */
export function asks(field: AskedField, { form, away }: Pick<Page, 'form' | 'away'>): ChatForm[AskedField] {
  const own = form?.[field] ?? { ask: 'optional', help: '' };
  return away && field === 'email' && own.ask !== 'needed' ? { ...own, ask: away.email } : own;
}

/** Explains each bad entry of the form; what the brand does not need may be empty (R58). */
export function checkBegin(values: Omit<Begin, 'clientId' | 'token'>, page: Pick<Page, 'form' | 'away'>): FormErrors {
  const errors: FormErrors = {};
  const needs = (field: AskedField) => asks(field, page).ask === 'needed';
  const text = checkText(values.text);
  if (text) errors.text = text;
  if (values.name.length > 120) errors.name = words.tooLong(values.name.length, 120);
  const email = values.email.trim();
  if (email && (!/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email) || email.length > 254))
    errors.email = words.badEmail(needs('email'));
  const phone = values.phone.trim();
  if (phone && (!/^\+?[\d\s()./-]{4,40}$/.test(phone) || phone.length > 40))
    errors.phone = words.badPhone(needs('phone'));
  for (const field of askedFields) if (needs(field) && !values[field].trim()) errors[field] = words.needed[field];
  // Nobody is here to ask for it later, and the words say so (R62).
  if (page.away && needs('email') && !email) errors.email = words.needEmail;
  return errors;
}
