import type { JSX } from 'preact';

/** What the route gives the panel's document. */
export interface PanelPageProps {
  css: string;
  js: string;
  nonce: string;
}

/** The document around the panel; the app draws itself into it. */
export const PanelPage = ({ css, js, nonce }: PanelPageProps): JSX.Element => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>askfirst panel</title>
      <link rel="icon" href="/assets/icon.svg" />
      <link rel="stylesheet" href={css} />
      <script src={js} nonce={nonce} defer />
    </head>
    <body>
      <div id="app">
        <noscript>The panel needs JavaScript. Conversations stay safe in the hub meanwhile.</noscript>
      </div>
    </body>
  </html>
);
