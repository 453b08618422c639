import type { JSX } from 'preact';
import { inLanguage } from '../../i18n/spoken.ts';
import { Mast } from './mast.tsx';
import type { Words } from './words/en.ts';

/** Asks for a link by mail, in a browser nobody knows (R36): an address and nothing else. Works without script. */
export const AskLink = ({ action, brand, words }: { action: string; brand: string; words: Words }): JSX.Element => (
  <section aria-labelledby="by-link">
    <h2 id="by-link">{words.prove.head}</h2>
    <p>{words.prove.lede(brand)}</p>
    <form class="fill" method="post" action={action}>
      <label for="link-email">{words.prove.email}</label>
      <input id="link-email" name="email" type="email" required maxLength={254} autocomplete="email" />
      <button class="btn" type="submit">
        {words.prove.send}
      </button>
    </form>
  </section>
);

/** The page behind a mailed link; without a code, what a reader of a dead one sees. */
export interface ProveProps {
  words: Words;
  brand: { name: string; slug: string };
  /** As it came in the address: nobody looked whether it is good. */
  code?: string;
  /** The language this address asks for: it goes along with whatever is pressed. */
  lang?: string;
}

/** One button, because a link that opens something by being looked at is used up by the first mail scanner (BA2). */
export function ProvePage({ words, brand, code, lang }: ProveProps): JSX.Element {
  const home = `/privacy/${brand.slug}`;
  const at = (href: string) => inLanguage(href, lang);
  return (
    <div class="page">
      <Mast brand={brand.name} words={words} home={code ? `${home}/prove/${encodeURIComponent(code)}` : home} />
      <main id="main">
        <h1>{code ? words.title(brand.name) : words.prove.dead}</h1>
        <p class="lede" role={code ? undefined : 'alert'}>
          {code ? words.prove.once : words.prove.deadLede}
        </p>
        {code ? (
          <form class="acts" method="post" action={at(`${home}/prove`)}>
            <input type="hidden" name="code" value={code} />
            <button class="btn main" type="submit">
              {words.prove.show}
            </button>
          </form>
        ) : (
          <AskLink action={at(`${home}/link`)} brand={brand.name} words={words} />
        )}
        <p class="take">
          <a href={at(home)}>{words.prove.back}</a>
        </p>
      </main>
    </div>
  );
}
