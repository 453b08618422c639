import { Hono } from 'hono';
import { Problem, problem } from '#contract/problem.ts';
import { connectionsOf } from '../connect/catalogue.ts';
import { reasonOf, resumeSending, stopSending } from '../connect/stop.ts';
import { stopView } from '../connect/stop-view.ts';
import { note } from '../store/audit.ts';
import { pastStops, type Reach, stopsOf } from '../store/stops.ts';
import { everything, StopPage } from '../web/console/stop.tsx';
import { readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';

const said: Record<string, string> = {
  stopped: 'Stopped. Nothing leaves any more; what is sent waits.',
  already: 'That was stopped already.',
  resumed: 'Sending goes on. What waited is decided again now.',
  'not-stopped': 'That was not stopped.',
};

/** The console's page Stop sending, and whether a partner knows the hub's address (SECURITY.md controls 3, 8). */
export function stopRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();

  /** What a form names, in the agent's own brand. Raises `not-found` for anything else (DB4). */
  function reachOf(brandId: string, what: string | undefined): Reach {
    if (what === everything) return { brandId, integrationId: '', provider: '' };
    const row = d.store.read.hot('select id from integration where id = ? and brand_id = ?').get(what ?? '', brandId);
    if (!row) problem('not-found');
    return { brandId, integrationId: row.id as string, provider: '' };
  }

  function pageOf(c: Parameters<typeof frameOf>[1], more: { refused?: string; done?: string }, status?: number) {
    const { brandId } = c.get('agent');
    const { read } = d.store;
    const all = connectionsOf(d, brandId);
    const nameOf = (id: string, provider: string) =>
      all.find((x) => x.id === id)?.partner ?? d.catalogue.get(provider)?.facts.name ?? provider;
    const body = StopPage({
      frame: frameOf(d, c),
      now: d.now().toISOString(),
      connections: all.filter((x) => x.state === 'active'),
      stops: stopsOf(read, brandId).map((s) => stopView(s, nameOf)),
      past: pastStops(read, brandId).map((s) => stopView(s, nameOf)),
      ...more,
    });
    return consolePage(c, 'Stop sending', body, undefined, status);
  }

  app.get('/console/stop', signedIn(d, 'stop-sending'), (c) => {
    const done = said[c.req.query('done') ?? ''];
    return pageOf(c, done ? { done } : {});
  });

  for (const [path, act, yes, no] of [
    ['/console/stop', 'stop', 'stopped', 'already'],
    ['/console/stop/resume', 'resume', 'resumed', 'not-stopped'],
  ] as const)
    app.post(path, signedIn(d, 'stop-sending'), async (c) => {
      const form = await readForm(c);
      checkForm(c, d.people.csrf, form);
      const agent = c.get('agent');
      const reach = reachOf(agent.brandId, form.what);
      const by = `user:${agent.userId}`;
      try {
        const why = reasonOf(form.why);
        const did =
          act === 'stop'
            ? await stopSending(d, reach, { by, why, cause: 'person' })
            : await resumeSending(d, reach, { by, why });
        return c.redirect(`/console/stop?done=${did ? yes : no}`, 303);
      } catch (e) {
        if (!(e instanceof Problem) || e.slug !== 'bad-input') throw e;
        return pageOf(c, { refused: `Nothing was changed. ${e.message}` }, e.status);
      }
    });

  app.post('/console/connections/:id/allow-list', signedIn(d, 'connect'), async (c) => {
    const form = await readForm(c);
    checkForm(c, d.people.csrf, form);
    if (form.confirmed !== 'yes' && form.confirmed !== 'no') problem('bad-input', 'confirmed');
    const { brandId, userId } = c.get('agent');
    const { integrationId } = reachOf(brandId, c.req.param('id'));
    const by = `user:${userId}`;
    await d.store.write((tx) => {
      const now = d.now();
      tx.hot('delete from allow_list where integration_id = ? and brand_id = ?').run(integrationId, brandId);
      if (form.confirmed === 'yes')
        tx.hot('insert into allow_list (integration_id, brand_id, by, at) values (?, ?, ?, ?)').run(
          integrationId,
          brandId,
          by,
          now.toISOString(),
        );
      const detail = `${integrationId}: ${form.confirmed}`;
      note(tx, now.getTime(), { brandId, actor: by, act: 'allow-list-confirmed', detail });
    });
    return c.redirect(`/console/connections/${encodeURIComponent(integrationId)}`, 303);
  });
  return app;
}
