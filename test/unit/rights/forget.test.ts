import { expect, test } from 'vitest';
import { askToForget } from '../../../server/rights/forget.ts';
import { putRequest } from '../../../server/rights/requests.ts';
import { openRecorder } from '../../support/recorder.ts';
import { ada, grace, here, rowsOf, story, subjectOf, tables } from '../hub/person.ts';
import { count, openChat, openPreferences, type Stage, stagesOfTests, turnstile, until } from '../hub/stage.ts';

const home = '/privacy/harbor-motors';
const { stageOf } = stagesOfTests();

/** Asks to be forgotten as the page's form does; the status page's path. */
async function forget(stage: Stage, chat: Awaited<ReturnType<typeof openChat>>) {
  const page = await openPreferences(stage, chat);
  const sure = await (await page.browser.get(`${home}/forget`)).text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(sure)?.[1] ?? '';
  const res = await page.browser.submit(`${home}/forget`, { csrf });
  return { ...page, sure, csrf, res, path: res.headers.get('location') ?? '' };
}
const jobsOf = (stage: Stage) =>
  stage.door.store.read.hot("select * from propagation_job where action = 'erase'").all();

test('R40 who was shared is forgotten here, the one recipient is listed until it is told, and the row proves it', async () => {
  const stage = await stageOf();
  const { door } = stage;
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  await chat.send();
  const id = subjectOf(door, chat);
  const { sure, res, path, browser } = await forget(stage, chat);
  expect(sure).toMatch(/HubSpot is told by Harbor Motors to delete what it got\./);
  expect(sure).toContain('It cannot be undone.');
  expect([res.status, path]).toEqual([303, expect.stringMatching(/^\/privacy\/harbor-motors\/requests\/[\w-]{43}$/)]);
  for (const { name } of tables(door).filter((t) => t.columns.includes('subject_id') && t.name !== 'erasing'))
    expect([name, here(door, name, id)]).toEqual([name, 0]);
  const stranger = door.client();
  const status = await (await stranger.get(path)).text();
  expect(status).toContain('Everything about you is deleted.');
  expect(status).toMatch(/HubSpot.*is to be told by Harbor Motors, by/s);
  expect(status).toContain('This is under way.');
  expect(status).not.toMatch(/ada@|Ada Brandt/);
  const proof = /href="(\/ledger\/proof\/\d+)"/.exec(status)?.[1] ?? '';
  await door.hub.checkpoints.sign();
  expect((await stranger.get(proof)).status).toBe(200);
  // Her browser is a stranger's, her token opens nothing, the desk has no such chat.
  expect(await (await browser.get(home)).text()).toContain('We do not know this browser.');
  expect((await chat.message('still here?')).status).toBe(401);
  const follow = `/console/connections/${stage.integration}/follow-ups`;
  const list = await (await stage.maria.get(follow)).text();
  expect(list).toMatch(/Delete it for good.*record \d+/is);
  const csrf = /name="csrf" value="([^"]+)"/.exec(list)?.[1] ?? '';
  await stage.maria.submit(follow, { csrf, job: String(jobsOf(stage)[0]?.id) });
  const after = await (await stranger.get(path)).text();
  expect(after).toMatch(/HubSpot.*deleted it\./s);
  expect(after).toContain('This is done.');
});

test('R40 somebody never shared: no job, no call, nobody is told, and it is done at once', async () => {
  const stage = await stageOf();
  const chat = await openChat(stage);
  await chat.answer({ email: 'no' });
  const calls = stage.recorder.calls.length;
  const { sure, path } = await forget(stage, chat);
  expect(sure).toContain('Nobody got anything about you from us, so nobody is told.');
  const status = await (await stage.door.client().get(path)).text();
  expect(status).toContain('This is done.');
  expect(jobsOf(stage)).toEqual([]);
  expect(stage.recorder.calls.length).toBe(calls);
});

test('R40 the other person of the brand keeps everything; a first correction of the one who went ties nothing to them', async () => {
  const stage = await stageOf();
  const { door } = stage;
  const [gone, stays] = [await story(stage, ada), await story(stage, grace)];
  const naming = tables(door).filter((t) => t.columns.includes('subject_id') && t.name !== 'erasing');
  const before = naming.map(({ name }) => [name, here(door, name, stays.id)]);
  const [request] = rowsOf(door, 'rights_request').filter((r) => r.subject_id === gone.id);
  await forget(stage, gone.chat);
  expect(naming.map(({ name }) => [name, here(door, name, stays.id)])).toEqual(before);
  expect(rowsOf(door, 'propagation_job').filter((j) => j.request_id === request?.id)).toEqual([]);
});

test('R40 what is being sent is waited for, nothing new starts, and asking again is the same request', async () => {
  const gate = turnstile();
  const recorder = await openRecorder();
  let hold = false;
  const pause = async (point: string) => (hold && point === 'after-write' ? gate.wait() : undefined);
  const stage = await stageOf({ recorder, egress: { pause } });
  const { door } = stage;
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  hold = true;
  await chat.press();
  await gate.held;
  const { path, csrf, browser } = await forget(stage, chat);
  const status = async () => (await door.client().get(path)).text();
  expect(await status()).toContain('Nothing about you leaves any more.');
  expect(await status()).toContain('http-equiv="refresh"');
  // Asked again: the same request, and its new address is the one that counts.
  const again = await browser.submit(`${home}/forget`, { csrf });
  expect([again.status, count(door, 'rights_request')]).toEqual([303, 1]);
  expect((await door.client().get(path)).status).toBe(404);
  gate.open();
  await until(
    'the send is over',
    () => count(door, 'outcome') > 0 || count(door, 'subject', 'erased_at is not null') > 0,
  );
  door.hub.deps.forgetting.wake();
  await door.hub.deps.forgetting.settled();
  const now = await (await door.client().get(again.headers.get('location') ?? '')).text();
  expect(now).toContain('Everything about you is deleted.');
  expect(jobsOf(stage)).toMatchObject([{ state: 'awaiting_operator' }]);
});

test('R40 a hub that was ended before it was done goes on with it at its start', async () => {
  const stage = await stageOf();
  const { door } = stage;
  const chat = await openChat(stage);
  const id = subjectOf(door, chat);
  await askToForget(door.hub.deps, { brandId: 'harbor-motors', subjectId: id });
  expect(count(door, 'subject', 'erased_at is not null')).toBe(0);
  await door.upgrade((list) => list);
  await door.hub.deps.forgetting.settled();
  expect(count(door, 'subject', 'erased_at is not null')).toBe(1);
});

test('R40 one request that cannot be done keeps nobody else waiting', async () => {
  const stage = await stageOf();
  const { door } = stage;
  const chat = await openChat(stage);
  const bogus = { id: 'older', brandId: 'harbor-motors', subjectId: 'nobody', kind: 'erase', codeHash: 'x' } as const;
  const received = { receivedAt: '2020-01-01T00:00:00.000Z', dueOn: '2020-02-01' };
  await door.store.write((tx) => putRequest(tx, { ...bogus, ...received }));
  await forget(stage, chat);
  expect([count(door, 'subject', 'erased_at is not null'), count(door, 'rights_request', 'done_at is null')]).toEqual([
    1, 1,
  ]);
  expect(door.logged()).toContain('somebody could not be forgotten yet');
});

test('R40 somebody whose record cannot be read is forgotten all the same, and the brand is told that much', async () => {
  const stage = await stageOf();
  const { door } = stage;
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  await chat.send();
  const subjectId = subjectOf(door, chat);
  await door.store.write((tx) => tx.exec('delete from subject_key'));
  await askToForget(door.hub.deps, { brandId: 'harbor-motors', subjectId });
  door.hub.deps.forgetting.wake();
  await door.hub.deps.forgetting.settled();
  expect(jobsOf(stage)).toMatchObject([{ state: 'blocked_needs_operator', target_enc: null }]);
  const list = await stage.maria.get(`/console/connections/${stage.integration}/follow-ups`);
  expect([list.status, await list.text()]).toEqual([
    200,
    expect.stringContaining('somebody whose record cannot be read'),
  ]);
});

test('R36 nobody has somebody else forgotten: no token, a foreign page, a browser nobody knows', async () => {
  const stage = await stageOf();
  const chat = await openChat(stage);
  const page = await openPreferences(stage, chat);
  const path = `${home}/forget`;
  expect((await page.browser.submit(path, { csrf: 'x' })).status).toBe(403);
  expect((await page.browser.submit(path, {})).status).toBe(403);
  const stranger = stage.door.client();
  expect((await stranger.get(path)).status).toBe(404);
  expect((await stranger.submit(path, { csrf: 'x' })).status).toBe(404);
  expect([count(stage.door, 'rights_request'), count(stage.door, 'subject', 'restricted = 1')]).toEqual([0, 0]);
});
