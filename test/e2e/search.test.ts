import type { Browser, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, look, openWidget, press, sees, until } from '../support/story.ts';

let hub: RunningHub;
let browser: Browser;
let desk: Page;
const evil = '<img src=x onerror="document.title=1">';

/** A visitor of their own writes these words. */
async function visitor(words: string): Promise<Frame> {
  const shop = await (await browser.createBrowserContext()).newPage();
  await shop.goto(hub.shop);
  const widget = await openWidget(shop);
  await fill(widget, '#text', words);
  await press(widget, 'button.main');
  await sees(widget, words);
  return widget;
}
beforeAll(async () => {
  hub = await runHub();
  browser = await launchPlain();
  await visitor(`Is the blue Márlin ${evil} still there?`);
  desk = await browser.newPage();
  await desk.goto(hub.signIn);
  await press(desk, 'form [type=submit]');
  await sees(desk, 'Connections');
  await desk.goto(`${hub.origin}/panel`);
  await sees(desk, 'Is the blue');
  // a long talk, so that its first line is far away
  await desk.evaluate(async () => {
    const { rows } = await (await fetch('/api/panel/queue', { headers: { 'x-askfirst': '1' } })).json();
    for (let i = 1; i <= 40; i++)
      await fetch(`/api/panel/conversations/${rows[0].conversation}/messages`, {
        method: 'POST',
        headers: { 'x-askfirst': '1', 'content-type': 'application/json' },
        body: JSON.stringify({ clientId: `line-${i}`, text: `Line ${i} of the answer` }),
      });
  });
  await visitor('Do you take electric cars?');
  await sees(desk, 'electric cars');
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const focused = (): Promise<string> => desk.evaluate(() => document.activeElement?.id ?? '');
const key = async (name: 'Enter' | 'Escape' | 'Tab'): Promise<void> => {
  await desk.bringToFront();
  await desk.keyboard.press(name);
};

test('search by keyboard: F goes to the field, all words count, the line is marked and opened', async () => {
  await desk.bringToFront();
  await desk.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await desk.keyboard.press('f');
  await until(async () => (await focused()) === 'find', 'the keyboard in the field');
  await desk.keyboard.type('MARLIN blue');
  await key('Enter');
  await sees(desk, 'One chat.');
  expect(await desk.$$eval('.search mark', (all) => all.map((m) => m.textContent))).toEqual(['blue', 'Márlin']);
  expect(await desk.$$('.search img, .talk img')).toEqual([]);
  expect(await look(desk, 'search')).toEqual([]);
  await desk.setViewport({ width: 320, height: 800 });
  expect(await desk.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await desk.setViewport({ width: 1280, height: 900 });
  await desk.bringToFront();
  await desk.focus('.search .rows a');
  await key('Enter');
  await until(
    () =>
      desk.evaluate(
        () =>
          document.activeElement?.matches('.talk li[data-seq]') &&
          document.activeElement?.textContent?.includes('blue'),
      ),
    'the keyboard on the line',
  );
  await until(
    () =>
      desk.evaluate(() => {
        const line = document.activeElement?.getBoundingClientRect();
        const talk = document.querySelector('.talk')?.getBoundingClientRect();
        return line && talk && line.top >= talk.top && line.bottom <= talk.bottom;
      }),
    'the line in view',
  );
  expect(await look(desk, 'search-line')).toEqual([]);
});

test('nothing found, closed by Escape; Ctrl K from inside the reply; "?" lists the keys', async () => {
  await desk.bringToFront();
  await desk.focus('#text');
  await desk.keyboard.type('half f? ');
  expect(await desk.$eval('#text', (f) => (f as HTMLTextAreaElement).value)).toBe('half f? ');
  await desk.keyboard.down('Control');
  await desk.keyboard.press('k');
  await desk.keyboard.up('Control');
  await until(async () => (await focused()) === 'find', 'the keyboard in the field');
  await fill(desk, '#find', 'no such words');
  await key('Enter');
  await sees(desk, 'Nothing found. Every chat was searched.');
  expect(await look(desk, 'search-nothing')).toEqual([]);
  await desk.bringToFront();
  await desk.focus('#find');
  await key('Escape');
  await until(async () => (await desk.$$('.queue > .fold > .rows')).length === 1, 'the queue again');
  expect(desk.url()).not.toContain('words');
  await desk.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await desk.keyboard.type('?');
  await until(() => desk.$eval('dialog', (d) => (d as HTMLDialogElement).open), 'the list of keys');
  expect(await look(desk, 'keys')).toEqual([]);
  await key('Escape');
  await until(() => desk.$eval('dialog', (d) => !(d as HTMLDialogElement).open), 'the list is closed');
});

test('a hub that does not answer: said in a sentence, and trying again finds it', async () => {
  await fill(desk, '#find', 'electric');
  await desk.setOfflineMode(true);
  await desk.focus('#find');
  await key('Enter');
  await sees(desk, 'Could not search. The hub does not answer.');
  expect(await look(desk, 'search-offline')).toEqual([]);
  await desk.setOfflineMode(false);
  await press(desk, '.search-state .btn');
  await sees(desk, 'One chat.');
});
