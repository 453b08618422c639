import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Frame, Page } from 'puppeteer-core';
import { createBuilder } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type FakeChatHub, startFakeChatHub } from '../../support/fake-chat-hub.tsx';
import { launchPlain } from '../../support/plain-browser.ts';

/** Builds the widget as `npm start` does, into a folder of its own. */
async function buildWidget(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'askfirst-widget-'));
  const configFile = resolve('server/web/widget/vite.config.ts');
  const builder = await createBuilder({ configFile, logLevel: 'error', build: { outDir } });
  await builder.buildApp();
  return outDir;
}

/** The widget's frame in a page, once it is there. */
export const widgetFrame = (page: Page): Promise<Frame> => page.waitForFrame((f) => f.url().includes('/widget/frame'));

/** Presses the button on the shop's page and returns the widget's frame, drawn. */
export async function openWidget(page: Page): Promise<Frame> {
  await (await page.waitForSelector('[data-askfirst] >>> button'))?.click();
  const frame = await widgetFrame(page);
  await frame.waitForSelector('.chat');
  return frame;
}

/** Fails where axe finds something on the page or in the frame, or where the page scrolls sideways. */
export async function check(where: string): Promise<void> {
  for (const target of page.frames()) {
    await target.evaluate(axe.source);
    const found = await target.evaluate(async () => {
      const run = (globalThis as unknown as { axe: typeof axe }).axe.run;
      const { violations } = await run(document, { iframes: false });
      return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
    });
    expect(found, where).toEqual([]);
    expect(await target.evaluate(() => document.documentElement.scrollWidth <= innerWidth), where).toBe(true);
  }
}

/** Where pictures go. */
export const shots = 'test/output';
/** The built widget. */
let assets: string;
/** Chromium, one per file. */
export let browser: Browser;
/** The fake hub of the running test. */
export let hub: FakeChatHub;
/** A fresh profile per test. */
export let context: BrowserContext;
/** The shop, loaded, the widget not opened. */
export let page: Page;
let complaints: string[] = [];
/** For tests that provoke the browser's own error lines. */
export const forgive = (): void => {
  complaints = [];
};

beforeAll(async () => {
  [assets, browser] = await Promise.all([buildWidget(), launchPlain(), mkdir(shots, { recursive: true })]);
}, 60_000);
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFakeChatHub(assets);
  context = await browser.createBrowserContext();
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) complaints.push(line.text());
  });
  await page.goto(hub.shop);
});
afterEach(async () => {
  await context?.close();
  hub?.close();
  expect(complaints).toEqual([]); // policies and Trusted Types are on: nothing of ours may trip them
});

/** The visitor of the demo. */
export const ada = { name: 'Ada Brandt', email: 'ada@brandt.example', phone: '+45 20 55 04 18' };
/** Sends the first message and waits for its acknowledgement. */
export async function begin(frame: Frame, text: string, about: Partial<typeof ada> = {}): Promise<void> {
  await frame.type('#text', text);
  for (const [field, value] of Object.entries(about)) await frame.type(`#${field}`, value);
  await frame.click('.begin [type=submit]');
  await frame.waitForSelector('.log .msg.mine:not(.pending)');
}
/** Writes into the reply field and presses Enter. */
export async function say(frame: Frame, text: string): Promise<void> {
  await frame.type('#m', text);
  await frame.focus('#m');
  await page.keyboard.press('Enter');
}
/** What a person reads there. */
export const text = (frame: Frame, selector = '.chat') =>
  frame.$eval(selector, (e) => (e as HTMLElement).innerText.replaceAll('\u2060', ''));
/** Waits for words on the screen. */
export const has = (frame: Frame, words: string) =>
  frame.waitForFunction((w) => document.body.innerText.replaceAll('\u2060', '').includes(w), { timeout: 8000 }, words);
/** How many there are. */
export const count = (frame: Frame, selector: string) => frame.$$eval(selector, (all) => all.length);
/** What has the focus. */
export const focused = (frame: Frame) =>
  frame.evaluate(() => {
    const e = document.activeElement as HTMLInputElement | null;
    return e?.type === 'radio' ? `${e.name} ${e.value}` : ((e?.id || e?.textContent?.trim()) ?? '');
  });
/** Everything that a page may keep in a browser. */
export const held = (target: Page | Frame) =>
  target.evaluate(async () => ({
    cookie: document.cookie,
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: await indexedDB.databases(),
    caches: 'caches' in window ? await caches.keys() : [],
  }));
/** Nothing kept. */
export const nothing = { cookie: '', local: [], session: [], databases: [], caches: [] };
