import { Hono } from 'hono';
import type { Entry } from '#contract/chat.ts';
import { declaredFor, receivesOf } from '#contract/connection.ts';
import { endpoints, streams } from '#contract/endpoints.ts';
import { problem } from '#contract/problem.ts';
import { sendMessage } from '../chat/conversations.ts';
import { firstOf, mergedQueue } from '../chat/merged.ts';
import { isAway } from '../chat/presence.ts';
import { reveal, revealsOf } from '../chat/reveal.ts';
import { contactsFor, veil, veiledEntry } from '../chat/veil.ts';
import { conversationView, queueOf } from '../chat/views.ts';
import { unmerge } from '../consent/merge.ts';
import { askVisitor } from '../consent/questions.ts';
import { recordAnswer } from '../consent/recorded.ts';
import { clearUnderAge, flagUnderAge } from '../consent/under-age.ts';
import { previewShare } from '../egress/preview.ts';
import { queueShare } from '../egress/queue-share.ts';
import { concerns } from '../people/ended.ts';
import { may as mayDo } from '../people/may.ts';
import type { Agent } from '../people/who.ts';
import { chatRow } from '../store/chats.ts';
import { appendEntry, readEntry } from '../store/entries.ts';
import { shown } from '../store/members.ts';
import { isUnreadable } from '../store/readable.ts';
import { digest } from '../store/seal.ts';
import { paths } from '../web/console/paths.ts';
import { findRoutes } from './api-find.ts';
import { holdingRoutes } from './api-holding.ts';
import { toolRoutes } from './api-tools.ts';
import { readJson } from './body.ts';
import { agentMay, asAgent, chatMay, type Env, inboxMay } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { agentFileRoutes } from './files.ts';
import { consume, limited } from './limits.ts';
import { bearerFromExtensions, panelCors } from './origins.ts';
import { presenceOfAgent } from './presence.ts';
import { stream } from './streams.ts';

/** The agent's calls: the extension by bearer, the panel page by cookie and header. */
export function panelRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const e = endpoints;
  const may = (act: Parameters<typeof chatMay>[1]) => chatMay(d, act);
  const client = (c: { get(name: 'client'): string }) => c.get('client');
  app.use('/api/panel/*', panelCors, bearerFromExtensions);
  app.use('/api/pair/*', panelCors);

  /** The conversation of the path, in the brand the agent was let in to; any other id is not there (DB4). */
  const chatOf = (brandId: string, id: string) => {
    const row = chatRow(d.store.read, { brandId, conversationId: id });
    return { brandId, conversationId: id, subjectId: row.subject_id as string, number: row.number as number };
  };

  app.get(e.panelQueue.path, inboxMay(d, 'chat'), (c) => {
    const { agents, stepAsked } = c.get('inbox');
    const me = asAgent(c.get('agent'));
    return c.json({
      me,
      ...(d.filesOrigin ? { files: true } : {}),
      ...(stepAsked.length > 0 ? { stepAsked } : {}),
      brands: agents.map((agent) => ({
        id: agent.brandId,
        name: agent.brandName,
        role: agent.role,
        available: !isAway(d.store.read, agent),
      })),
      ...mergedQueue(agents.map(({ brandId }) => queueOf(d, brandId, me, c.get('hidden')))),
    });
  });

  app.get(e.panelConversation.path, may('chat'), (c) => {
    const agent = c.get('agent');
    const id = c.req.param('id') ?? '';
    const view = conversationView(d, agent.brandId, id, mayDo(agent, 'clear-under-age'), c.get('hidden')(id));
    // A link, followed with the console's own session: an extension's token opens no ledger (BA8).
    const reads = mayDo({ ...agent, kind: 'console' }, 'read-ledger');
    const chat = { brandId: agent.brandId, conversationId: view.conversation };
    const revealed = mayDo(agent, 'read-contacts') ? revealsOf(d, chat) : [];
    return c.json({
      ...view,
      ...(reads && { ledger: d.origin + paths.ledger }),
      ...(revealed.length > 0 && { revealed }),
    });
  });

  app.post(
    e.panelSend.path,
    may('chat'),
    limited(d.limits.message, (c) => c.get('agent').userId),
    async (c) => {
      const { clientId, text } = await readJson(c, e.panelSend.input);
      const me = asAgent(c.get('agent'));
      const where = chatOf(c.get('agent').brandId, c.req.param('id') ?? '');
      const message = { author: 'agent' as const, by: me.name, text, clientId };
      return c.json({ entry: await sendMessage(d, where, message, { agent: me }) }, 201);
    },
  );

  app.post(e.panelAsk.path, may('ask'), async (c) => {
    const { integration, purpose } = await readJson(c, e.panelAsk.input);
    const { brandId, name } = c.get('agent');
    const chat = chatOf(brandId, c.req.param('id') ?? '');
    const entry = await d.store.write((tx) => {
      const facts = askVisitor(
        tx,
        d,
        { brandId, subjectId: chat.subjectId, integrationId: integration, purpose },
        chat.conversationId,
      );
      const key = d.keys.of(tx, brandId, chat.subjectId);
      return appendEntry(
        tx,
        { ...chat, key, at: d.now().toISOString() },
        {
          kind: 'asked',
          integration,
          partner: facts.manifest.name,
          purpose,
          by: shown(name),
          ...receivesOf(declaredFor(facts.manifest, purpose)),
        },
      );
    });
    d.publish([entry], brandId);
    return c.json({ entry }, 201);
  });

  app.post(
    e.panelReveal.path,
    may('reveal'),
    limited(d.limits.reveal, (c) => c.get('agent').userId),
    async (c) => {
      const wanted = await readJson(c, e.panelReveal.input);
      const agent = c.get('agent');
      const chat = { brandId: agent.brandId, conversationId: c.req.param('id') ?? '' };
      const value = await reveal(d, chat, agent, wanted);
      d.live.touch(chat.brandId, chat.conversationId); // whoever reads contacts anyway sees who did
      c.set('revealed', true);
      return c.json({ value });
    },
  );

  app.post(e.panelRecord.path, may('record-answers'), async (c) => {
    const { integration, ...said } = await readJson(c, e.panelRecord.input);
    const agent = c.get('agent');
    const chat = chatOf(agent.brandId, c.req.param('id') ?? '');
    connected(agent.brandId, integration);
    const actor = `user:${agent.userId}`;
    return c.json(await recordAnswer(d, { ...chat, ...said, integrationId: integration, actor }), 201);
  });

  app.post(e.panelUnmerge.path, may('unmerge'), async (c) => {
    await readJson(c, e.panelUnmerge.input);
    const agent = c.get('agent');
    await unmerge(d, chatOf(agent.brandId, c.req.param('id') ?? ''), `user:${agent.userId}`);
    d.touch(agent.brandId);
    return c.json({ unmerged: true });
  });

  app.post(e.panelUnderAge.path, may('flag-under-age'), async (c) => {
    await readJson(c, e.panelUnderAge.input);
    const { brandId, userId, name } = c.get('agent');
    await flagUnderAge(d, chatOf(brandId, c.req.param('id') ?? ''), { userId, name: shown(name) });
    return c.json({ flagged: true });
  });

  app.post(e.panelClearUnderAge.path, may('clear-under-age'), async (c) => {
    const { reason } = await readJson(c, e.panelClearUnderAge.input);
    const { brandId, userId, name } = c.get('agent');
    await clearUnderAge(d, chatOf(brandId, c.req.param('id') ?? ''), { userId, name: shown(name) }, reason);
    return c.json({ flagged: false });
  });

  app.post(e.panelPreview.path, may('share'), async (c) => {
    const { integration, purpose } = await readJson(c, e.panelPreview.input);
    const chat = chatOf(c.get('agent').brandId, c.req.param('id') ?? '');
    connected(chat.brandId, integration);
    const preview = previewShare(d.store.read, d.keys, { ...chat, integrationId: integration, purpose }, d.now());
    return c.json({ ...preview, ...(held(chat.brandId, integration) ? { stopped: true } : {}) });
  });

  app.post(e.panelShare.path, may('share'), async (c) => {
    const { clientId, integration, purpose } = await readJson(c, e.panelShare.input);
    const chat = chatOf(c.get('agent').brandId, c.req.param('id') ?? '');
    connected(chat.brandId, integration);
    const { share, entry } = await d.store
      .write((tx) =>
        queueShare(tx, d, {
          ...chat,
          clientId,
          integrationId: integration,
          purpose,
          stopped: held(chat.brandId, integration),
        }),
      )
      .catch((e: Error) => {
        if (isUnreadable(e)) d.alarm('record-unreadable', { brandId: chat.brandId, kind: e.name });
        throw e;
      });
    if (entry) d.publish([entry], chat.brandId);
    d.runner.wake();
    return c.json({ share: share.id, entry: entry ?? lastShareEntry(chat, share.id) }, 202);
  });

  const held = (brandId: string, integrationId: string) => d.stops.holds({ brandId, integrationId });
  const connected = (brandId: string, integration: string) => {
    if (!d.store.read.hot('select 1 as ok from integration where id = ? and brand_id = ?').get(integration, brandId))
      problem('not-found');
  };

  /** The newest line about a share: the answer to a press that was repeated. */
  const lastShareEntry = (chat: ReturnType<typeof chatOf>, share: string) => {
    const row = d.store.read
      .hot(
        `select * from entry where conversation_id = ? and kind = 'share' and json_extract(body_json, '$.share') = ?
         order by seq desc limit 1`,
      )
      .get(chat.conversationId, share);
    return row && readEntry(row, d.keys.of(d.store.read, chat.brandId, chat.subjectId));
  };

  app.get(streams.agent, inboxMay(d, 'chat'), (c) => {
    const { agents } = c.get('inbox');
    const { userId } = c.get('agent');
    const { read } = d.store;
    const headers = c.req.raw.headers;
    const brands = agents.map((agent) => agent.brandId);
    const seats = (of: readonly Agent[]) => of.map(({ brandId, role }) => `${brandId} ${role}`).join();
    const same = (now: readonly Agent[]) => seats(now) === seats(agents);
    const reads = new Set(agents.filter((agent) => mayDo(agent, 'read-contacts')).map((agent) => agent.brandId));
    const drawn = (entry: Entry, brandId: string) =>
      reads.has(brandId) ? entry : veiledEntry(d, read, brandId, entry);
    for (const agent of agents) d.routing.seen(agent);
    return stream(c, {
      interests: brands.map((brandId) => ({ brandId })),
      live: d.live,
      drawn,
      after(seq, limit) {
        const hidden = contactsFor(d, read, (id) => reads.has(id)); // looked up once a page
        const of = (id: string) =>
          read.hot('select * from entry where brand_id = ? and seq > ? order by seq limit ?').all(id, seq, limit);
        return firstOf(brands.map(of), limit).flatMap((row) => {
          try {
            return [veil(readEntry(row, d.keys.of(read, row.brand_id as string, row.subject_id as string)), hidden)];
          } catch {
            return []; // one person's unreadable line must not end the stream of everybody (R16)
          }
        });
      },
      knows: (seq) =>
        brands.includes(read.hot('select brand_id from entry where seq = ?').get(seq)?.brand_id as string),
      strips: true,
      userId,
      stillAllowed: async () => {
        const now = (await d.people.inbox(headers))?.agents.filter((agent) => mayDo(agent, 'chat'));
        if (!now?.length) return false;
        for (const agent of now) d.routing.seen(agent);
        return same(now) || 'changed';
      },
      // What concerns one brand of several ends nothing but this stream: its reader comes again for what is left (R64).
      onGone: (gone, again) =>
        d.people.onEnded((ended) => {
          if (!agents.some((agent) => concerns(ended, agent))) return;
          if (ended.what === 'member' && agents.length > 1) again();
          else gone();
        }),
    });
  });

  app.route('/', toolRoutes(d));
  app.route('/', holdingRoutes(d));
  app.route('/', findRoutes(d));
  presenceOfAgent(app, d);
  app.route('/', agentFileRoutes(d));

  app.post(e.pairStart.path, limited(d.limits.pairStart, client), async (c) => {
    const { browser } = await readJson(c, e.pairStart.input);
    return c.json({ ...(await d.people.pairing.start(browser)), address: `${d.origin}/pair` }, 201);
  });
  app.post(e.pairPoll.path, async (c) => {
    const { secret } = await readJson(c, e.pairPoll.input);
    await consume(d.limits.pairing, digest(secret));
    return c.json(await d.people.pairing.poll(secret));
  });
  app.post(e.pairRotate.path, async (c) => {
    const { token } = await readJson(c, e.pairRotate.input);
    await consume(d.limits.pairing, digest(token));
    return c.json(await d.people.pairing.rotate(token));
  });
  app.post(e.pairEnd.path, agentMay(d.people, 'unpair'), async (c) => {
    await readJson(c, e.pairEnd.input);
    const agent = c.get('agent');
    if (agent.kind !== 'extension') problem('not-allowed', 'Only a paired panel ends its own pairing here.');
    await d.people.pairing.end(agent, agent.sessionId);
    return c.json({ ended: true });
  });
  return app;
}
