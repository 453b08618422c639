import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Queue } from '#contract/calls-agent.ts';
import { type Entry, isOver } from '#contract/chat.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { openStream } from '../../support/open-stream.ts';
import { type Chat, openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const end = (conversation = chat.ada.conversation) =>
  stage.maria.json<ProblemBody>('POST', `/api/panel/conversations/${conversation}/end`, {}, panel);
/** The end lies back by so many milliseconds: a console's session would not outlast a day's jump of the clock. */
const endedAgo = (ms: number) =>
  stage.door.store.read.hot('update conversation set closed_at = ?').run(new Date(Date.now() - ms).toISOString());
const queue = async () => (await stage.maria.json<Queue>('GET', '/api/panel/queue', undefined, panel)).body.rows;
const hers = async () =>
  (await chat.ada.json<{ entries: Entry[] }>('GET', '/api/chat/entries', undefined, chat.ada.auth)).body.entries;
const answer = (text: string, clientId = text) =>
  stage.maria.json<ProblemBody>(
    'POST',
    `/api/panel/conversations/${chat.ada.conversation}/messages`,
    { text, clientId },
    panel,
  );

test('an agent ends a chat: it leaves the queue, both sides read who did it, and it opens by its id', async () => {
  const live = await openStream(`${stage.door.origin}/api/chat/stream`, chat.ada.auth);
  expect(await queue()).toHaveLength(1);
  expect((await end()).status).toBe(200);
  await live.until((e) => e.data.includes('"ended"'));
  live.close();
  expect(await queue()).toEqual([]);
  expect((await hers()).at(-1)).toMatchObject({ kind: 'ended', by: 'agent', name: 'Maria' });
  const { entries } = await chat.view();
  expect(isOver(entries)).toBe(true);
});

test('twice is as once, from both sides at once too', async () => {
  await Promise.all([end(), chat.ada.say('/api/chat/end', {}), end(), chat.ada.say('/api/chat/end', {})]);
  expect((await hers()).filter((e) => e.kind === 'ended')).toHaveLength(1);
});

test('DB4 another brand’s chat, or none, cannot be ended; without a token neither', async () => {
  expect((await end('not-there')).status).toBe(404);
  expect((await stage.door.client().json('POST', '/api/chat/end', {})).status).toBe(401);
  expect(await queue()).toHaveLength(1);
});

test('a visitor who writes within a day is back in the same chat and in the queue, and so is an agent', async () => {
  await chat.ada.say('/api/chat/end', {});
  expect((await hers()).at(-1)).toMatchObject({ kind: 'ended', by: 'visitor' });
  endedAgo(23 * 3_600_000);
  expect((await chat.message('One more thing')).status).toBe(201);
  expect((await queue()).map((r) => [r.conversation, r.lastLine])).toEqual([[chat.ada.conversation, 'One more thing']]);
  expect(isOver(await hers())).toBe(false);
  await end();
  expect((await answer('I forgot to say')).status).toBe(201);
  expect(await queue()).toHaveLength(1);
});

test('R62 a message that is only repeated does not open the chat that was ended after it', async () => {
  await chat.message('Thank you', 'same');
  await end();
  expect((await chat.message('Thank you', 'same')).status).toBe(201);
  expect(await queue()).toEqual([]);
});

test('SECURITY 4.8 a day after the end the token opens nothing, and no agent can bring it back to life', async () => {
  await end();
  endedAgo(24 * 3_600_000 + 1);
  expect((await chat.message('Hello?')).status).toBe(401);
  expect(await answer('Are you there?')).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('more than a day ago') },
  });
  expect((await chat.view()).entries.at(-1)?.kind).toBe('ended');
  expect((await chat.message('Hello?')).status).toBe(401);
});

test('what waits to be sent goes on by its own rules after the end', async () => {
  await chat.ask();
  await chat.answer({ email: 'yes', name: 'yes', phone: 'no' });
  await end();
  await chat.send();
  expect(await chat.lastShare()).toMatchObject({ state: 'sent', fields: expect.arrayContaining(['email', 'name']) });
});
