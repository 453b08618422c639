import { Hono } from 'hono';
import { problem } from '#contract/problem.ts';
import { pageStyles } from '../web/page.tsx';
import { AskForLink, LinkDead, LinkPage, SignedOut } from '../web/sign-in/sign-in.tsx';
import { readForm } from './body.ts';
import { type Env, withClient } from './callers.ts';
import { pageAfterSignIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';
import { page } from './pages.ts';

/** Signing in and out of the console: opening a link changes nothing, its button does (SECURITY.md BA2). */
export function signInRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const { signIn, csrf } = d.people;
  const head = { styles: pageStyles.door, bodyClass: 'public' };
  const perClient = limited(d.limits.signIn, (c) => c.get('client'));
  // Only the demo prints a link at each start, and only the demo answers on localhost.
  const otherWay =
    new URL(d.origin).hostname === 'localhost'
      ? 'In the demo you need no mail: the terminal in which askfirst was started shows a link that signs you in. It works once; a new start prints a new one.'
      : undefined;
  const way = otherWay ? { otherWay } : {};
  const hint = d.people.posting
    ? {}
    : { outboxHint: 'No mail server is set: the mail waits in the hub’s outbox, which only the operator can open.' };

  app.get('/sign-in', (c) =>
    page(c, { ...head, title: 'Sign in – askfirst' }, AskForLink({ action: '/sign-in', csrf: '', ...way })),
  );
  app.post('/sign-in', perClient, async (c) => {
    if (!csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    const { email = '' } = await readForm(c);
    try {
      signIn.requestLink(email);
    } catch {
      const again = { action: '/sign-in', csrf: '', email, trouble: 'That e-mail address looks incomplete.', ...way };
      return page(c, { ...head, title: 'Sign in – askfirst' }, AskForLink(again), 400);
    }
    const asked = AskForLink({ action: '/sign-in', csrf: '', asked: true, ...hint, ...way });
    return page(c, { ...head, title: 'Look into your mail – askfirst' }, asked);
  });

  app.get('/sign-in/:token', (c) => {
    const token = c.req.param('token');
    const mailed = { ...head, noReferrer: true };
    if (!signIn.openLink(token))
      return page(c, { ...mailed, title: 'Link used – askfirst' }, LinkDead({ askHref: '/sign-in', ...way }), 410);
    const body = LinkPage({ action: `/sign-in/${encodeURIComponent(token)}`, csrf: '', token, brand: 'askfirst' });
    return page(c, { ...mailed, title: 'Sign in – askfirst' }, body);
  });
  app.post('/sign-in/:token', perClient, async (c) => {
    if (!csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    const { token = '' } = await readForm(c);
    if (!signIn.openLink(token))
      return page(
        c,
        { ...head, noReferrer: true, title: 'Link used – askfirst' },
        LinkDead({ askHref: '/sign-in', ...way }),
        410,
      );
    const cookies = await signIn.useLink(token, withClient(c));
    for (const cookie of cookies.getSetCookie()) c.header('set-cookie', cookie, { append: true });
    return c.redirect(pageAfterSignIn(c), 303);
  });

  app.post('/sign-out', async (c) => {
    if (!csrf.checkOrigin(c.req.raw.headers)) problem('wrong-origin');
    await readForm(c);
    for (const cookie of (await signIn.signOut(c.req.raw.headers)).getSetCookie())
      c.header('set-cookie', cookie, { append: true });
    return page(c, { ...head, title: 'Signed out – askfirst' }, SignedOut({ signInHref: '/sign-in' }));
  });
  return app;
}
