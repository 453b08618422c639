import { mkdirSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type FakeHub, fakeHub } from '../support/fake-hub.ts';
import type { FakeChat } from '../support/fake-hub-state.ts';
import { drivePanel, type PanelDriver } from '../support/panel.ts';

const shots = 'test/output';
mkdirSync(shots, { recursive: true });

let chromium: Chromium;
let hub: FakeHub;
let ada: FakeChat;
let grace: FakeChat;
let page: Page;
let panel: PanelDriver;
beforeAll(async () => {
  hub = await fakeHub();
  const served = { role: 'agent', available: true };
  hub.state.brands = [
    { id: 'boats', name: 'Harbor Boats and Yacht Rental', ...served },
    { id: 'harbor', name: 'Harbor Motors', ...served },
  ];
  hub.state.stepAsked = ['Harbor Bikes'];
  ada = hub.state.visitor('Ada Brandt', 'Can you keep the Marlin until Saturday?');
  grace = hub.state.visitor('Grace', 'Do you rent out sails?', {}, 'boats');
  hub.state.add(ada, { kind: 'tagged', by: 'Jens', tag: 'boat show', on: true, tags: ['boat show'] });
  const jens = { id: 'jens', name: 'Jens' };
  hub.state.add(ada, { kind: 'assigned', by: jens, to: jens, reason: 'taken' });
  chromium = await launchChromium();
  await (await drivePanel(await chromium.tab('options.html'))).saveHub(hub.origin);
  page = await chromium.tab('sidepanel.html');
  panel = await drivePanel(page);
  hub.confirm(await panel.code());
  await panel.seesIn('.queue', 'Grace');
});
afterAll(async () => {
  await chromium?.browser.close();
  await hub?.down();
});

/** Pictures at 320, 360 and 1280 px, light and dark, and what is wrong with each. */
async function look(name: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const width of [320, 360, 1280])
    for (const scheme of ['light', 'dark']) {
      await page.bringToFront();
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: scheme },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ]);
      await page.screenshot({ path: `${shots}/${name}-${width}-${scheme}.png` as `${string}.png` });
      wrong.push(...(await panel.violations()).map((v) => `${name} ${width} ${scheme}: ${v}`));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) wrong.push(`${name} ${width} ${scheme}: ${over} px too wide`);
    }
  return wrong;
}
const rowOf = (chat: FakeChat) => `.queue a[href="#${chat.id}"]`;

it('R64 the merged queue names the brand of each chat, in its row and its head, and claims none as a whole', async () => {
  expect(await panel.textOf('.top .brand')).toBe('Two brands');
  await panel.seesIn(rowOf(ada), 'Harbor Motors');
  await panel.seesIn(rowOf(grace), 'Harbor Boats and Yacht Rental');
  await panel.click(rowOf(ada));
  await panel.seesIn('.person .of-brand', 'Harbor Motors');
  await panel.seesIn('.queue', 'Harbor Bikes asks for a second step, so its chats are left out here.');
  expect(await look('merged-queue')).toEqual([]);
});

it('R64 the rows of one brand alone, by keyboard, and it is remembered', async () => {
  await page.setViewport({ width: 360, height: 900 });
  await page.bringToFront();
  await page.focus('.of-brands select');
  await page.keyboard.type('Harbor B');
  // Ada's chat is open, so it stays and says so; with Grace's opened there is nothing of the other brand.
  await panel.seesIn('.queue .rows', 'open, of another brand');
  await page.click('.queue .rows li:last-child a');
  await panel.until(async () => (await panel.count('.queue .rows li')) === 1, 'one row');
  await panel.seesIn('.queue .rows', 'Grace');
  await page.reload();
  panel = await drivePanel(page);
  await panel.until(async () => (await panel.count('.queue .rows li')) === 1, 'one row again');
  await page.select('.of-brands select', '');
  await panel.until(async () => (await panel.count('.queue .rows li')) === 2, 'both rows');
});

it('R64 what search finds names its brand too', async () => {
  await panel.fill('#find', 'the');
  await page.click('.search button[type="submit"]');
  await panel.seesIn('.search .rows', 'Harbor Motors');
  expect(await look('merged-search')).toEqual([]);
});
