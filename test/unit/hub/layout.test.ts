import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Arrangement, CardLayout } from '#contract/layout.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { layoutOf } from '../../../server/chat/layout.ts';
import { openStream } from '../../support/open-stream.ts';
import { type Chat, count, openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
});
afterEach(() => stage.close());

let chat: Chat;
const read = async () =>
  (await stage.maria.json<{ layouts: Record<string, CardLayout> }>('GET', '/api/panel/layout', undefined, panel)).body
    .layouts['harbor-motors'];
const save = (to: unknown) =>
  stage.maria.json<CardLayout & ProblemBody>(
    'POST',
    `/api/panel/conversations/${chat.ada.conversation}/layout`,
    to,
    panel,
  );
const one: Arrangement = { order: ['b', 'a'], pinned: ['b'], folded: ['about'] };
const jar = () => ({ cookie: [...stage.maria.cookies].map(([k, v]) => `${k}=${v}`).join('; '), ...panel });

test('R73 an arrangement is kept for this agent and brand, through a restart, and for nobody else', async () => {
  expect(await read()).toEqual({ version: 0, order: [], pinned: [], folded: [] });
  expect((await save(one)).body).toEqual({ ...one, version: 1 });
  await stage.door.upgrade((list) => list);
  expect(await read()).toEqual({ ...one, version: 1 });
  const row = stage.door.store.read.hot('select * from card_layout').get() as Record<string, string>;
  const { user_id: userId = '', brand_id: brandId = '' } = row;
  const store = stage.door.store.read;
  expect(layoutOf(store, { userId, brandId })).toMatchObject({ version: 1 });
  expect(layoutOf(store, { userId: 'somebody', brandId })).toMatchObject({ version: 0, order: [] });
  expect(layoutOf(store, { userId, brandId: 'another' })).toMatchObject({ version: 0, order: [] });
});

test('R73 the last of two windows wins, and each open window of the agent is told, no visitor ever', async () => {
  const other = await openStream(`${stage.door.origin}/api/panel/stream`, jar());
  await Promise.all([save(one), save({ ...one, pinned: [] })]);
  await other.until((e) => e.event === 'layout');
  other.close();
  const kept = await read();
  expect(kept?.version).toBe(2);
  expect(count(stage.door, 'card_layout')).toBe(1);
});

test('R73 what is no arrangement is refused and changes nothing; a damaged one is as none and is replaced', async () => {
  await save(one);
  for (const wrong of [
    {},
    { ...one, order: ['a', 'a'] },
    { ...one, pinned: 'a' },
    { ...one, folded: [7] },
    { ...one, order: Array.from({ length: 201 }, (_, i) => `${i}`) },
    { ...one, order: ['x'.repeat(65)] },
    { ...one, version: 9 },
  ])
    expect((await save(wrong)).status).toBe(400);
  expect(await read()).toEqual({ ...one, version: 1 });
  await stage.door.store.write((tx) => void tx.hot("update card_layout set body_json = '{' where version = ?").run(1));
  expect(await read()).toEqual({ version: 1, order: [], pinned: [], folded: [] });
  expect((await save(one)).body.version).toBe(2);
});
