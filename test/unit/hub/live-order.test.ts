import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStream } from '../../support/open-stream.ts';
import { type Chat, openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
});
afterEach(() => stage.close());

test('R62 P5 what one commit holds reaches an open stream whole and in order, whoever tells of it first', async () => {
  const cookie = [...stage.maria.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const stream = await openStream(`${stage.door.origin}/api/panel/stream`, { cookie, ...panel });
  for (let i = 0; i < 10; i++)
    await Promise.all([
      chat.send(),
      chat.message(`a ${i}`),
      chat.send(),
      chat.message(`b ${i}`),
      chat.message(`c ${i}`),
    ]);
  await stage.door.hub.deps.runner.idle();
  const stored = (await chat.view()).entries.map((e) => e.seq).filter((seq) => seq > Number(stream.events[0]?.id ?? 0));
  await stream.until((e) => Number(e.id) === stored.at(-1));
  stream.close();
  const seen = stream.events.flatMap((e) => (e.id ? [Number(e.id)] : []));
  expect(stored.filter((seq) => seq > (seen[0] ?? 0) && !seen.includes(seq))).toEqual([]);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});
