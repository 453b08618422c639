import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** What a page is made of besides its body. */
export interface PageOptions {
  title: string;
  /** BCP 47. */
  lang: string;
  /** Hrefs in the order of the cascade: tokens.css, kit.css, then the page's own. */
  styles: readonly string[];
  /** Href of the page's enhancement script; every page works without it. */
  script?: string;
  /** Nonce of the response's Content-Security-Policy. */
  nonce: string;
  body: JSX.Element;
  /** `public` on pages for visitors and guests (16 px reading size); empty in the console. */
  bodyClass?: string;
  /** Seconds until a browser without script loads the page again; with script nothing is reloaded. */
  refreshSeconds?: number;
  /** Address this page goes on to by itself, at once, with and without script. */
  follow?: string;
  icon?: string;
  /** Drawn so whatever the system prefers: a preview. */
  theme?: 'light' | 'dark';
}

/** The bytes of one HTML page. No inline style and no inline script, so that a strict CSP holds (SECURITY.md). */
export function renderPage(page: PageOptions): string {
  const { title, lang, styles, script, nonce, body, bodyClass, refreshSeconds, follow, icon, theme } = page;
  return `<!doctype html>${renderToString(
    <html lang={lang} data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        {icon && <link rel="icon" href={icon} />}
        {styles.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        {follow && <meta http-equiv="refresh" content={`0; url=${follow}`} />}
        {refreshSeconds && (
          <noscript>
            <meta http-equiv="refresh" content={String(refreshSeconds)} />
          </noscript>
        )}
        {script && <script type="module" src={script} nonce={nonce} />}
      </head>
      <body class={bodyClass}>{body}</body>
    </html>,
  )}`;
}

/** The style sheets of each kind of page, by file name and in the order of the cascade. */
export const pageStyles = {
  start: ['tokens.css', 'kit.css', 'web.css', 'start.css'],
  preferences: ['tokens.css', 'kit.css', 'web.css', 'preferences.css'],
  door: ['tokens.css', 'kit.css', 'web.css', 'sign-in.css'],
  console: ['tokens.css', 'kit.css', 'web.css', 'console.css', 'rows.css', 'notice.css'],
  question: ['tokens.css', 'kit.css', 'question.css', 'notice.css'],
} as const;
