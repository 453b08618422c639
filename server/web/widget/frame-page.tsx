import type { JSX } from 'preact';
import type { Page } from './page.ts';
import type { Words } from './words/en.ts';

/** What the route at /widget/frame gives to the page. */
export interface FramePageProps extends Page {
  /** Address of dist/widget/frame.css. */
  css: string;
  /** Address of dist/widget/frame.js; its words in another language than English lie beside it. */
  js: string;
  /** What the widget says, in the language of the page it stands on. */
  words: Pick<Words, 'tag' | 'title' | 'noScript'>;
  /** CSP nonce of this answer; left out where the policy names 'self'. */
  nonce?: string;
}

/** The document inside the widget's frame, without its doctype. The app draws itself into it. */
export const FramePage = ({ css, js, nonce, words, ...page }: FramePageProps): JSX.Element => (
  <html lang={words.tag}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>{words.title(page.brand.name)}</title>
      <link rel="stylesheet" href={css} />
      {/* Both are fetched at once; deferred scripts run in their order. */}
      {words.tag !== 'en' && <script src={js.replace(/frame\.js$/, `words-${words.tag}.js`)} defer nonce={nonce} />}
      <script src={js} defer nonce={nonce} />
    </head>
    <body>
      <div id="chat" data-page={JSON.stringify(page satisfies Page)}>
        <noscript>{words.noScript(page.brand.name)}</noscript>
      </div>
    </body>
  </html>
);
