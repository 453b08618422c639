import { randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { renderToString } from 'preact-render-to-string';
import { chatForm } from '#contract/chat-form.ts';
import { coloursOf, look } from '#contract/look.ts';
import { problem } from '#contract/problem.ts';
import { recording } from '#contract/recording.ts';
import { survey } from '#contract/survey.ts';
import { awayAt } from '../chat/away.ts';
import { loginOffers } from '../connect/visitor-login.ts';
import { readBrandConfig } from '../store/brand-config.ts';
import { readChatSetting } from '../store/chat-settings.ts';
import { PanelPage } from '../web/panel/panel-page.tsx';
import { FramePage } from '../web/widget/frame-page.tsx';
import { wordsFor } from '../web/widget/spoken.ts';
import type { Words } from '../web/widget/words/en.ts';
import type { Env } from './callers.ts';
import { signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { askedLanguage, wantedOf } from './reader.ts';
import { widgetScriptRoutes } from './widget-script.ts';

const asOurs = survey.standard.question;
/** What the brand asks before and after a chat; a question that it left as it was speaks the visitor's language. */
function chatPageOf(read: HubDeps['store']['read'], brandId: string, { howWas }: Words) {
  const [record, asks] = [
    readChatSetting(read, brandId, recording).value,
    readChatSetting(read, brandId, survey).value,
  ];
  return {
    form: readChatSetting(read, brandId, chatForm).value,
    ...(record.on ? { recording: record.what } : {}),
    ...(asks.on
      ? { survey: { question: asks.question === asOurs ? howWas : asks.question, comment: asks.comment } }
      : {}),
  };
}

/** Script, frame and panel page; each with its own header profile (SECURITY.md 4.3). */
export function widgetRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  /** A file is asked for by a form that ends at the files' host (SECURITY.md 4.8). */
  const sends = ["'self'", d.filesOrigin].filter(Boolean).join(' ');

  const file = (c: Context<Env>, name: string) => {
    const found = d.asset(name);
    if (!found) problem('not-found');
    c.header('etag', found.tag);
    c.header('cache-control', 'no-cache'); // asked each time, answered by 304: a new build is seen at once
    if (c.req.header('if-none-match') === found.tag) return c.body(null, 304);
    return c.body(new Uint8Array(found.body), 200, { 'content-type': found.type });
  };

  app.route('/', widgetScriptRoutes(d));

  app.get('/assets/:name', (c) => {
    c.header('cross-origin-resource-policy', 'same-origin');
    return file(c, c.req.param('name'));
  });

  /** The frame: only the brand's own sites may hold it (sec-H05). */
  app.get('/widget/frame', (c) => {
    const brand = d.store.read.hot('select * from brand where slug = ?').get(c.req.query('brand') ?? '');
    if (!brand) problem('not-found');
    const { sites } = readBrandConfig(d.store.read, brand.id as string);
    const name = brand.name as string;
    c.header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action ${sends}; frame-ancestors ${sites.join(' ') || "'none'"}`,
    );
    c.header('cross-origin-resource-policy', 'cross-origin');
    c.header('referrer-policy', 'same-origin');
    c.header('cache-control', 'no-store');
    const lang = askedLanguage(c);
    const words = wordsFor(wantedOf(c));
    const away = awayAt(d.store.read, brand.id as string, d.now());
    const colours = coloursOf(readChatSetting(d.store.read, brand.id as string, look).value);
    const page = FramePage({
      brand: { slug: brand.slug as string, name },
      sites,
      logins: loginOffers(d, brand.id as string),
      notice: words.keeps(name),
      ...(away ? { away } : {}),
      ...(colours ? { colours } : {}),
      ...chatPageOf(d.store.read, brand.id as string, words),
      ...(d.filesOrigin ? { files: true } : {}),
      ...(lang ? { lang } : {}),
      words,
      css: '/assets/frame.css',
      js: '/assets/frame.js',
    });
    return c.html(`<!doctype html>${renderToString(page)}`);
  });

  /** The same panel as in the extension, for whoever loads none. */
  app.get('/panel', signedIn(d, 'chat'), (c) => {
    const nonce = randomBytes(16).toString('base64');
    c.header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; script-src 'nonce-${nonce}'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action ${sends}; frame-ancestors 'none'`,
    );
    c.header('x-frame-options', 'DENY');
    c.header('cross-origin-resource-policy', 'same-origin');
    c.header('cross-origin-opener-policy', 'same-origin');
    c.header('referrer-policy', 'same-origin');
    c.header('cache-control', 'no-store');
    return c.html(
      `<!doctype html>${renderToString(PanelPage({ css: '/assets/panel.css', js: '/assets/panel.js', nonce }))}`,
    );
  });
  return app;
}
