import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../../server/commands/browser.ts';
import { browserPath } from '../support/browsers.ts';
import { type RunningHub, runHub } from '../support/hub.ts';

let hub: RunningHub;
beforeAll(async () => {
  hub = await runHub();
});
afterAll(() => hub?.close());

test.each(['chrome', 'firefox'] as const)('npm run %s opens the start page with the extension loaded', async (kind) => {
  const path = browserPath(kind === 'chrome' ? 'chromium' : 'firefox');
  const browser = await openBrowser(kind, { path, origin: hub.origin, headless: true });
  try {
    const [page] = await browser.pages();
    expect(page?.url()).toBe(`${hub.origin}/`);
    expect(await page?.evaluate(() => document.body.innerText)).toContain(`npm run ${kind}`);
    if (kind === 'chrome') {
      await browser.waitForTarget((t) => t.type() === 'service_worker' && t.url().endsWith('/background.js'));
    } else {
      // only what is installed can be uninstalled
      await browser.uninstallExtension('askfirst@example.org');
      await expect(browser.uninstallExtension('askfirst@example.org')).rejects.toThrow();
    }
  } finally {
    await browser.close();
  }
});
