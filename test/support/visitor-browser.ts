import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { browserPath } from './browsers.ts';

/** A visitor's own browser, without the extension, that can be told to send a privacy signal. */
export interface VisitorBrowser {
  browser: Browser;
  /** From now on its requests carry `Sec-GPC: 1`; answers the page at the same address. */
  sendSignal(page: Page): Promise<Page>;
  close(): Promise<void>;
}

/** Chromium has no such switch of its own (extensions add the header), so the page is given the header. */
async function chromium(): Promise<VisitorBrowser> {
  const browser = await puppeteer.launch({
    browser: 'chrome',
    executablePath: browserPath('chromium'),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  return {
    browser,
    async sendSignal(page) {
      await page.setExtraHTTPHeaders({ 'Sec-GPC': '1' });
      await page.reload();
      return page;
    },
    close: () => browser.close(),
  };
}

/** Firefox has the switch: it is started again on its own profile with it on, as a person's would keep their chat. */
async function firefox(): Promise<VisitorBrowser> {
  const userDataDir = mkdtempSync(join(tmpdir(), 'visitor-'));
  const launch = (signal: boolean) =>
    puppeteer.launch({
      browser: 'firefox',
      executablePath: browserPath('firefox'),
      headless: true,
      userDataDir,
      extraPrefsFirefox: { 'privacy.globalprivacycontrol.enabled': signal },
    });
  const kit: VisitorBrowser = {
    browser: await launch(false),
    async sendSignal(page) {
      const address = page.url();
      await kit.browser.close();
      kit.browser = await launch(true);
      const again = await kit.browser.newPage();
      await again.goto(address);
      return again;
    },
    async close() {
      await kit.browser.close();
      rmSync(userDataDir, { recursive: true, force: true });
    },
  };
  return kit;
}

/** Starts one. Stop it with `close()`. */
export const visitorBrowser = (name: 'Chromium' | 'Firefox'): Promise<VisitorBrowser> =>
  name === 'Firefox' ? firefox() : chromium();
