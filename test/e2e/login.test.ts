import type { Browser, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, look, lookInto, openWidget, press, sees, until } from '../support/story.ts';

/** The built hub, the real widget on the shop's site, the real provider; one person in one browser. */
describe('R21 a visitor fills in the form from Harbor ID', () => {
  let hub: RunningHub;
  let browser: Browser;
  let desk: Page;
  let shop: Page;
  let widget: Frame;
  beforeAll(async () => {
    hub = await runHub();
    browser = await launchPlain();
    desk = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
  });

  const typedIn = (field: string) => widget.$eval(`#${field}`, (e) => (e as HTMLInputElement).value);
  /** Presses the button in the chat; the tab it opens, at the provider. */
  async function begin(): Promise<Page> {
    await shop.bringToFront();
    const opened = browser.waitForTarget((t) => t.url().includes('/sandbox/openid/interaction/'));
    await (await widget.waitForSelector('button[form=fill]'))?.click();
    const tab = await (await opened).page();
    if (!tab) throw new Error('no tab opened');
    await sees(tab, 'Which test person are you?');
    return tab;
  }
  const lookAtWidget = async (name: string) => expect(await lookInto(shop, widget, `login-${name}`)).toEqual([]);

  test('R14 R15 the owner reads the data sheet and turns it on', async () => {
    await desk.goto(hub.signIn);
    await press(desk, 'form [type=submit]');
    await sees(desk, 'Would let visitors fill in name, e-mail and phone from it.');
    expect(await look(desk, 'login-connections-before')).toEqual([]);
    await desk.goto(`${hub.origin}/console/add/openid`);
    await sees(desk, 'Harbor ID: data sheet');
    expect(await look(desk, 'login-sheet')).toEqual([]);
    await press(desk, 'main form [type=submit]');
    await sees(desk, 'Turned on. Visitors find it in the chat form.');
    expect(await look(desk, 'login-connections')).toEqual([]);
    await desk.goto(`${hub.origin}/console`);
    await press(desk, '.links a.btn');
    await sees(desk, 'Visitors may fill in name, e-mail and phone from it.');
    expect(await look(desk, 'login-connection')).toEqual([]);
    await press(desk, 'a[href$=disconnect]');
    await sees(desk, 'Turn off Harbor ID?');
    expect(await look(desk, 'login-off')).toEqual([]);
  });

  test('R57 R58 nothing is stored before, and the plain form is as good', async () => {
    shop = await browser.newPage();
    await shop.goto(hub.shop);
    widget = await openWidget(shop);
    await sees(widget, 'Fill in from Harbor ID (sandbox)');
    expect(await widget.evaluate(() => [document.cookie, localStorage.length])).toEqual(['', 0]);
    await lookAtWidget('form');
  });

  test('R21 cancelled: the form keeps what was typed', async () => {
    await fill(widget, '#text', 'Is the blue Marlin still there?');
    await fill(widget, '#name', 'A.');
    const tab = await begin();
    await lookAtWidget('waiting');
    expect(await look(tab, 'login-harbor-id')).toEqual([]);
    await press(tab, 'button[value=deny]');
    await sees(tab, 'You did not go on at Harbor ID.');
    expect(await look(tab, 'login-cancelled')).toEqual([]);
    await tab.close();
    await shop.bringToFront();
    await until(async () => !(await widget.$eval('.begin', (f) => f.textContent)).includes('other tab'), 'the end');
    expect([await typedIn('text'), await typedIn('name')]).toEqual(['Is the blue Marlin still there?', 'A.']);
  });

  test('R21 R19 signs in, ticks two, changes one; they stand in the form with their source', async () => {
    const tab = await begin();
    await press(tab, 'button[value=allow]');
    await sees(tab, 'What came from Harbor ID');
    expect(await tab.$$eval('[type=checkbox]:checked', (all) => all.length)).toBe(0);
    expect(await look(tab, 'login-pick')).toEqual([]);
    await press(tab, '[name=use-email]');
    await press(tab, '[name=use-name]');
    await fill(tab, '[name=name]', 'Ada B.');
    await press(tab, 'button[value=use]');
    await sees(tab, 'It stands in the form');
    expect(await look(tab, 'login-done')).toEqual([]);
    await tab.close();
    await shop.bringToFront();
    await until(async () => (await typedIn('email')) === 'ada@brandt.example', 'the e-mail');
    expect([await typedIn('name'), await typedIn('phone')]).toEqual(['Ada B.', '']);
    expect(await typedIn('text')).toBe('Is the blue Marlin still there?');
    const labels = await widget.$$eval('.begin fieldset label', (all) => all.map((l) => l.textContent));
    expect(labels).toEqual(['Name optional', 'E-mail from Harbor ID (sandbox)', 'Phone optional']);
    await lookAtWidget('filled');
  });

  test('R21 R67 sent: the agent sees where each value came from', async () => {
    await press(widget, '.begin [type=submit]:not([form])');
    await until(() => widget.evaluate(() => Boolean(document.querySelector('.msg.mine:not(.pending)'))), 'the message');
    await desk.bringToFront();
    await desk.goto(`${hub.origin}/panel`);
    await sees(desk, 'ada@brandt.example');
    await sees(desk, 'from Harbor ID (sandbox)');
    expect(await look(desk, 'login-panel')).toEqual([]);
  });
});
