import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { purposes } from '#contract/consent.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { survey } from '#contract/survey.ts';
import { fieldNames } from '#contract/visitor.ts';
import { saveChatSetting } from '../../../server/store/chat-settings.ts';
import { eraseNow, here, subjectOf } from './person.ts';
import { about, type Chat, care, count, crm, openChat, openStage, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage();
  await ask(true);
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const ask = (on: boolean, seen = 0) =>
  saveChatSetting(stage.door.hub.deps, { brandId: 'harbor-motors', userId: 'maria' }, survey, seen, {
    ...survey.standard,
    on,
  });
const end = () => chat.ada.say('/api/chat/end', {});
const rate = async (score: unknown, comment: unknown = '') =>
  (await chat.ada.say('/api/chat/rating', { score, comment })) as unknown as {
    status: number;
    body: { entry: Entry } & ProblemBody;
  };
const stored = () => count(stage.door, 'entry', "kind = 'rated'");

test('R59 one answer after the end, read by visitor and agent alike; the same again is the same line', async () => {
  await end();
  const first = await rate(4, 'Quick and kind');
  expect(first).toMatchObject({ status: 201, body: { entry: { kind: 'rated', score: 4, comment: 'Quick and kind' } } });
  expect((await rate(4, 'Quick and kind')).body.entry).toEqual(first.body.entry);
  expect((await rate(1, 'No')).status).toBe(409);
  expect(stored()).toBe(1);
  expect((await chat.view()).entries.at(-1)).toEqual(first.body.entry);
});

test('R59 the question a brand left as it was speaks the visitor’s language, its own stays as written', async () => {
  const frame = async () => (await fetch(`${stage.door.origin}/widget/frame?brand=harbor-motors&lang=de`)).text();
  expect(await frame()).toContain('Wie war dieser Chat?');
  await saveChatSetting(stage.door.hub.deps, { brandId: 'harbor-motors', userId: 'maria' }, survey, 1, {
    ...survey.standard,
    on: true,
    question: 'Did we help?',
  });
  expect(await frame()).toContain('Did we help?');
});

test('R59 before the end, with the question off, or out of range nothing is stored', async () => {
  expect((await rate(4)).status).toBe(409);
  await end();
  for (const wrong of [0, 6, 2.5, '4', null, undefined]) expect((await rate(wrong)).status).toBe(400);
  expect((await rate(4, 'x'.repeat(1001))).status).toBe(400);
  await ask(false, 1);
  expect((await rate(4)).status).toBe(409);
  expect(stored()).toBe(0);
});

test('R59 R52 an answer is sealed, its numbers are dots, and it goes with the person', async () => {
  await end();
  const { body } = await rate(2, 'I paid with 4111 1111 1111 1111');
  expect(body.entry).toMatchObject({ comment: 'I paid with •••• •••• •••• ••••', masked: ['card'] });
  const row = stage.door.store.read.hot("select * from entry where kind = 'rated'").get();
  expect(JSON.stringify(row)).not.toMatch(/score|comment|paid|4111/);
  expect(stage.door.logged()).not.toContain('paid with');
  const id = subjectOf(stage.door, chat);
  await eraseNow(stage, id);
  expect(here(stage.door, 'entry', id)).toBe(0);
});

test('R59 nothing can send an answer: no field and no purpose is one, and no share carries it', async () => {
  expect([...fieldNames, ...purposes].filter((name) => /survey|rating|score|satisf/i.test(name))).toEqual([]);
  await end();
  await rate(5, 'Wonderfully handled');
  await chat.answer({ email: 'yes' }, crm);
  await chat.send(crm);
  await chat.answer({ transcript: 'yes' }, care);
  await chat.send(care);
  expect((await chat.lastShare())?.state).toBe('sent');
  const bytes = JSON.stringify(stage.recorder.calls);
  expect(bytes).toContain(about.email);
  expect(bytes).toContain('blue Marlin');
  expect(bytes).not.toMatch(/Wonderfully|Very good/);
});
