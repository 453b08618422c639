import { Hono } from 'hono';
import { endpoints as e } from '#contract/endpoints.ts';
import { writeNote } from '../chat/conversations.ts';
import { endChat } from '../chat/ending.ts';
import { namesContact } from '../chat/hide.ts';
import { layoutOf, saveLayout } from '../chat/layout.ts';
import { repliesOf } from '../chat/replies.ts';
import { searchChats } from '../chat/search.ts';
import { setTag } from '../chat/tags.ts';
import { may as mayDo } from '../people/may.ts';
import { shown } from '../store/members.ts';
import { readJson } from './body.ts';
import { chatMay, type Env, inboxMay } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { consume, limited } from './limits.ts';

/** What agents do to a chat beside talking (R66); mounted with the panel's calls, behind the same doors. */
export function toolRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const may = inboxMay(d, 'chat');
  const inChat = chatMay(d, 'chat');
  const often = limited(d.limits.message, (c) => c.get('agent').userId);

  app.post(e.panelNote.path, inChat, often, async (c) => {
    const { clientId, text } = await readJson(c, e.panelNote.input);
    const { brandId, name } = c.get('agent');
    const where = { brandId, conversationId: c.req.param('id') ?? '' };
    return c.json({ entry: await writeNote(d, where, { by: shown(name), text, clientId }) }, 201);
  });
  app.post(e.panelTag.path, inChat, often, async (c) => {
    const { tag, on } = await readJson(c, e.panelTag.input);
    const { brandId, name } = c.get('agent');
    const where = { brandId, conversationId: c.req.param('id') ?? '' };
    const hidden = c.get('hidden')(where.conversationId);
    return c.json({ tags: await setTag(d, where, { by: shown(name), tag, on, hidden }) });
  });
  app.post(e.panelEnd.path, inChat, often, async (c) => {
    await readJson(c, e.panelEnd.input);
    const { brandId, name } = c.get('agent');
    await endChat(d, { brandId, conversationId: c.req.param('id') ?? '' }, { by: 'agent', name: shown(name) });
    return c.json({ ended: true });
  });
  app.get(e.panelReplies.path, may, (c) => {
    const of = (brand: string) =>
      repliesOf(d.store.read, brand).map(({ id, name, text }) => ({ id, name, text, brand }));
    return c.json({ replies: c.get('inbox').agents.flatMap(({ brandId }) => of(brandId)) });
  });
  app.post(
    e.panelSearch.path,
    may,
    limited(d.limits.search, (c) => c.get('agent').userId),
    async (c) => {
      const { words, before } = await readJson(c, e.panelSearch.input);
      const { agents } = c.get('inbox');
      const brandIds = agents.map(({ brandId }) => brandId);
      if (namesContact(words) && !agents.every((agent) => mayDo(agent, 'read-contacts')))
        await consume(d.limits.searchAddress, c.get('agent').userId);
      return c.json(searchChats(d, { brandIds, query: words, before, hidden: c.get('hidden') }));
    },
  );
  app.get(e.panelLayout.path, may, (c) => {
    const { agents } = c.get('inbox');
    return c.json({ layouts: Object.fromEntries(agents.map((a) => [a.brandId, layoutOf(d.store.read, a)])) });
  });
  app.post(
    e.panelArrange.path,
    inChat,
    limited(d.limits.arrange, (c) => c.get('agent').userId),
    async (c) => {
      const wanted = await readJson(c, e.panelArrange.input);
      const agent = c.get('agent');
      const layout = await saveLayout(d, agent, wanted);
      d.live.arranged(agent.brandId, agent.userId);
      return c.json(layout);
    },
  );
  return app;
}
