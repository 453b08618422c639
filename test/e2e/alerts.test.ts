import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type FakeHub, fakeHub } from '../support/fake-hub.ts';
import type { FakeChat } from '../support/fake-hub-state.ts';
import { launchFirefox } from '../support/firefox.ts';
import { drivePanel } from '../support/panel.ts';
import { until } from '../support/story.ts';

let chromium: Chromium;
let hub: FakeHub;
let bob: FakeChat;
beforeAll(async () => {
  hub = await fakeHub();
  hub.state.visitor('Ada Brandt', 'Can you keep the Marlin until Saturday?');
  chromium = await launchChromium();
  await (await drivePanel(await chromium.tab('options.html'))).saveHub(hub.origin);
});
afterAll(async () => {
  await chromium?.browser.close();
  await hub?.down();
});

type Ext = typeof globalThis & {
  chrome: { action: { getBadgeText(of: object): Promise<string> } };
  rings: string[];
};
const badge = (page: Page) => page.evaluate(() => (globalThis as Ext).chrome.action.getBadgeText({}));
const rings = (page: Page) => page.evaluate(() => (globalThis as Ext).rings);

/** A window with the panel that writes down each sound it makes, and whether the browser let it be heard. */
async function window(): Promise<Page> {
  const page = await chromium.browser.newPage();
  await page.emulateFocusedPage(true); // another browser of this machine may have the keyboard; then Ada would ring too
  await page.evaluateOnNewDocument(() => {
    const rings: string[] = [];
    Object.assign(globalThis, { rings });
    const made = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function (this: AudioContext) {
      setTimeout(() => rings.push(this.state), 500);
      return made.call(this);
    };
  });
  await page.goto(`chrome-extension://${chromium.id}/sidepanel.html`);
  return page;
}

/** The two windows of the first test. */
async function windows(): Promise<[Page, Page]> {
  const pages = (await chromium.browser.pages()).filter((page) => page.url().endsWith('/sidepanel.html'));
  return pages as [Page, Page];
}

it('R74 R79 two windows: one sound, without touching a setting, and the number at the button', async () => {
  const first = await window();
  const driven = await drivePanel(first);
  hub.confirm(await driven.code());
  await driven.seesIn('h1', 'Ada Brandt');
  const second = await window();
  await (await drivePanel(second)).seesIn('h1', 'Ada Brandt');
  await second.bringToFront();
  bob = hub.state.visitor('Bob Lund', 'Is the estate still for sale?');
  await until(
    async () => [...(await rings(first)), ...(await rings(second))].length === 2 && true,
    'one sound of two notes',
  );
  expect([...(await rings(first)), ...(await rings(second))]).toEqual(['running', 'running']);
  // What Ada wrote is before the agent's eyes, so it waits no more (R62); Bob's does.
  await until(async () => (await badge(second)) === '1', 'the number at the button');
  hub.state.says(bob, 'Hello?');
  await until(async () => (await badge(second)) === '2', 'the number at the button');
});

it('R74 a chat that a colleague hands over makes one sound over both windows, and no number', async () => {
  const [first, second] = await windows();
  const sounds = async () => [...(await rings(first)), ...(await rings(second))].length;
  await until(async () => (await sounds()) === 4, 'the sound of the message before');
  const maria = { id: 'maria', name: 'Maria' };
  hub.state.add(bob, { kind: 'assigned', by: maria, to: { id: 'jens', name: 'Jens' }, reason: 'transferred' });
  await until(async () => (await sounds()) === 6, 'one sound of two notes');
  const driven = await drivePanel(second);
  await driven.sees('With you');
  await driven.click('.tools [name=filter]');
  await driven.seesIn('.queue .rows', 'Bob Lund');
  await until(async () => (await driven.count('.queue .rows li')) === 2, 'the one that is mine, and the open one');
  expect(await sounds()).toBe(6);
  await until(async () => (await badge(second)) === '2', 'the number at the button');
  // With Maria it is for Maria to hear of, until Maria hands it back.
  hub.state.add(bob, { kind: 'assigned', by: maria, to: maria, reason: 'taken' });
  hub.state.says(bob, 'And its price?');
  await until(async () => (await badge(second)) === '', 'no number at the button');
  expect(await sounds()).toBe(6);
  hub.state.add(bob, { kind: 'assigned', by: maria, to: { id: 'jens', name: 'Jens' }, reason: 'transferred' });
  await until(async () => (await badge(second)) === '3', 'the number at the button');
  await until(async () => (await sounds()) === 8, 'one sound of two notes');
});

it('R75 with every panel closed and the worker ended, an alarm wakes it and the number is true within 30 seconds', async () => {
  const options = await chromium.tab('options.html');
  for (const page of await chromium.browser.pages()) if (page !== options) await page.close();
  const own = (t: { type(): string; url(): string }) => t.type() === 'service_worker' && t.url().includes(chromium.id);
  await (await (await chromium.browser.waitForTarget(own)).worker())?.close();
  await until(async () => !chromium.browser.targets().some(own), 'the end of the worker');
  hub.state.says(bob, 'Are you there?');
  await until(async () => (await badge(options)) === '4', 'the number at the button', 45_000);
});

it('R74 R77 desktop notices are asked for by a click in the options, and installing asked for none', async () => {
  const options = await chromium.tab('options.html');
  const driven = await drivePanel(options);
  await driven.sees('Turn desktop notices on');
  type Held = { chrome: { permissions: { getAll: () => Promise<{ permissions?: string[] }> } } };
  const held = await options.evaluate(() => (globalThis as unknown as Held).chrome.permissions.getAll());
  expect(held.permissions).not.toContain('notifications');
  expect(await driven.violations()).toEqual([]);
});

it('R74 R75 two windows in Firefox: each has a stream of its own, and both hear of the next message', async () => {
  const firefox = await launchFirefox();
  try {
    const options = await firefox.tab('options.html');
    await (await drivePanel(options)).saveHub(hub.origin);
    const tab = await drivePanel(await firefox.tab('sidepanel.html?tab'));
    hub.confirm(await tab.code());
    await tab.seesIn('.live', 'live,');
    const sidebar = await drivePanel(await firefox.openSidebar(options));
    await sidebar.seesIn('.live', 'live,');
    hub.state.says(bob, 'One more thing');
    await tab.seesIn('.queue', 'One more thing');
    await sidebar.seesIn('.queue', 'One more thing');
  } finally {
    await firefox.browser.close();
  }
});
