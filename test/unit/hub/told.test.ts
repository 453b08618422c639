import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStream } from '../../support/open-stream.ts';
import { json, openRecorder } from '../../support/recorder.ts';
import { type Chat, openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage({ recorder: await openRecorder() });
  chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
});
afterEach(() => stage.close());

const card = async () => (await chat.view()).cards[0];
const turnedDown = () => stage.recorder.answer((r, res) => r.path.includes('/crm/') && json(res, 401, {}));
const rest = async () => {
  await stage.door.hub.deps.runner.idle();
  await stage.door.hub.deps.alerts.settled();
};

test('R5 R7 the card says that the partner must be reconnected and who was told, until somebody did', async () => {
  expect(await card()).not.toHaveProperty('reconnect');
  turnedDown();
  await chat.send();
  await stage.door.hub.deps.runner.idle();
  await rest();
  expect(await card()).toMatchObject({ reconnect: { told: ['Maria'] } });
  expect((await stage.door.hub.deps.people.outbox.list()).map((m) => m.subject)).toContainEqual(
    expect.stringContaining('needs reconnecting'),
  );
  stage.recorder.answer(() => false);
  await stage.door.connect(stage.maria);
  await rest();
  expect(await card()).not.toHaveProperty('reconnect');
});

test('R7 nobody is said to be told before the mail is on its way; open panels hear of it when it is', async () => {
  turnedDown();
  await chat.send();
  await rest();
  await stage.door.store.write((tx) => tx.exec('update alert set told_at = null'));
  expect(await card()).toMatchObject({ reconnect: { told: [] } });
  const cookie = [...stage.maria.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const stream = await openStream(`${stage.door.origin}/api/panel/stream`, { cookie, ...panel });
  stage.door.hub.deps.alerts.wake();
  await stream.until((e) => e.event === 'strip' && JSON.parse(e.data).conversation === '');
  stream.close();
  expect(await card()).toMatchObject({ reconnect: { told: ['Maria'] } });
});

test('R31 the way to the ledger is shown to whoever may read it, and to nobody else', async () => {
  expect((await chat.view()).ledger).toBe(`${stage.door.origin}/console/ledger`);
  await stage.door.store.write((tx) => tx.exec(`update "member" set role = 'agent'`));
  expect(await chat.view()).not.toHaveProperty('ledger');
});
