import type { ServerResponse } from 'node:http';
import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { nonce, renderPreferences, renderStart } from '../support/gallery.tsx';
import { posted, servePages } from '../support/page-server.ts';
import { launchPlain } from '../support/plain-browser.ts';

/** A small hub of this test: it keeps one answer and the number of steps, and draws the real pages from them. */
const hub = { on: true, steps: 1, mode: 'ok' as 'ok' | 'failed' | 'broken' | 'held', posts: [] as string[] };
let streams: ServerResponse[] = [];
let release: () => void = () => {};
let browser: Browser;
let context: BrowserContext;
let page: Page;
let server: Awaited<ReturnType<typeof servePages>>;

const html = (res: ServerResponse, body: string, status = 200): boolean => {
  res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  res.end(body);
  return true;
};

beforeAll(async () => {
  server = await servePages(nonce, async (req, res, url) => {
    if (url.pathname === '/') return html(res, renderStart(hub.steps));
    if (url.pathname === '/start/stream') {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(': beat\n\n');
      streams.push(res);
      return true;
    }
    if (url.pathname === '/privacy/harbor-motors') return html(res, renderPreferences(hub.on));
    if (url.pathname !== '/privacy/harbor-motors/choose' || req.method !== 'POST') return false;
    const form = await posted(req);
    hub.posts.push(form.toString());
    if (hub.mode === 'broken') return html(res, '<main><h1>Something went wrong in the hub.</h1></main>', 500);
    if (hub.mode === 'failed') return html(res, renderPreferences(hub.on, 'failed'), 503);
    if (hub.mode === 'held') await new Promise<void>((done) => (release = done));
    hub.on = form.get('want') === 'yes';
    return html(res, renderPreferences(hub.on, 'saved'));
  });
  browser = await launchPlain();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  Object.assign(hub, { on: true, steps: 1, mode: 'ok', posts: [] });
  streams = [];
  context = await browser.createBrowserContext();
  page = await context.newPage();
});
afterEach(() => context.close());

const flip = '#may-hubspot-flip';
const checked = () => page.$eval(flip, (e) => e.getAttribute('aria-checked'));
const word = () => page.$eval('#may-hubspot-word', (e) => e.textContent);
const heard = () => page.$eval('#said', (e) => e.textContent);
const waitFor = (selector: string) => page.waitForSelector(selector, { timeout: 5000 });

async function open(script: boolean): Promise<void> {
  await page.setJavaScriptEnabled(script);
  await page.goto(`${server.origin}/privacy/harbor-motors`);
}

test('R25 R35 without script one tap turns HubSpot off and one tap turns it on again', async () => {
  await open(false);
  await Promise.all([page.waitForNavigation(), page.click(flip)]);
  expect(hub.on).toBe(false);
  expect(hub.posts[0]).toBe('nonce=nonce-1&integration=hubspot&purpose=all&want=no');
  const off = await browser.newPage(); // reading a page needs script in puppeteer, so look with another one
  await off.goto(`${server.origin}/privacy/harbor-motors`);
  expect(await off.$eval(flip, (e) => e.getAttribute('aria-checked'))).toBe('false');
  await off.close();
  await Promise.all([page.waitForNavigation(), page.click(flip)]);
  expect(hub.on).toBe(true);
});

test('R35 with script a switch is saved in place, said aloud, and keeps the focus', async () => {
  await open(true);
  await page.focus(flip);
  await page.keyboard.press('Space');
  await waitFor(`${flip}[aria-checked="false"]`);
  expect(hub.posts).toEqual(['nonce=nonce-1&integration=hubspot&purpose=all&want=no']);
  expect(await heard()).toContain('Saved: HubSpot is off.');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('may-hubspot-flip');
  expect(new URL(page.url()).pathname).toBe('/privacy/harbor-motors');
});

test('R35 the switch never shows what is only hoped for: while saving it stands still, and a second tap sends nothing', async () => {
  hub.mode = 'held';
  await open(true);
  await page.click(flip);
  await waitFor('form[aria-busy="true"]');
  expect([await checked(), await word()]).toEqual(['true', 'saving']);
  await page.click(flip);
  await page.waitForFunction(() => true);
  release();
  await waitFor(`${flip}[aria-checked="false"]`);
  expect(hub.posts).toHaveLength(1);
});

test.each([
  ['the hub could not store it', 'failed'],
  ['the hub broke', 'broken'],
] as const)('R35 when %s the page says so and shows the true state', async (_why, mode) => {
  hub.mode = mode;
  await open(true);
  await page.click(flip);
  await page.waitForFunction(() => document.getElementById('said')?.textContent !== '');
  expect(await heard()).toBe('Your change was not saved. HubSpot is still on.');
  expect([await checked(), await word()]).toEqual(['true', 'Yes']);
  expect(await page.$eval('h1', (e) => e.textContent)).toBe('Who may get your data');
});

test('R35 with no network the switch says so in place and can be pressed again', async () => {
  await open(true);
  await page.setOfflineMode(true);
  await page.click(flip);
  await waitFor('.sorry');
  expect(await page.$eval('.sorry', (e) => e.textContent)).toBe('Your change was not saved. HubSpot is still on.');
  expect([await checked(), await word()]).toEqual(['true', 'Yes']);
  await page.setOfflineMode(false);
  await page.click(flip);
  await waitFor(`${flip}[aria-checked="false"]`);
});

test('R20 Say no, before anybody asked, is saved in place and hands the focus to the switch', async () => {
  await open(true);
  await page.focus('#may-hubspot-CustomerCare-no');
  await page.keyboard.press('Enter');
  await waitFor('#may-hubspot-CustomerCare-word.no');
  expect(hub.posts).toEqual(['nonce=nonce-2&integration=hubspot&purpose=CustomerCare&want=no']);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('may-hubspot-CustomerCare-flip');
});

test('a step ticks by itself when the stream says that something happened', async () => {
  await page.goto(server.origin);
  await waitFor('#step-opened.ticked');
  await expect.poll(() => streams.length).toBe(1);
  expect(await page.$('#step-wrote.ticked')).toBeNull();
  await page.focus('#go-wrote');
  hub.steps = 2;
  streams[0]?.write('data: {}\n\n');
  await waitFor('#step-wrote.ticked');
  expect(await heard()).toBe('2 of 7 Next: An agent answers.');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('go-wrote');
});
