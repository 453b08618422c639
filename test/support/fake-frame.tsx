import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { render } from 'preact-render-to-string';
import { wantedLanguages } from '../../server/consent/languages.ts';
import { FramePage } from '../../server/web/widget/frame-page.tsx';
import type { Page } from '../../server/web/widget/page.ts';
import { wordsFor } from '../../server/web/widget/spoken.ts';

/** What the fake hub says of itself with the frame's page. */
type Said = Pick<Page, 'brand' | 'logins'> & Partial<Page> & { shop: string };

/** The widget's frame of the fake hub: its page in the language that is asked for, and what was built for it. */
export function fakeFrame(assets: string, said: () => Said): Hono {
  const app = new Hono();
  app.get('/widget/:file{(frame|words-[a-z]+)[.](js|css)}', async (c) => {
    const name = c.req.param('file');
    const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
    return c.body(await readFile(join(assets, name)), 200, { 'content-type': type });
  });
  app.get('/widget/frame', (c) => {
    const { shop, ...about } = said();
    // The frame's profile of SECURITY.md 4.3, so that the widget is proven under the policy it will meet.
    c.header(
      'content-security-policy',
      `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors ${shop}; require-trusted-types-for 'script'`,
    );
    const notice = 'Harbor Motors keeps what you write for 12 months, to answer you.';
    const words = wordsFor(wantedLanguages(c.req.query('lang'), undefined));
    const parts = { words, css: '/widget/frame.css', js: '/widget/frame.js' };
    return c.html(`<!doctype html>${render(<FramePage sites={[shop]} notice={notice} {...about} {...parts} />)}`);
  });
  return app;
}
