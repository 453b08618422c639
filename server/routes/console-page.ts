import type { Context, MiddlewareHandler } from 'hono';
import { problem } from '#contract/problem.ts';
import { type Act, may } from '../people/may.ts';
import type { Frame } from '../web/console/shell.tsx';
import { pageStyles } from '../web/page.tsx';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { page } from './pages.ts';

/** The console's pages that need a signed-in person: a stranger is led to the sign-in, not to an error. */
export const signedIn =
  (d: HubDeps, act: Act): MiddlewareHandler<Env> =>
  async (c, next) => {
    const agent = await d.people.whoIs(c.req.raw.headers);
    if (agent?.kind !== 'console') {
      if (c.req.method === 'GET') return c.redirect('/sign-in', 303);
      problem('not-signed-in');
    }
    if (!may(agent, act)) problem('not-allowed');
    c.set('agent', agent);
    await next();
  };

/** Header and nav of a console page for whoever is signed in. */
export function frameOf(d: HubDeps, c: Context<Env>): Frame {
  const agent = c.get('agent');
  return {
    brand: agent.brandName,
    me: { name: agent.name, role: agent.role },
    operator: may(agent, 'read-outbox'),
    csrf: d.people.csrf.csrfFor(agent.sessionId),
  };
}

/** Draws one console page. */
export const consolePage = (c: Context<Env>, title: string, body: Parameters<typeof page>[2], formAction?: string) =>
  page(
    c,
    {
      title: `${title} – ${c.get('agent').brandName}`,
      styles: pageStyles.console,
      bodyClass: 'console',
      ...(formAction ? { formAction } : {}),
    },
    body,
  );
