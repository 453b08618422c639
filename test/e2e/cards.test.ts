import { mkdirSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type FakeHub, fakeHub } from '../support/fake-hub.ts';
import type { FakeChat } from '../support/fake-hub-state.ts';
import { drivePanel, type PanelDriver } from '../support/panel.ts';
import { until } from '../support/story.ts';

const shots = 'test/output';
mkdirSync(shots, { recursive: true });

let chromium: Chromium;
let hub: FakeHub;
let ada: FakeChat;
let page: Page;
let panel: PanelDriver;
beforeAll(async () => {
  hub = await fakeHub();
  ada = hub.state.visitor('Ada Brandt', 'Can you keep the Marlin until Saturday?');
  const [open] = structuredClone(ada.strip);
  hub.state.answers(ada, ['name', 'email'], []);
  for (const [integration, partner] of [
    ['shopify', 'Shopify'],
    ['slack', 'Slack'],
  ] as const) {
    if (open) ada.strip.push({ ...structuredClone(open), integration, partner });
    ada.cards.push({ integration, partner, sandbox: true, rows: [], empty: 'not_asked' });
  }
  ada.cards[0] = {
    ...{ integration: 'hubspot', partner: 'HubSpot', sandbox: true, at: new Date().toISOString() },
    rows: [{ label: 'Contact', value: '4711, new' }],
    drafts: [{ label: 'Reference', text: 'Your details are with our team, <b>under</b> reference 4711.' }],
  };
  chromium = await launchChromium();
  await (await drivePanel(await chromium.tab('options.html'))).saveHub(hub.origin);
  page = await window();
  panel = await drivePanel(page);
  hub.confirm(await panel.code());
  await panel.seesIn('h1', 'Ada Brandt');
  await panel.seesIn('[data-card="hubspot"]', '4711, new');
});
afterAll(async () => {
  await chromium?.browser.close();
  await hub?.down();
});

const window = async (): Promise<Page> => {
  const page = await chromium.browser.newPage();
  await page.goto(`chrome-extension://${chromium.id}/sidepanel.html`);
  return page;
};
const order = (of: Page) => of.$$eval('.card', (all) => all.map((c) => c.getAttribute('data-card')));
const has = (of: Page, selector: string): Promise<boolean> =>
  of.evaluate((s) => document.activeElement?.matches(s) ?? false, selector);
const key = async (name: 'Enter' | 'Escape' | 'Tab' | 'Space'): Promise<void> => {
  await page.bringToFront();
  await page.keyboard.press(name);
};
const value = (of: Page): Promise<string> => of.$eval('#text', (f) => (f as HTMLTextAreaElement).value);

/** Pictures at 320 px and wide, light and dark, and what is wrong with each. */
async function look(name: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const width of [320, 1280])
    for (const scheme of ['light', 'dark']) {
      await page.bringToFront();
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.evaluate(() => {
        for (const animation of document.getAnimations()) animation.finish();
        document.activeElement?.scrollIntoView({ block: 'nearest' });
      });
      await page.screenshot({ path: `${shots}/${name}-${width}-${scheme}.png` as `${string}.png` });
      wrong.push(...(await panel.violations()).map((v) => `${name} ${width} ${scheme}: ${v}`));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) wrong.push(`${name} ${width} ${scheme}: ${over} px too wide`);
    }
  return wrong;
}

it('R73 by keyboard: moved, pinned and folded; said aloud, the keyboard stays on the card, another window follows', async () => {
  const other = await window();
  await (await drivePanel(other)).seesIn('h1', 'Ada Brandt');
  await page.bringToFront();
  await page.focus('.card-box:has([data-card="slack"]) .arrange');
  await key('Enter');
  await page.waitForSelector('.arrange-acts');
  expect(await look('cards-menu')).toEqual([]);
  await page.focus('[data-act="up"]');
  await key('Enter');
  await until(async () => (await order(page)).join() === 'hubspot,slack,shopify', 'Slack in the middle');
  await panel.seesIn('.side > [role="status"]', 'Slack moved up, 2 of 3');
  expect(await has(page, '.card-box:has([data-card="slack"]) [data-act="up"]')).toBe(true);
  await page.focus('[data-act="pin"]');
  await key('Enter');
  await until(async () => (await order(page)).join() === 'slack,hubspot,shopify', 'Slack above all');
  await panel.seesIn('.side > [role="status"]', 'Slack pinned, 1 of 3');
  expect(await has(page, '.card-box:has([data-card="slack"]) [data-act="pin"]')).toBe(true);
  expect(await page.$eval('[data-act="down"]', (b) => b.getAttribute('aria-disabled'))).toBe('true');
  await key('Escape');
  await until(async () => (await page.$$('.arrange-acts')).length === 0, 'the menu is closed');
  expect(await has(page, '.arrange[aria-label="Arrange Slack, pinned"]')).toBe(true);
  await page.focus('[data-card="shopify"] > summary');
  await key('Enter');
  await panel.seesIn('[data-card="shopify"]', 'empty: not asked yet');
  await until(async () => hub.state.layout.folded.join() === 'shopify', 'the fold at the hub');
  await until(async () => (await order(other)).join() === 'slack,hubspot,shopify', 'the other window');
  await until(() => other.$eval('[data-card="shopify"]', (d) => !(d as HTMLDetailsElement).open), 'folded there too');
  await other.close();
  await page.reload();
  panel = await drivePanel(page);
  await until(async () => (await order(page)).join() === 'slack,hubspot,shopify', 'the same after a restart');
  expect(await page.$eval('[data-card="shopify"]', (d) => (d as HTMLDetailsElement).open)).toBe(false);
  hub.state.layout = { ...hub.state.layout, pinned: [], order: [] };
});

it('R72 by keyboard: words of an add-on fill the reply, go below what is written, come out again, and only Enter sends', async () => {
  const sent = () => ada.entries.filter((e) => e.kind === 'message' && e.author === 'agent').length;
  await page.bringToFront();
  await page.waitForSelector('[data-act="fill"]');
  await page.focus('[data-act="fill"]');
  await key('Enter');
  await until(async () => (await value(page)).startsWith('Your details'), 'the words in the reply');
  expect(await value(page)).toBe('Your details are with our team, <b>under</b> reference 4711.');
  expect(await has(page, '#text')).toBe(true);
  await panel.seesIn('.filled', 'Words from HubSpot are in the reply. Nothing was sent.');
  expect(await look('drafts')).toEqual([]);
  await page.focus('[data-act="undo"]');
  await key('Enter');
  await until(async () => (await value(page)) === '', 'the empty reply again');
  await page.keyboard.type('Dear Ada,');
  await page.focus('[data-act="fill"]');
  await key('Space');
  await until(async () => (await value(page)).startsWith('Dear Ada,\nYour details'), 'below what was written');
  expect(await page.$$('.drafts b')).toEqual([]);
  // While a note is open the words go to the reply, never into what only agents see.
  await panel.click('[data-act="turn"]');
  await page.waitForSelector('.note-form');
  await panel.click('[data-act="fill"]');
  await until(async () => (await page.$$('.note-form')).length === 0, 'the reply again');
  await until(() => has(page, '#text'), 'the keyboard in it');
  expect(sent()).toBe(0);
  await key('Enter');
  await until(async () => sent() === 1, 'the reply at the hub');
});

it('R69 R70 asking, then slow, then failed with Try again, which opens the preview; the chat goes on meanwhile', async () => {
  const since = Date.now();
  const made = {
    share: 's-1',
    integration: 'hubspot',
    partner: 'HubSpot',
    purpose: 'CustomerRelationshipManagement',
  } as const;
  const say = (state: 'waiting' | 'unknown' | 'failed', more = {}) =>
    hub.state.add(ada, { kind: 'share', ...made, state, fields: ['email'], withheld: [], ...more });
  say('waiting');
  await panel.seesIn('[data-card="hubspot"]', 'Asking HubSpot');
  await panel.seesIn('[data-card="hubspot"]', 'HubSpot took longer than 5 seconds. The chat is not affected.');
  expect(Date.now() - since).toBeGreaterThanOrEqual(4_900);
  hub.state.says(ada, 'Are you there?');
  await panel.seesIn('.talk', 'Are you there?');
  say('unknown', { why: 'slow', cause: 'HubSpot did not answer in time.' });
  await page.waitForSelector('[data-act="try-again"]');
  expect(await look('card-slow')).toEqual([]);
  await panel.click('[data-act="try-again"]');
  await panel.seesIn('[data-act="leave"]', 'Send two fields');
  await panel.click('[data-act="leave"]');
  await until(
    async () => ada.entries.filter((e) => e.kind === 'share' && e.state === 'waiting').length === 2,
    'a share of its own',
  );
});

it('R74 two windows: a reply of one appears in both once, and a draft of one is not lost by the other', async () => {
  const other = await window();
  const driven = await drivePanel(other);
  await driven.seesIn('h1', 'Ada Brandt');
  await panel.type('From the first window');
  await panel.enter();
  const lines = (of: Page) =>
    of.$$eval(
      '.talk .agent:not(.pending) p',
      (all) => all.filter((p) => p.textContent === 'From the first window').length,
    );
  for (const one of [page, other]) await until(async () => (await lines(one)) === 1, 'the reply, once');
  await panel.type('Half a reply of the first');
  await driven.type('Half a reply of the second');
  await driven.seesIn('.elsewhere', 'Half a reply of the first');
  page = other;
  panel = driven;
  expect(await look('elsewhere')).toEqual([]);
  await driven.click('[data-act="add-draft"]');
  await until(
    async () => (await value(other)) === 'Half a reply of the second\nHalf a reply of the first',
    'both, in one reply',
  );
});
