import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chatRoutes, hubClient } from '#contract/client.ts';
import { createKeep } from '../../../server/web/widget/keep.ts';
import { type Chat, createChat } from '../../../server/web/widget/session.ts';
import { type FakeChatHub, startFakeChatHub } from '../../support/fake-chat-hub.tsx';

let hub: FakeChatHub;
let chats: Chat[];
/** Timers of the session by their length, run only when a test says so. */
let timers: { ms: number; act: () => void }[];
beforeEach(async () => {
  hub = await startFakeChatHub('.');
  chats = [];
  timers = [];
  ahead = 0;
  through = fetch;
});
afterEach(() => {
  for (const chat of chats) chat.stop();
  hub.close();
});

/** A web storage in memory, as a browser keeps one per site. */
function memory(): Storage {
  const values = new Map<string, string>();
  const storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => {
      values.set(key, value);
      Object.assign(storage, { [key]: value });
    },
    removeItem: (key: string) => {
      values.delete(key);
      delete (storage as Record<string, unknown>)[key];
    },
  };
  for (const key of Object.keys(storage)) Object.defineProperty(storage, key, { enumerable: false });
  return storage as unknown as Storage;
}
const fresh = () => {
  const storage = memory();
  return () => storage;
};
const run = (ms: number) => {
  const due = timers.filter((timer) => timer.ms === ms);
  timers = timers.filter((timer) => timer.ms !== ms);
  for (const timer of due) timer.act();
};

/** How far the clock of the next tabs is ahead, in milliseconds, and the network they go through. */
let ahead = 0;
let through = fetch;

function tab(storage: () => Storage): Chat {
  let id = 0;
  const chat = createChat({
    page: { brand: { slug: 'harbor-motors', name: 'Harbor Motors' }, sites: [], notice: '', logins: [] },
    client: (token) => hubClient({ routes: chatRoutes, base: hub.origin, token, fetch: (...to) => through(...to) }),
    keep: createKeep(storage, 'harbor-motors'),
    now: () => new Date(Date.now() + ahead),
    newId: () => `id-${chats.indexOf(chat)}-${id++}`,
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
  chats.push(chat);
  chat.open();
  return chat;
}
const hello = { text: 'Hello', name: '', email: '', phone: '' };
const words = (chat: Chat) =>
  chat.get().log.entries.map((entry) => (entry.kind === 'message' ? entry.text : entry.kind));
const sent = () => hub.talks.flatMap((talk) => talk.entries);

describe('a visitor’s chat', () => {
  it('R57 works where the browser refuses storage, and keeps nothing', async () => {
    const chat = tab(() => {
      throw new Error('SecurityError');
    });
    await chat.begin(hello);
    chat.say('Again');
    await vi.waitFor(() => expect(words(chat)).toEqual(['Hello', 'Again']));
  });

  it('R62 a line between the history on its way and an own message that overtakes it arrives, and counts as unread', async () => {
    let release: (() => void) | undefined;
    through = async (input, init) => {
      const answer = await fetch(input, init);
      if (!String(input).endsWith('/api/chat/entries')) return answer;
      return new Promise((arrive) => {
        release = () => arrive(answer);
      });
    };
    const chat = tab(fresh());
    await chat.begin(hello);
    await vi.waitFor(() => expect(release).toBeDefined());
    hub.says('One moment');
    chat.say('Again');
    await vi.waitFor(() => expect(words(chat)).toEqual(['Hello', 'Again']));
    chat.closed();
    through = fetch;
    release?.();
    await vi.waitFor(() => expect(words(chat)).toEqual(['Hello', 'One moment', 'Again']));
    expect(chat.get().unread).toBe(1);
  });

  it('R62 a second tab that was open before goes on in the chat of the first', async () => {
    const storage = memory();
    const [first, second] = [tab(() => storage), tab(() => storage)];
    await first.begin(hello);
    await second.begin({ ...hello, text: 'From the other tab' });
    await vi.waitFor(() => expect(words(first)).toEqual(['Hello', 'From the other tab']));
    await vi.waitFor(() => expect(words(second)).toEqual(['Hello', 'From the other tab']));
    expect(hub.talks).toHaveLength(1);
  });

  it('R62 the same first message carries the same id, changed words carry a new one', async () => {
    const chat = tab(fresh());
    hub.refuse('chatStart', 'store-failed');
    await chat.begin(hello);
    expect(chat.get().form).toMatchObject({
      values: hello,
      sending: false,
      note: expect.stringContaining('Not sent.'),
    });
    hub.refuse('chatStart', 'too-many');
    await chat.begin(hello);
    await chat.begin({ ...hello, text: 'Hello there' });
    expect(hub.talks.map((talk) => talk.input.clientId)).toEqual(['id-0-1']);
  });

  it('R62 messages arrive in the order in which they were written, one at a time', async () => {
    const chat = tab(fresh());
    await chat.begin(hello);
    for (let i = 1; i <= 8; i++) chat.say(String(i));
    await vi.waitFor(() => expect(sent()).toHaveLength(9));
    expect(sent().map((e) => e.kind === 'message' && e.text)).toEqual([
      'Hello',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
    ]);
    await vi.waitFor(() => expect(chat.get().log.sending).toEqual([]));
  });

  const offlineAfterSilence = async (): Promise<Chat> => {
    const chat = tab(fresh());
    await chat.begin(hello);
    await vi.waitFor(() => expect(hub.listening()).toBe(1));
    await vi.waitFor(() => expect(timers.some((timer) => timer.ms === 45_000)).toBe(true));
    run(45_000);
    await vi.waitFor(() => expect(timers.some((timer) => timer.ms === 1000)).toBe(true));
    return chat;
  };

  it('R62 a line that reached the hub tells that it is there: the chat is live again without its timer', async () => {
    const chat = await offlineAfterSilence();
    expect(chat.get().offlineSince).toBeDefined();
    chat.say('Are you there?');
    await vi.waitFor(() => expect(chat.get().offlineSince).toBeUndefined());
    await vi.waitFor(() => expect(hub.listening()).toBe(1));
  });

  it('R62 a line that waits for the network goes when the page is seen again, before its timer', async () => {
    const chat = tab(fresh());
    await chat.begin(hello);
    await vi.waitFor(() => expect(hub.listening()).toBe(1));
    through = () => Promise.reject(new TypeError('Failed to fetch'));
    chat.say('Written in a tunnel');
    await vi.waitFor(() => expect(timers.some((timer) => timer.ms === 3000)).toBe(true));
    through = fetch;
    chat.wake();
    await vi.waitFor(() => expect(words(chat)).toEqual(['Hello', 'Written in a tunnel']));
    run(3000);
    expect(chat.get().log.sending).toEqual([]);
  });

  it('R62 a line waits while a proxy answers for a hub that is away, and is not called refused', async () => {
    const chat = tab(fresh());
    await chat.begin(hello);
    through = async () => new Response('<h1>Bad gateway</h1>', { status: 502 });
    chat.say('Written meanwhile');
    await vi.waitFor(() => expect(timers.some((timer) => timer.ms === 3000)).toBe(true));
    expect(chat.get().log.sending).toMatchObject([{ text: 'Written meanwhile' }]);
    expect(chat.get().log.sending[0]).not.toHaveProperty('failed');
    through = fetch;
    run(3000);
    await vi.waitFor(() => expect(words(chat)).toEqual(['Hello', 'Written meanwhile']));
  });

  it('R62 a stream that missed a beat while the computer slept is given up when it wakes, and no other is', async () => {
    const chat = tab(fresh());
    await chat.begin(hello);
    await vi.waitFor(() => expect(timers.some((timer) => timer.ms === 45_000)).toBe(true));
    chat.wake();
    hub.says('Live still');
    await vi.waitFor(() => expect(words(chat)).toEqual(['Hello', 'Live still']));
    expect(chat.get().offlineSince).toBeUndefined();
    ahead = 3_600_000;
    chat.wake();
    await vi.waitFor(() => expect(timers.some((timer) => timer.ms === 1000)).toBe(true));
    expect(chat.get().offlineSince).toBeDefined();
    hub.says('Written in the night');
    run(1000);
    await vi.waitFor(() => expect(words(chat)).toEqual(['Hello', 'Live still', 'Written in the night']));
  });

  it('R62 a stream that falls silent is given up and taken up again where it was', async () => {
    const chat = tab(fresh());
    await chat.begin(hello);
    await vi.waitFor(() => expect(hub.listening()).toBe(1));
    await vi.waitFor(() => expect(timers.some((timer) => timer.ms === 45_000)).toBe(true));
    run(45_000);
    await vi.waitFor(() => expect(chat.get().offlineSince).toBeDefined());
    hub.says('Written meanwhile');
    await vi.waitFor(() => expect(timers.some((timer) => timer.ms === 1000)).toBe(true));
    run(1000);
    await vi.waitFor(() => expect(words(chat)).toEqual(['Hello', 'Written meanwhile']));
    expect(chat.get()).toMatchObject({ offlineSince: undefined, said: 'Live again.' });
  });

  it('R59 R60 a copy opened while the rating is on its way is read', async () => {
    const chat = tab(fresh());
    await chat.begin(hello);
    hub.put({ kind: 'ended', by: 'agent', name: 'Maria' });
    await vi.waitFor(() => expect(words(chat)).toEqual(['Hello', 'ended']));
    const rating = chat.ending.rate(4, '');
    chat.ending.show('copy');
    expect(await rating).toBe(true);
    await vi.waitFor(() => expect(chat.get().ending.copy).toBeDefined());
  });

  it('waits longer after each failure, and not at all once the network is back', async () => {
    const chat = tab(fresh());
    await chat.begin(hello);
    await vi.waitFor(() => expect(hub.listening()).toBe(1));
    hub.cut(true);
    for (const ms of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      await vi.waitFor(() => expect(timers.map((timer) => timer.ms)).toContain(ms));
      run(ms);
    }
    await vi.waitFor(() => expect(timers.map((timer) => timer.ms)).toContain(30_000));
    hub.cut(false);
    chat.wake();
    await vi.waitFor(() => expect(chat.get().offlineSince).toBeUndefined());
  });

  it('R57 a returning visitor whose chat has ended is a stranger again', async () => {
    const storage = memory();
    storage.setItem('askfirst/harbor-motors/token', '"token-of-last-month"');
    const chat = tab(() => storage);
    await vi.waitFor(() => expect(chat.get().phase).toBe('form'));
    expect(Object.keys(storage)).toEqual([]);
  });

  it('explains a message that is too long before it is sent', async () => {
    const chat = tab(fresh());
    await chat.begin(hello);
    expect(chat.say('x'.repeat(4001))).toContain('This has 4,001 characters; up to 4,000 fit.');
    expect(chat.get().log.sending).toEqual([]);
  });

  it.each(['ada', 'ada@', '@brandt.example', 'ada@brandt', 'a b@c.example', 'a@b@c.example'])(
    'R58 explains the e-mail %j',
    async (email) => {
      const chat = tab(fresh());
      await chat.begin({ ...hello, email });
      expect(chat.get().form).toMatchObject({
        values: { email },
        errors: { email: expect.stringContaining('can stay empty') },
      });
      expect(hub.talks).toEqual([]);
    },
  );
});
