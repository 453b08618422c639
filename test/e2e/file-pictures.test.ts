import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, ElementHandle, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jpegFile, pdfFile } from '../support/files.ts';
import { type RunningHub, runHub } from '../support/hub.ts';
import { launchPlain } from '../support/plain-browser.ts';
import { fill, look, lookInto, openWidget, press, pressWords, sees, until, wordsOn } from '../support/story.ts';

let hub: RunningHub;
let browser: Browser;
let widget: Frame;
let shop: Page;
let desk: Page;
const refused: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'askfirst-pictures-'));
const fileAt = (name: string, bytes: Buffer): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
/** A red picture in each kind that is shown, as a browser makes it; a GIF of one dot, by hand. */
const drawn = async (type: string, width = 600, height = 400): Promise<Buffer> =>
  Buffer.from(
    await desk.evaluate(
      (kind, w, h) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
        const brush = canvas.getContext('2d') as CanvasRenderingContext2D;
        brush.fillStyle = '#c02020';
        brush.fillRect(0, 0, w, h);
        return canvas.toDataURL(kind).split(',')[1] ?? '';
      },
      type,
      width,
      height,
    ),
    'base64',
  );
const dot = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

beforeAll(async () => {
  hub = await runHub();
  browser = await launchPlain();
  shop = await browser.newPage();
  desk = await browser.newPage();
  for (const page of [shop, desk])
    page.on('console', (m) => m.text().includes('Content Security Policy') && refused.push(m.text()));
  await shop.goto(hub.shop);
  widget = await openWidget(shop);
  await fill(widget, '#text', 'Is the blue Marlin still there?');
  await press(widget, 'button.main');
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
  await until(async () => (await where.$$('.attached li')).length === paths.length, 'what was picked');
};
const texts = (where: Page | Frame, selector: string): Promise<string[]> =>
  where.$$eval(selector, (all) => all.map((e) => e.textContent ?? ''));
/** Each small picture: its name aloud, the size of its box, and the colour in its middle once it is drawn. */
const pictures = (where: Page | Frame) =>
  where.$$eval('canvas.picture', (all) =>
    all.map((canvas) => {
      const { width, height } = canvas.getBoundingClientRect();
      const [red = 0, green = 0] =
        canvas.getContext('2d')?.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data ?? [];
      const seen = red > 150 && green < 80 ? 'red' : red + green === 0 ? 'empty' : 'other';
      return { says: canvas.ariaLabel, box: [Math.round(width), Math.round(height)], seen };
    }),
  );

test('R62 a picture is shown small beside its name on both sides, and one that cannot be drawn leaves its row', async () => {
  await shop.bringToFront();
  await pick(
    widget,
    fileAt('front.png', await drawn('image/png')),
    fileAt('side.jpg', await drawn('image/jpeg', 300, 1200)),
    fileAt('back.webp', await drawn('image/webp', 1600, 200)),
  );
  await press(widget, 'form.say-back button[type=submit]');
  for (const [page, where] of [
    [shop, widget],
    [desk, desk],
  ] as const) {
    await page.bringToFront();
    await sees(where, 'back.webp');
    for (const n of [0, 1, 2]) {
      await where.evaluate((k) => document.querySelectorAll('canvas.picture')[k]?.scrollIntoView(), n);
      await until(async () => (await pictures(where))[n]?.seen === 'red', `picture ${n}`);
    }
    const [first, ...rest] = await pictures(where);
    expect(first?.box).toEqual([192, 128]);
    expect([first, ...rest].map((p) => p?.says)).toEqual(['front.png', 'side.jpg', 'back.webp']);
    expect(rest.map((p) => p.box)).toEqual([first?.box, first?.box]);
  }
  expect(await lookInto(shop, widget, 'pictures-widget')).toEqual([]);
  expect(await look(desk, 'pictures-panel')).toEqual([]);

  await shop.bringToFront();
  await pick(widget, fileAt('broken.jpg', jpegFile()), fileAt('offer.pdf', pdfFile()), fileAt('dot.gif', dot));
  await press(widget, 'form.say-back button[type=submit]');
  for (const [page, where] of [
    [shop, widget],
    [desk, desk],
  ] as const) {
    await page.bringToFront();
    await until(async () => (await where.$$('.file-row [data-act="fetch"]')).length === 6, 'all six files');
    await where.evaluate(() => [...document.querySelectorAll('canvas.picture')].at(-1)?.scrollIntoView());
    await until(async () => !(await pictures(where)).some((p) => p.says === 'broken.jpg'), 'the row alone');
    expect((await pictures(where)).map((p) => p.says)).toEqual(['front.png', 'side.jpg', 'back.webp', 'dot.gif']);
    expect((await where.$$('.file-row')).length).toBe(6);
  }
  expect(refused).toEqual([]); // no policy had to give way
});

test('R62 a file that was picked and not sent keeps a chat from being ended, on both sides, until it is sent or removed', async () => {
  await shop.bringToFront();
  await pick(widget, fileAt('kept.pdf', pdfFile()));
  await sees(widget, 'kept.pdf');
  await pressWords(widget, 'End chat');
  await sees(widget, 'You picked a file that is not sent yet.');
  expect(await texts(widget, '.ending .end button')).toEqual(['Go on chatting']);
  expect(await lookInto(shop, widget, 'picked-widget')).toEqual([]);
  await shop.bringToFront();
  await press(widget, '.attached button');
  await sees(widget, 'End this chat?');
  await pressWords(widget, 'Go on chatting');

  const other = await (await browser.createBrowserContext()).newPage();
  await other.goto(hub.shop);
  const bob = await openWidget(other);
  await fill(bob, '#text', 'And what does it cost?');
  await press(bob, 'button.main');
  await desk.bringToFront();
  await pick(desk, fileAt('offer.pdf', pdfFile()));
  await sees(desk, 'Remove');
  await press(desk, '[data-act="end"]');
  await sees(desk, 'You picked a file that is not sent yet.');
  expect(await desk.$$('[data-act="end-sure"]')).toEqual([]);
  expect(await look(desk, 'picked-panel')).toEqual([]);
  // Another chat has none of it; back again it is still there.
  const rows = () => texts(desk, '.queue .rows li');
  await until(async () => (await rows()).length === 2, 'two chats');
  const open = (words: string) =>
    desk.evaluate(
      (w) =>
        [...document.querySelectorAll<HTMLElement>('.queue .rows a')].find((a) => RegExp(w).test(a.innerText))?.click(),
      words,
    );
  await open('cost');
  await until(async () => (await texts(desk, '.talk li.visitor')).join().includes('cost'), 'the other chat');
  expect(await desk.$$('.attached li')).toEqual([]);
  await open('File');
  await until(async () => (await texts(desk, '.attached li')).join().includes('offer.pdf'), 'what was picked');
  await press(desk, '.attached button');
  await press(desk, '[data-act="end"]');
  await until(() => desk.$('[data-act="end-sure"]'), 'the second step');
  await pressWords(desk, 'Cancel');
});

test('R62 a chat that is ended while a file is on its way has the file first, then the end', async () => {
  await shop.bringToFront();
  await pick(widget, fileAt('last.png', await drawn('image/png', 1200, 1200)));
  await press(widget, 'form.say-back button[type=submit]');
  await pressWords(widget, 'End chat');
  await sees(widget, 'End this chat?');
  await press(widget, '.ending .end button');
  await sees(widget, 'You ended the chat.');
  const words = await wordsOn(widget);
  expect(words.indexOf('last.png')).toBeGreaterThan(0);
  expect(words.indexOf('You ended the chat.')).toBeGreaterThan(words.lastIndexOf('last.png'));
  await sees(desk, 'ended the chat.');
  await until(async () => (await desk.$$('.queue .rows li')).length === 1, 'the chat is out of the queue');
});
