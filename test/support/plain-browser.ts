import puppeteer, { type Browser } from 'puppeteer-core';
import { browserPath } from './browsers.ts';

/** A headless browser without the extension, as a visitor or a reader has it. Stop it with `close()`. */
export const launchPlain = (name: 'chromium' | 'firefox' = 'chromium'): Promise<Browser> =>
  puppeteer.launch({
    browser: name === 'firefox' ? 'firefox' : 'chrome',
    executablePath: browserPath(name),
    headless: true,
    args:
      name === 'firefox'
        ? []
        : ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
