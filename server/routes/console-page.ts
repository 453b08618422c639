import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { problem } from '#contract/problem.ts';
import { brokenCount } from '../egress/circuit.ts';
import { notSentCount } from '../egress/not-sent.ts';
import { type Act, may } from '../people/may.ts';
import { paths } from '../web/console/paths.ts';
import type { Frame } from '../web/console/shell.tsx';
import { pageStyles } from '../web/page.tsx';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { type PageHead, page } from './pages.ts';

/** The console's pages that need a signed-in person: others are led to the sign-in or to their second step, not to an error. */
export const signedIn =
  (d: HubDeps, act: Act): MiddlewareHandler<Env> =>
  async (c, next) => {
    const agent = await d.people.whoIs(c.req.raw.headers);
    if (agent?.kind !== 'console') {
      const due = agent ? undefined : await d.people.waiting(c.req.raw.headers);
      if (c.req.method !== 'GET') problem(due ? 'second-step' : 'not-signed-in');
      rememberPage(c);
      return c.redirect(due ? paths.secondStep : paths.signIn, 303);
    }
    if (!may(agent, act)) problem('not-allowed');
    c.set('agent', agent);
    await next();
  };

const nextPage = '__Host-askfirst-next';
/** Only addresses of our own console, so that no link leads a person who signs in to another site (sec-O11). */
const own = /^\/(console|pair|panel)(\/[\w-]+)*(\?[\w=&%.-]*)?$/;

/** Keeps the page a stranger wanted, until they have signed in: a pairing code is not typed twice. */
function rememberPage(c: Context<Env>): void {
  const { pathname, search } = new URL(c.req.url);
  const wanted = pathname + search;
  if (own.test(wanted) && wanted !== '/console')
    setCookie(c, nextPage, wanted, { secure: true, httpOnly: true, sameSite: 'Strict', path: '/', maxAge: 600 });
}

/** Where to go after signing in: the page that was wanted, once, or the console. */
export function pageAfterSignIn(c: Context<Env>): string {
  const wanted = getCookie(c, nextPage) ?? '';
  if (wanted) deleteCookie(c, nextPage, { secure: true, path: '/' });
  return own.test(wanted) ? wanted : '/console';
}

/** Header and nav of a console page for whoever is signed in. */
export function frameOf(d: HubDeps, c: Context<Env>): Frame {
  const agent = c.get('agent');
  return {
    brand: agent.brandName,
    me: { name: agent.name, role: agent.role },
    operator: may(agent, 'read-outbox'),
    manages: may(agent, 'see-connections'),
    rules: may(agent, 'change-rules'),
    stop: may(agent, 'stop-sending'),
    chat: may(agent, 'edit-chat'),
    csrf: d.people.csrf.csrfFor(agent.sessionId),
    counts: {
      ...(may(agent, 'see-connections') ? { broken: brokenCount(d.store.read, agent.brandId) } : {}),
      ...(may(agent, 'resend') ? { notSent: notSentCount(d.store.read, agent.brandId) } : {}),
    },
  };
}

/** Title, styles and body of a console page. */
export const consoleHead = (c: Context<Env>, title: string): PageHead => ({
  title: `${title} – ${c.get('agent').brandName}`,
  styles: pageStyles.console,
  bodyClass: 'console',
});

/** Where a partner's sign-in page really is; Chromium holds a form's redirect against form-action too. */
export function partnerOrigin(d: HubDeps, provider: string, sandbox: boolean): string | undefined {
  const facts = d.catalogue.get(provider)?.facts ?? problem('not-found');
  if (facts.auth.kind !== 'oauth2') return undefined; // nobody is sent anywhere: it is turned on here
  const { origin } = new URL(facts.auth.authorize);
  return sandbox ? new URL(d.origins.get(origin) ?? origin).origin : origin;
}

/** Draws one console page. */
export const consolePage = (
  c: Context<Env>,
  title: string,
  body: Parameters<typeof page>[2],
  formAction?: string,
  status = 200,
) => page(c, { ...consoleHead(c, title), ...(formAction ? { formAction } : {}) }, body, status);
