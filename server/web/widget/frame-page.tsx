import type { JSX } from 'preact';
import type { Page } from './page.ts';

/** What the route at /widget/frame gives to the page. */
export interface FramePageProps extends Page {
  /** Address of dist/widget/frame.css. */
  css: string;
  /** Address of dist/widget/frame.js. */
  js: string;
  /** CSP nonce of this answer; left out where the policy names 'self'. */
  nonce?: string;
}

/** The document inside the widget's frame, without its doctype. The app draws itself into it. */
export const FramePage = ({ css, js, nonce, ...page }: FramePageProps): JSX.Element => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>{`Chat with ${page.brand.name}`}</title>
      <link rel="stylesheet" href={css} />
      <script src={js} defer nonce={nonce} />
    </head>
    <body>
      <div id="chat" data-page={JSON.stringify(page satisfies Page)}>
        <noscript>{`The chat with ${page.brand.name} needs JavaScript.`}</noscript>
      </div>
    </body>
  </html>
);
