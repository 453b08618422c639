import { type Context, Hono } from 'hono';
import { problem } from '#contract/problem.ts';
import { connectionOf } from '../connect/catalogue.ts';
import { hookEntries, hookView, makeHookSecret } from '../connect/hook-view.ts';
import { receive } from '../connect/inbox.ts';
import { may } from '../people/may.ts';
import { HookEventsPage, HookSecretPage } from '../web/console/hook.tsx';
import { readBytes, readForm, typeOf } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { consume, limited } from './limits.ts';

const types = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;
/** Longest body of a partner's call, bytes; a guess: a hundred events of a kilobyte or two (HO3). */
const mostBytes = 256 * 1024;

/** What a connection's page shows of the calls its partner makes; undefined where it makes none, and nothing came before. */
export function hookOf(d: HubDeps, c: Context<Env>, connection: { id: string; provider: string; state: string }) {
  const agent = c.get('agent');
  const view = hookView(
    d,
    { brandId: agent.brandId, integrationId: connection.id, provider: connection.provider },
    { make: may(agent, 'connect'), operator: agent.operator },
  );
  if (!view || connection.state === 'active') return view;
  const { address: _, secret: __, ...rest } = view;
  return view.events > 0 ? { ...rest, off: true as const } : undefined;
}

/** Calls of partners to us (R11), and what the console shows of them. */
export function hookRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();

  // No session and no cookie: whoever knows the address still has to sign (R11). Nothing here answers another origin.
  app.post(
    '/hooks/:id',
    limited(d.limits.webhook, (c) => c.get('client')),
    async (c) => {
      const source = d.hooks.find(c.req.param('id')) ?? problem('not-found');
      if (typeOf(c) !== types[source.body]) problem('wrong-type', `Send ${types[source.body]}.`);
      const body = await readBytes(c, mostBytes);
      // What a partner signs is the address it was given, whatever stands between it and us.
      const url = d.origin + new URL(c.req.url).pathname + new URL(c.req.url).search;
      const request = { method: c.req.method, url, headers: c.req.raw.headers, body };
      await receive(d, source, request, (integrationId) => consume(d.limits.webhookEvent, integrationId));
      return c.json({ received: true }, 200, { 'cache-control': 'no-store' });
    },
  );

  const connection = (c: Context<Env>) => connectionOf(d, c.get('agent').brandId, c.req.param('id') ?? '');

  app.get('/console/connections/:id/events', signedIn(d, 'see-connections'), (c) => {
    const found = connection(c);
    const entries = hookEntries(d, { brandId: c.get('agent').brandId, integrationId: found.id });
    const body = HookEventsPage({ frame: frameOf(d, c), now: d.now().toISOString(), connection: found, entries });
    return consolePage(c, `Events from ${found.partner}`, body);
  });
  app.post('/console/connections/:id/webhook-secret', signedIn(d, 'connect'), async (c) => {
    checkForm(c, d.people.csrf, await readForm(c));
    const found = connection(c);
    const agent = c.get('agent');
    const view = hookOf(d, c, found) ?? problem('not-found');
    if (view.off) problem('not-found');
    const place = { brandId: agent.brandId, integrationId: found.id, provider: found.provider };
    const made = await makeHookSecret(d, agent, place);
    const oldUntil = view.secret?.made ? hookOf(d, c, found)?.secret?.oldUntil : undefined;
    const body = HookSecretPage({
      frame: frameOf(d, c),
      now: d.now().toISOString(),
      connection: found,
      ...made,
      ...(view.address ? { address: view.address } : {}),
      ...(oldUntil ? { oldUntil } : {}),
    });
    return consolePage(c, 'A new secret', body);
  });
  return app;
}
