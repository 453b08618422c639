import type { Browser, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, look, openWidget, press, sees, until } from '../support/story.ts';

let hub: RunningHub;
let browser: Browser;
let widget: Frame;
let shop: Page;
let desk: Page;
beforeAll(async () => {
  hub = await runHub();
  browser = await launchPlain();
  shop = await browser.newPage();
  await shop.goto(hub.shop);
  widget = await openWidget(shop);
  await fill(widget, '#text', 'Is the blue Marlin still there?');
  await press(widget, 'button.main');
  desk = await browser.newPage();
  await desk.goto(hub.signIn);
  await press(desk, 'form [type=submit]');
  await sees(desk, 'Connections');
  await desk.goto(`${hub.origin}/panel`);
  await sees(desk, 'Is the blue Marlin still there?');
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const evil = '<img src=x onerror="document.title=1"><b>loud</b>';
const wordsOf = (where: Page | Frame): Promise<string> => where.evaluate(() => document.body.innerText);
/** The one element that has the keyboard. */
const focused = (): Promise<string> => desk.evaluate(() => document.activeElement?.id ?? '');
const value = (): Promise<string> => desk.$eval('#text', (field) => (field as HTMLTextAreaElement).value);
const pressKey = async (name: 'Tab' | 'Enter' | 'Escape' | 'ArrowDown' | 'ArrowUp' | 'Space'): Promise<void> => {
  await desk.bringToFront();
  await desk.keyboard.press(name);
};

test('R66 a note by keyboard: it says who reads it, keeps the reply’s draft, and the visitor never sees it', async () => {
  await desk.bringToFront();
  await desk.focus('#text');
  await desk.keyboard.type('Dear visitor, half a re');
  await pressKey('Tab');
  await pressKey('Enter'); // "Write a note"
  await until(async () => (await focused()) === 'text', 'the note’s field');
  await sees(desk, 'Only agents see this.');
  expect(await value()).toBe('');
  await desk.keyboard.type(`Was ${evil} at the counter`);
  expect(await look(desk, 'note-write')).toEqual([]);
  await desk.bringToFront();
  await desk.focus('#text');
  await pressKey('Enter');
  await until(() => desk.$('.talk .aside:not(.pending)'), 'the note in the log');
  await sees(desk, 'Note, only agents see this');
  expect(await desk.$eval('.talk .aside p', (p) => p.textContent)).toBe(`Was ${evil} at the counter`);
  expect(await desk.$$('.talk img, .talk .aside p b')).toEqual([]);
  await press(desk, '[data-act="turn"]');
  await until(async () => (await value()) === 'Dear visitor, half a re', 'the reply’s draft');
  expect(await look(desk, 'note-log')).toEqual([]);
  await fill(desk, '#text', 'Yes, it is here.');
  await press(desk, 'button.main');
  await sees(widget, 'Yes, it is here.');
  expect(await wordsOf(widget)).not.toContain('counter');
  const reopened = await browser.newPage();
  await reopened.goto(hub.shop);
  const again = await openWidget(reopened);
  await sees(again, 'Yes, it is here.');
  expect(await wordsOf(again)).not.toContain('counter');
  await reopened.close();
});

test('R66 tags by keyboard: added, shown in the queue and the log, live on another desk, suggested, taken away', async () => {
  const other = await browser.newPage();
  await other.goto(`${hub.origin}/panel`);
  await sees(other, 'Is the blue Marlin still there?');
  await desk.bringToFront();
  await desk.focus('.chat-tags summary');
  await pressKey('Enter');
  await desk.focus('#tag');
  for (const tag of ['refund', evil.slice(0, 40)]) {
    await desk.keyboard.type(tag);
    await pressKey('Enter');
    await until(
      () => desk.$$eval('.queue .tag', (all, t) => all.some((one) => one.textContent === t), tag),
      `the tag ${tag}`,
    );
  }
  await until(async () => (await other.$$('.queue .tag')).length === 2, 'both tags on the other desk');
  expect(await desk.$$('.queue img, .who img, .talk img')).toEqual([]);
  await sees(desk, 'You added the tag refund.');
  expect(await look(desk, 'tags')).toEqual([]);
  const remove = await desk.waitForSelector('.chat-tags li:last-child button');
  await remove?.focus();
  await pressKey('Enter');
  await until(async () => (await other.$$('.queue .tag')).length === 1, 'one tag on the other desk');
  await until(async () => (await focused()) === 'tag', 'the field has the keyboard');
  expect(await wordsOf(widget)).not.toContain('refund');
  await other.close();
});

test('R66 R72 canned replies: written in the console, found by "/", filled in by Enter, sent by the agent alone', async () => {
  const page = await browser.newPage();
  await page.goto(`${hub.origin}/console/replies`);
  await sees(page, 'No reply yet.');
  for (const [name, text] of [
    ['hours', 'Hi {{name}}, we open at 9. {{agent}}'],
    ['hello', `Hello ${evil}`],
  ] as const) {
    await fill(page, '#name-new-reply', name);
    await fill(page, '#text-new-reply', text);
    await press(page, 'form .btn.main');
    await sees(page, 'Saved.');
    await sees(page, `/${name}`);
  }
  await press(page, '.canned summary');
  expect(await look(page, 'replies')).toEqual([]);
  await page.close();

  const sent = () => desk.$$eval('.talk .agent', (all) => all.length);
  const before = await sent();
  await desk.bringToFront();
  await fill(desk, '#text', '');
  await desk.focus('#text');
  await desk.keyboard.type('/');
  await until(async () => (await desk.$$('[role="option"]')).length === 2, 'both replies');
  expect(await look(desk, 'replies-list')).toEqual([]);
  await desk.bringToFront();
  await desk.focus('#text');
  const pointed = () =>
    desk.$eval(
      '#text',
      (f) => document.getElementById(f.getAttribute('aria-activedescendant') ?? '')?.querySelector('b')?.textContent,
    );
  expect(await pointed()).toBe('hello');
  await pressKey('ArrowDown');
  await until(async () => (await pointed()) === 'hours', 'the next one');
  await pressKey('Escape');
  await until(async () => (await desk.$$('[role="option"]')).length === 0, 'the list is closed');
  expect(await value()).toBe('/');
  await fill(desk, '#text', '');
  await desk.keyboard.type('/hou');
  await until(async () => (await pointed()) === 'hours', 'the one that fits');
  await pressKey('Enter');
  await until(async () => (await value()) === 'Hi, we open at 9. Maria', 'the filled field');
  await sees(desk, 'Left out, as it is not known: the visitor’s name.');
  expect(await sent()).toBe(before);
  expect(await look(desk, 'replies-filled')).toEqual([]);
  expect(await wordsOf(widget)).not.toContain('we open at 9');
  await fill(desk, '#text', '/nothing like it');
  await sees(desk, 'No reply has these words.');
  await desk.focus('#text');
  await pressKey('Enter');
  expect(await sent()).toBe(before);
  await fill(desk, '#text', '');
  await desk.keyboard.type('/hello');
  await until(async () => (await pointed()) === 'hello', 'the one with markup');
  await pressKey('Enter');
  await until(async () => (await value()) === `Hello ${evil}`, 'its words');
  await pressKey('Enter');
  await sees(widget, `Hello ${evil}`);
});
