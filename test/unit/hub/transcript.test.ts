import { afterAll, beforeAll, expect, test } from 'vitest';
import { care, crm, openChat, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('R71 the transcript that leaves is what the agent saw when pressing Send, however long it waited', async () => {
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' }, crm);
  await chat.send(crm);
  await chat.answer({ transcript: 'yes' }, care);
  await chat.message('Said before the press');
  // The first try is turned away, so the share waits; the next one is due at once.
  stage.recorder.answer((request, res) => {
    if (!request.path.endsWith('/notes')) return false;
    stage.recorder.answer(() => false);
    res.writeHead(429, { 'content-type': 'application/json', 'retry-after': '0' }).end('{}');
    return true;
  });
  await chat.press(care);
  await chat.message('Said after the press');
  await expect.poll(async () => (await chat.lastShare())?.state, { timeout: 10_000 }).toBe('sent');
  const notes = stage.recorder.calls.filter((c) => c.path.endsWith('/notes') && c.body.includes('Said'));
  expect(notes.length).toBeGreaterThan(0);
  for (const note of notes) {
    expect(note.body).toContain('Said before the press');
    expect(note.body).not.toContain('Said after the press');
  }
});
