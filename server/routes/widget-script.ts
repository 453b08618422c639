import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { coloursOf, look } from '#contract/look.ts';
import { problem } from '#contract/problem.ts';
import { type OnPage, showing } from '#contract/showing.ts';
import { readChatSetting } from '../store/chat-settings.ts';
import { dntActs } from '../store/signals.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';

/** What the script on a brand's pages goes by. */
function onPage(d: HubDeps, brandId: string): OnPage {
  const { value: looks } = readChatSetting(d.store.read, brandId, look);
  const { value: shows } = readChatSetting(d.store.read, brandId, showing);
  const colours = coloursOf(looks);
  const { side, text, greeting } = looks;
  return { ...shows, side, text, greeting, ...(colours ? { colours } : {}), dnt: dntActs(d.store.read, brandId) };
}

/** JSON that is also a script, wherever it is put: no end of a tag, no end of a line but ours. */
const literal = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The settings stand on the script's own element when it begins; the page's own names are left alone. */
const before = (d: HubDeps, slug: string): string => {
  const brand = d.store.read.hot('select id from brand where slug = ?').get(slug);
  if (!brand) return ''; // the plain button: never an error on a brand's page (R61)
  return `(document.currentScript||{}).askfirst=${literal(onPage(d, brand.id as string))};\n`;
};

/**
 * The script on the brand's site: any page may load it; it draws a button and does nothing else (R57). What the brand
 * decided about it comes in the same answer, so that the page asks nothing more and a change needs no new line of code;
 * without `brand` it is the plain button.
 */
export function widgetScriptRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/widget.js', (c: Context<Env>) => {
    const found = d.asset('widget.js') ?? problem('not-found');
    const slug = c.req.query('brand');
    const head = slug === undefined ? '' : before(d, slug);
    const tag = head
      ? `"${createHash('sha256').update(found.tag).update(head).digest('base64url').slice(0, 22)}"`
      : found.tag;
    c.header('cross-origin-resource-policy', 'cross-origin');
    c.header('etag', tag);
    c.header('cache-control', 'no-cache'); // asked each time, answered by 304: a change is seen at once
    if (c.req.header('if-none-match') === tag) return c.body(null, 304);
    return c.body(new Uint8Array(Buffer.concat([Buffer.from(head), found.body])), 200, { 'content-type': found.type });
  });
  return app;
}
