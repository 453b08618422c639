import type { JSX } from 'preact';
import { languages } from '../../i18n/spoken.ts';
import { pageSpoken } from './spoken.ts';
import type { Words } from './words/en.ts';

/** An address of ours with the language that was asked for; without one, the reader's browser goes on deciding. */
export const inLanguage = (href: string, lang: string | undefined): string => (lang ? `${href}?lang=${lang}` : href);

/** Every language this page speaks, each by its own name. The link leads back to itself, so the keyboard goes on there. */
export const Languages = ({ words, home }: { words: Words; home: string }): JSX.Element => (
  <nav aria-label={words.languages} class="tongues" id="languages">
    {languages.map((tag) => (
      <a
        key={tag}
        href={`${inLanguage(home, tag)}#languages`}
        lang={tag}
        hreflang={tag}
        aria-current={tag === words.tag ? 'true' : undefined}
      >
        {pageSpoken[tag].itself}
      </a>
    ))}
  </nav>
);
