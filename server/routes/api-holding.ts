import { Hono } from 'hono';
import { endpoints as e } from '#contract/endpoints.ts';
import { assign } from '../chat/assign.ts';
import { standings } from '../chat/presence.ts';
import { readJson } from './body.ts';
import { asAgent, chatMay, type Env, inboxMay } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';

/** Who holds a chat and who is there for one (R66); mounted with the panel's calls, behind the same doors. */
export function holdingRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const may = inboxMay(d, 'chat');
  const often = limited(d.limits.message, (c) => c.get('agent').userId);

  app.post(e.panelAssign.path, chatMay(d, 'chat'), often, async (c) => {
    const { to, from, note } = await readJson(c, e.panelAssign.input);
    const agent = c.get('agent');
    const where = { brandId: agent.brandId, conversationId: c.req.param('id') ?? '' };
    return c.json({ assignee: await assign(d, where, { by: asAgent(agent), to, from, note }) });
  });
  app.get(e.panelColleagues.path, may, (c) => {
    const of = (brand: string) =>
      standings(d.store.read, brand, d.now()).map(({ id, name, available, open }) => ({
        id,
        name,
        available,
        open,
        brand,
      }));
    return c.json({ colleagues: c.get('inbox').agents.flatMap(({ brandId }) => of(brandId)) });
  });
  app.post(e.panelAvailability.path, may, often, async (c) => {
    const { available } = await readJson(c, e.panelAvailability.input);
    const { agents } = c.get('inbox');
    await Promise.all(agents.map((agent) => d.routing.choose(agent, available))); // one tick, so one commit
    for (const { brandId } of agents) d.live.touch(brandId); // other windows of this agent read it again
    return c.json({ available });
  });
  return app;
}
