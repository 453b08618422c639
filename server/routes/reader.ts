import type { Context } from 'hono';
import { primaryLanguage, wantedLanguages } from '../consent/languages.ts';

/** The language an address asks for, as the widget hands it along and the page's own links do; undefined without one. */
export const askedLanguage = (c: Context): string | undefined => primaryLanguage(c.req.query('lang'));

/** The languages a visitor wants, best first: what the address asks for, then the browser's. */
export const wantedOf = (c: Context): string[] => wantedLanguages(askedLanguage(c), c.req.header('accept-language'));
