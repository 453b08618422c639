import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer-core';
import { afterAll, expect, test } from 'vitest';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { pdfFile, pngFile } from '../support/files.ts';
import { type RunningHub, runHub } from '../support/hub.ts';
import { drivePanel } from '../support/panel.ts';
import { fill, openWidget, press, sees, until } from '../support/story.ts';

let hub: RunningHub;
let chromium: Chromium;
const folder = mkdtempSync(join(tmpdir(), 'askfirst-files-'));
afterAll(async () => {
  await chromium?.browser.close();
  await hub?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('R62 R76 the extension sends a file by its bearer, and saves one, without a permission for any host', async () => {
  hub = await runHub();
  chromium = await launchChromium();
  const cdp = await chromium.browser.target().createCDPSession();
  await cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  const shop = await chromium.browser.newPage();
  await shop.goto(hub.shop);
  const widget = await openWidget(shop);
  await fill(widget, '#text', 'First words');
  await press(widget, '.begin [type=submit]');
  const options = await chromium.tab('options.html');
  await (await drivePanel(options)).saveHub(hub.origin);
  const tab = await chromium.tab('sidepanel.html');
  const panel = await drivePanel(tab);
  const code = await panel.code();
  const desk = await chromium.browser.newPage();
  await desk.goto(hub.signIn);
  await press(desk, 'form [type=submit]');
  await sees(desk, 'Connections');
  await desk.goto(`${hub.origin}/pair?code=${encodeURIComponent(code)}`);
  await press(desk, 'button[value=confirm]');
  await panel.sees('First words');

  await tab.bringToFront();
  writeFileSync(join(folder, 'offer to send.pdf'), pdfFile());
  const input = (await tab.waitForSelector('input[type=file]')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(join(folder, 'offer to send.pdf'));
  await panel.sees('Remove');
  await panel.click('.composer button[type=submit]');
  await sees(widget, 'offer to send.pdf');
  rmSync(join(folder, 'offer to send.pdf'));
  const button = await until(() => tab.$('.talk [data-act="fetch"]'), 'the download button');
  await tab.bringToFront();
  await button.click();
  // The name is there before the bytes are.
  const saved = async () => readFileSync(join(folder, 'offer to send.pdf')).equals(pdfFile());
  expect(await until(saved, 'every byte of the file on the disk')).toBe(true);

  // A picture is drawn under the extension's own policy, as it stands.
  await tab.bringToFront();
  writeFileSync(join(folder, 'front.png'), pngFile(40, 30));
  await input.uploadFile(join(folder, 'front.png'));
  await panel.sees('Remove');
  await panel.click('.composer button[type=submit]');
  const drawn = () => tab.$eval('.talk canvas.picture', (c) => [c.ariaLabel, c.width, c.height].join());
  await until(async () => (await drawn()) === 'front.png,40,30', 'the picture');
});
