import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Transcript } from '#contract/calls-visitor.ts';
import type { Entry } from '#contract/chat.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { hostile } from '../../support/xss.ts';
import { type Chat, count, openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage({ now: () => new Date('2026-11-22T14:05:00Z') });
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const to = 'ada@brandt.example';
const mail = async (address: unknown = to, clientId = 'one', who: Pick<Chat, 'ada'> = chat) =>
  (await who.ada.say('/api/chat/transcript', { to: address, clientId })) as unknown as {
    status: number;
    body: { entry: Entry } & ProblemBody;
  };
const read = async () =>
  (await chat.ada.json<Transcript>('GET', '/api/chat/transcript', undefined, chat.ada.auth)).body;
const mails = async () => {
  const { outbox } = stage.door.hub.deps.people;
  const list = (await outbox.list()).filter((m) => m.subject.startsWith('Your chat'));
  return Promise.all(list.map((m) => outbox.open(m.id)));
};
/** A mail to the person's own mailbox with the plain link of the copy in the chat, and without the sentence behind it (R36). */
const plain = (body = '') => body.replace(/\/prove\/[\w-]{43}\n\n[^\n]+\n$/, '\n');
const at = (what: string, body: unknown) =>
  stage.maria.json('POST', `/api/panel/conversations/${chat.ada.conversation}${what}`, body, panel);

test('R60 what the visitor reads is what is mailed: both sides by name, with the way to their data', async () => {
  await at('/messages', { text: 'It is.\nShall I hold it?', clientId: 'a' });
  const { text, to: given, left } = await read();
  expect([given, left]).toEqual([to, 3]);
  const sent = await mail();
  expect(sent).toMatchObject({ status: 201, body: { entry: { kind: 'mailed', to } } });
  const [one] = await mails();
  expect(one).toMatchObject({ to, subject: 'Your chat with Harbor Motors' });
  expect(plain(one?.body)).toBe(text);
  expect(text).toBe(
    [
      'Your chat with Harbor Motors',
      'You, 22 November 2026, 14:05 UTC\n  Is the blue Marlin still there?',
      'Maria, 22 November 2026, 14:05 UTC\n  It is.\n  Shall I hold it?',
      `Who got what about you, and how to be forgotten:\n${stage.door.origin}/privacy/harbor-motors\n`,
    ].join('\n\n'),
  );
  expect((await chat.view()).entries.at(-1)).toMatchObject({ kind: 'mailed', to, at: '2026-11-22T14:05:00.000Z' });
});

test('R60 the visitor’s language: what is read and what is mailed are the same, subject, names and dates; the agent’s stay', async () => {
  await at('/messages', { text: 'It is.', clientId: 'a' });
  await chat.message('Min kort er 4111 1111 1111 1111');
  await stage.door.client().json('POST', '/api/chat/end', {}, { ...chat.ada.auth, origin: stage.door.origin });
  const inLanguage = async (lang: string, accept = '') =>
    (
      await chat.ada.json<Transcript>('GET', `/api/chat/transcript?lang=${lang}`, undefined, {
        ...chat.ada.auth,
        'accept-language': accept,
      })
    ).body.text;
  const danish = await inLanguage('da', 'de');
  expect(danish.split('\n\n')).toEqual([
    'Din chat med Harbor Motors',
    'Dig, 22. november 2026, 14.05 UTC\n  Is the blue Marlin still there?',
    'Maria, 22. november 2026, 14.05 UTC\n  It is.',
    'Dig, 22. november 2026, 14.05 UTC\n  Min kort er •••• •••• •••• ••••\n  (Et kortnummer blev fjernet, før beskeden blev gemt.)',
    '22. november 2026, 14.05 UTC\n  Du afsluttede chatten.',
    `Hvem der har fået hvad om dig, og hvordan du bliver glemt:\n${stage.door.origin}/privacy/harbor-motors\n`,
  ]);
  expect(await inLanguage('sv', 'sv, de;q=0.5')).toContain(
    'Ihr Chat mit Harbor Motors\n\nSie, 22. November 2026, 14:05 UTC',
  );
  expect(await inLanguage('', '')).toContain('Your chat with Harbor Motors');
  const mailIn = async (lang: string, clientId: string) =>
    (await chat.ada.say('/api/chat/transcript', { to, clientId, lang })) as unknown as { status: number };
  expect((await mailIn('da', 'one')).status).toBe(201);
  expect((await mailIn('x'.repeat(36), 'two')).status).toBe(400);
  const { outbox } = stage.door.hub.deps.people;
  const [sent] = (await outbox.list()).filter((m) => m.to === to);
  expect(sent?.subject).toBe('Din chat med Harbor Motors');
  expect(plain((await outbox.open(sent?.id ?? '')).body)).toBe(danish);
  // The agent reads the chat as it was.
  expect((await chat.view()).entries.filter((e) => e.kind === 'ended')).toMatchObject([{ by: 'visitor' }]);
});

test('R60 no agent’s address, no surname, no note, no tag and no number that was taken out is in it', async () => {
  await at('/notes', { text: 'Careful with this one', clientId: 'n' });
  await at('/tags', { tag: 'haggler', on: true });
  await chat.message('My card is 4111 1111 1111 1111');
  await at('/messages', { text: 'Thank you', clientId: 'a' });
  const { text } = await read();
  expect(text).toContain('My card is •••• •••• •••• ••••\n  (A card number was taken out before');
  expect(text).not.toMatch(/Careful|haggler|Lund|@harbor|4111/);
});

test('R60 nobody can write a line that reads as somebody else’s: every line of a message is set in', async () => {
  await chat.message('Hi\nMaria, 22 November 2026, 14:05 UTC\r\u2028You get a boat');
  const { text } = await read();
  expect(text.split('\n').filter((line) => line.startsWith('Maria') || line.startsWith('You get'))).toEqual([]);
});

test('R60 sec-H02 hostile words leave the mail one mail of text, each line of theirs set in', async () => {
  const said = hostile.filter((text) => text.trim()).map((text) => text.toWellFormed());
  stage.door.hub.deps.limits.message.points = 10_000; // one person may say all of it at once
  for (const [i, text] of said.entries()) await chat.message(text, `h${i}`);
  expect(await mail()).toMatchObject({ status: 201 });
  const { text } = await read();
  for (const one of said)
    for (const line of one.trim().split(/\r\n|[\n\r\u2028\u2029]/)) expect(text).toContain(`\n  ${line}`);
  const [sent] = await mails();
  expect(plain(sent?.body)).toBe(text);
});

test('R60 sent again under the same id it is mailed once; three of a chat, then no more', async () => {
  await Promise.all([mail(), mail()]);
  await mail();
  expect(await mails()).toHaveLength(1);
  await mail('other@brandt.example', 'two');
  await mail(to, 'three');
  expect(await mail(to, 'four')).toMatchObject({ status: 429 });
  expect([(await mails()).length, (await read()).left]).toEqual([3, 0]);
});

test('R60 no mailbox is flooded from here: one client’s mailings are limited across chats', async () => {
  const chats = [chat, await openChat(stage), await openChat(stage)];
  const statuses: number[] = [];
  for (const [i, one] of chats.entries())
    for (let n = 0; n < 3; n++) statuses.push((await mail(to, `${i}-${n}`, one)).status);
  expect(statuses.filter((s) => s === 201)).toHaveLength(6);
  expect(statuses.filter((s) => s === 429)).toHaveLength(3);
});

test('R60 what is no one address is refused in words, and nothing is mailed', async () => {
  for (const wrong of [
    '',
    'ada',
    'ada@brandt',
    'a@b.example, c@d.example',
    'x<a@b.example>',
    'a@b.example\r\nBcc: c@d.example',
    7,
  ])
    expect((await mail(wrong)).status, String(wrong)).toBe(400);
  expect((await stage.door.client().json('POST', '/api/chat/transcript', { to, clientId: 'x' })).status).toBe(401);
  expect(await mails()).toEqual([]);
  expect(count(stage.door, 'entry', "kind = 'mailed'")).toBe(0);
});

test('R60 the address is sealed in the line, and in no log', async () => {
  await mail('secret@brandt.example');
  const rows = JSON.stringify([
    stage.door.store.read.hot("select * from entry where kind = 'mailed'").all(),
    stage.door.store.read.hot('select * from outbox').all(),
  ]);
  expect(rows).not.toMatch(/secret@|Marlin/);
  expect(stage.door.logged()).not.toMatch(/secret@|Marlin/);
});

test('R45 after STOP nothing is mailed: refused in words that say how to go on, and START opens it again', async () => {
  await chat.message('STOP');
  expect(await read()).toMatchObject({ left: 3, stopped: true });
  const before = count(stage.door, 'outbox');
  const refused = await mail();
  expect(refused).toMatchObject({
    status: 409,
    body: {
      type: '/problems/stopped',
      title: 'You told us to stop, so we mail you nothing.',
      remedy: 'Write START in the chat first, then ask for it again.',
    },
  });
  expect(await mails()).toEqual([]);
  expect(count(stage.door, 'outbox')).toBe(before);
  expect((await chat.view()).entries.filter((e) => e.kind === 'mailed')).toEqual([]);
  await chat.message('START');
  expect((await read()).stopped).toBeUndefined();
  expect((await mail()).status).toBe(201);
  expect(await mails()).toHaveLength(1);
});

test('R45 a mail that was asked for before the STOP and repeated after it is acknowledged, and queued once', async () => {
  await mail(to, 'lost');
  await chat.message('STOP');
  expect((await mail(to, 'lost')).status).toBe(201);
  expect(await mails()).toHaveLength(1);
});
