import { type Context, Hono } from 'hono';
import type { DataSheet } from '#contract/connection.ts';
import { problem } from '#contract/problem.ts';
import { connectionOf } from '../connect/catalogue.ts';
import { fieldMapOf } from '../connect/field-map.ts';
import { keptManifest, upgradeOf } from '../connect/mapping.ts';
import { approveUpgrade, saveFields } from '../connect/remap.ts';
import { scopeStateOf } from '../connect/scopes.ts';
import { may } from '../people/may.ts';
import { ChangesPage } from '../web/console/changes.tsx';
import { ConnectionPage, type ConnectionProps } from '../web/console/connection.tsx';
import { readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { consolePage, frameOf, partnerOrigin, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { hookOf } from './hooks.ts';

/** The data sheet of a connection: what its brand approved, not what the add-on would like by now (R86). */
export const approvedSheet = (d: HubDeps, brandId: string, id: string, sheet: DataSheet): DataSheet => {
  const { ai: _, ...rest } = sheet;
  return { ...rest, ...keptManifest(d.store.read, brandId, id) };
};

/** All that a connection's page shows. Raises `not-found` for another brand's and for an add-on that is gone. */
export function connectionProps(d: HubDeps, c: Context<Env>, id: string): ConnectionProps {
  const agent = c.get('agent');
  const connection = connectionOf(d, agent.brandId, id);
  const { sheet } = d.catalogue.get(connection.provider) ?? problem('not-found');
  const hook = hookOf(d, c, connection);
  return {
    frame: frameOf(d, c),
    now: d.now().toISOString(),
    connection,
    sheet: approvedSheet(d, agent.brandId, id, sheet),
    fields: fieldMapOf(d.store.read, d.catalogue, agent.brandId, id),
    scopes: scopeStateOf(d.store.read, d.catalogue, agent.brandId, id),
    stopped: upgradeOf(d.store.read, d.catalogue, agent.brandId, id).stopped.length > 0,
    mayChange: may(agent, 'map-fields'),
    mayConnect: may(agent, 'connect'),
    ...(hook ? { hook } : {}),
    ...(d.egressAddress ? { egressAddress: d.egressAddress } : {}),
  };
}

/** Draws a connection's page; its one-click reconnect leads to the partner. */
export function connectionPage(
  d: HubDeps,
  c: Context<Env>,
  title: string,
  { connection: { provider, sandbox } }: ConnectionProps,
  body: Parameters<typeof consolePage>[2],
  status = 200,
) {
  return consolePage(c, title, body, partnerOrigin(d, provider, d.connector.sandboxOf(provider) ?? sandbox), status);
}

/** The version of the page a form was made on. Raises `bad-input` for anything that is no number. */
function versionOf(form: Record<string, string>): number {
  if (!/^\d{1,9}$/.test(form.version ?? '')) problem('bad-input', 'version');
  return Number(form.version);
}

/** Fields of a connection on and off (R13), and the approval of a newer add-on (R86). */
export function mappingRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const page = (id: string, done: string) => `/console/connections/${encodeURIComponent(id)}?done=${done}`;

  app.post('/console/connections/:id/fields', signedIn(d, 'map-fields'), async (c) => {
    const form = await readForm(c);
    checkForm(c, d.people.csrf, form);
    const id = c.req.param('id');
    const { csrf: _, version: __, ...rest } = form;
    const on = Object.entries(rest).map(([name, value]) => {
      if (!name.startsWith('on.') || value !== 'on') problem('bad-input', 'There is no such field.');
      return name.slice('on.'.length);
    });
    const { objection } = await saveFields(d, c.get('agent'), id, { version: versionOf(form), on });
    if (!objection) return c.redirect(page(id, 'mapped'), 303);
    const props = connectionProps(d, c, id);
    const body = ConnectionPage({ ...props, refused: { objection, on } });
    return connectionPage(d, c, `Not saved: ${props.connection.partner}`, props, body, 400);
  });

  app.get('/console/connections/:id/changes', signedIn(d, 'see-connections'), (c) => {
    const { brandId } = c.get('agent');
    const connection = connectionOf(d, brandId, c.req.param('id'));
    const upgrade = upgradeOf(d.store.read, d.catalogue, brandId, connection.id);
    const body = ChangesPage({
      frame: frameOf(d, c),
      connection,
      upgrade,
      mayApprove: may(c.get('agent'), 'map-fields'),
    });
    return consolePage(c, `${connection.partner}: a newer version`, body);
  });
  app.post('/console/connections/:id/changes', signedIn(d, 'map-fields'), async (c) => {
    const form = await readForm(c);
    checkForm(c, d.people.csrf, form);
    const id = c.req.param('id');
    await approveUpgrade(d, c.get('agent'), id, { version: versionOf(form), manifest: form.manifest ?? '' });
    return c.redirect(page(id, 'approved'), 303);
  });
  return app;
}
