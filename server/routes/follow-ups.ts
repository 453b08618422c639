import { Hono } from 'hono';
import { connectionOf } from '../connect/catalogue.ts';
import { revokeAll } from '../connect/revoke-all.ts';
import { followedUp, openFollowUps } from '../consent/follow-ups.ts';
import { may } from '../people/may.ts';
import { FollowUpsPage, RevokeAllPage } from '../web/console/follow-ups.tsx';
import { readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';

/** Telling partners by hand, and taking every yes to one of them back. */
export function followUpRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const said: Record<string, string> = {
    told: 'Noted. What we kept for this is deleted.',
    reason: 'Noted. The visitor reads your reason, and what we kept for this is deleted.',
    revoked: 'Every yes until now has ended. Nothing leaves until a visitor says yes again.',
  };

  app.get('/console/connections/:id/follow-ups', signedIn(d, 'disconnect'), (c) => {
    const agent = c.get('agent');
    const connection = connectionOf(d, agent.brandId, c.req.param('id'));
    const done = said[c.req.query('done') ?? ''];
    const body = FollowUpsPage({
      frame: frameOf(d, c),
      now: d.now().toISOString(),
      connection,
      followUps: openFollowUps(d, agent.brandId, connection.id),
      mayChange: may(agent, 'disconnect'),
      ...(done ? { done } : {}),
    });
    return consolePage(c, `Tell ${connection.partner}`, body);
  });
  app.post('/console/connections/:id/follow-ups', signedIn(d, 'disconnect'), async (c) => {
    const form = await readForm(c);
    checkForm(c, d.people.csrf, form);
    const { id } = connectionOf(d, c.get('agent').brandId, c.req.param('id'));
    await followedUp(d, c.get('agent'), form.job ?? '', form.reason);
    const done = form.reason === undefined ? 'told' : 'reason';
    return c.redirect(`/console/connections/${encodeURIComponent(id)}/follow-ups?done=${done}`, 303);
  });

  app.get('/console/connections/:id/revoke-all', signedIn(d, 'disconnect'), (c) => {
    const connection = connectionOf(d, c.get('agent').brandId, c.req.param('id'));
    return consolePage(c, `Take back every yes`, RevokeAllPage({ frame: frameOf(d, c), connection }));
  });
  app.post('/console/connections/:id/revoke-all', signedIn(d, 'disconnect'), async (c) => {
    checkForm(c, d.people.csrf, await readForm(c));
    const { id } = connectionOf(d, c.get('agent').brandId, c.req.param('id'));
    await revokeAll(d, c.get('agent'), id);
    return c.redirect(`/console/connections/${encodeURIComponent(id)}/follow-ups?done=revoked`, 303);
  });
  return app;
}
