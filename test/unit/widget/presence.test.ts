import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { chatRoutes, hubClient } from '#contract/client.ts';
import { typingEndsMs } from '#contract/visit.ts';
import { createKeep } from '../../../server/web/widget/keep.ts';
import type { SitePage } from '../../../server/web/widget/presence.ts';
import { type Chat, createChat } from '../../../server/web/widget/session.ts';
import { type FakeChatHub, startFakeChatHub } from '../../support/fake-chat-hub.tsx';

let hub: FakeChatHub;
let chat: Chat;
let clock: number;
let timers: { ms: number; act: () => void }[];
beforeEach(async () => {
  hub = await startFakeChatHub('.');
  clock = Date.parse('2026-11-22T14:00:00Z');
  timers = [];
  let id = 0;
  chat = createChat({
    page: { brand: { slug: 'harbor-motors', name: 'Harbor Motors' }, sites: [], notice: '', logins: [] },
    client: (token) => hubClient({ routes: chatRoutes, base: hub.origin, token, fetch }),
    keep: createKeep(() => {
      throw new Error('SecurityError');
    }, 'harbor-motors'),
    now: () => new Date(clock),
    newId: () => `id-${id++}`,
    newToken: () => randomBytes(32).toString('base64url'),
    random: () => 0,
    after: (ms, act) => {
      const timer = { ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  });
});
afterEach(() => {
  chat.stop();
  hub.close();
});

async function begun(): Promise<FakeChatHub['talks'][number]> {
  chat.open();
  await chat.begin({ text: 'Hello', name: '', email: '', phone: '' });
  await vi.waitFor(() => expect(hub.listening()).toBe(1));
  const [talk] = hub.talks;
  if (!talk) throw new Error('no chat');
  return talk;
}
/** The hub answered everything that was asked so far. */
const settled = () => chat.myData();
const asked = (path: string) => hub.requests.filter((r) => r.endsWith(path)).length;

it('R62 says that the visitor types once every three seconds, and only in a chat', async () => {
  chat.open();
  chat.presence.typed();
  const talk = await begun();
  for (let i = 0; i < 50; i++) chat.presence.typed();
  clock += 2_999;
  chat.presence.typed();
  await settled();
  expect(talk.typed).toBe(1);
  clock += 1;
  chat.presence.typed();
  await settled();
  await vi.waitFor(() => expect(talk.typed).toBe(2));
});

it('R62 “is writing” ends by itself, or with what was written, and a repeat lengthens it', async () => {
  await begun();
  const running = () => timers.filter((t) => t.ms === typingEndsMs);
  hub.typing();
  await vi.waitFor(() => expect(chat.get().typing?.by).toBe('Maria'));
  const [first] = running();
  hub.typing();
  await vi.waitFor(() => expect(running()[0]).not.toBe(first));
  expect(running()).toHaveLength(1);
  running()[0]?.act();
  expect(chat.get().typing).toBeUndefined();
  hub.typing();
  await vi.waitFor(() => expect(chat.get().typing).toBeDefined());
  hub.says('Here I am.');
  await vi.waitFor(() => expect(chat.get().typing).toBeUndefined());
  expect(running()).toEqual([]);
});

it('R62 a message is read only while the chat is open and in front, and told once', async () => {
  const talk = await begun();
  chat.closed();
  hub.says('Are you there?');
  await vi.waitFor(() => expect(chat.get().log.entries).toHaveLength(2));
  chat.presence.seeing(false);
  chat.open();
  await settled();
  expect([asked('/seen'), talk.marks.read.n]).toEqual([0, 0]);
  chat.presence.seeing(true);
  await vi.waitFor(() => expect(chat.get().marks?.read.n).toBe(2));
  chat.presence.seeing(false);
  chat.presence.seeing(true);
  chat.closed();
  chat.open();
  await settled();
  expect(asked('/seen')).toBe(1);
});

it('R62 a file is read as words are, and ends “is writing”', async () => {
  const talk = await begun();
  hub.typing();
  await vi.waitFor(() => expect(chat.get().typing).toBeDefined());
  hub.put({
    kind: 'file',
    author: 'agent',
    by: 'Maria',
    file: 'f',
    name: 'offer.pdf',
    type: 'application/pdf',
    bytes: 2_048,
    clientId: 'x',
  });
  await vi.waitFor(() => expect(chat.get().typing).toBeUndefined());
  await vi.waitFor(() => expect(talk.marks.read.n).toBe(2));
});

it('R62 what an agent saw stays seen, whichever report comes last', async () => {
  const talk = await begun();
  hub.seen('2026-11-22T14:02:00.000Z');
  await vi.waitFor(() => expect(chat.get().marks?.seen).toEqual({ n: 1, at: '2026-11-22T14:02:00.000Z' }));
  talk.marks.seen = { n: 0 };
  hub.says('Late news'); // its answer carries the older mark
  await vi.waitFor(() => expect(chat.get().marks?.read.n).toBe(2));
  expect(chat.get().marks?.seen.n).toBe(1);
});

it('R57 R67 the page is told with the first message and not before, then once for each page', async () => {
  const at = (path: string, title = '') =>
    chat.presence.at({ askfirst: 'page', address: `https://shop.example${path}`, title } as SitePage);
  at('/');
  chat.open();
  at('/cars');
  expect(hub.requests).toEqual([]);
  const talk = await begun();
  await vi.waitFor(() => expect(talk.pages.map((p) => p.address)).toEqual(['https://shop.example/cars']));
  at('/cars');
  at('/cars', 'Cars');
  at('/service');
  await vi.waitFor(() => expect(talk.pages).toHaveLength(3));
  await settled();
  expect(talk.pages.map((p) => [p.address.slice(20), p.title])).toEqual([
    ['/cars', ''],
    ['/cars', 'Cars'],
    ['/service', ''],
  ]);
});

it('R62 R67 what the hub refuses is not asked again; what it did not hear is', async () => {
  const talk = await begun();
  hub.refuse('chatPage', 'bad-input');
  chat.presence.at({ address: 'https://shop.example/cars', title: '' });
  await settled();
  chat.say('Hello again');
  await vi.waitFor(() => expect(talk.entries).toHaveLength(2));
  await settled();
  expect(asked('/page')).toBe(1);
  hub.swallow('chatPage', true);
  chat.presence.at({ address: 'https://shop.example/service', title: '' });
  await vi.waitFor(() => expect(talk.pages).toHaveLength(1));
  hub.swallow('chatPage', false);
  await vi.waitFor(async () => {
    chat.presence.seeing(true);
    await settled();
    expect(talk.pages).toHaveLength(2);
  });
});
