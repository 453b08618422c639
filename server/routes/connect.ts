import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { problem } from '#contract/problem.ts';
import { isKeyed } from '#sdk';
import { connectionsOf } from '../connect/catalogue.ts';
import { confirmConnect } from '../connect/connect.ts';
import { turnOnLogin } from '../connect/visitor-login.ts';
import { transactionMs } from '../egress/connect-transaction.ts';
import { may } from '../people/may.ts';
import { ConfirmPage } from '../web/console/confirm.tsx';
import { DataSheetPage } from '../web/console/data-sheet.tsx';
import { GoOn } from '../web/console/go-on.tsx';
import { paths } from '../web/console/paths.ts';
import { pageStyles } from '../web/page.tsx';
import { readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, partnerOrigin, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { keyRoutes } from './key.ts';
import { limited } from './limits.ts';
import { approvedSheet } from './mapping.ts';
import { page } from './pages.ts';

/** Ties a callback to the browser that began; Lax, because the partner's redirect is a cross-site one (OA9). */
const cookieName = '__Host-askfirst-connect';

/** Whether a provider is the sandbox one, for its mark (R15). */
export const sandboxOf = (d: HubDeps, provider: string): boolean =>
  d.logins.sandboxOf(provider) ?? d.connector.sandboxOf(provider) ?? d.keyDesk.sandboxOf(provider) ?? false;

/** Data sheet, sign-in at the partner, confirmation of account and brand (R1, R14). */
export function connectRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/console/add/:provider', signedIn(d, 'see-connections'), (c) => {
    const provider = c.req.param('provider');
    const addon = d.catalogue.get(provider) ?? problem('not-found');
    const sandbox = sandboxOf(d, provider);
    const { brandId } = c.get('agent');
    const known = connectionsOf(d, brandId).find((x) => x.provider === provider);
    const linked = known?.state === 'active' ? known : undefined;
    const body = DataSheetPage({
      frame: frameOf(d, c),
      // Connecting again approves nothing new (R86): the sheet is that of what was approved.
      sheet: known ? approvedSheet(d, brandId, known.id, addon.sheet) : addon.sheet,
      sandbox,
      mayConnect: may(c.get('agent'), 'connect'),
      ...(linked ? { reconnect: { account: linked.account } } : {}),
    });
    return consolePage(c, `${addon.facts.name}: data sheet`, body, partnerOrigin(d, provider, sandbox));
  });

  app.post(
    '/console/add/:provider',
    signedIn(d, 'connect'),
    limited(d.limits.connect, (c) => c.get('agent').brandId),
    async (c) => {
      checkForm(c, d.people.csrf, await readForm(c));
      const provider = c.req.param('provider');
      const facts = d.catalogue.get(provider)?.facts;
      if (facts && isKeyed(facts)) return c.redirect(paths.key(provider), 303); // an old page: there is a form for it
      if (d.logins.sandboxOf(provider) !== undefined) {
        await turnOnLogin(d, c.get('agent'), provider);
        return c.redirect('/console?done=on', 303);
      }
      // A new session id at each connect (SECURITY.md BA4); the transaction is bound to the new one.
      const renewed = await d.people.signIn.renew(c.req.raw.headers);
      const cookies = renewed.getSetCookie();
      for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
      const headers = new Headers({ cookie: cookies.map((x) => x.split(';')[0]).join('; ') });
      const agent = (await d.people.whoIs(headers)) ?? problem('not-signed-in');
      const { url, cookie } = await d.connector.begin(agent, provider);
      setCookie(c, cookieName, cookie, {
        secure: true,
        httpOnly: true,
        sameSite: 'Lax',
        path: '/',
        maxAge: transactionMs / 1000,
      });
      return c.redirect(url, 303);
    },
  );

  app.route('/', keyRoutes(d));

  app.get(
    '/oauth/callback/:provider',
    limited(d.limits.connect, (c) => c.get('client')),
    async (c) => {
      const params = new URL(c.req.url).searchParams;
      const id = await d.connector.callback(c.req.param('provider'), params, getCookie(c, cookieName));
      // The Strict session cookie does not come along on a redirect from the partner: our own page asks once more for it.
      const next = `/console/confirm/${encodeURIComponent(id)}`;
      return page(
        c,
        { title: 'Signed in at the partner', styles: pageStyles.door, bodyClass: 'public', follow: next },
        GoOn({ href: next }),
      );
    },
  );

  app.get('/console/confirm/:id', signedIn(d, 'connect'), async (c) => {
    const id = c.req.param('id');
    const { provider, sandbox, account, scopes, missing } = await d.connector.pending(c.get('agent'), id);
    const partner = d.catalogue.get(provider)?.facts.name ?? problem('not-found');
    const body = ConfirmPage({
      frame: frameOf(d, c),
      pending: id,
      partner,
      sandbox,
      account,
      scopes: [...scopes],
      missing,
    });
    return consolePage(c, `Is this the right ${partner} account?`, body);
  });
  app.post('/console/confirm/:id', signedIn(d, 'connect'), async (c) => {
    const form = await readForm(c);
    checkForm(c, d.people.csrf, form);
    const id = c.req.param('id');
    if (form.answer !== 'connect') {
      await d.connector.discard(c.get('agent'), id);
      return c.redirect('/console?done=discarded', 303);
    }
    await confirmConnect(d, c.get('agent'), id);
    return c.redirect('/console?done=connected', 303);
  });
  return app;
}
