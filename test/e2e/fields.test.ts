import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { nonce, renderGalleryPage } from '../support/gallery.tsx';
import { posted, servePages } from '../support/page-server.ts';
import { launchPlain } from '../support/plain-browser.ts';

/** What the forms of the two pages sent, by their address. */
const posts: [string, Record<string, string>][] = [];
let browser: Browser;
let page: Page;
let server: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  server = await servePages(nonce, async (req, res, url) => {
    const name = url.pathname.slice(1);
    res.setHeader('content-type', 'text/html; charset=utf-8');
    if (req.method === 'POST') posts.push([url.pathname, Object.fromEntries(await posted(req))]);
    res.end(renderGalleryPage(name === 'changes' ? name : 'connection'));
    return true;
  });
  browser = await launchPlain();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  posts.length = 0;
  page = await browser.newPage();
});

/** The name of what has the focus, as a reader hears it. */
async function focused(): Promise<string> {
  const { nodes } = await (await page.createCDPSession()).send('Accessibility.getFullAXTree');
  const node = nodes.find((n) =>
    n.properties?.some((p) => p.name === 'focused' && p.value.value === true && n.role?.value !== 'RootWebArea'),
  );
  return String(node?.name?.value ?? '').replaceAll('\u2060', '');
}
async function tabTo(name: string): Promise<void> {
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press('Tab');
    if ((await focused()) === name) return;
  }
  throw new Error(`no way by keyboard to ${name}`);
}

test('R13 without script and by keyboard alone: a field is found by its name, turned on and saved', async () => {
  await page.setJavaScriptEnabled(false);
  await page.goto(`${server.origin}/connection`);
  await tabTo('Phone');
  await page.keyboard.press('Space');
  await tabTo('Save fields');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  const crm = 'on.CustomerRelationshipManagement';
  expect(posts).toEqual([
    [
      '/console/connections/c1/fields',
      {
        csrf: 'csrf-sample',
        version: '3',
        [`${crm}.name`]: 'on',
        [`${crm}.email`]: 'on',
        [`${crm}.phone`]: 'on',
        [`${crm}.company`]: 'on',
        'on.CustomerCare.transcript': 'on',
        'on.Personalisation.company': 'on',
      },
    ],
  ]);
});

test('R86 without script and by keyboard alone: the difference that was read is approved', async () => {
  await page.setJavaScriptEnabled(false);
  await page.goto(`${server.origin}/changes`);
  await tabTo('Approve these changes');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  expect(posts).toEqual([
    ['/console/connections/c1/changes', { csrf: 'csrf-sample', version: '3', manifest: 'kJ5f0mTjcvR2' }],
  ]);
});

test('R79 on a phone with a finger, box and name are one target of 44 px', async () => {
  await page.setViewport({ width: 360, height: 800, hasTouch: true, isMobile: true });
  await page.goto(`${server.origin}/connection`);
  const heights = await page.$$eval('.tick', (ticks) => ticks.map((t) => t.getBoundingClientRect().height));
  expect(heights).toHaveLength(6);
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
});
