import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { openStore } from '../../../server/store/open.ts';
import { openRecorder } from '../../support/recorder.ts';
import { saveRules } from './rules-form.ts';
import { about, care, openChat, openPreferences, openStage, panel, type Stage } from './stage.ts';

const card = '4111 1111 1111 1111';
const dots = '•••• •••• •••• ••••';
let stage: Stage;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'askfirst-masked-'));
  stage = await openStage({ store: openStore(join(folder, 'hub.db')), recorder: await openRecorder() });
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});
const onDisk = () =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name)).toString('latin1'))
    .join('\n');

test('R52 a card number in the first message, a later one and an agent’s: dots for everybody, and why', async () => {
  const chat = await openChat(stage, about, `Charge ${card}?`);
  await chat.message(`Or 5555555555554444`);
  const reply = await stage.maria.json<{ entry: Entry }>(
    'POST',
    `/api/panel/conversations/${chat.ada.conversation}/messages`,
    { clientId: 'r-1', text: `You wrote ${card}` },
    panel,
  );
  expect(reply.body.entry).toMatchObject({ text: `You wrote ${dots}`, masked: ['card'] });
  const texts = (await chat.view()).entries.flatMap((e) => (e.kind === 'message' ? [[e.text, e.masked]] : []));
  expect(texts).toEqual([
    [`Charge ${dots}?`, ['card']],
    ['Or ••••••••••••••••', ['card']],
    [`You wrote ${dots}`, ['card']],
  ]);
  for (const text of [onDisk(), stage.door.logged()])
    expect(text.replace(/[\s-]/g, '')).not.toMatch(/4111111111111111|5555555555554444/);
});

test('R52 R62 sent again with the same id after an answer was lost: the same line, no second one', async () => {
  const chat = await openChat(stage, about, 'Hello');
  const first = await chat.message(`My card: ${card}`, 'same');
  const again = await chat.message(`My card: ${card}`, 'same');
  expect([first.status, again.status]).toEqual([201, 201]);
  expect((await chat.view()).entries.filter((e) => e.kind === 'message')).toHaveLength(2);
});

test('R52 a brand switches one pattern off: its own numbers stay, the others go, and visitors are told', async () => {
  await saveRules(stage, { maskCards: 'no' });
  const chat = await openChat(stage, about, `Boat ${card} and DK50 0040 0440 1162 43`);
  const [first] = (await chat.view()).entries;
  expect(first).toMatchObject({ text: `Boat ${card} and •••• •••• •••• •••• ••`, masked: ['bank'] });
  expect(await (await openPreferences(stage, chat)).page()).toContain('Card numbers stay in chat messages here');
});

test('E12 a secret in the chat stays with the agent: no partner gets it, and the preview shows what leaves', async () => {
  const secret = ['sk', '_live_', '4eC39HqLyjWDarjtT1zdp7dc'].join('');
  const chat = await openChat(stage, about, `Our key is ${secret}, why is it refused?`);
  await chat.answer({ transcript: 'yes' }, care);
  const shown = (await chat.preview(care)).body.rows.find((r) => r.field === 'transcript');
  expect(shown).toMatchObject({ leaves: true, value: expect.stringContaining('[removed: looks like a secret]') });
  await chat.answer({ email: 'yes' });
  await chat.send();
  await chat.send(care);
  expect((await chat.lastShare())?.state).toBe('sent');
  const sent = JSON.stringify(stage.recorder.calls);
  expect(sent).toContain('[removed: looks like a secret]');
  expect(sent).not.toContain(secret.slice(8));
  expect((await chat.view()).entries[0]).toMatchObject({ text: `Our key is ${secret}, why is it refused?` });
});
