import type { Context, Hono } from 'hono';
import { problem } from '#contract/problem.ts';
import { oneAddress, plainMailbox } from '../consent/addresses.ts';
import { redeemMailedCode } from '../consent/mailed-link.ts';
import { inLanguage } from '../i18n/spoken.ts';
import { digest } from '../store/seal.ts';
import { ProvePage } from '../web/preferences/prove.tsx';
import { pageWords } from '../web/preferences/spoken.ts';
import { readForm } from './body.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';
import { page } from './pages.ts';
import { type PreferencePage, visitorHead } from './preference-page.ts';
import { askedLanguage, wantedOf } from './reader.ts';

/** How a reader of a mailbox comes to their own page: the link in a mail, and the form that asks for one (R36). */
export function proveRoutes(app: Hono<Env>, d: HubDeps, p: PreferencePage): void {
  const slugOf = (c: Context) => c.req.param('slug') ?? '';

  /** The page behind a link; without a code the one of a dead link, whatever it died of (SECURITY.md 4.8). */
  function proving(c: Context<Env>, code: string | undefined): Response {
    const brand = p.brandOf(slugOf(c));
    const words = pageWords(wantedOf(c));
    const lang = askedLanguage(c);
    const body = ProvePage({ words, brand, ...(code ? { code } : {}), ...(lang ? { lang } : {}) });
    // Only an address with a code in it must not travel on.
    const head = visitorHead(words, code ? words.title(brand.name) : words.prove.dead);
    return page(c, { ...head, noReferrer: Boolean(code) }, body, code ? 200 : 410);
  }

  /** Mail scanners open links: this looks nothing up and changes nothing, whatever the code is (BA2). */
  app.get('/privacy/:slug/prove/:code', p.perClient, (c) => proving(c, c.req.param('code').slice(0, 100)));
  /** Where a dead link's page is loaded again, or a mail program lost the code. */
  app.get('/privacy/:slug/prove', p.perClient, (c) => proving(c, undefined));

  app.post('/privacy/:slug/prove', p.perClient, async (c) => {
    if (!d.people.csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    const brand = p.brandOf(slugOf(c));
    const { code = '' } = await readForm(c);
    const done = await redeemMailedCode(d, brand.id, code, p.readerOf(c, brand.slug));
    if (!done) return proving(c, undefined);
    if (done.cookie) p.remember(c, brand.slug, done.cookie);
    return c.redirect(inLanguage(`/privacy/${brand.slug}`, askedLanguage(c)), 303);
  });

  /**
   * Mails a link to whoever gave this address. The answer is made first and the looking up comes after it, so that words,
   * status and time are the same for an address nobody gave; also past the limit of an address, which counts for unknown
   * ones as well (R36).
   */
  app.post(
    '/privacy/:slug/link',
    limited(d.limits.myLink, (c) => c.get('client')),
    async (c) => {
      if (!d.people.csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
      const brand = p.brandOf(slugOf(c));
      const { email = '' } = await readForm(c);
      const address = email.trim();
      const wanted = wantedOf(c);
      const words = pageWords(wanted).prove;
      const reader = p.readerOf(c, brand.slug);
      if (address.length > 254 || !oneAddress.test(address))
        return p.show(c, brand.slug, reader, { told: { text: words.wrong, stored: false } }, 400);
      const answer = await p.show(c, brand.slug, reader, { told: { text: words.asked, stored: true } }, 200);
      const within = await d.limits.myLinkTo.consume(digest(plainMailbox(address))).catch(() => undefined);
      if (within) d.linkDesk.ask(brand.id, address, { lang: askedLanguage(c), wanted });
      return answer;
    },
  );
}
