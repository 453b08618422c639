import type { Browser, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, openWidget, press, pressWords, sees, until } from '../support/story.ts';

let hub: RunningHub;
let browser: Browser;
let desk: Page;
let shop: Page;
let widget: Frame;
beforeAll(async () => {
  hub = await runHub();
  browser = await launchPlain();
  shop = await browser.newPage();
  await shop.goto(hub.shop);
  widget = await openWidget(shop);
  await fill(widget, '#text', 'Is the blue Marlin still there?');
  await fill(widget, '#email', 'ada@brandt.example');
  await press(widget, 'button.main');
  desk = await browser.newPage();
  await desk.goto(hub.signIn);
  await press(desk, 'form [type=submit]');
  await sees(desk, 'Connections');
  await desk.goto(`${hub.origin}/console/add/hubspot`);
  await press(desk, 'main form [type=submit]');
  await press(desk, 'button[value=allow]');
  await press(desk, 'button[value=connect]');
  await sees(desk, 'Connected.');
  await desk.goto(`${hub.origin}/panel`);
  await sees(desk, 'Is the blue Marlin still there?');
  for (let n = 1; n <= 25; n++)
    await says(`Line ${n}, long enough to take two rows where the panel is as narrow as can be.`);
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const writes = async (words: string) => {
  await fill(widget, '#m', words);
  await press(widget, '.say-back [type=submit]');
  await sees(desk, words);
};
const says = async (words: string) => {
  await fill(desk, '#text', words);
  await press(desk, '.composer .main');
  await sees(desk, words);
};
/** Runs in the page: what the talk scrolls in. */
const inTalk = <T>(look: (scroller: Element) => T): Promise<Awaited<T>> =>
  desk.evaluate(`(${look})((() => {
    const middle = document.querySelector('.middle');
    return getComputedStyle(middle).display === 'contents' ? document.querySelector('.talk') : middle;
  })())`) as Promise<Awaited<T>>;
/** How far the newest line's end is below what the agent sees of the talk, in whole pixels; 0 while it is all in view. */
const below = () =>
  inTalk((scroller) => {
    const line = [...document.querySelectorAll('[role=log] li')].at(-1)?.getBoundingClientRect();
    return Math.max(0, Math.round((line?.bottom ?? 9999) - scroller.getBoundingClientRect().bottom));
  });

test.each([
  ['wide', 1280, 980],
  ['narrow', 400, 330],
])(
  'R66 %s: the newest line stays in view as the room changes; who reads further up is not taken away but by what they send',
  async (_, at, to) => {
    await desk.setViewport({ width: at, height: 800 });
    await says(`At ${at}`);
    await until(async () => (await below()) === 0, 'the end');
    await desk.setViewport({ width: to, height: 700 });
    await until(async () => (await below()) === 0, 'the end in less room');
    await desk.focus('[data-card] [data-act="send"]');
    const held = () =>
      desk.evaluate(() => document.activeElement?.getAttribute('data-act') ?? document.activeElement?.id);
    await desk.keyboard.press('Enter');
    await until(async () => (await held()) === 'leave', 'the preview’s head');
    await desk.keyboard.press('Escape');
    await desk.waitForSelector('.leave', { hidden: true });
    await until(async () => (await held()) === 'send', 'the keyboard back at the button');
    await desk.keyboard.press('Enter');
    await sees(desk, 'Nothing may leave');
    await until(async () => (await below()) === 0, 'the end above the preview');
    await says(`Beside the preview at ${at}`);
    await until(async () => (await below()) === 0, 'the end with a new line');
    await pressWords(desk, 'Cancel');
    await desk.waitForSelector('.leave', { hidden: true });

    await inTalk((scroller) => {
      scroller.scrollTo(0, 60);
      return new Promise((done) => scroller.addEventListener('scrollend', done, { once: true })).then(() => true);
    });
    await desk.setViewport({ width: to, height: 640 });
    await writes(`Further down at ${at}`);
    expect(await inTalk((scroller) => scroller.scrollTop)).toBe(60);
  },
);
