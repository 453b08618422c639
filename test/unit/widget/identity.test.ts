import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chatRoutes, hubClient } from '#contract/client.ts';
import { createKeep } from '../../../server/web/widget/keep.ts';
import { type Chat, createChat } from '../../../server/web/widget/session.ts';
import { type FakeChatHub, startFakeChatHub } from '../../support/fake-chat-hub.tsx';

let hub: FakeChatHub;
let chats: Chat[];
/** What the browser keeps of the site; a test may take it away. */
let kept: Map<string, string> | undefined;
/** The network of the tabs. */
let through: typeof fetch;
beforeEach(async () => {
  hub = await startFakeChatHub('.');
  chats = [];
  kept = new Map();
  through = fetch;
});
afterEach(() => {
  for (const chat of chats) chat.stop();
  hub.close();
});

/** The part of a web storage that is used, over `kept`. */
function storage(): Storage {
  if (!kept) throw new Error('SecurityError');
  const values = kept;
  return Object.assign(Object.fromEntries(values), {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  }) as unknown as Storage;
}

/** A page of the site with the widget open; `identity` is who the page says is signed in. */
function page(identity?: string): Chat {
  const chat = createChat({
    page: { brand: { slug: 'harbor-motors', name: 'Harbor Motors' }, sites: [], notice: '', logins: [] },
    client: (token) => hubClient({ routes: chatRoutes, base: hub.origin, token, fetch: (...to) => through(...to) }),
    keep: createKeep(storage, 'harbor-motors'),
    now: () => new Date(),
    newId: () => `id-${chats.length}`,
    newToken: () => randomBytes(32).toString('base64url'),
    random: () => 0,
    after: () => () => {},
  });
  chats.push(chat);
  chat.open(identity);
  return chat;
}
const hello = { text: 'Hello', name: '', email: '', phone: '' };
const asked = (what: string) => hub.requests.filter((r) => r.endsWith(what)).length;
/** A chat of somebody nobody knows, as another page of the site left it. */
async function leftBehind(): Promise<void> {
  const chat = page();
  await chat.begin(hello);
  chat.stop();
}
const beganAnew = async (chat: Chat) => {
  await vi.waitFor(() => expect(chat.get().form.note).toContain('somebody else'));
  expect(chat.get()).toMatchObject({ phase: 'form', log: { entries: [] } });
  expect([...(kept ?? []).keys()]).toEqual([]);
  await vi.waitFor(() => expect(asked('/sign-out')).toBe(1));
};
/** Answers to `what` wait until the result is called; the hub has heard what was asked. */
function held(what: string): () => void {
  let go = () => {};
  const wait = new Promise<void>((resolve) => {
    go = resolve;
  });
  through = async (...to) => {
    const answer = await fetch(...to);
    if (String(to[0]).endsWith(what)) await wait;
    return answer;
  };
  return go;
}

describe('R28 who is signed in on the page', () => {
  it('is told to the hub; signed out or somebody else, this browser begins anew', async () => {
    await leftBehind();
    const chat = page('ada');
    await vi.waitFor(() => expect(chat.get().phase).toBe('chat'));
    expect(asked('/identify')).toBe(1);
    expect([...(kept ?? []).keys()]).toContain('askfirst/harbor-motors/signed-in');
    chat.open(); // the page goes on without a reload, and nobody is signed in any more
    await beganAnew(chat);
  });

  it('somebody else is not shown what the one before wrote', async () => {
    await leftBehind();
    const chat = page('somebody-else');
    await beganAnew(chat);
  });

  it('signing out counts while the hub still looks at who it was', async () => {
    await leftBehind();
    const answer = held('/identify');
    const chat = page('ada');
    await vi.waitFor(() => expect(asked('/identify')).toBe(1));
    chat.open();
    answer();
    await beganAnew(chat);
  });

  it('signing out counts where the page was left before the hub had answered', async () => {
    await leftBehind();
    held('/identify');
    page('ada');
    await vi.waitFor(() => expect(asked('/identify')).toBe(1));
    through = fetch;
    await beganAnew(page());
  });

  it('signing out clears the screen at once, also where the hub does not answer', async () => {
    await leftBehind();
    const chat = page('ada');
    await vi.waitFor(() => expect(chat.get().loaded).toBe(true));
    through = () => new Promise(() => {});
    chat.open();
    await vi.waitFor(() => expect(chat.get().phase).toBe('form'));
    expect(chat.get().log.entries).toEqual([]);
  });

  it('signing out counts where the browser refuses storage', async () => {
    kept = undefined;
    const chat = page();
    await chat.begin(hello);
    chat.open('ada');
    await vi.waitFor(() => expect(asked('/identify')).toBe(1));
    chat.open();
    await beganAnew(chat);
  });

  it('a proof that does not hold changes nothing', async () => {
    await leftBehind();
    hub.refuse('chatIdentify', 'bad-input');
    const chat = page('forged');
    await vi.waitFor(() => expect(chat.get().loaded).toBe(true));
    expect([...(kept ?? []).keys()]).toEqual(['askfirst/harbor-motors/token']);
    chat.open();
    await vi.waitFor(() => expect(hub.listening()).toBe(1));
    expect(chat.get()).toMatchObject({ phase: 'chat', log: { entries: [{ text: 'Hello' }] } });
    expect(asked('/sign-out')).toBe(0);
  });
});
