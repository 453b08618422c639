import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type FakeHub, fakeHub } from '../support/fake-hub.ts';
import type { FakeChat } from '../support/fake-hub-state.ts';
import { type Firefox, launchFirefox } from '../support/firefox.ts';
import { drivePanel, type PanelDriver } from '../support/panel.ts';

const shots = 'test/output';
mkdirSync(shots, { recursive: true });

async function hubWithAda(): Promise<{ hub: FakeHub; ada: FakeChat }> {
  const hub = await fakeHub();
  hub.state.visitor('Visitor 7F2C', 'Do you take electric cars in part exchange?');
  const ada = hub.state.visitor('Ada Brandt', 'Can you keep the Marlin until Saturday?', {
    email: 'ada@brandt.example',
    phone: '+45 20 30 44 18',
  });
  return { hub, ada };
}

const shareOf = (ada: FakeChat): string | undefined =>
  ada.entries.flatMap((e: Entry) => (e.kind === 'share' ? [e.share] : [])).at(-1);

/** The agent's part of the story, the same in both browsers. */
async function story(panel: PanelDriver, hub: FakeHub, ada: FakeChat): Promise<void> {
  hub.confirm(await panel.code());
  await panel.sees('Can you keep the Marlin until Saturday?');
  await panel.seesIn('h1', 'Ada Brandt');
  await panel.seesIn('.strip', 'Not asked');
  await panel.seesIn('.live', 'live,');

  await panel.type('Of course. Until Saturday at 17:00.');
  await panel.enter();
  await panel.until(async () => (await panel.count('.agent:not(.pending)')) === 1, 'the acknowledged reply');
  expect(ada.entries.filter((e) => e.kind === 'message' && e.author === 'agent')).toHaveLength(1);

  await panel.click('[data-card="hubspot"] [data-act="send"]');
  await panel.seesIn('.leave', 'Ada has not been asked.');
  await panel.seesIn('[data-act="leave"]', 'Nothing may leave.');
  expect(await panel.count('[data-act="leave"][aria-disabled="true"]')).toBe(1);
  expect(await panel.violations()).toEqual([]);
  await panel.click('.acts .btn:last-child');

  await panel.click('[data-card="hubspot"] [data-act="ask"]');
  await panel.seesIn('.strip', 'Asked');
  hub.state.answers(ada, ['name', 'email'], ['phone']);
  await panel.seesIn('.strip', 'Yes');
  await panel.seesIn('.talk', 'Ada said yes to name and e-mail, no to phone, for HubSpot.');

  await panel.click('[data-card="hubspot"] [data-act="send"]');
  await panel.seesIn('.leave', 'ada@brandt.example');
  await panel.seesIn('[data-act="leave"]', 'Send two fields');
  expect(await panel.textOf('.leave')).not.toContain('44 18');
  expect(await panel.violations()).toEqual([]);
}

async function finish(panel: PanelDriver, hub: FakeHub, ada: FakeChat): Promise<void> {
  await panel.click('[data-act="leave"]');
  await panel.seesIn('.result', 'Waiting');
  await panel.until(async () => shareOf(ada), 'the share at the hub');
  hub.state.settles(ada, shareOf(ada) ?? '', 'sent');
  await panel.seesIn('.result', 'Sent to HubSpot: name and e-mail. Phone stayed: Ada said no.');
  await panel.seesIn('[data-card="hubspot"]', 'Record');

  hub.state.withdraws(ada, 1);
  await panel.seesIn('.strip', 'No');
  await panel.seesIn('.talk', 'Ada took the yes for HubSpot back. One send that was waiting did not leave.');
  expect(await panel.violations()).toEqual([]);
}

/** Light and dark, narrow and wide, of a page that shows the panel. */
async function picture(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [360, 900],
    [1280, 900],
  ] as const) {
    await page.setViewport({ width, height });
    for (const scheme of ['light', 'dark']) {
      await page.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: scheme },
        { name: 'prefers-reduced-motion', value: 'reduce' }, // else a picture catches colours halfway
      ]);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over, `${name} at ${width} px scrolls sideways`).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `${shots}/${name}-${width}-${scheme}.png` as `${string}.png` });
    }
  }
}

describe.each([
  ['chrome-mv3', ['storage', 'alarms', 'sidePanel']],
  ['firefox-mv3', ['storage', 'alarms']],
])('the built %s', (build, permissions) => {
  it('sec-E01 R77 asks for these permissions and opens no other door', () => {
    const manifest = JSON.parse(readFileSync(`.output/${build}/manifest.json`, 'utf8')) as Record<string, unknown>;
    expect(manifest.permissions).toEqual(permissions);
    const doors = [
      ...['action', 'background', 'content_security_policy'],
      ...['optional_host_permissions', 'optional_permissions', 'options_ui', 'permissions'],
    ];
    expect(manifest.optional_permissions).toEqual(['notifications']);
    expect(manifest.optional_host_permissions).toEqual(['https://*/*', 'http://127.0.0.1/*']);
    const ours = build.startsWith('chrome')
      ? ['key', 'minimum_chrome_version', 'side_panel', 'storage']
      : ['sidebar_action'];
    const named = ['manifest_version', 'name', 'description', 'version', 'icons', 'browser_specific_settings'];
    expect(
      Object.keys(manifest)
        .filter((key) => !named.includes(key))
        .sort(),
    ).toEqual([...doors, ...ours].sort());
    expect(manifest.action).toEqual({ default_title: 'Open askfirst' });
  });

  it('sec-E10 holds no eval, no remote script and no code from the network; under 250 kB', () => {
    const files = readdirSync(`.output/${build}`, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
    let bytes = 0;
    for (const file of files) {
      const text = readFileSync(`${file.parentPath}/${file.name}`);
      bytes += text.length;
      if (!/\.(js|html)$/.test(file.name)) continue;
      expect(`${text}`).not.toMatch(
        /\beval\(|new Function\b|\bFunction\(|importScripts|import\(["'`]https?:|\.innerHTML\s*=/,
      );
      expect(`${text}`).not.toMatch(/<script[^>]+src="(?:https?:)?\/\//);
    }
    expect(bytes).toBeLessThan(250_000);
  });
});

describe('the real side panel in Chromium', () => {
  let chromium: Chromium;
  let hub: FakeHub;
  let ada: FakeChat;
  beforeAll(async () => {
    ({ hub, ada } = await hubWithAda());
    chromium = await launchChromium();
    const options = await chromium.tab('options.html');
    const driven = await drivePanel(options);
    await driven.saveHub(hub.origin);
    expect(await driven.violations()).toEqual([]);
    await picture(options, 'options');
  });
  afterAll(async () => {
    await chromium?.browser.close();
    await hub?.down();
  });

  it('R76 R68 R71 opens at the first click, pairs, asks, sends what was allowed and shows the outcome', async () => {
    const panel = await chromium.openPanel();
    const driven = await drivePanel(panel);
    await driven.code();
    expect(await driven.violations()).toEqual([]);
    const pairing = await chromium.tab('sidepanel.html');
    await picture(pairing, 'panel-pairing');
    await pairing.close();
    await story(driven, hub, ada);
    const tab = await chromium.tab('sidepanel.html');
    const tabbed = await drivePanel(tab);
    await tabbed.click('[data-card="hubspot"] [data-act="send"]');
    await tabbed.seesIn('.leave', 'ada@brandt.example');
    await picture(tab, 'panel-send');
    await finish(driven, hub, ada);
    await tabbed.click('.acts .btn:last-child');
    await picture(tab, 'panel');
    expect(
      await tab.evaluate(() => document.elementFromPoint(innerWidth / 2, innerHeight - 2)?.closest('#reply') !== null),
      'the reply stands at the bottom edge',
    ).toBe(true);
  });

  it('R79 keeps person and strip in view at 320 px, and scrolls as a page at 400 % zoom', async () => {
    const tab = await chromium.tab('sidepanel.html');
    const driven = await drivePanel(tab);
    await driven.seesIn('h1', 'Ada Brandt');
    for (const [width, height] of [
      [320, 640],
      [320, 256],
    ] as const) {
      await tab.setViewport({ width, height });
      expect(await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      expect(await driven.violations()).toEqual([]);
      await tab.screenshot({ path: `${shots}/panel-${width}x${height}.png` as `${string}.png` });
    }
    await tab.setViewport({ width: 320, height: 640 });
    const inView = await tab.evaluate(() =>
      ['h1', '.strip', '#text'].every((s) => {
        const box = document.querySelector(s)?.getBoundingClientRect();
        return box !== undefined && box.top >= 0 && box.bottom <= innerHeight;
      }),
    );
    expect(inView).toBe(true);
  });

  it('sec-E02 sec-E11 has no host permission, and ends with nothing kept when the console unpairs', async () => {
    const tab = await chromium.tab('sidepanel.html');
    const driven = await drivePanel(tab);
    await driven.seesIn('h1', 'Ada Brandt');
    type Chrome = { chrome: { permissions: { getAll: () => Promise<{ origins?: string[] }> } } };
    const held = await tab.evaluate(() => (globalThis as unknown as Chrome).chrome.permissions.getAll());
    expect(held.origins ?? []).toEqual([]);
    await driven.type('A half-written reply');
    hub.endPairings();
    await driven.sees('This browser is no longer paired.');
    expect(await driven.text()).not.toContain('Ada');
    type Kept = { chrome: { storage: Record<'local' | 'session', { get: (k: null) => Promise<object> }> } };
    const kept = await tab.evaluate(async () => {
      const { storage } = (globalThis as unknown as Kept).chrome;
      return JSON.stringify([await storage.local.get(null), await storage.session.get(null)]);
    });
    expect(kept).toBe(JSON.stringify([{ hub: hub.origin }, {}]));
  });
});

describe('the real sidebar in Firefox', () => {
  let firefox: Firefox;
  let hub: FakeHub;
  let ada: FakeChat;
  beforeAll(async () => {
    ({ hub, ada } = await hubWithAda());
    firefox = await launchFirefox();
  });
  afterAll(async () => {
    await firefox?.browser.close();
    await hub?.down();
  });

  it('R68 R71 pairs, asks, sends what was allowed and shows the outcome', async () => {
    const tab = await firefox.tab('options.html');
    await (await drivePanel(tab)).saveHub(hub.origin);
    const sidebar = await drivePanel(await firefox.openSidebar(tab));
    await story(sidebar, hub, ada);
    await finish(sidebar, hub, ada);
  });
});
