import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProblemBody } from '#contract/problem.ts';
import type { SearchHit, SearchPage } from '#contract/search.ts';
import { searchChats } from '../../../server/chat/search.ts';
import { ada, eraseNow, grace, subjectOf } from './person.ts';
import { type Chat, openChat, openStage, panel, type Stage, stored } from './stage.ts';

let stage: Stage;
let first: Chat;
let second: Chat;
beforeEach(async () => {
  stage = await openStage();
  first = await openChat(stage, ada, 'Is the blue Marlin still there?');
  second = await openChat(stage, grace, 'Où est la voiture, s’il vous plaît?');
});
afterEach(() => stage.close());

const search = (words: unknown, before?: unknown) =>
  stage.maria.json<SearchPage & ProblemBody>(
    'POST',
    '/api/panel/search',
    { words, ...(before === undefined ? {} : { before }) },
    panel,
  );
const hits = async (words: string): Promise<SearchHit[]> => (await search(words)).body.hits;
const found = async (words: string): Promise<string[]> => (await hits(words)).map((h) => h.conversation);
const on = (chat: Chat, act: string, body: object) =>
  stage.maria.json('POST', `/api/panel/conversations/${chat.ada.conversation}/${act}`, body, panel);
const close = (chat: Chat) =>
  stage.door.store.write((tx) =>
    tx.hot('update conversation set closed_at = ? where id = ?').run(new Date().toISOString(), chat.ada.conversation),
  );

test('a chat is found by what was said, by name, e-mail, tag, note and number, in open and ended chats', async () => {
  await on(first, 'tags', { tag: 'boat show', on: true });
  await on(first, 'notes', { clientId: 'n', text: 'Called twice' });
  await close(first);
  const [line] = await hits('MARLIN blue');
  expect(line).toMatchObject({ conversation: first.ada.conversation, kind: 'message', by: 'Ada Brandt', ended: true });
  expect(line?.marks.map(([a, b]) => line.text.slice(a, b))).toEqual(['blue', 'Marlin']);
  expect(await hits('twice called')).toMatchObject([{ kind: 'note', by: 'Maria', seq: expect.any(Number) }]);
  for (const words of ['brandt', 'ada@brandt', 'BOAT', '#1', '#1 ada', '20 55'])
    expect([words, await found(words)]).toEqual([words, [first.ada.conversation]]);
  expect((await hits('ada@brandt'))[0]).toMatchObject({ kind: 'chat', title: 'Ada Brandt' });
  expect(await found('ou plait')).toEqual([second.ada.conversation]);
  expect(await found('ada marlin')).toEqual([first.ada.conversation]); // the name, and a line
});

test('all words must occur; #12 is not #1; a tag that was taken away is not found', async () => {
  await on(first, 'tags', { tag: 'refund', on: true });
  await on(first, 'tags', { tag: 'refund', on: false });
  for (const words of ['marlin grace', 'marlin red', '#12', '#1 grace', 'refund', 'zzz'])
    expect([words, await found(words)]).toEqual([words, []]);
});

test('R52 a number that was taken out is not found, and its line shows dots', async () => {
  await first.message('My card is 4111 1111 1111 1111 thanks');
  expect(await found('4111')).toEqual([]);
  expect((await hits('card thanks'))[0]?.text).toContain('•••• •••• •••• ••••');
});

/** An owner reads all. */
const hidden = () => undefined;

test('it goes on where it stopped, newest first, opens no more than its budget, and comes to an end', async () => {
  for (let i = 1; i <= 30; i++) await first.message(`Line ${i}`);
  const d = stage.door.hub.deps;
  const seen: SearchHit[] = [];
  let before: number | undefined;
  let calls = 0;
  do {
    const page = searchChats(
      d,
      { brandIds: ['harbor-motors'], query: 'line', before, hidden },
      { rows: 7, chars: 10_000 },
    );
    seen.push(...page.hits);
    if (page.next && before) expect(page.next.before).toBeLessThan(before);
    before = page.next?.before;
    calls++;
  } while (before !== undefined && calls < 20);
  expect(calls).toBe(5); // 30 messages and two first lines
  expect(seen.map((h) => h.text)).toEqual(['Line 30', 'Line 23', 'Line 16', 'Line 9', 'Line 2']);
  const small = searchChats(d, { brandIds: ['harbor-motors'], query: 'zzz', hidden }, { rows: 1_000, chars: 20 });
  expect(small.next).toBeDefined();
});

test('another brand finds nothing of it, nor does a stranger', async () => {
  const d = stage.door.hub.deps;
  expect(searchChats(d, { brandIds: ['another'], query: 'marlin', hidden })).toEqual({ hits: [] });
  const nobody = stage.door.client();
  expect((await nobody.json('POST', '/api/panel/search', { words: 'marlin' }, panel)).status).toBe(401);
});

test('R41 somebody who was forgotten is not found; a damaged record is skipped and the rest is found', async () => {
  await second.message('The marlin is mine');
  expect(await found('marlin')).toHaveLength(2);
  const spoilt = subjectOf(stage.door, first);
  await stage.door.store.write((tx) =>
    tx.hot("update subject_key set wrapped_key = 'x' where subject_id = ?").run(spoilt),
  );
  expect(await found('marlin')).toEqual([second.ada.conversation]);
  await eraseNow(stage, subjectOf(stage.door, second));
  expect(await found('marlin')).toEqual([]);
  expect(await found('grace')).toEqual([]);
});

test('R53 what is looked for is kept nowhere: no log, no address, no row', async () => {
  const before = stored(stage.door);
  const changes = () => stage.door.store.read.hot('select total_changes() as n').get()?.n;
  const n = changes();
  await search('Geheimwort marlin');
  await search('Geheimwort', 'Geheimwort');
  expect(stage.door.logged()).not.toContain('Geheimwort');
  expect(stored(stage.door)).toEqual(before);
  expect(changes()).toBe(n);
});

test('what is no search is refused; too many are slowed down', async () => {
  for (const [words, before] of [['  '], [''], [7], ['x'.repeat(201)], ['a\nb'], ['a', 0], ['a', -1], ['a', 1.5]])
    expect((await search(words, before)).status).toBe(400);
  stage.door.hub.deps.limits.search.points = 9;
  expect((await search('marlin')).status).toBe(200);
  expect((await search('marlin')).status).toBe(429);
});
