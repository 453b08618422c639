import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import type { JSX } from 'preact';
import { renderPage } from '../web/page.tsx';

/** What a page needs besides its body. */
export interface PageHead {
  title: string;
  /** BCP 47 tag of its words; English where left out. */
  lang?: string;
  styles: readonly string[];
  script?: string;
  bodyClass?: string;
  refreshSeconds?: number;
  /** Address this page goes on to by itself. */
  follow?: string;
  /** Another origin a form of this page ends at: the connect page's partner (SECURITY.md 4.3). */
  formAction?: string;
  /** Opened from a mailed link: its address must not travel on. */
  noReferrer?: boolean;
  /** It shows pages of ours inside itself. */
  frames?: true;
  /** It is shown inside a page of ours, looks as it is told to, and nothing in it can be sent. */
  inside?: 'light' | 'dark';
}

/** Answers one page of the console's profile: framed by nobody, no inline style or script, a nonce for its script. */
export function page(c: Context, head: PageHead, body: JSX.Element, status = 200): Response {
  const nonce = randomBytes(16).toString('base64');
  const sends = head.inside ? "'none'" : `'self'${head.formAction ? ` ${head.formAction}` : ''}`;
  c.header(
    'content-security-policy',
    `default-src 'none'; style-src 'self'; img-src 'self'; script-src 'nonce-${nonce}' 'strict-dynamic'; connect-src 'self'; base-uri 'none'; form-action ${sends}; ${head.frames ? "frame-src 'self'; " : ''}frame-ancestors ${head.inside ? "'self'" : "'none'"}`,
  );
  c.header('x-frame-options', head.inside ? 'SAMEORIGIN' : 'DENY');
  c.header('cross-origin-resource-policy', 'same-origin');
  c.header('cross-origin-opener-policy', 'same-origin');
  c.header('cache-control', 'no-store');
  c.header('referrer-policy', head.noReferrer ? 'no-referrer' : 'same-origin');
  const html = renderPage({
    title: head.title,
    lang: head.lang ?? 'en',
    styles: head.styles.map((name) => `/assets/${name}`),
    nonce,
    body,
    icon: '/assets/icon.svg',
    ...(head.script ? { script: `/assets/${head.script}` } : {}),
    ...(head.bodyClass ? { bodyClass: head.bodyClass } : {}),
    ...(head.inside ? { theme: head.inside } : {}),
    ...(head.follow ? { follow: head.follow } : {}),
    ...(head.refreshSeconds ? { refreshSeconds: head.refreshSeconds } : {}),
  });
  return c.html(html, status as 200);
}
