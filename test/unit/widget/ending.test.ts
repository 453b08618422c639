import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { chatRoutes, hubClient } from '#contract/client.ts';
import { checkBegin } from '../../../server/web/widget/check.ts';
import { createKeep } from '../../../server/web/widget/keep.ts';
import { type Chat, createChat } from '../../../server/web/widget/session.ts';
import { words } from '../../../server/web/widget/words.ts';
import { type FakeChatHub, startFakeChatHub } from '../../support/fake-chat-hub.tsx';

let hub: FakeChatHub;
let chats: Chat[];
let kept: Map<string, string>;
beforeEach(async () => {
  hub = await startFakeChatHub('.');
  chats = [];
  kept = new Map();
});
afterEach(() => {
  for (const chat of chats) chat.stop();
  hub.close();
});

/** A web storage of this test's own, as a browser keeps one: its keys are its own properties. */
const storage = () =>
  new Proxy({} as Storage, {
    get: (_, name) =>
      ({
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => void kept.set(key, value),
        removeItem: (key: string) => void kept.delete(key),
      })[name as 'getItem'],
    ownKeys: () => [...kept.keys()],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });

function tab(): Chat {
  const chat = createChat({
    page: { brand: { slug: 'harbor-motors', name: 'Harbor Motors' }, sites: [], notice: '', logins: [] },
    client: (token) => hubClient({ routes: chatRoutes, base: hub.origin, token, fetch }),
    keep: createKeep(storage, 'harbor-motors'),
    now: () => new Date(),
    newId: () => crypto.randomUUID(),
    newToken: () => randomBytes(32).toString('base64url'),
    random: () => 0,
    after: () => () => {},
  });
  chats.push(chat);
  chat.open();
  return chat;
}
const begin = async (more = {}): Promise<Chat> => {
  const chat = tab();
  await chat.begin({ text: 'Hello', name: '', email: 'ada@brandt.example', phone: '', ...more });
  return chat;
};
const kinds = (chat: Chat) => chat.get().log.entries.map((e) => e.kind);

it('R58 what the brand needs is explained in its own words; what it does not need may stay empty', () => {
  const ask = (ask: 'needed' | 'optional' | 'off') => ({ ask, help: '' });
  const form = {
    greeting: '',
    name: ask('needed'),
    email: ask('needed'),
    phone: ask('optional'),
    terms: '',
    privacy: '',
  };
  const values = { text: 'Hello', name: ' ', email: 'ada', phone: '' };
  expect(checkBegin(values, { form })).toEqual({ name: words.needed.name, email: words.badEmail(true) });
  expect(words.badEmail(true)).not.toContain('empty');
  expect(checkBegin({ ...values, email: '' }, {})).toEqual({});
});

it('R63 the answer goes along only where one was given', async () => {
  await begin();
  await vi.waitFor(() => expect(hub.talks[0]?.input).not.toHaveProperty('recorded'));
  chats[0]?.startNew();
  await begin({ recorded: false });
  expect(hub.talks[1]?.input.recorded).toBe(false);
});

it('R60 a mailing whose answer was lost is sent again under the same id; another address has its own', async () => {
  const chat = await begin();
  hub.swallow('chatMail', true);
  expect(await chat.ending.mail('ada@brandt.example')).toBe(false);
  expect(chat.get().ending).toMatchObject({ note: words.noAnswerBegin, mailed: undefined });
  hub.swallow('chatMail', false);
  expect(await chat.ending.mail('ada@brandt.example')).toBe(true);
  expect(chat.get().ending.mailed).toBe('ada@brandt.example'); // said where it was asked for
  expect(await chat.ending.mail('ada.two@brandt.example')).toBe(true);
  const ids = hub.talks[0]?.entries.flatMap((e) => (e.kind === 'mailed' ? e.clientId : [])) ?? [];
  expect([ids.length, new Set(ids).size]).toEqual([3, 2]);
  expect(ids[0]).toBe(ids[1]);
});

it('R60 R59 a refusal stands in words of the widget’s own, and the next try takes it away', async () => {
  const chat = await begin();
  for (const [slug, said] of [
    ['bad-input', words.badEmail(true)],
    ['too-many', words.mailedOften],
    ['store-failed', words.cannotStore],
  ] as const) {
    hub.refuse('chatMail', slug);
    await chat.ending.mail('ada@brandt.example');
    expect(chat.get().ending.note).toBe(said);
  }
  hub.refuse('chatRate', 'moved-on');
  await chat.ending.rate(4, '');
  expect(chat.get().ending.note).toBe(words.notAsked);
  expect(await chat.ending.rate(4, '')).toBe(true);
  expect(chat.get().ending.note).toBeUndefined();
  expect(kinds(chat)).toContain('rated');
});

it('R59 a question put aside stays so after a reload, and a new chat asks anew', async () => {
  const chat = await begin();
  await chat.ending.end();
  chat.ending.skip();
  chat.stop();
  const again = tab();
  await vi.waitFor(() => expect(kinds(again)).toContain('ended'));
  expect(again.get().ending.skipped).toBe(true);
  again.startNew();
  expect([...kept.keys()]).toEqual([]);
  expect(again.get()).toMatchObject({ phase: 'form', ending: {}, log: { entries: [] } });
});

it('R62 what waits to be sent goes before the end, in its order', async () => {
  const chat = await begin();
  chat.ending.show('end');
  chat.say('One more thing');
  chat.say('And another');
  expect(await chat.ending.end()).toBe(true);
  const said = () => hub.talks[0]?.entries.map((e) => (e.kind === 'message' ? e.text : e.kind));
  expect(said()?.slice(-3)).toEqual(['One more thing', 'And another', 'ended']);
  expect(chat.get().ending.shown).toBeUndefined();
});

it('R62 where something cannot be sent the chat goes on, says why, and ends once it was sent or removed', async () => {
  const chat = await begin();
  chat.ending.show('end');
  const tried = async () => {
    chat.say('One more thing');
    expect(await chat.ending.end()).toBe(false);
    expect(chat.get().ending).toMatchObject({ shown: 'end', note: words.endUnsent, busy: false });
    expect(chat.get().log.sending).toHaveLength(1);
    expect(hub.talks[0]?.entries.map((e) => e.kind)).not.toContain('ended');
  };
  hub.refuse('chatSend', 'bad-input');
  await tried();
  for (const held of chat.get().log.sending) chat.remove(held);
  hub.refuse('chatSend', 'internal');
  await tried();
  for (const held of chat.get().log.sending) chat.sendAgain(held);
  expect(await chat.ending.end()).toBe(true);
  expect(hub.talks[0]?.entries.map((e) => e.kind).slice(-2)).toEqual(['message', 'ended']);
});

it('R62 without a network nothing ends and nothing is lost', async () => {
  const chat = await begin();
  hub.close();
  chat.ending.show('end');
  chat.say('One more thing');
  expect(await chat.ending.end()).toBe(false);
  expect(chat.get().ending.note).toBe(words.endUnsent);
  expect(chat.get().log.sending).toMatchObject([{ text: 'One more thing' }]);
});

it('R62 whoever goes on chatting while something is still being sent ends nothing', async () => {
  const chat = await begin();
  chat.ending.show('end');
  chat.say('One more thing');
  const ending = chat.ending.end();
  chat.ending.show(undefined);
  expect(await ending).toBe(false);
  expect(hub.talks[0]?.entries.map((e) => e.kind)).not.toContain('ended');
});
