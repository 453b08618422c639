import type { Context, Hono } from 'hono';
import { Problem, problem } from '#contract/problem.ts';
import type { PreferenceReader } from '../consent/preferences.ts';
import { inLanguage } from '../i18n/spoken.ts';
import { correct, correctableOf, isCorrectable } from '../rights/correct.ts';
import { askToForget, wouldBeTold } from '../rights/forget.ts';
import { requestOf, requestsOf } from '../rights/requests.ts';
import { ForgetPage } from '../web/preferences/forget-page.tsx';
import { RequestPage } from '../web/preferences/request-page.tsx';
import { pageWords } from '../web/preferences/spoken.ts';
import type { PreferencesProps } from '../web/preferences/types.ts';
import { readForm } from './body.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { page } from './pages.ts';
import { type PreferencePage, visitorHead } from './preference-page.ts';
import { askedLanguage, wantedOf } from './reader.ts';

/** What is kept of this browser's person and what they asked for; nothing where it cannot be read (R16). */
export function rightsProps(
  d: HubDeps,
  reader: PreferenceReader | undefined,
): Pick<PreferencesProps, 'held' | 'requests'> {
  if (!reader) return { held: [], requests: [] };
  const requests = requestsOf(d.store.read, reader);
  try {
    return { held: correctableOf(d, reader), requests };
  } catch {
    return { held: [], requests };
  }
}

/** Correcting, being forgotten, and the status page of either (R37, R40, R42). Only for whom the browser is known to be. */
export function rightsRoutes(app: Hono<Env>, d: HubDeps, p: PreferencePage): void {
  const slugOf = (c: Context) => c.req.param('slug') ?? '';
  const statusPath = (c: Context, code: string) =>
    inLanguage(`/privacy/${slugOf(c)}/requests/${code}`, askedLanguage(c));

  /** The person behind a form of ours; `wrong-origin` for a form of anybody else's. */
  function checked(c: Context<Env>, csrf: string): PreferenceReader | undefined {
    if (!d.people.csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    const reader = p.readerOf(c, slugOf(c));
    if (reader && !d.people.csrf.checkCsrf(reader.sessionHash, csrf)) problem('wrong-origin');
    return reader;
  }

  app.post('/privacy/:slug/correct', p.perBrowser, async (c) => {
    const { csrf = '', field = '', value = '' } = await readForm(c);
    const reader = checked(c, csrf);
    if (!reader) return p.show(c, slugOf(c), undefined, {}, 404);
    if (!isCorrectable(field)) problem('bad-input');
    const again = (state: 'wrong' | 'failed' | 'same', status: number) =>
      p.show(c, slugOf(c), reader, { fix: { field, value: value.slice(0, 254), state } }, status);
    try {
      const code = await correct(d, reader, field, value);
      return code ? c.redirect(statusPath(c, code), 303) : await again('same', 200);
    } catch (e) {
      if (e instanceof Problem && e.slug === 'bad-input') return again('wrong', 400);
      // The page itself says that nothing changed and shows what is true (R35).
      d.log.warn({ kind: e instanceof Problem ? e.slug : (e as Error).name }, 'correction not saved');
      return again('failed', e instanceof Problem ? e.status : 503);
    }
  });

  app.get('/privacy/:slug/forget', p.perBrowser, (c) => {
    const slug = slugOf(c);
    const reader = p.readerOf(c, slug);
    if (!reader) return p.show(c, slug, undefined, {}, 404);
    const words = pageWords(wantedOf(c));
    const brand = p.brandOf(slug);
    const lang = askedLanguage(c);
    const body = ForgetPage({
      words,
      brand,
      csrf: d.people.csrf.csrfFor(reader.sessionHash),
      told: wouldBeTold(d, reader),
      action: inLanguage(`/privacy/${slug}/forget`, lang),
      home: inLanguage(`/privacy/${slug}`, lang),
    });
    return page(c, visitorHead(words, words.rights.forget.title(brand.name)), body);
  });

  app.post('/privacy/:slug/forget', p.perBrowser, async (c) => {
    const { csrf = '' } = await readForm(c);
    const reader = checked(c, csrf);
    if (!reader) return p.show(c, slugOf(c), undefined, {}, 404);
    const code = await askToForget(d, reader);
    d.forgetting.wake();
    await d.forgetting.settled();
    return c.redirect(statusPath(c, code), 303);
  });

  /** Whoever has the code reads what became of the request: it names nobody, and works when the person is gone. */
  app.get('/privacy/:slug/requests/:code', p.perClient, (c) => {
    const brand = p.brandOf(slugOf(c));
    const code = c.req.param('code');
    const request = requestOf(d.store.read, brand.id, code) ?? problem('not-found');
    const words = pageWords(wantedOf(c));
    const lang = askedLanguage(c);
    const body = RequestPage({
      words,
      brand,
      now: d.now().toISOString(),
      request,
      here: `/privacy/${brand.slug}/requests/${code}`,
      ...(lang ? { lang } : {}),
    });
    const soon = request.here ? {} : { refreshSeconds: 5 };
    return page(c, { ...visitorHead(words, words.rights.kind(request)), noReferrer: true, ...soon }, body);
  });
}
