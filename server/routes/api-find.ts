import { Hono } from 'hono';
import { endpoints as e } from '#contract/endpoints.ts';
import { findPerson } from '../chat/find-person.ts';
import { recordSitesOf } from '../connect/record-pages.ts';
import { readJson } from './body.ts';
import { agentAt, type Env, inboxMay } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';

/** Finding the person of the open tab (R78); mounted with the panel's calls, behind the same doors. */
export function findRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const may = inboxMay(d, 'chat');
  app.get(e.panelSites.path, may, (c) =>
    c.json({ sites: c.get('inbox').agents.flatMap(({ brandId }) => recordSitesOf(d, brandId)) }),
  );
  app.post(
    e.panelFind.path,
    may,
    limited(d.limits.find, (c) => c.get('agent').userId),
    async (c) => {
      const at = await readJson(c, e.panelFind.input);
      return c.json(
        await findPerson(d, agentAt(d, c.get('agent'), 'chat', { what: 'integration', id: at.integration }), at),
      );
    },
  );
  return app;
}
