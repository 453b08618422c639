import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRecorder } from '../../support/recorder.ts';
import { type Chat, openChat, openStage, type Stage } from './stage.ts';

/** Milliseconds after which the sandbox's tokens, good for 30 minutes, are over. */
const lifeMs = 1_800_000;
let clock: number;
let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  clock = 0;
  stage = await openStage({ recorder: await openRecorder(), monotonic: () => clock });
  chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
});
afterEach(() => stage.close());

const refreshed = () => stage.recorder.tokenCalls.filter((c) => c.body.includes('grant_type=refresh_token'));
/** What the sandbox holds, without its list of calls. */
const atPartner = async () =>
  (await (await fetch(`${stage.door.shop}/sandbox/hubspot/`)).text()).split('<h2>Calls it got')[0];
const outcomes = () => stage.door.store.read.hot('select state from outcome order by seq').all();
const connections = async () => (await (await stage.maria.get('/console')).text()).replace(/<[^>]+>/g, ' ');

/** The hub renews its tokens; then somebody else uses the old refresh token at the authorization server (oidc-provider). */
async function reuse(): Promise<number> {
  clock += lifeMs;
  expect((await chat.send()).status).toBe(202);
  const [stolen, ...more] = refreshed();
  expect(more).toEqual([]);
  const answer = await fetch(stage.door.shop + stolen?.path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: stolen?.body ?? '',
  });
  return answer.status;
}

test('sec-O25 an old refresh token used by somebody else kills the family: with the key over, the hub sends no byte of the visitor', async () => {
  expect(await reuse()).toBe(400);
  const before = { calls: stage.recorder.calls.length, refreshes: refreshed().length, held: await atPartner() };
  clock += lifeMs;
  await chat.message('One more thing');
  await chat.send();
  expect(await chat.lastShare()).toMatchObject({ state: 'waiting' });
  expect(stage.recorder.calls.length).toBe(before.calls);
  expect(refreshed().length).toBe(before.refreshes + 2); // the old token is tried once more, and that is all (OA14)
  expect(await atPartner()).toBe(before.held);
  // The brand is told by the very failure, not by a timer.
  expect(await connections()).toMatch(/Needs you/);
  await chat.send();
  expect([stage.recorder.calls.length, refreshed().length]).toEqual([before.calls, before.refreshes + 2]);
  expect(outcomes()).toEqual([{ state: 'sent' }]); // what waits for the key was not even claimed
});

test('sec-O25 with the key still good by our clock: one call is answered 401 and stands in the ledger, nothing is kept there, and the connection pauses', async () => {
  expect(await reuse()).toBe(400);
  const held = await atPartner();
  const before = stage.recorder.calls.length;
  await chat.message('One more thing');
  await chat.send();
  expect(await chat.lastShare()).toMatchObject({ state: 'waiting', cause: 'HubSpot needs reconnecting.' });
  expect(stage.recorder.calls.length).toBe(before + 1);
  expect(await atPartner()).toBe(held);
  expect(await connections()).toMatch(/Needs you/);
  await chat.send();
  expect(stage.recorder.calls.length).toBe(before + 1);
  expect(outcomes()).toEqual([{ state: 'sent' }, { state: 'sent' }]);
});

test('R4 after a new connect the paused connection sends again', async () => {
  await reuse();
  clock += lifeMs;
  await chat.send();
  expect(await connections()).toMatch(/Needs you/);
  await stage.door.connect(stage.maria);
  expect(await connections()).not.toMatch(/Needs you/);
  await chat.send();
  expect(await chat.lastShare()).toMatchObject({ state: 'sent' });
});
