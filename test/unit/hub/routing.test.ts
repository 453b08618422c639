import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OpenStream } from '../../support/open-stream.ts';
import { type AgentPanel, openRouting, type RoutingStage } from './routing-stage.ts';

let stage: RoutingStage;
const open: OpenStream[] = [];
beforeEach(async () => {
  stage = await openRouting();
});
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await stage.door.close();
});

const there = async (...agents: AgentPanel[]) => {
  for (const agent of agents) open.push(await agent.stream());
};
const chat = async () => (await stage.door.visitor()).conversation;
const holderOf = async (conversation: string) => (await stage.maria.row(conversation))?.assignee?.name;
const reasons = async (conversation: string) => (await stage.maria.changes(conversation)).map((e) => e.reason);

test('R66 round robin deals in turn, in the commit of the first message', async () => {
  await stage.route({ mode: 'round-robin', limit: 50 });
  await there(stage.maria, stage.jens);
  const names: (string | undefined)[] = [];
  for (let n = 0; n < 6; n++) names.push(await holderOf(await chat()));
  expect(names.filter((n) => n === 'Maria')).toHaveLength(3);
  expect(names.filter((n) => n === 'Jens')).toHaveLength(3);
  expect(names[0]).not.toBe(names[1]);
});

test('R66 many chats that start at once are dealt within one of each other, and each has one holder', async () => {
  await stage.route({ mode: 'round-robin', limit: 50 });
  await there(stage.maria, stage.jens);
  const chats = await Promise.all(Array.from({ length: 9 }, chat));
  const held = await Promise.all(chats.map(holderOf));
  const marias = held.filter((n) => n === 'Maria').length;
  expect(held.every(Boolean)).toBe(true);
  expect(Math.abs(marias - (9 - marias))).toBe(1);
  for (const one of chats) expect(await reasons(one)).toEqual(['routed']);
});

test('R66 least busy looks at what each holds; at the limit a chat waits, and is given out when somebody comes', async () => {
  await stage.route({ mode: 'least-busy', limit: 2 });
  await there(stage.jens);
  const [first, second, third, fourth] = [await chat(), await chat(), await chat(), await chat()];
  expect(await Promise.all([first, second, third, fourth].map(holderOf))).toEqual([
    'Jens',
    'Jens',
    undefined,
    undefined,
  ]);
  await there(stage.maria);
  expect(await Promise.all([third, fourth].map(holderOf))).toEqual(['Maria', 'Maria']);
});

test('R66 a chat that ends frees its holder for what waits', async () => {
  await stage.route({ mode: 'least-busy', limit: 1 });
  await there(stage.jens);
  const [first, second] = [await chat(), await chat()];
  expect(await holderOf(second)).toBeUndefined();
  await stage.door.store.write((tx) =>
    tx.hot('update conversation set closed_at = ? where id = ?').run(new Date().toISOString(), first),
  );
  await stage.look();
  expect(await holderOf(second)).toBe('Jens');
});

test('R66 away gets nothing and gives back what is unanswered; what was answered stays', async () => {
  await stage.route({ mode: 'least-busy', limit: 5 });
  await there(stage.jens);
  const [answered, waiting] = [await chat(), await chat()];
  await stage.jens.reply(answered, 'On it');
  expect((await stage.jens.available(false)).body.available).toBe(false);
  expect((await stage.jens.queue()).brands[0]?.available).toBe(false);
  expect(await Promise.all([answered, waiting].map(holderOf))).toEqual(['Jens', undefined]);
  expect(await reasons(waiting)).toEqual(['routed', 'away']);
  expect(await holderOf(await chat())).toBeUndefined();
  // Kept: a new stream is a sign of life, and no word of the agent's own.
  await there(stage.jens);
  expect(await holderOf(waiting)).toBeUndefined();
  await stage.jens.available(true);
  expect(await holderOf(waiting)).toBe('Jens');
});

test('R66 who falls silent counts as away after a minute and a half, and only where routing is automatic', async () => {
  await stage.route({ mode: 'round-robin', limit: 5 });
  await there(stage.jens);
  const ada = await chat();
  for (const one of open.splice(0)) one.close();
  stage.later(1);
  await stage.look();
  expect(await holderOf(ada)).toBe('Jens');
  stage.later(1);
  await there(stage.maria);
  expect(await holderOf(ada)).toBe('Maria');
  await stage.route({ mode: 'manual', limit: 5 });
  stage.later(10);
  await stage.look();
  expect(await holderOf(ada)).toBe('Maria');
});

test('R66 BA5 who leaves the brand holds nothing from then on, whatever the routing, and is named in the log', async () => {
  const ada = await chat();
  await stage.jens.reply(ada, 'Hello');
  const page = await (await stage.maria.client.get('/console/agents')).text();
  expect(page).toContain('Jens');
  await stage.door.store.write((tx) => tx.hot('delete from "member" where role = ?').run('agent'));
  await stage.look();
  expect(await holderOf(ada)).toBeUndefined();
  expect((await stage.maria.changes(ada)).at(-1)).toMatchObject({ reason: 'left', from: { name: 'Jens' } });
  expect((await stage.maria.colleagues()).map((c) => c.name)).toEqual(['Maria']);
});

test('R16 a person whose record is gone keeps nobody else’s chat waiting', async () => {
  await stage.route({ mode: 'least-busy', limit: 5 });
  const [lost, whole] = [await chat(), await chat()];
  await stage.door.store.write((tx) =>
    tx.hot('delete from subject_key where subject_id = (select subject_id from conversation where id = ?)').run(lost),
  );
  await there(stage.jens);
  expect(await holderOf(whole)).toBe('Jens');
});
