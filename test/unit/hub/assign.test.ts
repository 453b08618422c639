import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { openStream } from '../../support/open-stream.ts';
import { openRouting, type RoutingStage } from './routing-stage.ts';
import { count } from './stage.ts';

let stage: RoutingStage;
let maria: string;
let jens: string;
beforeEach(async () => {
  stage = await openRouting();
  maria = (await stage.maria.me()).id;
  jens = (await stage.jens.me()).id;
});
afterEach(() => stage.door.close());

test('R66 manual is the standard: a new chat is everyone’s, and whoever takes it holds it, for everybody to see', async () => {
  const ada = await stage.door.visitor();
  expect((await stage.jens.row(ada.conversation))?.assignee).toBeUndefined();
  const { status, body } = await stage.jens.assign(ada.conversation, jens, null);
  expect([status, body.assignee]).toEqual([200, { id: jens, name: 'Jens' }]);
  const row = await stage.maria.row(ada.conversation);
  expect(row?.assignee).toEqual({ id: jens, name: 'Jens' });
  const me = { id: jens, name: 'Jens' };
  expect(await stage.maria.changes(ada.conversation)).toEqual([
    expect.objectContaining({ n: -1, by: me, to: me, reason: 'taken' }),
  ]);
});

test('R66 two agents who press Take at once: one holds it, the other reads who', async () => {
  for (let round = 0; round < 5; round++) {
    const ada = await stage.door.visitor();
    const both = await Promise.all([
      stage.jens.assign(ada.conversation, jens, null),
      stage.maria.assign(ada.conversation, maria, null),
    ]);
    expect(both.map((b) => b.status).sort()).toEqual([200, 409]);
    const late = both.find((b) => b.status === 409)?.body;
    const holder = (await stage.maria.row(ada.conversation))?.assignee;
    expect(late).toMatchObject({
      type: '/problems/changed-meanwhile',
      detail: `${holder?.name} holds this chat by now.`,
    });
    expect(await stage.maria.changes(ada.conversation)).toHaveLength(1);
  }
});

test('R66 whoever replies first holds it, in the same commit; a second reply by somebody else changes no holder', async () => {
  const ada = await stage.door.visitor();
  await stage.jens.reply(ada.conversation, 'Hello');
  await stage.jens.reply(ada.conversation, 'Hello');
  await stage.maria.reply(ada.conversation, 'Me too');
  expect((await stage.maria.row(ada.conversation))?.assignee?.name).toBe('Jens');
  expect((await stage.maria.changes(ada.conversation)).map((e) => e.reason)).toEqual(['replied']);
});

test('R66 a chat is handed on with a note that only agents see; the same press again changes nothing', async () => {
  const ada = await stage.door.visitor();
  await stage.jens.assign(ada.conversation, jens, null);
  const note = 'Asks about the boat, and 4111 1111 1111 1111';
  for (let press = 0; press < 2; press++)
    expect((await stage.jens.assign(ada.conversation, maria, jens, note)).status).toBe(200);
  const [taken, handed] = await stage.maria.changes(ada.conversation);
  expect([taken?.reason, handed?.reason]).toEqual(['taken', 'transferred']);
  expect(handed).toMatchObject({ by: { name: 'Jens' }, from: { name: 'Jens' }, to: { id: maria, name: 'Maria' } });
  expect(count(stage.door, 'entry', "kind = 'note'")).toBe(1);
  const stored = stage.door.store.read.hot("select * from entry where kind = 'note'").get();
  expect(JSON.stringify(stored)).not.toContain('boat');
  // Somebody who looks at an old screen is told, and nothing changes.
  expect((await stage.jens.assign(ada.conversation, jens, null)).body.detail).toBe('Maria holds this chat by now.');
});

test('R66 R74 only whoever got it from somebody else is told of it, by the number of its line', async () => {
  const ada = await stage.door.visitor();
  await stage.jens.assign(ada.conversation, jens, null);
  expect((await stage.jens.row(ada.conversation))?.given).toBeUndefined();
  await stage.jens.assign(ada.conversation, maria, jens);
  const line = (await stage.maria.changes(ada.conversation)).at(-1);
  expect((await stage.maria.row(ada.conversation))?.given).toBe(line?.seq);
  expect((await stage.jens.row(ada.conversation))?.given).toBeUndefined();
  // A browser that starts tomorrow does not ring for what was answered today.
  await stage.maria.reply(ada.conversation, 'On it');
  expect((await stage.maria.row(ada.conversation))?.given).toBeUndefined();
});

test('R66 DB4 nobody of another brand, no stranger and no visitor is a holder or makes one', async () => {
  const ada = await stage.door.visitor();
  await stage.door.store.write((tx) => {
    tx.hot(
      `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") values ('eve', 'Eve', 'eve@else.example', 1, '2026', '2026')`,
    ).run();
    tx.hot(`insert into "organization" (id, name, slug, "createdAt") values ('else', 'Else', 'else', '2026')`).run();
    tx.hot(
      `insert into "member" (id, "organizationId", "userId", role, "createdAt") values ('m', 'else', 'eve', 'agent', '2026')`,
    ).run();
  });
  for (const to of ['eve', 'not-there']) {
    const { status, body } = await stage.maria.assign(ada.conversation, to, null);
    expect([status, body.type]).toEqual([404, '/problems/not-found']);
  }
  expect((await stage.maria.assign('not-there', maria, null)).status).toBe(404);
  expect((await stage.maria.colleagues()).map((c) => c.name)).toEqual(['Jens', 'Maria']);
  const path = `/api/panel/conversations/${ada.conversation}/assign`;
  expect((await ada.json('POST', path, { to: maria, from: null }, ada.auth)).status).toBe(401);
  expect((await ada.json('POST', '/api/panel/availability', { available: true }, ada.auth)).status).toBe(401);
  expect(await stage.maria.changes(ada.conversation)).toEqual([]);
});

test('R66 a visitor never gets who holds the chat: not live, not on coming back, and no number is missing', async () => {
  const ada = await stage.door.visitor();
  const live = await openStream(`${stage.door.origin}/api/chat/stream`, ada.auth);
  await stage.jens.assign(ada.conversation, jens, null);
  await stage.jens.assign(ada.conversation, maria, jens, 'A word');
  await ada.say('/api/chat/messages', { clientId: 'm', text: 'Hello again' });
  await live.until((e) => e.data.includes('Hello again'));
  live.close();
  const { body } = await ada.json<{ entries: Entry[] }>('GET', '/api/chat/entries', undefined, ada.auth);
  for (const got of [live.events, body.entries]) expect(JSON.stringify(got)).not.toMatch(/assigned|Jens|Maria|A word/);
  expect(body.entries.map((e) => e.n)).toEqual([1, 2]);
});

test('R66 agents read a change in their stream at once', async () => {
  const ada = await stage.door.visitor();
  const live = await stage.maria.stream();
  await stage.jens.assign(ada.conversation, jens, null);
  const told = await live.until((e) => e.data.includes('"assigned"'));
  expect(JSON.parse(told.data)).toMatchObject({ conversation: ada.conversation, to: { id: jens } });
  live.close();
});

test('R16 a line that is damaged hides neither the queue nor the holder', async () => {
  const ada = await stage.door.visitor();
  await stage.jens.assign(ada.conversation, jens, null);
  await stage.door.store.write((tx) => tx.hot("update entry set body_json = 'x' where kind = 'assigned'").run());
  expect(await stage.maria.row(ada.conversation)).toMatchObject({ assignee: { id: jens, name: 'Jens' } });
});
