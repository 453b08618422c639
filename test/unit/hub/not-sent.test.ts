import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client } from '../../support/people-at.ts';
import { type Answer, json, openRecorder } from '../../support/recorder.ts';
import { type Chat, count, openChat, openStage, type Stage } from './stage.ts';

let clock: number;
let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  clock = Date.now();
  stage = await openStage({ recorder: await openRecorder(), now: () => new Date(clock), egress: { totalMs: 400 } });
  chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
});
afterEach(() => stage.close());

const upsert =
  (answer: Answer): Answer =>
  (request, res) =>
    request.path.endsWith('/upsert') && answer(request, res);
const upserts = () => stage.recorder.calls.filter((c) => c.path.endsWith('/batch/upsert')).length;
const read = (sql: string) => stage.door.store.read.hot(sql);
const share = () =>
  read('select id, state, attempts from share').get() as { id: string; state: string; attempts: number };
const list = async (path = '/console/not-sent') =>
  (await (await stage.maria.get(path)).text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const csrf = async () =>
  /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get('/console/not-sent')).text())?.[1] ?? '';
/** Presses a button of the page, and waits until nothing runs. */
async function press(
  what: 'again' | 'drop',
  more: Record<string, string> = {},
  who: Pick<Client, 'submit'> = stage.maria,
) {
  const { id, attempts } = share();
  const fields = { csrf: await csrf(), attempts: String(attempts), ...more };
  const res = await who.submit(`/console/not-sent/${id}/${what}`, fields);
  await stage.door.hub.deps.runner.idle();
  return res.status;
}
/** The partner misbehaves on one send, and is well afterwards. */
async function failOnce(how: Answer) {
  stage.recorder.answer(upsert(how));
  await chat.send();
  stage.recorder.answer(() => false);
}
const hangUp: Answer = (_, res) => {
  res.socket?.destroy();
  return true;
};

test('R12 a send out of tries stands in the list with its cause, counted in the menu; no value of a person is in it', async () => {
  expect(await list()).toContain('Everything that was to be sent was sent');
  await failOnce((_, res) => json(res, 500, {}));
  const page = await list();
  expect(page).toMatch(/Name and e-\W?mail to HubSpot/);
  expect(page).toContain('HubSpot had a fault of its own.');
  expect(page).toMatch(/Chat 1, pressed today, \d\d:\d\d, one try/);
  expect(page).toContain('Not sent 1');
  expect(page).not.toMatch(/ada@|Brandt/);
});

test('R12 GATE-14 after an answer that never came, trying again says what may be there twice and asks; then one more call, same share', async () => {
  await failOnce(hangUp);
  expect(share().state).toBe('unknown');
  expect(await list()).toContain('HubSpot may have it already.');
  expect(await press('again')).toBe(409);
  expect(upserts()).toBe(1);
  const ask = await list(`/console/not-sent/${share().id}/again`);
  expect(ask).toContain('may put it there twice');
  expect(await press('again', { sure: 'yes' })).toBe(303);
  expect(upserts()).toBe(2);
  expect(share()).toMatchObject({ state: 'done', attempts: 2 });
  expect(count(stage.door, 'disclosure')).toBe(2);
  expect(read("select count(*) as n from decision where effect = 'allow'").get()?.n).toBe(3); // queued, first, second claim
  expect(await chat.lastShare()).toMatchObject({ state: 'sent' });
  expect(await list()).toContain('Everything that was to be sent was sent');
});

test('R12 pressed twice, from two tabs or on a page that is old, it goes once', async () => {
  await failOnce(hangUp);
  const { id } = share();
  const fields = { csrf: await csrf(), attempts: '1', sure: 'yes' };
  const both = await Promise.all(
    [1, 2].map(async () => (await stage.maria.submit(`/console/not-sent/${id}/again`, fields)).status),
  );
  await stage.door.hub.deps.runner.idle();
  expect(both.sort()).toEqual([303, 409]);
  expect(upserts()).toBe(2);
  expect(await press('again', { attempts: '1', sure: 'yes' })).toBe(409);
  expect(await press('drop', { attempts: '1' })).toBe(409);
  expect(upserts()).toBe(2);
});

test('R12 GATE-d who said no meanwhile: the second try ends as withheld with its decision row, and a later yes does not wake it', async () => {
  await failOnce(hangUp);
  await chat.answer({ email: 'no', name: 'no' });
  expect(await press('again', { sure: 'yes' })).toBe(303);
  expect(upserts()).toBe(1);
  expect(share().state).toBe('denied');
  expect(await chat.lastShare()).toMatchObject({ state: 'withheld', fields: [] });
  expect(read('select effect from decision order by seq desc limit 1').get()?.effect).toBe('deny');
  await chat.answer({ email: 'yes', name: 'yes' });
  expect(await press('again', { sure: 'yes' })).toBe(409);
  expect(await list()).toContain('Everything that was to be sent was sent');
});

test('R12 dropped is dropped: off the list, nothing is sent, and nobody picks it up again', async () => {
  await failOnce(hangUp);
  expect(await press('drop')).toBe(303);
  expect(await list()).toContain('Everything that was to be sent was sent');
  expect(await press('again', { sure: 'yes' })).toBe(409);
  clock += 86_400_000 / 24;
  stage.door.hub.deps.runner.wake();
  await stage.door.hub.deps.runner.idle();
  expect(upserts()).toBe(1);
  expect(read("select detail from audit where act = 'send-dropped'").get()?.detail).toBe(`share ${share().id}`);
});

test('R12 a second try has tries of its own: 429 is waited for as told', async () => {
  await failOnce(hangUp);
  await stage.door.store.write((tx) => tx.hot('update share set attempts = ? where 1 = 1').run(8));
  stage.recorder.answer(upsert((_, res) => json(res, 429, {}, { 'retry-after': '7' })));
  await press('again', { sure: 'yes' });
  expect(share()).toMatchObject({ state: 'queued', attempts: 9 });
  stage.recorder.answer(() => false);
  clock += 7_000;
  stage.door.hub.deps.runner.wake();
  await stage.door.hub.deps.runner.idle();
  expect(share()).toMatchObject({ state: 'done', attempts: 10 });
});

test('sec-H08 without the page’s token nothing is tried again or dropped', async () => {
  await failOnce(hangUp);
  expect(await press('again', { csrf: 'x', sure: 'yes' })).toBe(403);
  expect(await press('drop', { csrf: 'x' })).toBe(403);
  expect(await press('drop', {}, stage.door.client())).toBe(401);
  expect(share().state).toBe('unknown');
});
