import type { Hono, MiddlewareHandler } from 'hono';
import { endpoints as e } from '#contract/endpoints.ts';
import { markRead } from '../chat/marks.ts';
import { keepPage } from '../chat/visit.ts';
import { chatRow } from '../store/chats.ts';
import { shown } from '../store/members.ts';
import { readJson } from './body.ts';
import { chatMay, type Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';
import { ownOrigin } from './origins.ts';

/** Typing, seen and the page of now, from the visitor's frame (R62, R67); `visitor` lets in by the token. */
export function presenceOfVisitor(app: Hono<Env>, d: HubDeps, visitor: MiddlewareHandler<Env>): void {
  const own = ownOrigin(d.origin);
  const chat = (c: { get(name: 'visitor'): { conversationId: string } }) => c.get('visitor').conversationId;
  const often = limited(d.limits.presence, (c) => `visitor ${chat(c)}`);

  app.post(e.chatTyping.path, own, visitor, often, async (c) => {
    await readJson(c, e.chatTyping.input);
    const { brandId, conversationId } = c.get('visitor');
    d.live.typing(brandId, conversationId);
    return c.json({ told: true });
  });
  app.post(e.chatSeen.path, own, visitor, often, async (c) => {
    const { n } = await readJson(c, e.chatSeen.input);
    return c.json({ marks: await markRead(d, c.get('visitor'), 'read', n) });
  });
  app.post(e.chatPage.path, own, visitor, limited(d.limits.page, chat), async (c) => {
    const said = await readJson(c, e.chatPage.input);
    const who = c.get('visitor');
    // A panel reads the visit again with the rest of the chat.
    if (await keepPage(d, who, said)) d.live.touch(who.brandId, who.conversationId);
    return c.json({ kept: true });
  });
}

/** Typing and seen, from an agent's panel (R62). */
export function presenceOfAgent(app: Hono<Env>, d: HubDeps): void {
  const may = chatMay(d, 'chat');
  const often = limited(d.limits.presence, (c) => `agent ${c.get('agent').userId} ${c.req.param('id')}`);

  app.post(e.panelTyping.path, may, often, async (c) => {
    await readJson(c, e.panelTyping.input);
    const { brandId, name } = c.get('agent');
    const id = c.req.param('id') ?? '';
    chatRow(d.store.read, { brandId, conversationId: id });
    d.live.typing(brandId, id, shown(name));
    return c.json({ told: true });
  });
  app.post(e.panelSeen.path, may, often, async (c) => {
    const { n } = await readJson(c, e.panelSeen.input);
    const where = { brandId: c.get('agent').brandId, conversationId: c.req.param('id') ?? '' };
    return c.json({ marks: await markRead(d, where, 'seen', n) });
  });
}
