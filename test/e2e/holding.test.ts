import type { Browser, Frame, HTTPRequest, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, look, lookInto, openWidget, press, sees, until, violations } from '../support/story.ts';

let hub: RunningHub;
let browser: Browser;
let maria: Page;
let jens: Page;
beforeAll(async () => {
  hub = await runHub();
  browser = await launchPlain();
  maria = await browser.newPage();
  await maria.goto(hub.signIn);
  await press(maria, 'form [type=submit]');
  await sees(maria, 'Connections');
  // Jens asks for a link, which waits in the outbox of whoever runs the hub; a browser of its own for each of them.
  jens = await (await browser.createBrowserContext()).newPage();
  await jens.goto(`${hub.origin}/sign-in`);
  await fill(jens, '#email', 'jens@harbor.example');
  await press(jens, 'form [type=submit]');
  const link = await until(async () => {
    await maria.goto(`${hub.origin}/console/outbox`);
    await maria.$eval('main a[href^="/console/outbox/"]', (a) => (a as HTMLAnchorElement).click());
    await sees(maria, '/sign-in/', 2_000);
    return maria.evaluate(() => /http\S+\/sign-in\/[\w-]+/.exec(document.body.innerText)?.[0]);
  }, 'the link for Jens');
  await jens.goto(link);
  await press(jens, 'form [type=submit]');
  await until(async () => !jens.url().includes('/sign-in'), 'Jens signed in');
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

/** A visitor of their own writes from the shop. */
async function visitor(words: string): Promise<Frame> {
  const shop = await (await browser.createBrowserContext()).newPage();
  await shop.goto(hub.shop);
  const widget = await openWidget(shop);
  await fill(widget, '#text', words);
  await press(widget, 'button.main');
  await sees(widget, words);
  return widget;
}
const desk = async (page: Page): Promise<void> => {
  await page.goto(`${hub.origin}/panel`);
  await sees(page, 'Is the blue Marlin still there?');
};
const holder = (page: Page): Promise<string | undefined> =>
  page.$eval('.holder > p', (p) => (p as HTMLElement).innerText);
/** What the queue offers and shows: "Mine 0". */
const counts = (page: Page): Promise<string[]> =>
  page.$$eval('.tools [name=filter]', (all) =>
    all.map((i) => (i.parentElement?.innerText ?? '').replace(/\s+/g, ' ').trim()),
  );

test('R66 two agents press Take at once: one holds the chat on both desks, the other reads who', async () => {
  const widget = await visitor('Is the blue Marlin still there?');
  await Promise.all([desk(maria), desk(jens)]);
  expect(await holder(maria)).toContain('Nobody has this chat yet');
  // Maria's press is on its way while Jens presses: her desk still says that nobody has it.
  let late: HTTPRequest | undefined;
  const hold = (request: HTTPRequest): void => {
    if (request.url().endsWith('/assign')) late = request;
    else void request.continue();
  };
  await maria.setRequestInterception(true);
  maria.on('request', hold);
  await press(maria, '[data-act=take]');
  await until(async () => late, 'the press of Maria');
  await press(jens, '[data-act=take]');
  await until(async () => (await holder(jens))?.includes('With you'), 'Jens holds it');
  await late?.continue();
  await sees(maria, 'Jens holds this chat by now.');
  maria.off('request', hold);
  await maria.setRequestInterception(false);
  expect(await holder(maria)).toContain('With Jens');
  expect(await counts(jens)).toEqual(['Mine 1', 'Unassigned 0', 'All 1']);
  expect(await counts(maria)).toEqual(['Mine 0', 'Unassigned 0', 'All 1']);
  expect(await widget.evaluate(() => document.body.innerText)).not.toMatch(/With|took/);
  await press(maria, '[data-act=take]');
  await until(async () => (await holder(maria))?.includes('With you'), 'Maria holds it');
});

test('R66 by keyboard: Transfer lists who is there, hands the chat on with a word, and focus comes back', async () => {
  await maria.bringToFront();
  await maria.focus('.transfer summary');
  await maria.keyboard.press('Enter');
  await sees(maria, 'Transfer to');
  await maria.focus('.transfer input[type=radio]');
  await maria.keyboard.press('Space');
  await maria.keyboard.press('Tab');
  await maria.keyboard.type('Asks about the boat');
  expect(await look(maria, 'transfer')).toEqual([]);
  await maria.setViewport({ width: 320, height: 900 });
  expect(await violations(maria)).toEqual([]);
  expect(await maria.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await maria.setViewport({ width: 1280, height: 900 });
  await maria.bringToFront();
  await maria.focus('#handing');
  await maria.keyboard.press('Tab');
  await maria.keyboard.press('Enter');
  await until(async () => (await holder(maria))?.includes('With Jens'), 'Jens holds it');
  expect(await maria.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
  await sees(jens, 'Maria handed this chat to you.');
  await sees(jens, 'Asks about the boat');
});

test('R66 the queue shows mine, unassigned or all, by keyboard, and a browser keeps which', async () => {
  await visitor('And what does it cost?');
  await sees(jens, 'And what does it cost?');
  await jens.bringToFront();
  await jens.focus('.tools [name=filter][checked], .tools [name=filter]:checked');
  await jens.keyboard.press('ArrowLeft');
  await until(async () => (await jens.$$('.queue .rows li')).length === 2, 'the one unassigned chat, and the open one');
  await sees(jens, 'With you, open, but not in Unassigned');
  expect(await counts(jens)).toEqual(['Mine 1', 'Unassigned 1', 'All 2']);
  expect(await look(jens, 'queue-unassigned')).toEqual([]);
  await jens.reload();
  await until(async () => (await jens.$$('.queue .rows li')).length === 1, 'the filter is kept');
  expect(await jens.$eval('.tools [name=filter]:checked', (i) => i.parentElement?.innerText)).toContain('Unassigned');
  await jens.$eval('.tools [name=filter]', (i) => (i as HTMLElement).click());
  await until(
    async () => (await jens.$$eval('.queue .rows li', (all) => all.map((li) => li.textContent)))[1]?.includes('Marlin'),
    'mine',
  );
});

test('R66 R62 away stays away after a reload, and with nobody available the chat takes a message instead', async () => {
  for (const page of [maria, jens]) {
    await page.$$eval('.tools [name=available]', (all) => (all[1] as HTMLElement).click());
    await until(
      () => page.$eval('.tools [name=available]:checked', (i) => i.parentElement?.innerText === 'Away'),
      'away',
    );
  }
  await jens.reload();
  await until(
    () => jens.$eval('.tools [name=available]:checked', (i) => i.parentElement?.innerText === 'Away'),
    'away',
  );
  await maria.goto(`${hub.origin}/console/chat/hours`);
  await press(maria, '[name=whenNobody][value=yes]');
  await press(maria, '[name=email][value=needed]');
  await press(maria, 'main button.main');
  await sees(maria, 'Saved.');
  const shop = await (await browser.createBrowserContext()).newPage();
  await shop.goto(hub.shop);
  const widget = await openWidget(shop);
  await sees(widget, 'Nobody is here just now.');
  expect(await lookInto(shop, widget, 'widget-away')).toEqual([]);
  await fill(widget, '#text', 'Call me about the Marlin');
  await press(widget, 'button.main');
  await sees(widget, 'an answer may never reach you');
  await fill(widget, '#email', 'ada@brandt.example');
  await press(widget, 'button.main');
  await sees(widget, 'Call me about the Marlin');
  await until(() => widget.$('#m'), 'the chat');
  await press(jens, '.tools label:last-child input[name=filter]');
  await sees(jens, 'left while away');
  expect(await look(jens, 'queue-left-away')).toEqual([]);
});
