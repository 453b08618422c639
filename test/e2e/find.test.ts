import { rmSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Found, RecordSite } from '#contract/calls-find.ts';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type FakeHub, fakeHub } from '../support/fake-hub.ts';
import type { FakeChat } from '../support/fake-hub-state.ts';
import { launchFirefox } from '../support/firefox.ts';
import { withGrant } from '../support/granted.ts';
import { drivePanel, type PanelDriver } from '../support/panel.ts';
import { look } from '../support/story.ts';

let hub: FakeHub;
let ada: FakeChat;
let bob: FakeChat;
let asked: unknown[];
/** A page of the partner's, on this computer as the demo's partners are. */
const crm = (record: string) => `${hub.origin.replace('localhost', '127.0.0.1')}/crm/contacts/481/contact/${record}`;
const words = {
  found: 'The chat of the person shown in HubSpot is open.',
  none: 'Nobody here has this record of HubSpot. Nothing was created.',
  many: 'More than one person here has this record of HubSpot, so nobody was picked.',
  page: 'The open tab shows no person of HubSpot (sandbox).',
  closed: 'No site you allowed is open.',
};

beforeEach(async () => {
  hub = await fakeHub();
  asked = [];
  ada = hub.state.visitor('Ada Brandt', 'Can you keep the Marlin until Saturday?');
  bob = hub.state.visitor('Bob Lund', 'Is the estate still for sale?');
  const site: RecordSite = {
    integration: 'hubspot',
    partner: 'HubSpot',
    sandbox: true,
    origin: new URL(crm('1')).origin,
    paths: ['/crm/contacts/481/contact/{record}'],
  };
  const answers: Record<string, Found> = {
    '101': { found: 'one', conversation: ada.id },
    '102': { found: 'one', conversation: bob.id },
    '200': { found: 'many' },
  };
  hub.app.get('/api/panel/sites', (c) => c.json({ sites: [site] }));
  hub.app.post('/api/panel/find', async (c) => {
    const body = await c.req.json<{ record: string }>();
    asked.push(body);
    return c.json(answers[body.record] ?? { found: 'none' });
  });
  hub.app.get('/crm/*', (c) => c.html('<!doctype html><title>CRM</title><h1>A contact</h1>'));
});
afterEach(() => hub.down());

const find = (panel: PanelDriver) => panel.click('[data-act="find"]');
const says = (panel: PanelDriver, text: string) => panel.seesIn('.find', text);

/** Whom each page finds, the same in both browsers. */
async function walk(panel: PanelDriver, go: (url: string) => Promise<unknown>): Promise<void> {
  await go(crm('101'));
  await find(panel);
  await says(panel, words.found);
  await panel.seesIn('h1', 'Ada Brandt');
  await go(crm('102'));
  await find(panel);
  await panel.seesIn('h1', 'Bob Lund');
  for (const [page, text] of [
    ['200', words.many],
    ['999', words.none],
    ['101/edit', words.page],
  ] as const) {
    await go(crm(page));
    await find(panel);
    await says(panel, text);
    await panel.seesIn('h1', 'Bob Lund');
  }
  expect(asked).toEqual(['101', '102', '200', '999'].map((record) => ({ integration: 'hubspot', record })));
}

describe('Chromium', () => {
  let chromium: Chromium;
  let copy: string | undefined;
  afterEach(async () => {
    await chromium?.browser.close();
    if (copy) rmSync(copy, { recursive: true });
    copy = undefined;
  });
  async function panelIn(build?: string): Promise<{ panel: PanelDriver; beside: Page }> {
    chromium = await launchChromium(build);
    const options = await chromium.tab('options.html');
    await (await drivePanel(options)).saveHub(hub.origin);
    const panel = await drivePanel(await chromium.openPanel());
    hub.confirm(await panel.code());
    await panel.seesIn('.live', 'live,');
    const beside = (await chromium.browser.pages()).at(-1) as Page;
    return { panel, beside };
  }

  it('R78 the real side panel finds the person of the tab beside it; no match, two matches and another page pick nobody', async () => {
    copy = withGrant({ sites: ['http://127.0.0.1/*'] });
    const { panel, beside } = await panelIn(copy);
    await walk(panel, (url) => beside.goto(url));
  });

  it('R77 R78 without a grant it sees no address, says so and asks for that one site by name', async () => {
    const { panel, beside } = await panelIn();
    await beside.goto(crm('101'));
    await find(panel);
    await says(panel, words.closed);
    await says(panel, `Allow ${new URL(crm('1')).host}`);
    expect(await panel.violations()).toEqual([]);
    expect(asked).toEqual([]);
    const tab = await chromium.tab('sidepanel.html');
    await find(await drivePanel(tab));
    await says(await drivePanel(tab), words.closed);
    expect(await look(tab, 'panel-find')).toEqual([]);
  });
});

describe('Firefox', () => {
  it('R77 R78 asks for the site in the click, finds in the real sidebar, and ends when the options take the site back', async () => {
    const firefox = await launchFirefox();
    try {
      const options = await firefox.tab('options.html');
      const set = await drivePanel(options);
      await set.saveHub(hub.origin);
      await set.sees('None. The panel asks for a site');
      const tab = await firefox.tab('sidepanel.html?tab');
      const inTab = await drivePanel(tab);
      hub.confirm(await inTab.code());
      await inTab.seesIn('.live', 'live,');
      await find(inTab);
      await says(inTab, words.closed);
      await tab.click('[data-act="allow"]'); // a real press: the browser refuses the question outside one
      await says(inTab, words.page); // the tab in view is the panel's own
      const keyboard = () => tab.evaluate(() => document.activeElement?.textContent);
      expect(await keyboard()).toBe('Find from the open tab'); // the pressed button went away

      const sidebar = await drivePanel(await firefox.openSidebar(options));
      const beside = await firefox.browser.newPage();
      await sidebar.seesIn('.live', 'live,');
      await walk(sidebar, (url) => beside.goto(url));

      await options.bringToFront();
      await set.sees('127.0.0.1');
      expect(await set.violations()).toEqual([]);
      await set.click('.sites button');
      await set.sees('None. The panel asks for a site');
      await beside.bringToFront();
      await find(sidebar);
      await says(sidebar, words.closed);
    } finally {
      await firefox.browser.close();
    }
  });
});
