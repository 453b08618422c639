import type { Browser, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, openWidget, press, sees, signedInColleague, until } from '../support/story.ts';

let hub: RunningHub;
let browser: Browser;
let widget: Frame;
/** Maria's two windows, and Jens's in a profile apart. */
let desks: Page[];
beforeAll(async () => {
  hub = await runHub();
  browser = await launchPlain();
  const shop = await browser.newPage();
  await shop.goto(hub.shop);
  widget = await openWidget(shop);
  await fill(widget, '#text', 'Is the blue Marlin still there?');
  await press(widget, 'button.main');
  const maria = await browser.newPage();
  await maria.goto(hub.signIn);
  await press(maria, 'form [type=submit]');
  await sees(maria, 'Connections');
  const jens = await signedInColleague(browser, maria, hub.origin);
  const second = await browser.newPage();
  desks = [maria, second, jens];
  for (const desk of desks) {
    await desk.goto(`${hub.origin}/panel`);
    await sees(desk, 'Is the blue Marlin still there?');
  }
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const lines = (of: Page | Frame, words: string) =>
  of.evaluate(
    (text) => [...document.querySelectorAll('[role="log"] p')].filter((p) => p.textContent === text).length,
    words,
  );

test('R62 two windows and a second agent: what anybody sends stands everywhere once, under its name', async () => {
  const [first, second, jens] = desks as [Page, Page, Page];
  await fill(first, '#text', 'Yes, it is here.');
  await press(first, '.composer .main');
  await fill(jens, '#text', 'I can show it to you.');
  await press(jens, '.composer .main');
  for (const words of ['Yes, it is here.', 'I can show it to you.'])
    for (const where of [first, second, jens, widget])
      await until(async () => (await lines(where, words)) === 1, `"${words}" once`);
  const by = (of: Page, words: string) =>
    of.$$eval(
      '.talk .agent:not(.pending)',
      (all, t) => {
        const line = all.find((li) => li.textContent?.includes(t));
        return line?.querySelector('b')?.textContent?.trim();
      },
      words,
    );
  expect([await by(first, 'Yes, it'), await by(second, 'Yes, it'), await by(jens, 'Yes, it')]).toEqual([
    'You',
    'You',
    'Maria',
  ]);
  expect([await by(first, 'I can show'), await by(jens, 'I can show')]).toEqual(['Jens', 'You']);
});

test('R73 an arrangement follows its agent into the other window, and leaves the other agent’s alone', async () => {
  const [first, second, jens] = desks as [Page, Page, Page];
  await first.bringToFront();
  await press(first, '.side > .fold > summary');
  const folded = (of: Page) => of.$eval('.side > .fold', (d) => !(d as HTMLDetailsElement).open);
  await until(() => folded(first), 'folded here');
  await until(() => folded(second), 'folded in the other window');
  await second.reload();
  await sees(second, 'Yes, it is here.');
  await until(() => folded(second), 'folded after a restart');
  expect(await folded(jens)).toBe(false);
});

test('two windows with a draft of one reply: the second is told, another agent’s drafts are their own', async () => {
  const [first, second, jens] = desks as [Page, Page, Page];
  await fill(first, '#text', 'Half of Maria’s reply');
  await fill(jens, '#text', 'Half of Jens’s reply');
  await fill(second, '#text', 'Another half');
  await until(
    async () => (await second.$eval('.elsewhere', (e) => e.textContent))?.includes('Half of Maria’s'),
    'both',
  );
  expect(await jens.$eval('.elsewhere', (e) => e.textContent)).toBe('');
});
