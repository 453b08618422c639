import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer-core';
import { createBuilder } from 'vite';
import { browserPath } from '../../support/browsers.ts';

/** Builds the widget as `npm start` does, into a folder of its own. */
export async function buildWidget(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'askfirst-widget-'));
  const configFile = resolve('server/web/widget/vite.config.ts');
  const builder = await createBuilder({ configFile, logLevel: 'error', build: { outDir } });
  await builder.buildApp();
  return outDir;
}

/** A plain headless Chromium, without the extension. */
export const launchPlain = (): Promise<Browser> =>
  puppeteer.launch({
    executablePath: browserPath('chromium'),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });

/** The widget's frame in a page, once it is there. */
export const widgetFrame = (page: Page): Promise<Frame> => page.waitForFrame((f) => f.url().includes('/widget/frame'));

/** Presses the button on the shop's page and returns the widget's frame, drawn. */
export async function openWidget(page: Page): Promise<Frame> {
  await (await page.waitForSelector('[data-askfirst] >>> button'))?.click();
  const frame = await widgetFrame(page);
  await frame.waitForSelector('.chat');
  return frame;
}
