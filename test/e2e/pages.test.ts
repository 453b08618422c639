import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gallery, nonce, renderGalleryPage } from '../support/gallery.tsx';
import { servePages } from '../support/page-server.ts';
import { launchPlain } from '../support/plain-browser.ts';

interface AxeWindow {
  axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
}

const out = 'test/output/gallery';
const looks = [
  [1280, 'light'],
  [1280, 'dark'],
  [360, 'light'],
  [360, 'dark'],
] as const;
let browser: Browser;
let page: Page;
let server: Awaited<ReturnType<typeof servePages>>;
let axeSource: string;
const blocked: string[] = [];

beforeAll(async () => {
  await mkdir(out, { recursive: true });
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  server = await servePages(nonce, (_req, res, url) => {
    const name = url.pathname.slice(1);
    if (!Object.hasOwn(gallery, name)) return false;
    res.setHeader('content-type', 'text/html; charset=utf-8');
    res.end(renderGalleryPage(name));
    return true;
  });
  browser = await launchPlain();
  page = await browser.newPage();
  page.on('console', (m) => m.text().includes('Content Security Policy') && blocked.push(m.text()));
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

async function look(name: string, width: number, scheme: string): Promise<void> {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.setViewport({ width, height: 800 });
  await page.goto(`${server.origin}/${name}`, { waitUntil: 'load' });
}

/** Names what is wider than the window; WCAG 1.4.10 allows none at 320 px. */
const sideways = (): Promise<string[]> =>
  page.evaluate(() =>
    document.documentElement.scrollWidth > innerWidth
      ? [...document.querySelectorAll('body *')]
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
          .map((e) => `${e.tagName}.${e.className}`)
      : [],
  );

for (const name of Object.keys(gallery)) {
  test(`page ${name} has no axe violation, light and dark, wide and narrow`, async () => {
    await writeFile(`${out}/${name}.html`, renderGalleryPage(name).replaceAll('/assets/', 'assets/'));
    for (const [width, scheme] of looks) {
      await look(name, width, scheme);
      // The test's own tool is put in past the policy that the page itself is held to.
      await page.evaluate(axeSource);
      const { violations } = await page.evaluate(() => (globalThis as unknown as AxeWindow).axe.run());
      const found = violations.map(
        (v) => `${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join(' | ')}`,
      );
      await page.screenshot({ path: `${out}/${name}-${width}-${scheme}.png`, fullPage: true });
      expect(found, `${name} ${width} ${scheme}`).toEqual([]);
    }
    await look(name, 320, 'light');
    expect(await sideways()).toEqual([]);
    expect(blocked).toEqual([]);
  });
}

test('the axe run can fail: a planted image without words is found', async () => {
  await look('start', 1280, 'light');
  await page.evaluate(() => document.querySelector('main')?.append(document.createElement('img')));
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => (globalThis as unknown as AxeWindow).axe.run());
  expect(violations.map((v) => v.id)).toContain('image-alt');
});

test('forced colours and touch keep the switch’s shapes and the size of its target', async () => {
  await page.setViewport({ width: 390, height: 800, hasTouch: true, isMobile: true });
  const cdp = await page.createCDPSession();
  await cdp.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
  await page.goto(`${server.origin}/preferences`, { waitUntil: 'load' });
  const knobs = await page.$$eval('.flip', (flips) =>
    flips.map((f) => {
      const knob = getComputedStyle(f.querySelector('.switch') ?? f, '::after');
      return {
        left: Number.parseFloat(knob.left),
        drawn: knob.borderTopStyle,
        height: f.getBoundingClientRect().height,
      };
    }),
  );
  await page.screenshot({ path: `${out}/preferences-390-forced-colors.png`, fullPage: true });
  const [on, off] = knobs;
  expect(on?.left).toBeGreaterThan((off?.left ?? 0) + 16);
  for (const knob of knobs) expect(knob).toMatchObject({ drawn: 'solid' });
  expect(Math.min(...knobs.map((k) => k.height))).toBeGreaterThanOrEqual(44);
  await cdp.detach();
});
