import { type Context, Hono } from 'hono';
import { Problem, problem } from '#contract/problem.ts';
import { isKeyed, type KeyFacts, keyFieldsOf } from '#sdk';
import { connectByKey, linkedBefore } from '../connect/key.ts';
import { KeyPage } from '../web/console/key.tsx';
import { paths } from '../web/console/paths.ts';
import { readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';

/** A connection by something the admin types (R2): one form, tried before anything is stored, never shown again. */
export function keyRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();

  function factsOf(provider: string): KeyFacts {
    const facts = d.catalogue.get(provider)?.facts;
    return facts && isKeyed(facts) ? facts : problem('not-found');
  }

  function form(c: Context<Env>, facts: KeyFacts, trouble?: string): Response | Promise<Response> {
    const { auth } = facts;
    const before = linkedBefore(d.store, c.get('agent').brandId, facts.id);
    const unnamed = auth.kind === 'webhook_only' || auth.check.accountId === undefined;
    const body = KeyPage({
      frame: frameOf(d, c),
      provider: facts.id,
      partner: facts.name,
      sandbox: d.keyDesk.sandboxOf(facts.id) ?? false,
      fields: keyFieldsOf(auth),
      tried: auth.kind !== 'webhook_only',
      scopes: ('scopes' in auth && auth.scopes) || [],
      ...(before?.active ? { reconnect: { account: before.account.name } } : {}),
      ...(unnamed && !before?.active ? { label: { now: before?.account.name ?? '' } } : {}),
      ...(trouble === undefined ? {} : { trouble }),
    });
    c.header('cache-control', 'no-store');
    return consolePage(c, `Connect ${facts.name}`, body, undefined, trouble === undefined ? 200 : 400);
  }

  app.get('/console/add/:provider/key', signedIn(d, 'connect'), (c) => form(c, factsOf(c.req.param('provider'))));

  app.post(
    '/console/add/:provider/key',
    signedIn(d, 'connect'),
    limited(d.limits.connect, (c) => c.get('agent').brandId),
    async (c) => {
      const { csrf, account: label = '', ...key } = await readForm(c);
      checkForm(c, d.people.csrf, csrf === undefined ? {} : { csrf });
      const facts = factsOf(c.req.param('provider'));
      try {
        await connectByKey(d, c.get('agent'), facts.id, { label, key });
      } catch (e) {
        // The words of the refusal are ours; nothing that was typed is in them or goes back into the form.
        if (e instanceof Problem && e.slug === 'connect-refused') return form(c, facts, e.detail ?? e.message);
        throw e;
      }
      // A new session id at each connect (SECURITY.md BA4).
      for (const cookie of (await d.people.signIn.renew(c.req.raw.headers)).getSetCookie())
        c.header('set-cookie', cookie, { append: true });
      return c.redirect(`${paths.connections}?done=connected`, 303);
    },
  );
  return app;
}
