import { rmSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type FakeHub, fakeHub } from '../support/fake-hub.ts';
import type { FakeChat } from '../support/fake-hub-state.ts';
import { withGrant } from '../support/granted.ts';
import { drivePanel, type PanelDriver } from '../support/panel.ts';
import { until } from '../support/story.ts';

type Ext = typeof globalThis & {
  chrome: {
    action: { getBadgeText(of: object): Promise<string> };
    alarms: { create(name: string, at: object): Promise<void>; getAll(): Promise<{ name: string }[]> };
    notifications: { getAll(): Promise<object>; clear(id: string): Promise<boolean> };
    runtime: { sendMessage(message: object): Promise<unknown> };
  };
  rings: number;
};

let hub: FakeHub;
let chromium: Chromium;
let copy: string;
/** An extension page that only looks: it wakes the worker, reads the number at the button, and tells nobody of anything. */
let options: Page;
let beside: Page;
let ada: FakeChat;
let bob: FakeChat;
let panel: PanelDriver;
let shown: Page;
/** Where the worker is ended next: when the hub sees this call, before it acts or before its answer leaves. */
let next: { call: string; at: 'before' | 'after' } | undefined;
const ends: string[] = [];
let said = 0;
let replies = 0;
/** How many sounds the open panel has to have made by now. */
let sounds = 0;

const isWorker = (t: { type(): string; url(): string }) =>
  t.type() === 'service_worker' && t.url().includes(chromium.id);
const wake = () => options.evaluate(() => (globalThis as Ext).chrome.runtime.sendMessage({ type: 'ping' }));
const badge = () => options.evaluate(() => (globalThis as Ext).chrome.action.getBadgeText({}));
/** Makes an alarm of the worker's go off now; it goes on as before afterwards. */
const alarm = (name: string) =>
  options.evaluate(
    (n) => (globalThis as Ext).chrome.alarms.create(n, { when: Date.now(), periodInMinutes: n === 'look' ? 0.5 : 4 }),
    name,
  );

/** Ends the worker as a browser does, whatever it is at, and waits until it is gone. */
async function end(point: string): Promise<void> {
  await until(async () => {
    const worker = chromium.browser.targets().find(isWorker);
    await (await worker?.worker())?.close();
    return worker === undefined;
  }, 'the end of the worker');
  ends.push(point);
}
const endAt = (call: string, at: 'before' | 'after'): void => {
  next = { call, at };
};
/** Waits until the point that was named came. */
const ended = (): Promise<unknown> => until(async () => next === undefined, `${next?.at} ${next?.call}`);

beforeAll(async () => {
  hub = await fakeHub({
    onCall: async (path, at) => {
      if (!next || next.at !== at || !path.includes(next.call)) return;
      const point = next;
      await end(`${point.at} ${point.call}`);
      next = undefined;
    },
  });
  ada = hub.state.visitor('Ada Brandt', 'Can you keep the Marlin until Saturday?', { email: 'ada@brandt.example' });
  bob = hub.state.visitor('Bob Lund', 'Is the estate still for sale?');
  copy = withGrant({ permissions: ['notifications'] });
  chromium = await launchChromium(copy);
  options = await chromium.tab('options.html');
  await (await drivePanel(options)).saveHub(hub.origin);
});
afterAll(async () => {
  await chromium?.browser.close();
  await hub?.down();
  rmSync(copy, { recursive: true });
});

/** Opens the real side panel; its sounds are counted from the first. */
async function open(): Promise<void> {
  sounds = 0;
  shown = await chromium.openPanel();
  beside = (await chromium.browser.pages()).at(-1) as Page;
  await shown.evaluate(() => {
    const ext = globalThis as Ext;
    ext.rings = 0;
    const made = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function (this: AudioContext) {
      ext.rings++;
      return made.call(this);
    };
  });
  panel = await drivePanel(shown);
}
async function close(): Promise<void> {
  const extension = (await chromium.browser.extensions()).get(chromium.id);
  if (extension) await beside.triggerExtensionAction(extension); // a second press closes it
  await until(async () => hub.streams() === 0, 'the end of the stream');
}
const rings = () => shown.evaluate(() => (globalThis as Ext).rings / 2); // two notes are one sound
const waiting = () => hub.state.rows().reduce((sum, row) => sum + row.unread, 0);
const words = (): string => `Hello? ${++said}`;

/** Nothing doubled, nothing lost, one listener, and the next message tells once. */
async function whole(): Promise<void> {
  await panel.seesIn('.live', 'live,');
  await panel.until(async () => (await panel.count('.pending')) === 0, 'nothing waiting to be sent');
  const sent = ada.entries.filter((e) => e.kind === 'message' && e.author === 'agent');
  expect(sent).toHaveLength(replies);
  expect(await panel.count('.talk .agent')).toBe(replies);
  expect(hub.streams()).toBe(1);
  hub.state.says(bob, words());
  sounds++;
  await until(async () => (await badge()) === String(waiting()), 'the number at the button');
  await wake();
  await until(async () => (await rings()) >= sounds, 'the sound');
  expect(await rings()).toBe(sounds);
}

it('R75 ended six times while the panel pairs and opens: it opens all the same, on one stream', async () => {
  endAt('pair/start', 'after');
  await open();
  const code = await panel.code();
  await ended();
  for (const [call, at] of [
    ['pair/poll', 'before'],
    ['pair/poll', 'after'],
  ] as const) {
    await wake();
    endAt(call, at);
    await ended();
  }
  await wake();
  endAt('panel/queue', 'before');
  hub.confirm(code);
  await ended();
  await panel.seesIn('h1', 'Bob Lund');
  await wake();
  endAt(`conversations/${ada.id}`, 'before');
  await panel.click(`a[href="#${ada.id}"]`);
  await ended();
  await panel.seesIn('h1', 'Ada Brandt');
  await wake();
  endAt('panel/stream', 'before');
  hub.cut();
  await ended();
  sounds = 1; // Ada and Bob had written before
  await whole();
});

const reply = async (): Promise<void> => {
  replies++;
  await panel.type(`Until Saturday at 17:00. ${replies}`);
  await panel.enter();
};
it.each<[string, 'before' | 'after', () => Promise<unknown>]>([
  ['/messages', 'before', reply],
  ['/messages', 'after', reply],
  [
    '/notes',
    'after',
    async () => {
      await panel.click('[data-act="turn"]');
      await panel.type('For us alone');
      await panel.enter();
      await panel.click('[data-act="turn"]');
    },
  ],
  [
    '/tags',
    'before',
    async () => {
      await panel.click('.chat-tags summary');
      await panel.fill('#tag', 'refund');
      await shown.evaluate(() => document.querySelector<HTMLFormElement>('.chat-tags form')?.requestSubmit());
    },
  ],
  ['/ask', 'before', () => panel.click('[data-card="hubspot"] [data-act="ask"]')],
  ['/preview', 'after', () => panel.click('[data-card="hubspot"] [data-act="send"]')],
  [
    '/shares',
    'before',
    async () => {
      hub.state.answers(ada, ['name', 'email'], ['phone']);
      await panel.seesIn('[data-act="leave"]', 'Send two fields');
      await panel.click('[data-act="leave"]');
    },
  ],
  [
    'pair/rotate',
    'before',
    async () => {
      for (const pairing of hub.pairings) pairing.expiresAt = 0;
      await reply();
    },
  ],
  [
    'pair/rotate',
    'after',
    async () => {
      for (const pairing of hub.pairings) pairing.expiresAt = 0;
      await reply();
    },
  ],
])('R75 R62 ended with the panel open, as the hub gets %s (%s)', async (call, at, act) => {
  await wake();
  endAt(call, at);
  await act();
  await ended();
  await whole();
});

it('R62 what was sent meanwhile is there once', () => {
  const keys = ada.entries.flatMap((e) => ('clientId' in e && e.clientId ? [e.clientId] : []));
  expect(new Set(keys).size).toBe(keys.length);
  expect(ada.entries.filter((e) => e.kind === 'note')).toHaveLength(1);
  expect(ada.entries.filter((e) => e.kind === 'tagged')).toHaveLength(1);
  expect(ada.entries.filter((e) => e.kind === 'asked')).toHaveLength(1);
  expect(ada.entries.filter((e) => e.kind === 'share')).toHaveLength(1);
});

it('R75 ended as a message arrives in the open panel, and while it rings: one sound each', async () => {
  for (const point of ['as a message arrives', 'after it was told']) {
    await wake();
    const dying = point === 'as a message arrives' ? end(point) : undefined;
    hub.state.says(bob, words());
    sounds++;
    await dying;
    await until(async () => (await badge()) === String(waiting()), 'the number at the button');
    if (!dying) await end(point);
    await until(async () => (await rings()) >= sounds, 'the sound');
    expect(await rings()).toBe(sounds);
  }
  await whole();
});

const clear = () => options.evaluate(() => (globalThis as Ext).chrome.notifications.clear('askfirst-new'));
const notices = () =>
  options.evaluate(async () => Object.keys(await (globalThis as Ext).chrome.notifications.getAll()));

it.each<[string, 'panel/queue' | 'pair/rotate' | undefined, 'before' | 'after']>([
  ['asleep', undefined, 'before'],
  ['in its look, before the hub answers', 'panel/queue', 'before'],
  ['in its look, as the answer leaves', 'panel/queue', 'after'],
  ['as it trades the token, before the hub did', 'pair/rotate', 'before'],
  ['as it trades the token, with the new one on its way', 'pair/rotate', 'after'],
])('R75 ended with the panel closed, %s: the next look tells, once', async (point, call, at) => {
  if (hub.streams() > 0) await close();
  await clear();
  await wake();
  if (call) {
    if (call === 'pair/rotate') for (const pairing of hub.pairings) pairing.expiresAt = 0;
    endAt(call, at);
    await alarm('look');
    await ended();
  } else await end(point);
  hub.state.says(bob, words());
  const looks = () => hub.calls.filter((path) => path === 'GET /api/panel/queue').length;
  const before = looks();
  const refusals = call === 'pair/rotate' ? 1 : 0; // the look with the old token, and again with the new one
  await alarm('look');
  await until(async () => (await badge()) === String(waiting()), 'the number at the button', 45_000);
  expect(looks() - before).toBeLessThanOrEqual(1 + refusals); // one listener, one look
  await until(async () => (await notices()).join() === 'askfirst-new', 'the notice');
  await clear();
  const quiet = looks();
  await alarm('look');
  await until(async () => looks() > quiet, 'another look');
  await wake();
  expect(await notices()).toEqual([]); // told already
  const alarms = await options.evaluate(() => (globalThis as Ext).chrome.alarms.getAll());
  expect(alarms.map(({ name }) => name).sort()).toEqual(['keep', 'look']);
});

it('R75 at twenty points and more; the panel opens again, with nothing lost', async () => {
  expect(ends.length).toBeGreaterThanOrEqual(20);
  await open();
  await panel.seesIn('h1', 'Ada Brandt');
  await panel.seesIn('.live', 'live,');
  await until(async () => (await rings()) === 0, 'silence: all of it was told');
  await whole();
  await panel.click(`a[href="#${bob.id}"]`);
  await panel.seesIn('h1', 'Bob Lund');
  await panel.seesIn('.talk', `Hello? ${said}`);
  const told = await shown.evaluate(() =>
    [...document.querySelectorAll('.talk p')].flatMap((p) => p.textContent?.match(/^Hello\? \d+$/)?.[0] ?? []),
  );
  expect(told).toEqual(Array.from({ length: said }, (_, n) => `Hello? ${n + 1}`));
});
