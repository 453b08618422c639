import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { type Chat, care, crm, openChat, openPreferences, openStage, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  await chat.answer({ conversation: 'yes' }, care);
});
afterEach(() => stage.close());
const off = async () =>
  (await chat.view()).entries.flatMap((e: Entry) => (e.kind === 'withdrawn' ? [e.purposes ?? 'all'] : []));

test('R17 R25 one use that is turned off is said to be one: the others stay as they were', async () => {
  await (await openPreferences(stage, chat)).choose('no', care);
  expect(await off()).toEqual([[care]]);
  expect((await chat.view()).strip[0]?.purposes).toMatchObject([
    { purpose: crm, state: 'yes' },
    { purpose: care, state: 'no' },
  ]);
});

test('R25 a partner that is turned off is off for all of its uses', async () => {
  await (await openPreferences(stage, chat)).choose('no');
  expect(await off()).toEqual(['all']);
});
