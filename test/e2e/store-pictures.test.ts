import { mkdirSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type FakeHub, fakeHub } from '../support/fake-hub.ts';
import { drivePanel } from '../support/panel.ts';

const shots = 'test/output/store';
let chromium: Chromium;
let hub: FakeHub;
beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  hub = await fakeHub();
  chromium = await launchChromium();
});
afterAll(async () => {
  await chromium?.browser.close();
  await hub?.down();
});

/** One picture as the stores take it: 1280 by 800, nothing cut off at the side. */
async function picture(page: Page, name: string, scheme = 'light'): Promise<void> {
  await page.setViewport({ width: 1280, height: 800 });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  const bytes = await page.screenshot({ path: `${shots}/${name}.png` as `${string}.png` });
  expect(bytes.length, name).toBeLessThan(200_000);
}

test('the pictures of the store listing, from the real panel', async () => {
  const { state } = hub;
  state.visitor('Visitor 7F2C', 'Do you take electric cars in part exchange?');
  state.visitor('Noor Haddad', 'Is the test drive on Friday still on?', { email: 'noor@haddad.example' });
  const values = { email: 'ada@brandt.example', phone: '+45 20 30 44 18' };
  const ada = state.visitor('Ada Brandt', 'Hello! I saw the Marlin on your page.', values);
  state.says(ada, 'Can you keep it for me until Saturday?');

  await (await drivePanel(await chromium.tab('options.html'))).saveHub(hub.origin);
  const tab = await chromium.tab('sidepanel.html');
  const panel = await drivePanel(tab);
  hub.confirm(await panel.code());
  await panel.seesIn('h1', 'Ada Brandt');
  await panel.type('Of course. It is yours until Saturday at 17:00.');
  await panel.enter();
  await panel.until(async () => (await panel.count('.agent:not(.pending)')) === 1, 'the reply');
  await panel.click('[data-card="hubspot"] [data-act="ask"]');
  await panel.seesIn('.strip', 'Asked');
  state.answers(ada, ['name', 'email'], ['phone']);
  await panel.seesIn('.talk', 'Ada said yes to name and e-mail, no to phone, for HubSpot.');
  await picture(tab, '1-ask');

  await panel.click('[data-card="hubspot"] [data-act="send"]');
  await panel.seesIn('[data-act="leave"]', 'Send two fields');
  await picture(tab, '2-what-leaves');

  await panel.click('[data-act="leave"]');
  await panel.seesIn('.result', 'Waiting');
  const shared = async () => ada.entries.flatMap((e) => (e.kind === 'share' ? [e.share] : [])).at(-1);
  state.settles(ada, await panel.until(shared, 'the share at the hub'), 'sent');
  await panel.seesIn('.result', 'Sent to HubSpot: name and e-mail. Phone stayed: Ada said no.');
  await panel.seesIn('[data-card="hubspot"]', 'Record');
  await picture(tab, '3-outcome');

  await panel.click('.result button');
  state.add(ada, { kind: 'withdrawn', integration: 'hubspot', partner: 'HubSpot', alreadyOut: 1, stopped: 0 });
  state.setState(ada, 'hubspot', 'CustomerRelationshipManagement', 'no');
  await panel.seesIn('.strip', 'No');
  await panel.seesIn('.talk', 'Ada took the yes for HubSpot back.');
  await picture(tab, '4-taken-back', 'dark');
});
