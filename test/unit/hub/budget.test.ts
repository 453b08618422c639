import { afterEach, beforeEach, expect, test } from 'vitest';
import { count, crm, openChat, openStage, type Stage, until } from './stage.ts';

const start = Date.UTC(2026, 10, 22, 14);
let clock: number;
let stage: Stage;
beforeEach(async () => {
  clock = start;
  stage = await openStage({ now: () => new Date(clock) });
});
afterEach(() => stage.close());

const upserts = () => stage.recorder.calls.filter((c) => c.path.endsWith('/batch/upsert')).length;
const settled = () => stage.door.hub.deps.runner.idle();
const stops = () => stage.door.store.read.hot('select cause, by, resumed_at from stop').all();

/** People with a yes, each in a chat of their own. */
async function chats(n: number) {
  const made = [];
  for (let i = 0; i < n; i++) {
    const chat = await openChat(stage, { name: 'Ada', email: `ada${i}@brandt.example`, phone: '+45 20 55 04 18' });
    await chat.answer({ email: 'yes' });
    made.push(chat);
  }
  return made;
}
/** Every chat is over. */
const close = () =>
  stage.door.store.read.hot('update conversation set closed_at = ?').run(new Date(start).toISOString());
async function resume(why = 'It was our own newsletter desk') {
  const csrf = await stage.door.csrfOf(stage.maria);
  return stage.maria.submit('/console/stop/resume', { csrf, what: stage.integration, why });
}

test('control 6 the 21st person in a minute with no open chat is not sent: stopped, told, and resumed by a person', async () => {
  const all = await chats(23);
  close();
  for (const chat of all.slice(0, 20)) await chat.press(crm);
  await until('twenty left', () => upserts() === 20);
  await settled();
  for (const chat of all.slice(20)) expect((await chat.press(crm)).status).toBe(202);
  await until('it stopped', () => stops().length === 1);
  await settled();
  expect(upserts()).toBe(20);
  expect(count(stage.door, 'outcome', "state = 'sent'")).toBe(20);
  expect(count(stage.door, 'share', "state = 'queued'")).toBe(3);
  expect(stops()).toEqual([{ cause: 'budget', by: 'hub', resumed_at: null }]);
  expect(stage.door.logged()).toContain('"alarm":"over-budget"');
  expect(await (await stage.maria.get('/console/stop')).text()).toContain('More people than usual');

  // A hub that starts again is not fooled, and does not forget.
  await stage.door.upgrade((list) => list);
  await settled();
  expect(upserts()).toBe(20);

  clock += 1_000;
  expect((await resume()).headers.get('location')).toContain('done=resumed');
  await until('the rest left', () => upserts() === 23);
  await settled();
  expect(count(stage.door, 'audit', "act = 'resume-sending' and actor like 'user:%'")).toBe(1);
  expect(count(stage.door, 'stop', "resumed_why = 'It was our own newsletter desk'")).toBe(1);
}, 60_000);

test('control 6 as many in open chats are an ordinary busy minute', async () => {
  const all = await chats(23);
  for (const chat of all) await chat.press(crm);
  await settled();
  await until('all left', () => upserts() === 23);
  await settled();
  expect(stops()).toEqual([]);
}, 60_000);

test('control 6 the count is rebuilt from what was sent before the hub started', async () => {
  const all = await chats(22);
  close();
  for (const chat of all.slice(0, 20)) await chat.press(crm);
  await until('twenty left', () => upserts() === 20);
  await settled();
  await stage.door.upgrade((list) => list);
  await all[20]?.press(crm);
  await until('it stopped', () => stops().length === 1);
  await settled();
  expect(upserts()).toBe(20);
  expect(stops()).toEqual([{ cause: 'budget', by: 'hub', resumed_at: null }]);
}, 60_000);
