import type { Hono } from 'hono';
import { problem } from '#contract/problem.ts';
import { receiptFile } from '../consent/issue-receipt.ts';
import { noticeVersion } from '../consent/notice-versions.ts';
import { openingsOf } from '../consent/openings.ts';
import { jcs } from '../gate/jcs.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import type { NoticeBlock } from '../store/share-facts.ts';
import { NoticePage } from '../web/preferences/notice-page.tsx';
import { pageWords } from '../web/preferences/spoken.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { page } from './pages.ts';
import { type PreferencePage, visitorHead } from './preference-page.ts';
import { askedLanguage, wantedOf } from './reader.ts';

/** What a visitor can keep and show: the notice they read, their receipts, their proof keys (GATE.md f, g). */
export function paperRoutes(app: Hono<Env>, d: HubDeps, p: PreferencePage): void {
  /** The words behind a hash in a receipt or a ledger row, for as long as the hub lives (GATE.md g). */
  app.get('/privacy/:slug/notices/:hash', p.perClient, (c) => {
    const brand = p.brandOf(c.req.param('slug') ?? '');
    const row = d.store.read
      .hot('select lang, body_json, published_seq from notice where brand_id = ? and hash = ?')
      .get(brand.id, c.req.param('hash'));
    const version = noticeVersion(d.store.read, brand.id, c.req.param('hash'));
    if (!row || !version) problem('not-found');
    const { blocks } = JSON.parse(row.body_json as string) as { blocks: NoticeBlock[] };
    const others = d.store.read
      .hot('select lang, hash from notice where brand_id = ? and published_seq = ? and lang <> ? order by lang')
      .all(brand.id, row.published_seq as number, row.lang as string)
      .map((o) => ({ lang: o.lang as string, href: `/privacy/${brand.slug}/notices/${o.hash}` }));
    const now = d.now().toISOString();
    const lang = row.lang as string;
    const words = pageWords(wantedOf(c));
    const asked = askedLanguage(c);
    const notice = { ...version, hash: c.req.param('hash'), lang, blocks, others };
    const body = NoticePage({ words, brand, now, ...notice, ...(asked ? { asked } : {}) });
    return page(c, visitorHead(words, words.noticeTitle(brand.name)), body);
  });

  /** The reader's own proof keys as a file: what opens their rows, for nobody else (GATE.md f). */
  app.get('/privacy/:slug/proof-keys', p.perBrowser, async (c) => {
    const brand = p.brandOf(c.req.param('slug') ?? '');
    const reader = p.readerOf(c, brand.slug);
    if (!reader) return p.show(c, brand.slug, undefined, {}, 404); // the page says what to do in a browser that is new to it
    c.header('content-disposition', 'attachment; filename="askfirst-proof-keys.json"');
    c.header('cache-control', 'no-store');
    const keys = openingsOf(d, {
      brandId: brand.id,
      subjectIds: everyoneIn(closureOf(d.store.read, brand.id, reader.subjectId)),
    });
    return c.body(`${jcs(keys)}\n`, 200, { 'content-type': 'application/json' });
  });

  /** A receipt as a file: the id is random and known to its owner alone; it names nobody (GATE.md g). */
  app.get('/receipts/:id', p.perClient, (c) => {
    const jws = receiptFile(d, c.req.param('id'));
    if (!jws) problem('not-found');
    c.header('content-disposition', 'attachment; filename="askfirst-receipt.jws"');
    c.header('cache-control', 'no-store');
    return c.body(`${jws}\n`, 200, { 'content-type': 'application/jose' });
  });
}
