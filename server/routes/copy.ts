import type { Hono } from 'hono';
import { openingsOf } from '../consent/openings.ts';
import { jcs } from '../gate/jcs.ts';
import { copyOf } from '../rights/copy.ts';
import { bytesOf, placeFiles } from '../rights/copy-chats.ts';
import { type ZipPart, zipOf } from '../rights/zip.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { copyPage } from '../web/preferences/copy-page.tsx';
import { pageWords } from '../web/preferences/spoken.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import type { PreferencePage } from './preference-page.ts';
import { wantedOf } from './reader.ts';

/** Everything kept of the reader as one file: a page, the same as JSON, the keys that open their rows, their files (R39). */
export function copyRoutes(app: Hono<Env>, d: HubDeps, p: PreferencePage): void {
  app.get('/privacy/:slug/copy', p.perBrowser, async (c) => {
    const brand = p.brandOf(c.req.param('slug') ?? '');
    const reader = p.readerOf(c, brand.slug);
    if (!reader) return p.show(c, brand.slug, undefined, {}, 404); // the page says what to do in a browser that is new to it
    const { read } = d.store;
    const copy = copyOf(d, { brandId: brand.id, subjectId: reader.subjectId });
    const subjectIds = everyoneIn(closureOf(read, brand.id, reader.subjectId));
    const files = placeFiles(copy.chats);
    const text = (name: string, of: () => string): ZipPart => ({ name, text: true, bytes: () => Buffer.from(of()) });
    const parts: ZipPart[] = [
      text('copy.html', () => copyPage(copy, pageWords(wantedOf(c)))),
      text('copy.json', () => `${JSON.stringify(copy, null, 2)}\n`),
      text('proof-keys.json', () => `${jcs(openingsOf(d, { brandId: brand.id, subjectIds }))}\n`),
      ...files.map((f) => ({ name: f.in, text: false, bytes: () => bytesOf(read, d.keys, brand.id, f.id) })),
    ];
    c.header('content-disposition', `attachment; filename="askfirst-copy-${brand.slug}.zip"`);
    c.header('cache-control', 'no-store');
    return c.body(zipOf(parts), 200, { 'content-type': 'application/zip' });
  });
}
