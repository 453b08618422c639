import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { type OpenStream, openStream } from '../../support/open-stream.ts';
import { eraseNow, here } from './person.ts';
import { type Chat, care, count, openChat, openPreferences, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
const open: OpenStream[] = [];
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
});
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await stage.close();
});

const secret = 'Was loud at the counter, be patient.';
type Note = Extract<Entry, { kind: 'note' }>;
const note = (text = secret, clientId = 'note-1', conversation = chat.ada.conversation) =>
  stage.maria.json<{ entry: Note } & ProblemBody>(
    'POST',
    `/api/panel/conversations/${conversation}/notes`,
    { clientId, text },
    panel,
  );
const cookie = () => [...stage.maria.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
/** A stream of the visitor's or of an agent, from the beginning or after a line. */
async function follow(who: 'visitor' | 'agent', lastId?: number): Promise<OpenStream> {
  const path = who === 'visitor' ? '/api/chat/stream' : '/api/panel/stream';
  const stream = await openStream(stage.door.origin + path, {
    ...(who === 'visitor' ? chat.ada.auth : { cookie: cookie(), ...panel }),
    'last-event-id': String(lastId ?? 0),
  });
  open.push(stream);
  return stream;
}
const linesOf = (stream: OpenStream) => stream.events.filter((e) => e.id).map((e) => JSON.parse(e.data) as Entry);
const visitorReads = () =>
  chat.ada.json<{ entries: Entry[]; lastSeq: number; agent?: string }>(
    'GET',
    '/api/chat/entries',
    undefined,
    chat.ada.auth,
  );

test('R66 agents read a note at once, with who wrote it, in the chat and in the stream', async () => {
  const live = await follow('agent');
  const { status, body } = await note();
  expect(status).toBe(201);
  expect(body.entry).toMatchObject({ kind: 'note', by: 'Maria', text: secret, n: -1 });
  const told = await live.until((e) => e.id === String(body.entry.seq));
  expect(JSON.parse(told.data)).toEqual(body.entry);
  const view = await chat.view();
  expect(view.entries.at(-1)).toEqual(body.entry);
  expect(view.lastSeq).toBe(body.entry.seq);
});

test('R66 a visitor never gets a note: not live, not on coming back, not in the chat, and no number is missing', async () => {
  const live = await follow('visitor');
  const { body } = await note();
  await chat.message('Hello again');
  await live.until((e) => e.data.includes('Hello again'));
  const late = await follow('visitor');
  await late.until((e) => e.data.includes('Hello again'));
  const { body: read } = await visitorReads();
  for (const lines of [linesOf(live), linesOf(late), read.entries]) {
    expect(lines.map((e) => e.n)).toEqual([1, 2]);
    expect(JSON.stringify(lines)).not.toMatch(/counter|note/);
  }
  // Nobody who wrote only notes has spoken to the visitor.
  expect(read.agent).toBeUndefined();
  // Nor does going on after a note's own number tell that there is one.
  await expect(follow('visitor', body.entry.seq)).rejects.toThrow('404');
});

test('R66 an agent’s stream that was cut goes on after a note, and numbers of both have no gap', async () => {
  const first = await note('One', 'a');
  await chat.message('Between');
  await note('Two', 'b');
  const stream = await follow('agent', first.body.entry.seq);
  await stream.until((e) => e.data.includes('Two'));
  expect(linesOf(stream).map((e) => [e.kind, e.n])).toEqual([
    ['message', 2],
    ['note', -2],
  ]);
});

test('R66 R71 a note is in no transcript that leaves, no preview and nothing a partner gets', async () => {
  await note();
  await chat.answer({ email: 'yes' });
  await chat.answer({ transcript: 'yes' }, care);
  await note('A second word about the counter', 'note-2');
  const shown = (await chat.preview(care)).body;
  expect(shown.rows.find((r) => r.field === 'transcript')).toMatchObject({ leaves: true });
  expect(JSON.stringify(shown)).not.toContain('counter');
  await chat.send();
  await chat.send(care);
  expect((await chat.lastShare())?.state).toBe('sent');
  const sent = JSON.stringify(stage.recorder.calls);
  expect(sent).toContain('Is the blue Marlin still there?');
  expect(sent).not.toContain('counter');
  expect(await (await openPreferences(stage, chat)).page()).not.toContain('counter');
});

test('R66 R52 numbers are dots in a note as in a message', async () => {
  const { body } = await note('Wants to pay with 4111 1111 1111 1111');
  expect(body.entry).toMatchObject({ text: 'Wants to pay with •••• •••• •••• ••••', masked: ['card'] });
});

test('R66 DB6 the same id again is one note; with other words it is a conflict, and a message may have the id too', async () => {
  const [a, b] = await Promise.all([note(), note()]);
  expect(a).toEqual(b);
  expect(count(stage.door, 'entry', "kind = 'note'")).toBe(1);
  expect(await note('Other words')).toMatchObject({ status: 409, body: { type: '/problems/conflict' } });
  expect((await chat.message('From Ada', 'note-1')).status).toBe(201);
});

test('R66 DB4 only agents of the brand write one: a visitor’s token, a stranger and a chat that is not there are refused', async () => {
  const path = `/api/panel/conversations/${chat.ada.conversation}/notes`;
  const stranger = await stage.door.client().json('POST', path, { clientId: 'x', text: 'x' }, panel);
  expect(stranger.status).toBe(401);
  expect((await chat.ada.json('POST', path, { clientId: 'x', text: 'x' }, chat.ada.auth)).status).toBe(401);
  expect((await note('x', 'x', 'not-there')).status).toBe(404);
  expect((await note('   ')).status).toBe(400);
  expect(count(stage.door, 'entry', "kind = 'note'")).toBe(0);
});

test('R66 a note is sealed, changes neither what waits nor the last words of the queue, and goes with the person', async () => {
  const queue = () => stage.maria.json<{ rows: object[] }>('GET', '/api/panel/queue', undefined, panel);
  const [before] = (await queue()).body.rows;
  const { body } = await note();
  const [after] = (await queue()).body.rows;
  expect(after).toEqual({ ...before, lastSeq: body.entry.seq });
  const row = stage.door.store.read.hot("select * from entry where kind = 'note'").get();
  expect(JSON.stringify(row)).not.toContain('counter');
  expect(stage.door.logged()).not.toContain('counter');
  const id = row?.subject_id as string;
  await eraseNow(stage, id);
  expect(here(stage.door, 'entry', id)).toBe(0);
  expect((await note('Later', 'later')).status).not.toBe(201);
});
