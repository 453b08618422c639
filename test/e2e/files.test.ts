import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, ElementHandle, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pdfFile, pngFile } from '../support/files.ts';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, look, lookInto, openWidget, press, sees, until } from '../support/story.ts';

let hub: RunningHub;
let browser: Browser;
let widget: Frame;
let shop: Page;
let desk: Page;
const folder = mkdtempSync(join(tmpdir(), 'askfirst-files-'));
const saved = join(folder, 'saved');
const fileAt = (name: string, bytes: Buffer | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
beforeAll(async () => {
  hub = await runHub();
  browser = await launchPlain();
  const cdp = await browser.target().createCDPSession();
  await cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: saved });
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
  rmSync(folder, { recursive: true, force: true });
});

const pick = async (where: Page | Frame, ...paths: string[]): Promise<void> => {
  const input = (await where.waitForSelector('input[type=file]')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(...paths);
};
/** The file that was saved under this name is these bytes: its name is there before they are. */
const isSaved = (name: string, bytes: Buffer) =>
  until(async () => readFileSync(join(saved, name)).equals(bytes), `every byte of ${name} on the disk`);

test('R62 the visitor sends a picture, the agent has it, and sends a PDF back', async () => {
  const picture = pngFile(40, 30);
  await shop.bringToFront();
  await pick(widget, fileAt('blue <b>marlin.png', picture));
  await sees(widget, 'blue <b>marlin.png');
  await fill(widget, '#m', 'This one.');
  expect(await lookInto(shop, widget, 'files-picked')).toEqual([]);
  await shop.bringToFront();
  await press(widget, 'form.say-back button[type=submit]');
  await sees(desk, 'This one.');
  await sees(desk, 'blue _b_marlin.png');
  const order = await desk.$$eval('.talk li.visitor', (all) => all.map((li) => li.textContent ?? ''));
  expect(order.map((said) => /blue Marlin|This one|_b_/.exec(said)?.[0])).toEqual(['blue Marlin', 'This one', '_b_']);
  expect(await desk.$$('.talk img, .talk p b')).toEqual([]);
  const name = await desk.$eval('.talk .file-name', (n) => n.textContent ?? '');
  await desk.bringToFront();
  const button = await until(() => desk.$('[data-act="fetch"]'), 'the download button');
  await button.click(); // a real click, since a browser opens a tab for nothing less
  expect(await isSaved(name, picture)).toBe(true);

  await pick(desk, fileAt('offer.pdf', pdfFile()));
  await sees(desk, 'Remove');
  expect(await look(desk, 'files-panel')).toEqual([]);
  await desk.bringToFront();
  await desk.focus('#text');
  await desk.keyboard.press('Enter');
  await sees(widget, 'offer.pdf');
  await until(async () => (await widget.$$('.log .file-row')).length === 2, 'both files in the widget');
  await shop.bringToFront();
  const rows = await widget.$$('[data-act="fetch"]');
  await rows.at(-1)?.click();
  expect(await isSaved('offer.pdf', pdfFile())).toBe(true);
  expect(await lookInto(shop, widget, 'files-widget')).toEqual([]);
  expect(await look(desk, 'files-panel-log')).toEqual([]);
});

test('R62 a file that cannot be sent is refused in words before anything leaves, on both sides', async () => {
  const svg = fileAt('logo.png', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const wide = fileAt('wide.png', pngFile(2, 2, { width: 9000, height: 9000 }));
  for (const [page, where] of [
    [shop, widget],
    [desk, desk],
  ] as const) {
    await page.bringToFront();
    await pick(where, svg, wide);
    await sees(where, 'logo.png: This kind of file cannot be sent.');
    await sees(where, 'wide.png: This picture has more than 25 megapixels.');
    expect(await where.$$('.attached li')).toEqual([]);
  }
  expect(await lookInto(shop, widget, 'files-refused')).toEqual([]);
});

test('R62 pasted files wait for Send, and words that bring a picture along stay words', async () => {
  const paste = (withWords: boolean) =>
    widget.evaluate((words) => {
      const data = new DataTransfer();
      data.items.add(new File([new TextEncoder().encode('log line')], 'app.log'));
      if (words) data.setData('text/plain', 'words');
      const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      document.querySelector('#m')?.dispatchEvent(event);
      return event.defaultPrevented;
    }, withWords);
  expect(await paste(true)).toBe(false);
  expect(await paste(false)).toBe(true);
  await sees(widget, 'app.log');
  expect((await widget.$$('.attached li')).length).toBe(1);
  await press(widget, '.attached button');
  await until(async () => (await widget.$$('.attached li')).length === 0, 'no file');
  expect(await widget.evaluate(() => document.activeElement?.getAttribute('data-act'))).toBe('attach');
});

test('R62 a file on its way through a lost network is stored once, behind the message before it', async () => {
  const before = await desk.$$eval('.talk .file-row', (all) => all.length);
  await shop.setOfflineMode(true);
  await shop.bringToFront();
  await pick(widget, fileAt('late.log', 'a line\n'.repeat(2000)));
  await sees(widget, 'late.log');
  await fill(widget, '#m', 'Before the late one.');
  await press(widget, 'form.say-back button[type=submit]');
  await until(async () => (await widget.$$('.log .pending')).length === 2, 'both waiting');
  await shop.setOfflineMode(false);
  await sees(desk, 'late.log', 20_000);
  await until(async () => (await widget.$$('.log .pending')).length === 0, 'nothing waits');
  expect(await desk.$$eval('.talk .file-row', (all) => all.length)).toBe(before + 1);
  const last = await desk.$$eval('.talk li.visitor', (all) => all.slice(-2).map((li) => li.textContent ?? ''));
  expect(last.map((said) => /Before the late one|late\.log/.exec(said)?.[0])).toEqual([
    'Before the late one',
    'late.log',
  ]);
});

test('R62 what the hub refuses stands with its reason, to send again or to remove', async () => {
  const many = Array.from({ length: 20 }, (_, n) => fileAt(`many-${n}.log`, `line ${n}`));
  await pick(widget, ...many);
  await sees(widget, 'many-19.log');
  await press(widget, 'form.say-back button[type=submit]');
  await sees(widget, 'Not sent. That was a lot at once. Wait a little and try again.');
  await until(async () => (await widget.$$('.pending progress')).length === 0, 'none on its way');
  expect(await lookInto(shop, widget, 'files-not-sent')).toEqual([]);
  const left = () => widget.$$eval('.log .pending', (all) => all.length);
  const failed = await left();
  expect(failed).toBeGreaterThan(0);
  for (let n = failed; n > 0; n--) {
    await widget.evaluate(() =>
      [...document.querySelectorAll('button')].find((b) => b.textContent === 'Remove')?.click(),
    );
    await until(async () => (await left()) === n - 1, 'one less');
  }
});

test('R62 a file can be cancelled on its way, and is not sent', async () => {
  await widget.evaluate(() => {
    XMLHttpRequest.prototype.send = () => {}; // a line that takes nothing
  });
  await pick(widget, fileAt('never.log', 'never'));
  await sees(widget, 'never.log');
  await press(widget, 'form.say-back button[type=submit]');
  await until(() => widget.$('.pending .file-row'), 'the file on its way');
  await press(widget, '.pending .file-row button');
  await until(async () => (await widget.$$('.pending')).length === 0, 'it is gone');
  expect(await desk.evaluate(() => document.body.innerText)).not.toContain('never.log');
});

test('R62 a refusal that comes while a large body is still on its way is read, not taken for a lost network', async () => {
  const status = await desk.evaluate(async () => {
    const body = new Blob([new Uint8Array(60_000_000)]);
    const headers = { 'x-askfirst': '1', 'content-type': 'application/octet-stream' };
    const chat = document.querySelector('.queue .rows a')?.getAttribute('href')?.slice(1);
    const to = `/api/panel/conversations/${chat}/files`;
    const answer = await fetch(to, { method: 'POST', headers, body }).catch(String);
    return typeof answer === 'string' ? answer : answer.status;
  });
  expect(status).toBe(413);
});
