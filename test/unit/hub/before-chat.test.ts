import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConversationView } from '#contract/chat.ts';
import { chatForm } from '#contract/chat-form.ts';
import { recording } from '#contract/recording.ts';
import { readChatSetting } from '../../../server/store/chat-settings.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import type { Client } from '../../support/people-at.ts';
import { count, panel } from './stage.ts';

let door: FrontDoor;
let maria: Client & { csrf: string };
beforeEach(async () => {
  door = await frontDoor();
  maria = await door.owner();
});
afterEach(() => door.close());

const pages = { form: '/console/chat/form', survey: '/console/chat/survey', recording: '/console/chat/recording' };
const form = {
  greeting: 'Welcome aboard',
  'name-ask': 'off',
  'name-help': '',
  'email-ask': 'optional',
  'email-help': '',
  'phone-ask': 'needed',
  'phone-help': 'We call back',
  terms: '',
  privacy: 'https://harbor.example/privacy',
};
const save = (page: string, fields: Record<string, string>, version = '0') =>
  maria.submit(page, { csrf: maria.csrf, version, ...fields });
const frame = async () => {
  const html = await (await door.client().get('/widget/frame?brand=harbor-motors')).text();
  const json = /data-page="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"').replaceAll('&amp;', '&') ?? '';
  return JSON.parse(json) as Record<string, unknown>;
};
const stored = () => readChatSetting(door.store.read, 'harbor-motors', chatForm);
const setRole = (role: string) => door.store.write((tx) => tx.hot('update member set role = ?').run(role));

test('R58 until a brand decides, all is asked for and nothing is needed; what it saves reaches the frame', async () => {
  expect(await frame()).toMatchObject({ form: chatForm.standard });
  expect((await save(pages.form, form)).headers.get('location')).toBe(`${pages.form}?done=1`);
  expect(await frame()).toMatchObject({
    form: { greeting: 'Welcome aboard', name: { ask: 'off' }, phone: { ask: 'needed', help: 'We call back' } },
  });
  const html = await (await maria.get(pages.form)).text();
  expect(html).toContain('“Welcome aboard” A message, with phone; e-\u2060mail may stay empty.');
});

test('R58 the hub checks what the brand needs as well: in words, and nothing is stored', async () => {
  await save(pages.form, form);
  for (const about of [{}, { phone: '  ' }, { email: 'ada@brandt.example' }] as Record<string, string>[])
    await expect(door.visitor(about)).rejects.toThrow(/400.*This chat begins with your phone/);
  expect([count(door, 'conversation'), count(door, 'subject')]).toEqual([0, 0]);
  await door.visitor({ phone: '+45 20 55 04 18' });
  expect(count(door, 'conversation')).toBe(1);
});

test('R58 R62 a first message that is repeated stays stored when the brand needs more since', async () => {
  const ada = door.client();
  const first = { brand: 'harbor-motors', token: 'A'.repeat(43), clientId: 'one', text: 'Hello' };
  expect((await ada.json('POST', '/api/chat/start', first)).status).toBe(201);
  await save(pages.form, form);
  expect((await ada.json('POST', '/api/chat/start', first)).status).toBe(201);
  expect(count(door, 'conversation')).toBe(1);
});

test('R19 no form can make the chat depend on a yes: a key for it cannot be saved, nor a link that runs', async () => {
  const { standard } = chatForm;
  for (const more of [
    { consent: 'needed' },
    { agree: true },
    { name: { ask: 'optional', help: '', checked: true } },
    { email: { ask: 'consent', help: '' } },
  ])
    expect(chatForm.check({ ...standard, ...more }), JSON.stringify(more)).toHaveProperty('wrong');
  for (const link of [
    'javascript:alert(1)',
    'data:text/html,x',
    'harbor.example',
    'https://',
    '//harbor.example',
    'ftp://x.example',
  ])
    expect(chatForm.check({ ...standard, terms: link }), link).toEqual({ wrong: 'terms' });
  expect(Object.keys(standard)).toEqual(['greeting', 'name', 'email', 'phone', 'terms', 'privacy']);
});

test('R58 what cannot be saved is said beside it, and what was typed stands there still', async () => {
  const res = await save(pages.form, { ...form, terms: 'harbor.example/our "terms"' });
  const html = await res.text();
  expect(res.status).toBe(400);
  expect(html).toContain('value="harbor.example/our &quot;terms&quot;"');
  expect(html).toMatch(/id="terms"[^>]*aria-invalid[^>]*aria-describedby="terms-hint terms-wrong"/);
  expect(html).toContain('value="Welcome aboard"');
  expect(stored().version).toBe(0);
});

test('R51 HO2 an agent, another session and a stranger change none of the three; a stale form neither', async () => {
  const bodies: Record<string, Record<string, string>> = {
    [pages.form]: form,
    [pages.survey]: { on: 'yes', question: 'How?' },
    [pages.recording]: { on: 'yes', what: 'to learn' },
  };
  for (const [page, body] of Object.entries(bodies)) {
    expect((await maria.submit(page, { csrf: 'x', version: '0', ...body })).status).toBe(403);
    expect((await save(page, body)).status).toBe(303);
    expect((await save(page, body)).status).toBe(409);
    expect((await door.client().get(page)).status).not.toBe(200);
  }
  await setRole('agent');
  for (const [page, body] of Object.entries(bodies)) {
    expect((await maria.get(page)).status).toBe(403);
    expect((await save(page, body, '1')).status).toBe(403);
  }
  expect(count(door, 'chat_setting', 'version = 1')).toBe(3);
});

test('R63 the notice shows before the chat; a yes alone is a yes, and agents read who was not recorded', async () => {
  const view = async (conversation: string) =>
    (await maria.json<ConversationView>('GET', `/api/panel/conversations/${conversation}`, undefined, panel)).body;
  const start = async (said: object) => (await door.visitor(said as Record<string, string>)).conversation;
  expect(await frame()).not.toHaveProperty('recording');
  const before = await start({ recorded: true });
  await save(pages.recording, { on: 'yes', what: 'to train our team' });
  expect(await frame()).toMatchObject({ recording: 'to train our team' });
  const [silent, no, yes] = [await start({}), await start({ recorded: false }), await start({ recorded: true })];
  const marks = await Promise.all([before, silent, no, yes].map(async (id) => (await view(id)).notRecorded));
  expect(marks).toEqual([undefined, true, true, undefined]);
  const kept = door.store.read.hot('select recorded from conversation order by number').all();
  expect(kept.map((r) => r.recorded)).toEqual([null, 0, 0, 1]);
  expect(recording.standard.on).toBe(false);
});

test('R63 a no whose first try was stored as a yes is no silent yes: it is a chat of its own', async () => {
  await save(pages.recording, { on: 'yes', what: 'to train our team' });
  const first = { brand: 'harbor-motors', token: 'A'.repeat(43), clientId: 'one', text: 'Hello' };
  const ada = door.client();
  await ada.json('POST', '/api/chat/start', { ...first, recorded: true });
  expect((await ada.json('POST', '/api/chat/start', { ...first, recorded: false })).status).toBe(409);
});
