import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { type Purpose, purposes } from '#contract/consent.ts';
import { Problem, problem } from '#contract/problem.ts';
import { looksRight, optOutAddress } from '../consent/addresses.ts';
import { answerQuestion } from '../consent/answers.ts';
import { choicesOf } from '../consent/choices.ts';
import { noticeFor } from '../consent/languages.ts';
import { noticeVersion } from '../consent/notice-versions.ts';
import { declares, optOut } from '../consent/opt-out.ts';
import {
  newPreferenceReader,
  type PreferenceReader,
  preferenceReader,
  redeemPreferenceCode,
  rememberedMs,
} from '../consent/preferences.ts';
import { actingHere, noteHeard, signalInForce } from '../consent/signals.ts';
import { inLanguage } from '../i18n/spoken.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { ledgerRows } from '../store/disclosures.ts';
import { digest as digestOf } from '../store/seal.ts';
import { PreferencesPage } from '../web/preferences/preferences-page.tsx';
import { pageWords } from '../web/preferences/spoken.ts';
import { aboutProps, aboutRoutes } from './about.ts';
import { readForm } from './body.ts';
import type { Env } from './callers.ts';
import { copyRoutes } from './copy.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';
import { page } from './pages.ts';
import { paperRoutes } from './papers.ts';
import { type PageResult, type PreferencePage, visitorHead } from './preference-page.ts';
import { proveRoutes } from './prove.ts';
import { askedLanguage, wantedOf } from './reader.ts';
import { rightsProps, rightsRoutes } from './rights.ts';
import { heardFrom } from './signals.ts';

const yearMs = 365 * 86_400_000;

/** The public page of each brand: no account, no script needed (R35). */
export function preferenceRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  // By browser where it is known: a no must not wait for what neighbours behind the same address do (GATE.md c).
  const perBrowser = limited(d.limits.choice, (c) => {
    const slug = c.req.param('slug') ?? '';
    return preferenceReader(d, brandOf(slug).id, getCookie(c, cookieName(slug)))?.sessionHash ?? c.get('client');
  });
  const perClient = limited(d.limits.pages, (c) => c.get('client'));

  const brandOf = (slug: string) => {
    const b = d.store.read.hot('select * from brand where slug = ?').get(slug);
    if (!b) problem('not-found');
    return {
      id: b.id as string,
      name: b.name as string,
      slug: b.slug as string,
      legalName: b.legal_name as string,
      address: b.address as string,
      contact: b.contact as string,
    };
  };
  const cookieName = (slug: string) => `__Host-askfirst-my-${slug}`;
  const remember = (c: Context, slug: string, cookie: string) =>
    setCookie(c, cookieName(slug), cookie, {
      secure: true,
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: rememberedMs / 1000,
    });

  /** The page is shown whatever becomes of what was heard: a store that cannot write lets nothing leave either (R35). */
  const hear = (c: Context<Env>, reader: PreferenceReader) =>
    noteHeard(d, reader, heardFrom(d, c)).catch((e: unknown) => {
      d.log.warn({ kind: (e as Error).name }, 'signal not saved');
    });

  async function show(
    c: Context<Env>,
    brand: ReturnType<typeof brandOf>,
    reader: PreferenceReader | undefined,
    result: PageResult = {},
    status = 200,
    confirm?: { purpose: Purpose | undefined; nonce: string },
  ) {
    if (reader) await hear(c, reader);
    const lang = askedLanguage(c);
    const wanted = wantedOf(c);
    const words = pageWords(wanted);
    const choices = await choicesOf(d, brand.id, reader, wanted);
    // The switch of a second step answers that step and nothing else.
    const integrations = choices.map((i) =>
      confirm && i.id === result.again?.integration
        ? {
            ...i,
            purposes: i.purposes.map((p) => (p.purpose === confirm.purpose ? { ...p, nonce: confirm.nonce } : p)),
          }
        : i,
    );
    const heard = actingHere(d.store.read, brand.id, heardFrom(d, c).signals);
    const signal = (reader && signalInForce(d.store.read, reader)) ?? (heard && { kind: heard, late: false });
    const now = d.now();
    const since = new Date(now.getTime() - yearMs).toISOString();
    const rows = reader
      ? ledgerRows(d.store.read, d.pseudonymKey, {
          brandId: brand.id,
          subjectIds: everyoneIn(closureOf(d.store.read, brand.id, reader.subjectId)),
          since,
          limit: 200,
        })
      : [];
    const saidNo = new Map(
      integrations.map((i) => [
        i.partner,
        i.purposes.flatMap((p) => p.fields.filter((f) => f.state === 'no').map((f) => f.field)),
      ]),
    );
    const read = noticeFor(d.store.read, brand.id, wanted);
    const notice = read && noticeVersion(d.store.read, brand.id, read.hash);
    const body = PreferencesPage({
      words,
      brand,
      otherBrands: (d.store.read.hot('select count(*) as n from brand').get()?.n as number) > 1,
      ...aboutProps(d, brand.id, reader, words),
      ...rightsProps(d, reader),
      now: now.toISOString(),
      known: reader !== undefined,
      ...(signal ? { signal: signal.kind, signalLate: signal.late } : {}),
      integrations,
      history: rows.map((r) => ({ ...r, saidNo: saidNo.get(r.partner) ?? [] })),
      notice: notice
        ? { publishedAt: notice.at, version: notice.version, href: notice.href }
        : { publishedAt: now.toISOString(), version: 0 },
      ...(lang ? { lang } : {}),
      ...result,
    });
    const head = visitorHead(words, words.title(brand.name));
    return page(c, { ...head, script: 'preferences.js' }, body, status);
  }

  app.get('/privacy/:slug', perClient, (c) => {
    const brand = brandOf(c.req.param('slug'));
    return show(c, brand, preferenceReader(d, brand.id, getCookie(c, cookieName(brand.slug))));
  });

  /** From the chat: a code, once, for this browser's cookie (DESIGN.md 5). */
  app.post('/privacy/:slug/open', perClient, async (c) => {
    if (!d.people.csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    const brand = brandOf(c.req.param('slug'));
    const { code = '' } = await readForm(c);
    remember(c, brand.slug, await redeemPreferenceCode(d, brand.id, code));
    return c.redirect(inLanguage(`/privacy/${brand.slug}`, askedLanguage(c)), 303);
  });

  app.post('/privacy/:slug/choose', perBrowser, async (c) => {
    if (!d.people.csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    const brand = brandOf(c.req.param('slug'));
    const { integration = '', purpose = '', want = '', nonce = '' } = await readForm(c);
    // Before anything is made: a stranger's form without a real choice in it leaves nothing behind.
    if (want !== 'yes' && want !== 'no') problem('bad-input', 'want is yes or no');
    const asked = purposes.find((p) => p === purpose);
    if (!asked && purpose !== 'all') problem('bad-input', 'That purpose is not known.');
    if (!declares(d.store.read, brand.id, integration, asked)) problem('not-found');
    const known = preferenceReader(d, brand.id, getCookie(c, cookieName(brand.slug)));
    const made = known
      ? undefined
      : await newPreferenceReader(d, brand.id).catch((e: unknown) => {
          d.log.warn({ kind: (e as Error).name }, 'choice not saved');
          return undefined;
        });
    if (!known && !made) return show(c, brand, undefined, { failed: { integration } }, 503);
    if (made) remember(c, brand.slug, made.cookie);
    const reader = known ?? (made as PreferenceReader);
    try {
      await noteHeard(d, reader, heardFrom(d, c));
      const done = await choose(reader, { integration, purpose: asked, want, nonce });
      if (!done.confirm) return await show(c, brand, reader, { saved: { integration, stopped: done.stopped } });
      return await show(c, brand, reader, { again: { integration, second: true } }, 200, {
        purpose: asked,
        nonce: done.confirm,
      });
    } catch (e) {
      if (e instanceof Problem && e.slug === 'not-found') throw e;
      // A browser that was unknown until now has no question to answer yet: this page holds it.
      if (made && want === 'yes') return show(c, brand, reader, { again: { integration } });
      // The page itself says that nothing changed and shows what is true (R35).
      d.log.warn({ kind: e instanceof Problem ? e.slug : (e as Error).name }, 'choice not saved');
      return show(c, brand, reader, { failed: { integration } }, e instanceof Problem ? e.status : 503);
    }
  });

  /** For an address, before anybody knows it and without a sign-in (GATE.md k.12); the answer never says who is known. */
  app.post('/privacy/:slug/stop', perBrowser, async (c) => {
    if (!d.people.csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    const brand = brandOf(c.req.param('slug'));
    const form = await readForm(c);
    const value = (form.address ?? '').trim().slice(0, 254);
    const everywhere = form.everywhere === 'yes';
    const reader = preferenceReader(d, brand.id, getCookie(c, cookieName(brand.slug)));
    const address = { kind: value.includes('@') ? ('email' as const) : ('phone' as const), value };
    if (!looksRight(address)) return show(c, brand, reader, { address: { value, state: 'wrong' } }, 400);
    try {
      const brands = everywhere ? d.store.read.hot('select id from brand').all() : [{ id: brand.id }];
      for (const { id } of brands)
        if (!(await optOutAddress(d, id as string, address)))
          return show(c, brand, reader, { address: { value, state: 'wrong' } }, 400);
      return show(c, brand, reader, { address: { state: 'saved' } });
    } catch (e) {
      d.log.warn({ kind: (e as Error).name }, 'address not saved');
      return show(c, brand, reader, { address: { value, state: 'failed' } }, 503);
    }
  });

  const onPage: PreferencePage = {
    perBrowser,
    perClient,
    brandOf,
    readerOf: (c, slug) => preferenceReader(d, brandOf(slug).id, getCookie(c, cookieName(slug))),
    remember,
    show: (c, slug, reader, result, status) => show(c, brandOf(slug), reader, result, status),
  };
  aboutRoutes(app, d, onPage);
  rightsRoutes(app, d, onPage);
  paperRoutes(app, d, onPage);
  copyRoutes(app, d, onPage);
  proveRoutes(app, d, onPage);

  async function choose(
    reader: PreferenceReader,
    f: { integration: string; purpose: Purpose | undefined; want: 'yes' | 'no'; nonce: string },
  ): Promise<{ stopped: number; confirm?: string }> {
    if (f.want === 'no') {
      const some = f.purpose ? { purposes: [f.purpose] } : {};
      return optOut(d, { ...reader, integrationId: f.integration, ...some });
    }
    if (!f.nonce) problem('nonce-dead');
    const screen = d.store.read.hot('select fields_json from ui_nonce where nonce_hash = ?').get(digestOf(f.nonce));
    const fields = screen ? (JSON.parse(screen.fields_json as string) as string[]) : [];
    const answers = Object.fromEntries(fields.map((name) => [name, 'yes' as const]));
    return answerQuestion(d, { ...reader, method: 'preferences', nonce: f.nonce, answers, later: false });
  }

  return app;
}
