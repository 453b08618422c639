import { afterEach, expect, test } from 'vitest';
import type { QueueRow } from '#contract/chat.ts';
import type { SearchPage } from '#contract/search.ts';
import { pdfFile, pngFile } from '../../support/files.ts';
import { fileHands } from './file-stage.ts';
import { openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

test('R60 R66 R74 what is said by a file is said: it is found, copied, answers a chat and takes it', async () => {
  stage = await openStage();
  const { chat, visitorSends, agentSends } = fileHands(stage, await openChat(stage));
  const queue = async () =>
    (await stage.maria.json<{ rows: QueueRow[] }>('GET', '/api/panel/queue', undefined, panel)).body.rows[0];
  await visitorSends('marlin hull.png', pngFile());
  expect((await queue())?.assignee).toBeUndefined();
  await agentSends('offer.pdf', pdfFile());
  expect((await queue())?.assignee?.name).toBe('Maria');
  const search = await stage.maria.json<SearchPage>('POST', '/api/panel/search', { words: 'hull marlin' }, panel);
  expect(search.body.hits).toMatchObject([
    { kind: 'message', by: 'Ada Brandt', text: 'marlin hull.png', seq: expect.any(Number) },
  ]);
  const { text } = (await chat.ada.json<{ text: string }>('GET', '/api/chat/transcript', undefined, chat.ada.auth))
    .body;
  expect(text).toMatch(/\nYou, .* UTC\n {2}File: marlin hull\.png\n/);
  expect(text).toMatch(/\nMaria, .* UTC\n {2}File: offer\.pdf\n/);
  const { body } = await chat.ada.json<{ agent?: string }>('GET', '/api/chat/entries', undefined, chat.ada.auth);
  expect(body.agent).toBe('Maria');
});
