import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { problem } from '#contract/problem.ts';
import { type Field, fieldNames, longestValue } from '#contract/visitor.ts';
import { wantedLanguages } from '../consent/languages.ts';
import { loginMs } from '../egress/login-transaction.ts';
import { digest } from '../store/seal.ts';
import { LoginDone, LoginGoOn, LoginPick } from '../web/login/login.tsx';
import { type LoginWords, loginWords } from '../web/login/words.ts';
import { pageStyles } from '../web/page.tsx';
import { readForm } from './body.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';
import { page } from './pages.ts';
import { askedLanguage, wantedOf } from './reader.ts';

/** Pages of a visitor's sign-in: the new tab opens at the first, ends at the last. */
export const loginPaths = { open: '/login/open', pick: '/login/pick', done: '/login/done' } as const;

/** Ties the callback to the browser that began; Lax, because the provider's redirect is a cross-site one (OA9). */
const cookieName = '__Host-askfirst-login';
/** The language the chat spoke; the provider hands nothing of ours back but a code. It names nobody. */
const langCookie = `${cookieName}-lang`;
const cookie = { secure: true, httpOnly: true, sameSite: 'Lax', path: '/' } as const;

/** What is no field of the form has no room. */
const longest: Partial<Record<Field, number>> = longestValue;

/** A visitor fills in the chat's form from an account of their own (R21): there, back, and pick. */
export function loginRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const headOf = (words: LoginWords) => ({ styles: pageStyles.door, bodyClass: 'public', lang: words.tag });
  const wordsOf = (c: Context) =>
    loginWords(wantedLanguages(getCookie(c, langCookie), c.req.header('accept-language')));
  const perClient = limited(d.limits.pages, (c) => c.get('client'));
  const own = (headers: Headers) => d.people.csrf.checkOrigin(headers) || problem('wrong-origin');

  /** The sign-in's cookie is the session its form is bound to (HO2). */
  const sessionOf = (mine = '') => `login:${digest(mine)}`;
  const csrfOf = (mine: string | undefined) => d.people.csrf.csrfFor(sessionOf(mine));

  /** From the chat's frame: a code in a form's body, so that no other site can begin in this browser. */
  app.post(loginPaths.open, perClient, async (c) => {
    own(c.req.raw.headers);
    const { code = '' } = await readForm(c);
    const begun = await d.logins.begin(code);
    setCookie(c, cookieName, begun.cookie, { ...cookie, maxAge: loginMs / 1000 });
    // A page that goes on by itself: the frame's form-action would stop a redirect to another site.
    const asked = askedLanguage(c);
    if (asked) setCookie(c, langCookie, asked, { ...cookie, maxAge: loginMs / 1000 });
    const words = loginWords(wantedOf(c));
    const body = LoginGoOn({ partner: begun.partner, sandbox: begun.sandbox, href: begun.url, words });
    return page(c, { ...headOf(words), title: words.onTo(begun.partner), follow: begun.url }, body);
  });

  for (const provider of d.catalogue.keys())
    if (d.logins.sandboxOf(provider) !== undefined)
      app.get(`/oauth/callback/${provider}`, perClient, async (c) => {
        await d.logins.callback(provider, new URL(c.req.url).searchParams, getCookie(c, cookieName));
        return c.redirect(loginPaths.pick, 303); // so that no code stands in the address of what is read
      });

  app.get(loginPaths.pick, perClient, (c) => {
    const mine = getCookie(c, cookieName);
    const { brandId, ...login } = d.logins.claimed(mine);
    const brand = d.store.read.hot('select name from brand where id = ?').get(brandId)?.name as string;
    const words = wordsOf(c);
    const body = LoginPick({ ...login, brand, csrf: csrfOf(mine), action: loginPaths.pick, words });
    return page(c, { ...headOf(words), title: words.came(login.partner) }, body);
  });

  app.post(loginPaths.pick, perClient, async (c) => {
    own(c.req.raw.headers);
    const form = await readForm(c);
    const mine = getCookie(c, cookieName);
    if (!d.people.csrf.checkCsrf(sessionOf(mine), form.csrf)) problem('wrong-origin');
    const picked = Object.fromEntries(
      fieldNames.flatMap((field) => {
        const value = form[field]?.trim() ?? '';
        if (form.answer !== 'use' || form[`use-${field}`] !== 'yes' || !value) return [];
        if (value.length > (longest[field] ?? 0)) problem('bad-input', `${field} is too long`);
        return [[field, value]];
      }),
    );
    await d.logins.choose(mine, picked);
    setCookie(c, cookieName, '', { ...cookie, maxAge: 0 });
    return c.redirect(`${loginPaths.done}${Object.keys(picked).length > 0 ? '' : '?none'}`, 303);
  });

  app.get(loginPaths.done, perClient, (c) => {
    const none = new URL(c.req.url).search === '?none';
    const words = wordsOf(c);
    return page(c, { ...headOf(words), title: none ? words.notFilled : words.filled }, LoginDone({ none, words }));
  });
  return app;
}
