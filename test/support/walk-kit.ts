import type { Browser, Page } from 'puppeteer-core';
import type { Browser as WebExt } from 'webextension-polyfill';
import { launchChromium } from './chromium.ts';
import { launchFirefox } from './firefox.ts';
import { drivePanel, type PanelDriver } from './panel.ts';

/** A browser with the built extension, as an agent has it after installing: nothing allowed beforehand (R77). */
export interface WalkKit {
  browser: Browser;
  /** Sets the hub's address on the options page, then opens the real side panel or sidebar. */
  panel(origin: string): Promise<PanelDriver>;
  /** Of the extension: the sites it may touch, and what its button shows. */
  sites(): Promise<string[]>;
  badge(): Promise<string>;
}

/** What both browsers share, once the options page is open: it stays, as Firefox's sidebar is reached through it. */
function kitOf(browser: Browser, options: Page, open: () => Promise<PanelDriver>): WalkKit {
  type Ext = { browser?: WebExt; chrome: WebExt };
  return {
    browser,
    async panel(origin) {
      await (await drivePanel(options)).saveHub(origin);
      return open();
    },
    sites: () =>
      options.evaluate(async () => {
        const { browser, chrome } = globalThis as unknown as Ext;
        return (await (browser ?? chrome).permissions.getAll()).origins ?? [];
      }),
    badge: () =>
      options.evaluate(() => {
        const { browser, chrome } = globalThis as unknown as Ext;
        return (browser ?? chrome).action.getBadgeText({});
      }),
  };
}

/** Chromium with the real side panel, Firefox with the real sidebar; for `describe.each`. */
export const walkKits: [name: string, launch: () => Promise<WalkKit>][] = [
  [
    'Chromium',
    async () => {
      const { browser, tab, openPanel } = await launchChromium();
      return kitOf(browser, await tab('options.html'), async () => drivePanel(await openPanel()));
    },
  ],
  [
    'Firefox',
    async () => {
      const { browser, tab, openSidebar } = await launchFirefox();
      const options = await tab('options.html');
      return kitOf(browser, options, async () => drivePanel(await openSidebar(options)));
    },
  ],
];
