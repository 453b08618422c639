import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type FakeHub, fakeHub } from '../support/fake-hub.ts';
import { type Firefox, launchFirefox } from '../support/firefox.ts';
import { drivePanel } from '../support/panel.ts';

const shots = 'test/output';
mkdirSync(shots, { recursive: true });
const manifest = JSON.parse(readFileSync('.output/firefox-mv3/manifest.json', 'utf8'));
const { id } = manifest.browser_specific_settings.gecko as { id: string };

let firefox: Firefox | undefined;
let hub: FakeHub | undefined;
let home = '';
afterEach(async () => {
  await firefox?.browser.close();
  await hub?.down();
  rmSync(home, { recursive: true, force: true });
});

/** A Firefox whose administrator set this address, by a native manifest in its home folder. */
async function firefoxWith(address: string, prefs: Record<string, unknown> = {}): Promise<Firefox> {
  home = mkdtempSync(join(tmpdir(), 'askfirst-home-'));
  const folder = join(home, '.mozilla/managed-storage');
  mkdirSync(folder, { recursive: true });
  const policy = { name: id, description: 'askfirst', type: 'storage', data: { hub: address } };
  writeFileSync(join(folder, `${id}.json`), JSON.stringify(policy));
  firefox = await launchFirefox(resolve('.output/firefox-mv3'), { home, prefs });
  return firefox;
}

describe('R77 the hub’s address by policy', () => {
  it.each(['light', 'dark'])(
    'Firefox, %s: the sidebar pairs with that hub, and the options show the address with nowhere to type',
    async (scheme) => {
      hub = await fakeHub();
      const browser = await firefoxWith(hub.origin, { 'ui.systemUsesDarkTheme': scheme === 'dark' ? 1 : 0 });
      const tab = await browser.tab('options.html');
      const options = await drivePanel(tab);
      await options.seesIn('#set', hub.origin);
      await options.sees('Set by your organisation. It cannot be changed here.');
      expect(await options.count('input')).toBe(0);
      expect(await options.violations()).toEqual([]);
      for (const width of [360, 1280]) {
        await tab.setViewport({ width, height: 700 });
        await tab.screenshot({ path: `${shots}/options-policy-${width}-${scheme}.png` as `${string}.png` });
      }
      const panel = await drivePanel(await browser.openSidebar(tab));
      await panel.sees('set by your organisation');
      expect(await panel.count('a[href$="options.html"]')).toBe(0);
      expect(await panel.violations()).toEqual([]);
      hub.confirm(await panel.code());
      await panel.sees('Harbor Motors');
    },
  );

  it('Firefox: an address that will not do is shown with the reason, and cannot be passed over', async () => {
    const browser = await firefoxWith('http://hub.example.org');
    const tab = await browser.tab('options.html');
    const options = await drivePanel(tab);
    await options.seesIn('[role="alert"]', 'http://hub.example.org. Use https, or http on this computer.');
    expect(await options.count('input')).toBe(0);
    expect(await options.violations()).toEqual([]);
    await tab.setViewport({ width: 360, height: 700 });
    await tab.screenshot({ path: `${shots}/options-policy-wrong.png` });
  });

  it('Chromium reads the schema, and without a policy the address stays free', async () => {
    const chromium = await launchChromium();
    try {
      const tab = await chromium.tab('options.html');
      const options = await drivePanel(tab);
      await options.until(async () => (await options.count('input#hub')) === 1, 'the address');
      type Chrome = { chrome: { storage: { managed: { get: (k: null) => Promise<object> } } } };
      const set = await tab.evaluate(() => (globalThis as unknown as Chrome).chrome.storage.managed.get(null));
      expect(set).toEqual({});
    } finally {
      await chromium.browser.close();
    }
  });
});
