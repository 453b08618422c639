import type { Context, MiddlewareHandler } from 'hono';
import type { PreferenceReader } from '../consent/preferences.ts';
import { pageStyles } from '../web/page.tsx';
import type { PreferencesProps } from '../web/preferences/types.ts';
import type { Words } from '../web/preferences/words/en.ts';
import type { Env } from './callers.ts';

/** What became of what was pressed, as the preference page says it. */
export type PageResult = Pick<PreferencesProps, 'saved' | 'failed' | 'again' | 'address' | 'told' | 'fix'>;

/** The head of a page that visitors read, in their language. */
export const visitorHead = (words: Pick<Words, 'tag'>, title: string) =>
  ({ title, lang: words.tag, styles: pageStyles.preferences, bodyClass: 'public' }) as const;

/** What the routes of the preference page share: whose brand, whose browser, and the page itself as an answer. */
export interface PreferencePage {
  perBrowser: MiddlewareHandler<Env>;
  perClient: MiddlewareHandler<Env>;
  /** Raises `not-found` for a name no brand has. */
  brandOf(slug: string): {
    id: string;
    name: string;
    slug: string;
    legalName: string;
    address: string;
    contact: string;
  };
  /** Whom this browser's cookie speaks for; undefined for a browser the hub does not know. */
  readerOf(c: Context, slug: string): PreferenceReader | undefined;
  remember(c: Context, slug: string, cookie: string): void;
  show(
    c: Context<Env>,
    slug: string,
    reader: PreferenceReader | undefined,
    result: PageResult,
    status: number,
  ): Promise<Response>;
}
