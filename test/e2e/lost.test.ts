import type { Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type RunningHub, runHub } from '../support/hub.ts';
import { drivePanel, type PanelDriver } from '../support/panel.ts';
import { fill, openWidget, press, sees, until } from '../support/story.ts';

/** How often these words stand in the log of a page. */
const times = (where: Page | Frame, selector: string, words: string): Promise<number> =>
  where.evaluate(
    (s, w) => [...document.querySelectorAll<HTMLElement>(s)].filter((e) => e.innerText.includes(w)).length,
    selector,
    words,
  );

describe('a reload, a lost network, a killed worker and a restarted hub lose and double nothing', () => {
  let hub: RunningHub;
  let chromium: Chromium;
  let shop: Page;
  let widget: Frame;
  let tab: Page;
  let panel: PanelDriver;
  beforeAll(async () => {
    hub = await runHub();
    chromium = await launchChromium();
    shop = await chromium.browser.newPage();
    await shop.goto(hub.shop);
    widget = await openWidget(shop);
    await fill(widget, '#name', 'Ada Brandt');
    await fill(widget, '#text', 'First words');
    await press(widget, '.begin [type=submit]');
    await until(() => widget.evaluate(() => Boolean(document.querySelector('.msg.mine:not(.pending)'))), 'the message');
    const options = await chromium.tab('options.html');
    await (await drivePanel(options)).saveHub(hub.origin);
    tab = await chromium.tab('sidepanel.html');
    panel = await drivePanel(tab);
    const code = await panel.code();
    const desk = await chromium.browser.newPage();
    await desk.goto(hub.signIn);
    await press(desk, 'form [type=submit]');
    await sees(desk, 'Connections');
    await desk.goto(`${hub.origin}/pair?code=${encodeURIComponent(code)}`);
    await press(desk, 'button[value=confirm]');
    await sees(desk, 'Paired');
    await panel.sees('First words');
  });
  afterAll(async () => {
    await chromium?.browser.close();
    await hub?.close();
  });
  const say = async (words: string) => {
    await fill(widget, '#m', words);
    await press(widget, '.say-back [type=submit]');
  };
  const settledOnce = async (words: string) => {
    await until(async () => (await times(widget, '.msg:not(.pending)', words)) === 1, `"${words}" in the chat`);
    await until(async () => (await times(tab, '.talk li:not(.pending)', words)) === 1, `"${words}" in the panel`);
    expect(await times(widget, '.msg', words)).toBe(1);
    expect(await times(tab, '.talk li', words)).toBe(1);
  };

  test('R62 messages written without a network arrive once, in order, when it is back', async () => {
    await shop.setOfflineMode(true);
    await tab.setOfflineMode(true);
    await say('Written offline by Ada');
    await panel.type('Written offline by Maria');
    await panel.enter();
    expect(await times(widget, '.msg.pending', 'Written offline by Ada')).toBe(1);
    await shop.setOfflineMode(false);
    await tab.setOfflineMode(false);
    await settledOnce('Written offline by Ada');
    await settledOnce('Written offline by Maria');
  });

  test('R66 a killed service worker does not matter to the panel', async () => {
    const target = await chromium.browser.waitForTarget((t) => t.type() === 'service_worker');
    await (await target.worker())?.close();
    await panel.type('Sent without a worker');
    await panel.enter();
    await settledOnce('Sent without a worker');
    await say('Read without a worker');
    await settledOnce('Read without a worker');
  });

  test('R66 a reload keeps the half-written reply and shows every message once', async () => {
    await panel.type('Half a reply');
    await until(
      () => tab.evaluate(() => document.querySelector<HTMLTextAreaElement>('#text')?.value === 'Half a reply'),
      'the draft',
    );
    await tab.reload();
    panel = await drivePanel(tab);
    await panel.sees('First words');
    await until(
      () => tab.evaluate(() => document.querySelector<HTMLTextAreaElement>('#text')?.value === 'Half a reply'),
      'the draft after the reload',
    );
    await shop.reload();
    widget = await openWidget(shop);
    await sees(widget, 'Read without a worker');
    await settledOnce('Written offline by Ada');
  });

  test('R66 P1 a hub that is killed and started again loses nothing that was acknowledged, and what waited arrives', async () => {
    const port = Number(new URL(hub.origin).port);
    await hub.stop('SIGKILL');
    await say('Written while the hub was dead');
    hub = await runHub({ data: hub.data, port });
    await settledOnce('Written while the hub was dead');
    await settledOnce('First words');
    await panel.type('The hub is back');
    await panel.enter();
    await settledOnce('The hub is back');
  });
});
