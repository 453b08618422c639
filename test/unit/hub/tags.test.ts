import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Queue } from '#contract/calls-agent.ts';
import type { Entry } from '#contract/chat.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { openStream } from '../../support/open-stream.ts';
import { eraseNow, here, subjectOf } from './person.ts';
import { type Chat, count, openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const tag = (word: unknown, on = true, conversation = chat.ada.conversation) =>
  stage.maria.json<{ tags: string[] } & ProblemBody>(
    'POST',
    `/api/panel/conversations/${conversation}/tags`,
    { tag: word, on },
    panel,
  );
const inQueue = async () =>
  (await stage.maria.json<Queue>('GET', '/api/panel/queue', undefined, panel)).body.rows[0]?.tags;
const lines = async () => (await chat.view()).entries.filter((e) => e.kind === 'tagged');

test('R66 tags stand in the queue in the order they were added, and the log says who changed them', async () => {
  expect((await tag(' refund ')).body.tags).toEqual(['refund']);
  expect((await tag('boat show')).body.tags).toEqual(['refund', 'boat show']);
  expect(await inQueue()).toEqual(['refund', 'boat show']);
  expect((await tag('refund', false)).body.tags).toEqual(['boat show']);
  expect(await inQueue()).toEqual(['boat show']);
  expect((await lines()).at(-1)).toMatchObject({ by: 'Maria', tag: 'refund', on: false, tags: ['boat show'] });
});

test('R66 twice is as once, whatever the case: one line, and the first spelling stays', async () => {
  await Promise.all([tag('Refund'), tag('refund'), tag('REFUND')]);
  expect(await lines()).toHaveLength(1);
  expect(await inQueue()).toHaveLength(1);
  expect((await tag('refund', false)).body.tags).toEqual([]);
  expect((await tag('refund', false)).body.tags).toEqual([]);
  expect(await lines()).toHaveLength(2);
});

test('R66 at most 20 tags, of 40 characters in one line; anything else is refused and changes nothing', async () => {
  for (let i = 1; i <= 20; i++) expect((await tag(`tag ${i}`)).status).toBe(200);
  expect(await tag('one more')).toMatchObject({ status: 400, body: { detail: expect.stringContaining('20 tags') } });
  expect((await tag('tag 1')).status).toBe(200); // it is there already
  await tag('tag 20', false);
  for (const wrong of ['', '   ', 'x'.repeat(41), 'two\nlines', 7, null]) expect((await tag(wrong)).status).toBe(400);
  expect(await inQueue()).toHaveLength(19);
  expect((await tag('x', true, 'not-there')).status).toBe(404);
});

test('R66 a visitor never gets a tag, and numbers that must not be kept are dots in it too', async () => {
  const live = await openStream(`${stage.door.origin}/api/chat/stream`, chat.ada.auth);
  await tag('troublemaker');
  expect((await tag('4111 1111 1111 1111')).body.tags.at(-1)).toBe('•••• •••• •••• ••••');
  await chat.message('Hello again');
  await live.until((e) => e.data.includes('Hello again'));
  live.close();
  const { body } = await chat.ada.json<{ entries: Entry[] }>('GET', '/api/chat/entries', undefined, chat.ada.auth);
  for (const got of [live.events, body.entries]) expect(JSON.stringify(got)).not.toMatch(/troublemaker|tagged/);
  expect(body.entries.map((e) => e.n)).toEqual([1, 2]);
});

test('R66 tags are sealed, and go with the person', async () => {
  await tag('troublemaker');
  const id = subjectOf(stage.door, chat);
  const row = stage.door.store.read.hot("select * from entry where kind = 'tagged'").get();
  expect(JSON.stringify(row)).not.toContain('troublemaker');
  expect(stage.door.logged()).not.toContain('troublemaker');
  await eraseNow(stage, id);
  expect(here(stage.door, 'entry', id)).toBe(0);
  expect(count(stage.door, 'entry', "kind = 'tagged'")).toBe(0);
});
