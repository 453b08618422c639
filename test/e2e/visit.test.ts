import axe from 'axe-core';
import type { Browser, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, look, openWidget, press, sees, until } from '../support/story.ts';

let hub: RunningHub;
let browser: Browser;
let shop: Page;
let widget: Frame;
let desk: Page;
/** Everything the shop's page and the frame in it asked for: method, address and body. */
const asked: string[] = [];
beforeAll(async () => {
  hub = await runHub();
  browser = await launchPlain();
  desk = await browser.newPage();
  await desk.goto(hub.signIn);
  await press(desk, 'form [type=submit]');
  await sees(desk, 'Connections');
  await desk.goto(`${hub.origin}/panel`);
  await sees(desk, 'Nobody is waiting.');
  shop = await browser.newPage();
  shop.on('request', (r) => asked.push(`${r.method()} ${r.url()} ${r.postData() ?? ''}`));
  await shop.goto(`${hub.shop}/?token=s3cret#ada@brandt.example`);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const evil = '\u202E<img src=x onerror="document.title=1">';
const wordsOf = (where: Page | Frame): Promise<string> => where.evaluate(() => document.body.innerText);
const calls = () => asked.filter((a) => a.includes('/api/'));
/** The page goes on to another address by itself, as a page of one piece does. */
const goOn = (address: string, title: string) =>
  shop.evaluate(
    (a, t) => {
      history.pushState({}, '', a);
      document.title = t;
    },
    address,
    title,
  );
const factOf = (kind: string) =>
  desk.$eval(`[data-fact="${kind}"]`, (e) => (e as HTMLElement).innerText.replace(/\s+/g, ' '));

test('R57 R67 before the first message nothing is sent: not on the page, not with the chat open, not while typing', async () => {
  await shop.waitForSelector('[data-askfirst] >>> button');
  await goOn('/?token=s3cret-too', 'Before');
  await shop.waitForNetworkIdle();
  expect(asked.filter((a) => a.includes(hub.origin))).toEqual([`GET ${hub.origin}/widget.js?brand=harbor-motors `]);
  widget = await openWidget(shop);
  await goOn('/?token=s3cret-three', 'Open');
  await fill(widget, '#text', 'Is the blue Marlin still there?');
  await shop.waitForNetworkIdle();
  expect(calls()).toEqual([]);
});

test('R67 the agent sees the page from the first message on, live from page to page, and what is cut never leaves', async () => {
  await press(widget, 'button.main');
  await sees(desk, 'Is the blue Marlin still there?');
  await until(async () => (await factOf('page')).startsWith('Page now Open'), 'the page of now');
  expect(await factOf('trail')).toMatch(/^Before that none your site/);
  await goOn('/cars?token=s3cret-four#top', 'Our cars');
  await until(async () => (await factOf('page')).includes('Our cars'), 'the next page');
  await goOn('/cars/marlin', evil);
  await until(async () => (await factOf('trail')).includes('Our cars'), 'the trail');
  await shop.evaluate(() => history.back());
  await until(async () => (await factOf('page')).includes('/cars your site'), 'the page before');
  expect(asked.join('\n')).not.toMatch(/api.*(s3cret|brandt)/);
  expect(await wordsOf(desk)).not.toMatch(/s3cret|brandt/);
  // The brand's page has its own history, unpatched, and a title of markup is text on the desk.
  expect(await shop.evaluate(() => `${history.pushState}${history.replaceState}`)).toMatch(/native code.*native code/s);
  expect(await desk.$$('.facts img')).toEqual([]);
  expect(await factOf('trail')).toContain('Before that three pages');
  await press(desk, '.few');
  expect(await factOf('trail')).toContain('<img src=x');
});

test('R67 the device, the country and earlier chats say their source, or that they are unknown', async () => {
  expect(await factOf('device')).toMatch(/^Device Chrome on Linux browser, \d\d:\d\d$/);
  expect(await factOf('country')).toBe('Country unknown');
  expect(await factOf('earlier')).toBe('Other chats none chats here');
});

test('R62 each side sees that the other writes, never what, and nobody is told aloud', async () => {
  await shop.bringToFront();
  await fill(widget, '#m', 'half a sentence nobody sent');
  await sees(desk, 'is writing');
  expect(await desk.$eval('.queue .line', (e) => e.textContent)).toMatch(/ is writing$/);
  expect(await desk.$eval('.talk .writing', (e) => e.textContent)).toMatch(/ is writing$/);
  expect(await wordsOf(desk)).not.toContain('half a sentence');
  expect(
    await desk.$$eval('[aria-live], [role=log], [role=status]', (all) => all.map((e) => e.textContent).join()),
  ).not.toContain('is writing');
  await fill(desk, '#text', 'half a reply');
  await sees(widget, 'Maria is writing');
  expect(
    await widget.$$eval('[aria-live], [role=log], [role=status]', (all) => all.map((e) => e.textContent).join()),
  ).not.toContain('is writing');
  expect(await wordsOf(widget)).not.toContain('half a reply');
  expect(await look(desk, 'visit-writing')).toEqual([]);
  await shop.screenshot({ path: 'test/output/visit-widget-writing.png' });
});

test('R62 each side sees that the other had it on screen', async () => {
  await desk.bringToFront();
  await sees(widget, 'Seen ');
  await fill(desk, '#text', 'It is. Shall I keep it until Saturday?');
  await press(desk, '.composer button.main');
  await shop.bringToFront();
  await sees(widget, 'Shall I keep it');
  await sees(desk, 'Seen ');
  expect(await desk.$eval('.queue nav, .queue', (e) => e.querySelector('.count'))).toBeNull();
  await fill(widget, '#m', 'Yes please.');
  await press(widget, '.say-back [type=submit]');
  await until(async () => !(await desk.$('.talk .seen')), 'an answer says it already');
});

for (const theme of ['light', 'dark'] as const)
  for (const width of [320, 390])
    test(`R62 R67 the look at ${width} px, ${theme}`, async () => {
      for (const [page, name] of [
        [desk, 'panel'],
        [shop, 'widget'],
      ] as const) {
        await page.bringToFront();
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
        await page.setViewport({ width, height: 1400 });
        if (page === shop) await sees(widget, 'Seen ');
        await page.screenshot({ path: `test/output/visit-${name}-${width}-${theme}.png` });
        expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(width);
        for (const frame of page.frames()) {
          await frame.evaluate(axe.source);
          const found = await frame.evaluate(async () => {
            const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
              iframes: false,
            });
            return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
          });
          expect(found, name).toEqual([]);
        }
      }
    });
