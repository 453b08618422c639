import type { Context } from 'hono';
import { Hono } from 'hono';
import { fileHead } from '#contract/call.ts';
import { endpoints as e } from '#contract/endpoints.ts';
import { fileRefusals, maxFileBytes, maxHeadBytes, uploadType } from '#contract/file.ts';
import { problem } from '#contract/problem.ts';
import { linkTo, pictureOf, type SentFile, sendFile } from '../chat/files.ts';
import { may } from '../people/may.ts';
import { placeOf, readBytes, readJson, typeOf } from './body.ts';
import { agentAt, asAgent, chatMay, type Env, inboxMay, visitorOnly } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { filePaths } from './file-host.ts';
import { limited } from './limits.ts';
import { ownOrigin } from './origins.ts';

/** Uploads at once of one visitor or agent, and of all: each holds its file in memory. */
const most = { each: 2, all: 24 };

/** Lets few uploads in at a time. Raises `too-many`. */
function createDoor() {
  const inside = new Map<string, number>();
  let all = 0;
  return async <T>(key: string, act: () => Promise<T>): Promise<T> => {
    const mine = inside.get(key) ?? 0;
    if (mine >= most.each || all >= most.all) problem('too-many');
    inside.set(key, mine + 1);
    all++;
    try {
      return await act();
    } finally {
      all--;
      const left = (inside.get(key) ?? 1) - 1;
      if (left > 0) inside.set(key, left);
      else inside.delete(key);
    }
  };
}

/** One line of JSON, then the bytes. Raises `wrong-type`, `too-large`, `bad-json`, `bad-input`. */
async function readUpload(c: Context): Promise<Pick<SentFile, 'clientId' | 'name' | 'bytes'>> {
  if (typeOf(c) !== uploadType) problem('wrong-type', `Send ${uploadType}.`);
  const body = await readBytes(c, maxFileBytes + maxHeadBytes, fileRefusals.large);
  const end = body.subarray(0, maxHeadBytes).indexOf('\n');
  if (end < 0) problem('bad-json');
  let value: unknown;
  try {
    value = JSON.parse(body.subarray(0, end).toString());
  } catch {
    problem('bad-json');
  }
  const head = fileHead.safeParse(value);
  if (!head.success) problem('bad-input', placeOf(head.error));
  return { ...head.data, bytes: body.subarray(end + 1) };
}

/** Files of a chat, by its visitor; nothing is here where files have no host of their own (SECURITY.md 4.8). */
export function visitorFileRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const { filesOrigin } = d;
  if (!filesOrigin) return app;
  const enter = createDoor();
  const visitor = visitorOnly(d);
  const chat = (c: { get(name: 'visitor'): { conversationId: string } }) => c.get('visitor').conversationId;

  app.post(e.chatFile.path, ownOrigin(d.origin), visitor, limited(d.limits.file, chat), (c) =>
    enter(chat(c), async () => {
      const sent = await readUpload(c);
      return c.json({ entry: await sendFile(d, c.get('visitor'), { ...sent, author: 'visitor', by: 'visitor' }) }, 201);
    }),
  );
  app.post(e.chatFileLink.path, ownOrigin(d.origin), visitor, limited(d.limits.message, chat), async (c) => {
    await readJson(c, e.chatFileLink.input);
    const code = linkTo(d, c.req.param('id') ?? '', c.get('visitor'), false);
    return c.json({ action: filesOrigin + filePaths.open, code });
  });
  app.get(e.chatFilePicture.path, visitor, limited(d.limits.picture, chat), (c) =>
    c.json({ base64: pictureOf(d, c.req.param('id') ?? '', c.get('visitor')).toString('base64') }),
  );
  return app;
}

/** Files of the brand's chats, by its agents; mounted with the panel's calls, behind the same doors. */
export function agentFileRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const { filesOrigin } = d;
  if (!filesOrigin) return app;
  const enter = createDoor();
  const agent = (c: { get(name: 'agent'): { userId: string } }) => c.get('agent').userId;

  app.post(e.panelFile.path, chatMay(d, 'chat'), limited(d.limits.file, agent), (c) =>
    enter(agent(c), async () => {
      const me = asAgent(c.get('agent'));
      const where = { brandId: c.get('agent').brandId, conversationId: c.req.param('id') ?? '' };
      const sent = await readUpload(c);
      return c.json({ entry: await sendFile(d, where, { ...sent, author: 'agent', by: me.name, agent: me }) }, 201);
    }),
  );
  app.post(e.panelFileLink.path, inboxMay(d, 'chat'), limited(d.limits.message, agent), async (c) => {
    await readJson(c, e.panelFileLink.input);
    const id = c.req.param('id') ?? '';
    const reader = agentAt(d, c.get('agent'), 'chat', { what: 'file', id });
    const code = linkTo(d, id, { brandId: reader.brandId }, !may(reader, 'read-contacts'));
    return c.json({ action: filesOrigin + filePaths.open, code });
  });
  app.get(e.panelFilePicture.path, inboxMay(d, 'chat'), limited(d.limits.picture, agent), (c) => {
    const id = c.req.param('id') ?? '';
    const { brandId } = agentAt(d, c.get('agent'), 'chat', { what: 'file', id });
    return c.json({ base64: pictureOf(d, id, { brandId }).toString('base64') });
  });
  return app;
}
