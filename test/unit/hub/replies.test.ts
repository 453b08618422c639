import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CannedReply } from '#contract/chat.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import type { Client } from '../../support/people-at.ts';
import { panel } from './stage.ts';

let door: FrontDoor;
let maria: Client & { csrf: string };
beforeEach(async () => {
  door = await frontDoor();
  maria = await door.owner();
});
afterEach(() => door.close());

const page = '/console/replies';
const save = (fields: Record<string, string>) => maria.submit(page, { csrf: maria.csrf, ...fields });
const atPanel = async () =>
  (await maria.json<{ replies: CannedReply[] }>('GET', '/api/panel/replies', undefined, panel)).body.replies;
const rows = () => door.store.read.hot('select * from canned_reply').all();
const setRole = (role: string) => door.store.write((tx) => tx.hot('update member set role = ?').run(role));

test('R66 an owner writes a reply, changes it and removes it; agents find it by name', async () => {
  const done = await save({ name: 'opening hours', text: 'Hi {{name}},\r\nwe open at 9. {{agent}}' });
  expect([done.status, done.headers.get('location')]).toEqual([303, `${page}?done=saved`]);
  await save({ name: 'Bye', text: 'Fair winds.' });
  const [bye, hours] = await atPanel();
  expect([bye?.name, hours]).toEqual([
    'Bye',
    {
      id: expect.any(String),
      brand: 'harbor-motors',
      name: 'opening hours',
      text: 'Hi {{name}},\nwe open at 9. {{agent}}',
    },
  ]);
  await save({ id: bye?.id ?? '', version: '1', name: 'Bye', text: 'Calm seas.' });
  expect((await atPanel())[0]?.text).toBe('Calm seas.');
  const gone = await maria.submit(`${page}/remove`, { csrf: maria.csrf, id: bye?.id ?? '', version: '2' });
  expect(gone.status).toBe(303);
  expect((await atPanel()).map((r) => r.name)).toEqual(['opening hours']);
  const audit = door.store.read.hot("select act, detail from audit where act like '%-reply' order by seq").all();
  expect(audit.map((a) => a.act)).toEqual(['save-reply', 'save-reply', 'save-reply', 'remove-reply']);
  expect(JSON.stringify(audit)).not.toMatch(/seas|hours/);
});

test('R66 what cannot be kept is said on the page, with the words as they were typed, and nothing is stored', async () => {
  await save({ name: 'hello', text: 'Hi' });
  for (const [fields, why] of [
    [{ name: 'HELLO', text: 'My words' }, 'Another reply has this name.'],
    [{ name: 'order', text: 'My words about {{order}}' }, '{{order}} cannot be filled in.'],
  ] as const) {
    const res = await save(fields);
    expect(res.status).toBe(400);
    const html = await res.text();
    expect(html).toContain(why);
    expect(html).toContain('My words');
  }
  for (const wrong of [
    { name: '', text: 'x' },
    { name: 'x', text: ' ' },
    { name: 'x'.repeat(41), text: 'x' },
  ])
    expect((await save(wrong)).status).toBe(400);
  expect(rows()).toHaveLength(1);
});

test('R66 a change that somebody else made meanwhile is not overwritten, nor removed unseen', async () => {
  await save({ name: 'hello', text: 'One' });
  const id = (await atPanel())[0]?.id ?? '';
  await save({ id, version: '1', name: 'hello', text: 'Two' });
  expect((await save({ id, version: '1', name: 'hello', text: 'Three' })).status).toBe(409);
  expect((await maria.submit(`${page}/remove`, { csrf: maria.csrf, id, version: '1' })).status).toBe(409);
  expect(rows()).toMatchObject([{ text: 'Two', version: 2 }]);
});

test('R66 R51 an agent reads replies in the panel and writes none; without the page’s own field nothing is kept', async () => {
  await save({ name: 'hello', text: 'One' });
  const forged = await maria.submit(page, { csrf: 'x', name: 'forged', text: 'x' });
  expect(forged.status).toBe(403);
  await setRole('agent');
  const before = rows();
  expect(await atPanel()).toHaveLength(1);
  const tries = [await maria.get(page), await save({ name: 'mine', text: 'x' })];
  expect(tries.map((r) => r.status)).toEqual([403, 403]);
  expect((await door.client().json('GET', '/api/panel/replies', undefined, panel)).status).toBe(401);
  expect(rows()).toEqual(before);
});

test('R66 DB4 R64 a reply of another brand is not there', async () => {
  await door.store.write((tx) =>
    tx.hot("insert into canned_reply values ('theirs', 'other', 'hello', 'Secret', 1, '2026-01-01')").run(),
  );
  expect(await atPanel()).toEqual([]);
  expect(await (await maria.get(page)).text()).not.toContain('Secret');
  expect((await save({ id: 'theirs', version: '1', name: 'x', text: 'x' })).status).toBe(404);
  expect((await maria.submit(`${page}/remove`, { csrf: maria.csrf, id: 'theirs', version: '1' })).status).toBe(404);
  expect((await save({ name: 'hello', text: 'Mine' })).status).toBe(303);
  expect(rows()).toHaveLength(2);
});

test('R66 markup in a reply is text on the page', async () => {
  await save({ name: '<b>x</b>', text: '</textarea><script>alert(1)</script>' });
  const html = await (await maria.get(page)).text();
  expect(html).not.toContain('<script>alert');
  expect(html).not.toContain('<b>x</b>');
  expect((await atPanel())[0]?.text).toBe('</textarea><script>alert(1)</script>');
});
