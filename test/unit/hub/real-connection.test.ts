import { afterEach, expect, test } from 'vitest';
import { openRecorder } from '../../support/recorder.ts';
import { openChat, openStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

/** Partners whose address is `api`, with loopback among the hosts their facts list. */
const at =
  (api: string): NonNullable<Parameters<typeof openStage>[0]>['adapters'] =>
  (list) =>
    list.map((a) => ({ ...a, facts: { ...a.facts, api, hosts: [...a.facts.hosts, '127.0.0.1', 'localhost'] } }));

test('R71 a share that is due goes at the first look, though the clock moves on while the runner looks', async () => {
  let clock = Date.now();
  const recorder = await openRecorder();
  stage = await openStage({ recorder, adapters: at(recorder.origin), now: () => new Date(clock++) });
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  // Only a real connection has a partner's rate to keep, and so a door with a time; loopback is refused to it.
  await stage.door.store.write((tx) => tx.hot('update integration set sandbox = 0').run());
  await chat.send();
  expect((await chat.lastShare())?.state).toBe('failed');
});

test('R10 a real connection never reaches loopback, whatever its facts say; only a sandbox one does', async () => {
  const recorder = await openRecorder();
  for (const api of [recorder.origin, recorder.origin.replace('http:', 'https:'), 'https://localhost']) {
    stage = await openStage({ recorder, adapters: at(api) });
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await stage.door.store.write((tx) => tx.hot('update integration set sandbox = 0').run());
    const before = recorder.connections();
    recorder.calls.length = 0;
    await chat.send();
    expect([recorder.calls.length, recorder.connections() - before]).toEqual([0, 0]);
    expect((await chat.lastShare())?.state).toBe('failed');
    if (api !== 'https://localhost') await stage.door.close();
  }
});
