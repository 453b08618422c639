import type { JSX } from 'preact';
import { inLanguage, languages } from '../../i18n/spoken.ts';
import { pageSpoken } from './spoken.ts';
import type { Words } from './words/en.ts';

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
