import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { isSilent, keywordOf } from '../../../server/consent/keywords.ts';
import { openStream } from '../../support/open-stream.ts';
import { subjectOf } from './person.ts';
import { about, type Chat, care, count, openChat, openStage, type Stage } from './stage.ts';

describe('R45 what is a keyword', () => {
  test.each<[string, ReturnType<typeof keywordOf>]>([
    ['STOP', { word: 'stop', wrote: 'STOP' }],
    ['stop', { word: 'stop', wrote: 'STOP' }],
    [' Stop ', { word: 'stop', wrote: 'STOP' }],
    ['STOP.', { word: 'stop', wrote: 'STOP' }],
    ['ＳＴＯＰ', { word: 'stop', wrote: 'STOP' }],
    ['stopall', { word: 'stop', wrote: 'STOPALL' }],
    ['Unsubscribe', { word: 'stop', wrote: 'UNSUBSCRIBE' }],
    ['cancel', { word: 'stop', wrote: 'CANCEL' }],
    ['END', { word: 'stop', wrote: 'END' }],
    ['quit', { word: 'stop', wrote: 'QUIT' }],
    ['revoke', { word: 'stop', wrote: 'REVOKE' }],
    ['opt out', { word: 'stop', wrote: 'OPT OUT' }],
    ['start', { word: 'start' }],
    ['Help.', { word: 'help' }],
  ])('%j is %j', (text, heard) => expect(keywordOf(text)).toEqual(heard));
  test.each(['Please stop', 'stop it', 'STOP!', 'STOP..', 'the end', 'start over', 'helpful', '', '.'])(
    '%j is none',
    (text) => expect(keywordOf(text)).toBeUndefined(),
  );
});

describe('STOP, START and HELP in the chat', () => {
  let stage: Stage;
  let chat: Chat;
  beforeEach(async () => {
    stage = await openStage();
    chat = await openChat(stage);
  });
  afterEach(() => stage.close());
  const keywords = async () =>
    (await chat.view()).entries.flatMap((e: Entry) => (e.kind === 'keyword' ? [e.word] : []));
  const state = async () => (await chat.view()).strip[0]?.purposes.map((p) => p.state);
  const silent = () =>
    isSilent(stage.door.store.read, { brandId: 'harbor-motors', subjectId: subjectOf(stage.door, chat) });

  test('R45 STOP takes every yes back and is confirmed once; nothing leaves afterwards, and the chat goes on', async () => {
    await chat.answer({ email: 'yes', name: 'yes' });
    await chat.answer({ conversation: 'yes' }, care);
    expect((await chat.message('stop')).status).toBe(201);
    expect(await state()).toEqual(['no', 'no']);
    expect(await keywords()).toEqual(['stop']);
    await chat.send();
    expect(await chat.lastShare()).toMatchObject({ state: 'withheld' });
    expect(stage.recorder.calls).toEqual([]);
    expect(silent()).toBe(true);
    await chat.message('STOP.');
    expect(await keywords()).toEqual(['stop']);
    expect((await chat.message('And the blue one?')).status).toBe(201);
  });

  test('R45 another word for it is heard as STOP and answered by its own name', async () => {
    await chat.answer({ email: 'yes' });
    await chat.message(' end.');
    expect((await chat.view()).entries.filter((e) => e.kind === 'keyword')).toMatchObject([
      { word: 'stop', wrote: 'END' },
    ]);
    expect(silent()).toBe(true);
  });

  test('R68 R45 a STOP takes a yes back where one stood, and is a no where none did', async () => {
    await chat.message('STOP');
    const bob = await openChat(stage, { name: 'Bob Lund', email: 'bob@lund.example' });
    await bob.answer({ email: 'yes' });
    await bob.message('STOP');
    const line = async (of: Chat) => (await of.view()).entries.find((e) => e.kind === 'withdrawn');
    expect(await line(chat)).toHaveProperty('noYes', true);
    expect(await line(bob)).not.toHaveProperty('noYes');
  });

  test('R45 the same message sent again after a lost answer does nothing twice', async () => {
    await chat.answer({ email: 'yes' });
    await chat.message('STOP', 'once');
    const before = [count(stage.door, 'consent_event'), count(stage.door, 'entry')];
    expect((await chat.message('STOP', 'once')).status).toBe(201);
    expect([count(stage.door, 'consent_event'), count(stage.door, 'entry')]).toEqual(before);
  });

  test('R45 somebody who comes later under the address that stopped is off from the start', async () => {
    await chat.message('STOP');
    const later = await openChat(stage, { email: about.email }, 'Hello again');
    await later.answer({ email: 'yes' }); // a yes after it counts, as after any no
    const other = await openChat(stage, { phone: about.phone }, 'Hello');
    expect((await other.preview()).body.rows.filter((r) => r.leaves)).toEqual([]);
    expect(count(stage.door, 'suppression')).toBe(2);
  });

  test('R45 START asks again and grants nothing; the click on yes does', async () => {
    await chat.answer({ email: 'yes' });
    await chat.message('STOP');
    await chat.message('start');
    expect(await keywords()).toEqual(['stop', 'start']);
    expect(silent()).toBe(false);
    const asked = (await chat.view()).entries.filter((e: Entry) => e.kind === 'asked');
    expect(asked.length).toBeGreaterThan(0);
    expect((await chat.preview()).body.rows.filter((r) => r.leaves)).toEqual([]);
    await chat.send();
    expect(stage.recorder.calls).toEqual([]);
  });

  test('R45 the questions of START reach an open chat at once', async () => {
    await chat.message('STOP');
    const live = await openStream(`${stage.door.origin}/api/chat/stream`, chat.ada.auth);
    await live.until((e) => e.data.includes('"stop"'));
    await chat.message('START');
    await live.until((e) => e.data.includes('"asked"'));
    live.close();
  });

  test('R45 START without a STOP before it is a word like any other', async () => {
    await chat.message('START');
    expect(await keywords()).toEqual([]);
    expect(count(stage.door, 'consent_event')).toBe(0);
  });

  test('R45 a chat that begins with STOP begins with everything off', async () => {
    const other = await openChat(stage, { email: 'grace@holm.example' }, 'Stop');
    expect((await other.view()).strip[0]?.purposes.map((p) => p.state)).toEqual(['no', 'no']);
    expect((await other.view()).entries.map((e: Entry) => e.kind)).toContain('keyword');
  });

  test('R45 HELP answers and changes nothing', async () => {
    await chat.answer({ email: 'yes' });
    const before = count(stage.door, 'consent_event');
    await chat.message('help');
    expect(await keywords()).toEqual(['help']);
    expect(count(stage.door, 'consent_event')).toBe(before);
    expect(silent()).toBe(false);
  });
});
