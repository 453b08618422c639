import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConversationView, Entry, QueueRow } from '#contract/chat.ts';
import type { Marks, MarksNews } from '#contract/visit.ts';
import { type OpenStream, openStream } from '../../support/open-stream.ts';
import { type Chat, count, openChat, openStage, panel, type Stage, stored } from './stage.ts';

let stage: Stage;
let chat: Chat;
let clock: number;
const open: OpenStream[] = [];
beforeEach(async () => {
  clock = Date.parse('2026-11-22T14:00:00Z');
  stage = await openStage({ now: () => new Date(clock) });
  chat = await openChat(stage);
});
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await stage.close();
});

const cookie = () => [...stage.maria.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
/** A live stream of Maria's, or of the visitor of a chat. */
async function follow(who: 'agent' | Chat): Promise<OpenStream> {
  const stream =
    who === 'agent'
      ? await openStream(`${stage.door.origin}/api/panel/stream`, { cookie: cookie(), ...panel })
      : await openStream(`${stage.door.origin}/api/chat/stream`, who.ada.auth);
  open.push(stream);
  return stream;
}
const told = <T>(stream: OpenStream, event: string) =>
  stream.events.filter((e) => e.event === event).map((e) => JSON.parse(e.data) as T);
/** Everything told so far has arrived: a line of a chat is the last. */
async function settled(...streams: OpenStream[]) {
  const words = `done ${++lines}`;
  await chat.message(words);
  for (const stream of streams) await stream.until((e) => e.data.includes(words));
}
let lines = 0;
const agent = <T = { marks: Marks }>(what: string, body: unknown, id = chat.ada.conversation) =>
  stage.maria.json<T>('POST', `/api/panel/conversations/${id}/${what}`, body, panel);
const visitor = (what: string, body: unknown) =>
  chat.ada.say(`/api/chat/${what}`, body) as unknown as Promise<{ status: number; body: { marks: Marks } }>;
const reply = (text: string) => agent<{ entry: Entry }>('messages', { clientId: text, text });
const row = async () => {
  const { body } = await stage.maria.json<{ rows: QueueRow[] }>('GET', '/api/panel/queue', undefined, panel);
  return body.rows.find((r) => r.conversation === chat.ada.conversation);
};
const unread = async () => (await row())?.unread;

describe('R62 typing', () => {
  test('R62 each side hears that the other writes, by the agent’s public name, and nobody else does', async () => {
    const other = await openChat(stage, { name: 'Grace Holm' });
    const [maria, ada, grace] = await Promise.all([follow('agent'), follow(chat), follow(other)]);
    expect(await visitor('typing', {})).toMatchObject({ status: 200, body: { told: true } });
    expect(await agent('typing', {})).toMatchObject({ status: 200, body: { told: true } });
    await settled(maria, ada);
    expect(told(maria, 'typing')).toEqual([{ conversation: chat.ada.conversation }]);
    expect(told(ada, 'typing')).toEqual([{ by: 'Maria' }]);
    expect(told(grace, 'typing')).toEqual([]);
    for (const stream of [maria, ada])
      expect(stream.events.filter((e) => e.event === 'typing').map((e) => e.id)).toEqual([undefined]);
  });

  test('R62 nothing of it is stored, and no word of what is written can come along', async () => {
    const before = stage.door.store.read.hot('select total_changes() as n').get()?.n;
    const rows = stored(stage.door);
    await visitor('typing', {});
    await agent('typing', {});
    expect((await visitor('typing', { text: 'half a sent' })).status).toBe(400);
    expect((await agent('typing', { text: 'half a sent' })).status).toBe(400);
    expect(stage.door.store.read.hot('select total_changes() as n').get()?.n).toBe(before);
    expect(stored(stage.door)).toEqual(rows);
    expect(stage.door.logged()).not.toContain('half a sent');
  });

  test('R62 it is limited by itself, and a message still goes through', async () => {
    const answers = await Promise.all(Array.from({ length: 140 }, () => visitor('typing', {})));
    expect(new Set(answers.map((a) => a.status))).toEqual(new Set([200, 429]));
    expect((await chat.message('Hello again')).status).toBe(201);
    expect((await agent('typing', {})).status).toBe(200);
  });
});

describe('R62 seen', () => {
  test('R62 an agent who had it on screen: the visitor is told when, and the count falls in every window', async () => {
    const [one, two, ada] = await Promise.all([follow('agent'), follow('agent'), follow(chat)]);
    await chat.message('Are you there?');
    const { lastSeq } = (await row()) as QueueRow;
    expect(await row()).toMatchObject({ unread: 2, unreadSeq: lastSeq });
    clock = Date.parse('2026-11-22T14:02:00Z');
    const { body } = await agent('seen', { n: 2 });
    expect(body.marks).toEqual({ seen: { n: 2, at: '2026-11-22T14:02:00.000Z' }, read: { n: 0 } });
    await settled(one, two, ada);
    const news = { conversation: chat.ada.conversation, ...body.marks, unread: 0 };
    expect([told(one, 'marks'), told(two, 'marks')]).toEqual([[news], [news]]);
    expect(told(ada, 'marks')).toEqual([body.marks]);
    expect(await unread()).toBe(1); // the line that settled it
    // Answering later does not change when it was seen; and whoever comes back reads the same.
    clock = Date.parse('2026-11-22T14:30:00Z');
    await agent('seen', { n: 3 });
    clock = Date.parse('2026-11-22T14:40:00Z');
    await reply('Yes.');
    const again = await chat.ada.json<{ marks: Marks }>('GET', '/api/chat/entries', undefined, chat.ada.auth);
    expect(again.body.marks.seen).toEqual({ n: 4, at: '2026-11-22T14:30:00.000Z' });
    expect((await chat.view()).marks).toEqual(again.body.marks);
  });

  test('R62 the agent sees that the visitor read, and never before that', async () => {
    const maria = await follow('agent');
    await reply('It is still here.');
    expect((await chat.view()).marks.read).toEqual({ n: 0 });
    await visitor('seen', { n: 2 });
    await settled(maria);
    expect(told<MarksNews>(maria, 'marks').map((m) => m.read)).toEqual([{ n: 2, at: new Date(clock).toISOString() }]);
    expect((await chat.view()).marks.read.n).toBe(2);
  });

  test('R62 repeats and late calls change nothing: what was read stays read, and nobody is told twice', async () => {
    for (let i = 0; i < 20; i++) await chat.message(`line ${i}`);
    const maria = await follow('agent');
    const order = [7, 3, 19, 19, 1, 12, 21, 2, 21, 5, 20, 4, 21, 8];
    await Promise.all(order.map((n) => agent('seen', { n })));
    await agent('seen', { n: 6 });
    await settled(maria);
    expect((await chat.view()).marks.seen.n).toBe(21);
    const seen = told<MarksNews>(maria, 'marks').map((m) => m.seen.n);
    expect(seen.at(-1)).toBe(21);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });

  test('R62 nobody reads what is not there yet, and a line for agents only is no line to read', async () => {
    await agent('notes', { clientId: 'note-1', text: 'Be patient.' });
    expect((await visitor('seen', { n: 999_999 })).body.marks.read.n).toBe(1);
    await reply('Later.');
    expect((await chat.view()).marks.read.n).toBe(1);
    for (const n of [0, -1, 1.5, '1', null]) {
      expect((await visitor('seen', { n })).status).toBe(400);
      expect((await agent('seen', { n })).status).toBe(400);
    }
    const { body } = await chat.ada.json<{ marks: Marks }>('GET', '/api/chat/entries', undefined, chat.ada.auth);
    expect([body.marks.seen.n, body.marks.read.n]).toEqual([2, 1]);
  });

  test('DB4 another brand’s chat is not there, and nothing of it changes', async () => {
    await stage.door.store.write((tx) =>
      tx
        .hot(
          `insert into conversation (id, brand_id, subject_id, number, opened_at, closed_at, last_n, last_seq, seen_n)
         values ('chat-other', 'other', 'person-other', 1, '2026-11-22T14:00:00.000Z', null, 5, 1, 0)`,
        )
        .run(),
    );
    for (const id of ['chat-other', 'none']) {
      expect((await agent('seen', { n: 1 }, id)).status).toBe(404);
      expect((await agent('typing', {}, id)).status).toBe(404);
    }
    expect(count(stage.door, 'conversation', "id = 'chat-other' and seen_n = 0")).toBe(1);
  });

  test('R16 a person nobody can read keeps neither side from marking, nor the queue from being read', async () => {
    await stage.door.store.write((tx) => tx.exec("update subject_key set wrapped_key = 'damaged'"));
    expect((await agent('seen', { n: 1 })).status).toBe(200);
    expect((await visitor('seen', { n: 1 })).status).toBe(200);
    expect(await unread()).toBe(0);
  });
});

test('R62 a chat of before: seen at a time nobody kept, read by nobody', async () => {
  await stage.door.store.write((tx) => tx.exec('update conversation set seen_n = 1, seen_at = null'));
  const view: ConversationView = await chat.view();
  expect(view.marks).toEqual({ seen: { n: 1 }, read: { n: 0 } });
});
