import { afterEach, beforeEach, expect, test } from 'vitest';
import { hoursSetting } from '#contract/hours.ts';
import { openRouting, type RoutingStage } from './routing-stage.ts';
import { panel } from './stage.ts';

/** A Sunday, 13:00 in Copenhagen. */
const sunday = Date.parse('2026-11-22T12:00:00Z');
const hours = { ...hoursSetting.standard, on: true, zone: 'Europe/Copenhagen' };
let stage: RoutingStage;
beforeEach(async () => {
  stage = await openRouting(sunday);
});
afterEach(() => stage.door.close());

/** What the frame knows when it is opened. */
async function frame(): Promise<{ away?: { next?: string; email: string } }> {
  const res = await fetch(`${stage.door.origin}/widget/frame?brand=harbor-motors`);
  expect(res.headers.getSetCookie()).toEqual([]);
  const page = /data-page="([^"]*)"/.exec(await res.text())?.[1] ?? '';
  return JSON.parse(page.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
}
const row = async (conversation: string) => stage.maria.row(conversation);

test('R62 outside the hours the frame knows when the brand is back; inside, and by default, it is open', async () => {
  expect((await frame()).away).toBeUndefined();
  await stage.hours(hours);
  expect((await frame()).away).toEqual({ next: '2026-11-23T08:00:00.000Z', email: 'optional' });
  stage.later(20 * 60);
  expect((await frame()).away).toBeUndefined();
});

test('R62 a message left while away is an ordinary chat with a mark; with or without an address it is never refused', async () => {
  await stage.hours({ ...hours, email: 'needed' });
  const [bare, full] = [await stage.door.visitor(), await stage.door.visitor({ email: 'ada@brandt.example' })];
  for (const one of [bare, full]) {
    expect(await row(one.conversation)).toMatchObject({ leftOffline: true, unread: 1 });
    expect((await one.say('/api/chat/messages', { clientId: 'm', text: 'And one more' })).status).toBe(201);
  }
  stage.later(20 * 60);
  const open = await stage.door.visitor();
  expect((await row(open.conversation))?.leftOffline).toBeUndefined();
  expect((await row(bare.conversation))?.leftOffline).toBe(true);
});

test('R62 a message left while away stands in the log of visitor and agent, and in the transcript, like any other', async () => {
  await stage.hours(hours);
  const ada = await stage.door.visitor({ email: 'ada@brandt.example' }, 'Call me about the Marlin');
  type Logged = { entries: readonly { kind: string; n: number; author?: string; text?: string }[]; text?: string };
  const log = async (path: string) => (await ada.json<Logged>('GET', path, undefined, ada.auth)).body;
  const { body: view } = await stage.maria.client.json<Logged>(
    'GET',
    `/api/panel/conversations/${ada.conversation}`,
    undefined,
    panel,
  );
  const left = { kind: 'message', n: 1, author: 'visitor', text: 'Call me about the Marlin' };
  expect((await log('/api/chat/entries')).entries).toMatchObject([left]);
  expect(view.entries).toMatchObject([left]);
  expect((await log('/api/chat/transcript')).text).toContain('Call me about the Marlin');
  await stage.maria.reply(ada.conversation, 'I call you on Monday.');
  expect((await log('/api/chat/entries')).entries.map((e) => e.text)).toContain('I call you on Monday.');
});

test('R62 with nobody available the brand is away only where it asked for that, and left chats are given out when somebody comes', async () => {
  await stage.route({ mode: 'least-busy', limit: 5 });
  expect((await frame()).away).toBeUndefined();
  await stage.hours({ ...hoursSetting.standard, whenNobody: true });
  expect((await frame()).away).toEqual({ email: 'optional' });
  const ada = await stage.door.visitor();
  const live = await stage.jens.stream();
  expect((await frame()).away).toBeUndefined();
  expect(await row(ada.conversation)).toMatchObject({ leftOffline: true, assignee: { name: 'Jens' } });
  await stage.jens.available(false);
  expect((await frame()).away).toEqual({ email: 'optional' });
  live.close();
});

test('R61 hours that cannot be read keep nobody out: the chat is open', async () => {
  await stage.hours(hours);
  await stage.door.store.write((tx) => tx.hot('update chat_setting set body_json = \'{"on": 7}\'').run());
  expect((await frame()).away).toBeUndefined();
  await stage.door.visitor();
});

test('R62 an owner sets the hours without script; what is wrong is said by its place, and what was typed stays', async () => {
  const { client } = stage.maria;
  const csrf = /name="csrf" value="([^"]+)"/.exec(await (await client.get('/console/chat/hours')).text())?.[1] ?? '';
  const days = Object.fromEntries(Object.entries(hours.days).map(([day, text]) => [`day.${day}`, text]));
  const form = {
    ...{ csrf, version: '0', on: 'yes', zone: 'Europe/Copenhagen', ...days },
    ...{ closed: '2026-11-23\r\n2026-11-24', whenNobody: 'no', email: 'needed' },
  };
  const wrong = await client.submit('/console/chat/hours', { ...form, 'day.wed': 'nine to five' });
  expect(wrong.status).toBe(400);
  const html = await wrong.text();
  expect(html).toContain('Wednesday, which takes times like 09:00-12:00');
  expect(html).toContain('nine to five');
  expect((await frame()).away).toBeUndefined();
  const done = await client.submit('/console/chat/hours', form);
  expect([done.status, done.headers.get('location')]).toEqual([303, '/console/chat/hours?done=1']);
  expect((await frame()).away).toEqual({ next: '2026-11-25T08:00:00.000Z', email: 'needed' });
  const late = await client.submit('/console/chat/hours', form);
  expect(late.status).toBe(409);
});

test('R66 an owner sets the routing; agents cannot, and a limit that is none is said', async () => {
  const path = '/console/chat/routing';
  const { client } = stage.maria;
  const csrf = /name="csrf" value="([^"]+)"/.exec(await (await client.get(path)).text())?.[1] ?? '';
  const form = { csrf, version: '0', mode: 'round-robin' };
  for (const limit of ['0', '51', 'many', '']) {
    const res = await client.submit(path, { ...form, limit });
    expect([res.status, (await res.text()).includes('no whole number from 1 to 50')]).toEqual([400, true]);
  }
  expect((await client.submit(path, { ...form, limit: '3' })).status).toBe(303);
  const live = await stage.jens.stream();
  expect((await row((await stage.door.visitor()).conversation))?.assignee?.name).toBe('Jens');
  live.close();
  expect((await stage.jens.client.get(path)).status).toBe(403);
  expect((await stage.jens.client.get('/console/chat/hours')).status).toBe(403);
});
