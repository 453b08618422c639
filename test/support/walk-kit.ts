import { rmSync } from 'node:fs';
import type { Browser, Page, Target } from 'puppeteer-core';
import type { Browser as WebExt } from 'webextension-polyfill';
import { launchChromium } from './chromium.ts';
import { launchFirefox } from './firefox.ts';
import { withGrant } from './granted.ts';
import { drivePanel, type PanelDriver } from './panel.ts';
import { until } from './story.ts';

/**
 * A browser with the built extension, as an agent has it after installing, desktop notices turned on; no site is allowed
 * beforehand (R77).
 */
export interface WalkKit {
  browser: Browser;
  /** Ends the worker, or waits until the browser ended it, as it does after idle time. */
  endWorker(): Promise<void>;
  /** Sets the hub's address on the options page, then opens the real side panel or sidebar. */
  panel(origin: string): Promise<PanelDriver>;
  /** Of the extension: the sites it may touch, and what its button shows. */
  sites(): Promise<string[]>;
  badge(): Promise<string>;
  /** Of how many chats the agent was told; written down after the sound and the notice. */
  told(): Promise<number>;
}

/** What both browsers share, once the options page is open: it stays, as Firefox's sidebar is reached through it. */
function kitOf(
  browser: Browser,
  options: Page,
  { open, endWorker }: { open: () => Promise<PanelDriver>; endWorker: () => Promise<void> },
): WalkKit {
  type Ext = { browser?: WebExt; chrome: WebExt };
  return {
    browser,
    endWorker,
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
    told: () =>
      options.evaluate(async () => {
        const { browser, chrome } = globalThis as unknown as Ext;
        const kept = await (browser ?? chrome).storage.session.get('panel/told');
        return Object.keys(kept['panel/told'] ?? {}).length;
      }),
  };
}

/** Headless Chromium cannot answer the question for notices, so there the permission is given from the start. */
async function inChromium(): Promise<WalkKit> {
  const copy = withGrant({ permissions: ['notifications'] });
  const { browser, id, tab, openPanel } = await launchChromium(copy);
  browser.once('disconnected', () => rmSync(copy, { recursive: true }));
  const own = (t: Target) => t.type() === 'service_worker' && t.url().includes(id);
  return kitOf(browser, await tab('options.html'), {
    open: async () => drivePanel(await openPanel()),
    async endWorker() {
      await (await browser.targets().find(own)?.worker())?.close();
      await until(async () => !browser.targets().some(own), 'the end of the worker');
    },
  });
}

/** Firefox ends an idle event page by itself, here after half a second; its question is answered yes unasked. */
async function inFirefox(): Promise<WalkKit> {
  const { browser, tab, openSidebar } = await launchFirefox(undefined, {
    prefs: { 'extensions.background.idle.timeout': 500 },
  });
  const options = await tab('options.html');
  await options.bringToFront();
  await options.click('[aria-labelledby=notices] button'); // the question comes after a person's own press alone
  await until(() => options.evaluate(() => document.body.innerText.includes('notices off')), 'the permission');
  return kitOf(browser, options, {
    open: async () => drivePanel(await openSidebar(options)),
    async endWorker() {
      type Ext = { browser: WebExt };
      const asleep = () =>
        options.evaluate(() =>
          (globalThis as unknown as Ext).browser.extension
            .getViews()
            .every((view) => !view.location.pathname.includes('background')),
        );
      await until(asleep, 'the sleep of the event page');
    },
  });
}

/** Chromium with the real side panel, Firefox with the real sidebar; for `describe.each`. */
export const walkKits: [name: string, launch: () => Promise<WalkKit>][] = [
  ['Chromium', inChromium],
  ['Firefox', inFirefox],
];
