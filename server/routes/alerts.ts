import { type Context, Hono } from 'hono';
import * as z from 'zod/mini';
import { Problem } from '#contract/problem.ts';
import { alertLines } from '../connect/alerts.ts';
import { AlertsPage, type AlertsProps } from '../web/console/alerts.tsx';
import { formOf, readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';

/** Who is told when a connection breaks (R7): the page, and the brand's webhook. */
export function alertRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const said: Record<string, string> = { removed: 'The webhook is removed. Mail goes on.' };

  const show = (c: Context<Env>, more: Pick<AlertsProps, 'secret' | 'refused' | 'done'>, status = 200) => {
    const agent = c.get('agent');
    const webhook = d.webhooksOut.of(agent.brandId);
    const told = d.people.agents.list(agent).filter((m) => m.role !== 'agent');
    const body = AlertsPage({
      frame: frameOf(d, c),
      now: d.now().toISOString(),
      told: told.map((m) => m.name),
      lines: alertLines(d.store.read, agent.brandId),
      ...(webhook ? { webhook } : {}),
      ...more,
    });
    c.header('cache-control', 'no-store'); // a secret may stand on it
    return consolePage(c, 'Alerts', body, undefined, status);
  };

  app.get('/console/alerts', signedIn(d, 'set-alerts'), (c) => {
    const done = said[c.req.query('done') ?? ''];
    return show(c, done ? { done } : {});
  });
  app.post(
    '/console/alerts/webhook',
    signedIn(d, 'set-alerts'),
    // an address is called when it is saved: nobody may try out many (SECURITY.md 4.4)
    limited(d.limits.connect, (c) => c.get('agent').brandId),
    async (c) => {
      const form = await formOf(c, z.strictObject({ csrf: z.string(), url: z.string().check(z.maxLength(500)) }));
      checkForm(c, d.people.csrf, form);
      try {
        const { secret } = await d.webhooksOut.set(c.get('agent'), form.url);
        return show(c, { secret });
      } catch (e) {
        if (!(e instanceof Problem) || e.slug !== 'bad-input') throw e;
        return show(c, { refused: { url: form.url, words: e.detail ?? '' } }, e.status);
      }
    },
  );
  app.post('/console/alerts/webhook/off', signedIn(d, 'set-alerts'), async (c) => {
    checkForm(c, d.people.csrf, await readForm(c));
    await d.webhooksOut.remove(c.get('agent'));
    return c.redirect('/console/alerts?done=removed', 303);
  });
  return app;
}
