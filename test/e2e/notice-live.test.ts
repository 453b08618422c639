import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { nonce } from '../support/gallery.tsx';
import { renderNoticeText } from '../support/gallery-notice.tsx';
import { posted, servePages } from '../support/page-server.ts';
import { launchPlain } from '../support/plain-browser.ts';

/** A small hub of this test: it keeps one text and answers a form as the real one does. */
const hub = { text: '', seen: 1, mode: 'ok' as 'ok' | 'wrong' | 'moved' | 'broken', posts: [] as string[] };
const path = '/console/notice/text/c1/CustomerRelationshipManagement';
let browser: Browser;
let page: Page;
let server: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  server = await servePages(nonce, async (req, res, url) => {
    if (url.pathname !== path) return false;
    const draw = (status: number, more: Parameters<typeof renderNoticeText>[0] = {}) => {
      res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
      res.end(renderNoticeText({ texts: { en: hub.text }, seen: `seen-${hub.seen}`, ...more }));
      return true;
    };
    if (req.method === 'GET') return draw(200);
    const form = await posted(req);
    hub.posts.push(`${form.get('seen')}: ${form.get('text-en')}`);
    if (hub.mode === 'broken') return draw(503);
    if (hub.mode === 'wrong') return draw(400, { wrong: { en: 'A link must start with https://.' } });
    if (hub.mode === 'moved') return draw(409, { moved: { en: 'Theirs.' }, texts: { en: form.get('text-en') ?? '' } });
    hub.text = form.get('text-en') ?? '';
    hub.seen++;
    res.writeHead(303, { location: path });
    res.end();
    return true;
  });
  browser = await launchPlain();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  Object.assign(hub, { text: 'Before.', seen: 1, mode: 'ok', posts: [] });
  page = await browser.newPage();
});
afterEach(() => page.close());

const write = async (words: string) => {
  await page.focus('#text-en');
  await page.keyboard.press('End');
  await page.keyboard.type(words);
};
const says = (words: string) =>
  page.waitForFunction((w) => document.getElementById('kept')?.textContent?.includes(w), { timeout: 8000 }, words);
const field = () => page.$eval('#text-en', (e) => (e as HTMLTextAreaElement).value);

test('R24 what is typed is kept by itself, each time from what was kept last, and the caret stays', async () => {
  await page.goto(server.origin + path);
  await write(' And more.');
  await says('Kept in the draft at');
  await write(' And again.');
  await expect.poll(() => hub.text).toBe('Before. And more. And again.');
  expect(hub.posts).toEqual(['seen-1: Before. And more.', 'seen-2: Before. And more. And again.']);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('text-en');
});

test('R24 another tab was first: nothing is overwritten, and pressing Save shows both', async () => {
  hub.mode = 'moved';
  await page.goto(server.origin + path);
  await write(' Mine.');
  await says('Not saved: another tab changed this meanwhile.');
  await write(' Still mine.');
  await Promise.all([page.waitForNavigation(), page.click('.words .main')]);
  expect(await page.$eval('.stored', (e) => e.textContent)).toContain('Theirs.');
  expect(await field()).toBe('Before. Mine. Still mine.');
  expect(hub.posts).toHaveLength(2);
});

test.each([
  ['a text that cannot be kept', 'wrong', 'Not saved. Look at what stands below the text.'],
  ['a hub that breaks', 'broken', 'Not saved: the hub does not answer.'],
] as const)('R19 %s is said in place, and the words stay', async (_, mode, words) => {
  hub.mode = mode;
  await page.goto(server.origin + path);
  await write(' http://');
  await says(words);
  expect(await field()).toBe('Before. http://');
  const hint = await page.$eval('#text-en-hint', (e) => e.textContent);
  expect(hint === 'A link must start with https://.').toBe(mode === 'wrong');
  expect(await page.$eval('#text-en', (e) => e.getAttribute('aria-invalid'))).toBe(mode === 'wrong' ? 'true' : null);
});

test('R24 without script the same form saves by its button', async () => {
  await page.setJavaScriptEnabled(false);
  await page.goto(server.origin + path);
  await write(' By hand.');
  await Promise.all([page.waitForNavigation(), page.click('.words .main')]);
  expect(hub.text).toBe('Before. By hand.');
});
