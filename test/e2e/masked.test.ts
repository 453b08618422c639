import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, look, lookInto, openWidget, press, sees } from '../support/story.ts';

let hub: RunningHub;
let browser: Browser;
beforeAll(async () => {
  hub = await runHub();
  browser = await launchPlain();
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

test('R52 a card number typed into the chat is dots for the visitor and for the agent, and both read why', async () => {
  const shop = await browser.newPage();
  await shop.goto(hub.shop);
  const widget = await openWidget(shop);
  await fill(widget, '#text', 'Please charge 4111 1111 1111 1111, it is valid.');
  await press(widget, 'button.main');
  const why = 'A card number was taken out before the message was stored.';
  await sees(widget, why);
  await sees(widget, 'Please charge •••• •••• •••• ••••, it is valid.');
  expect(await lookInto(shop, widget, 'masked-widget')).toEqual([]);
  const desk = await browser.newPage();
  await desk.goto(hub.signIn);
  await press(desk, 'form [type=submit]');
  await sees(desk, 'Connections');
  await desk.goto(`${hub.origin}/panel`);
  await sees(desk, why);
  expect(await look(desk, 'masked-panel')).toEqual([]);
});
