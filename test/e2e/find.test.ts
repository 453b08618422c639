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
import { hostile } from '../support/xss.ts';

let hub: FakeHub;
let ada: FakeChat;
let bob: FakeChat;
let asked: unknown[];
/** What the hub says of partners' pages; a refusal in its place. */
let sites: RecordSite[];
let refusal: string | undefined;
/** A page of the partner's, on this computer as the demo's partners are. */
const crm = (record: string) => `${hub.origin.replace('localhost', '127.0.0.1')}/crm/contacts/481/contact/${record}`;
/** Where a partner's pages are, each at a host and port of its own where one is named. */
const siteOf = (partner: string, origin = new URL(crm('1')).origin): RecordSite => ({
  integration: 'hubspot',
  partner,
  sandbox: true,
  origin,
  paths: ['/crm/contacts/481/contact/{record}'],
});
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
  sites = [siteOf('HubSpot')];
  refusal = undefined;
  const answers: Record<string, Found> = {
    '101': { found: 'one', conversation: ada.id },
    '102': { found: 'one', conversation: bob.id },
    '200': { found: 'many' },
  };
  hub.app.get('/api/panel/sites', (c) => {
    const problem = { type: '/problems/conflict', title: 'No', status: 409, detail: refusal };
    return refusal === undefined ? c.json({ sites }) : c.json(problem, 409);
  });
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
  async function panelIn(build?: string): Promise<{ panel: PanelDriver; beside: Page; shown: Page }> {
    chromium = await launchChromium(build);
    const options = await chromium.tab('options.html');
    await (await drivePanel(options)).saveHub(hub.origin);
    const shown = await chromium.openPanel();
    const panel = await drivePanel(shown);
    hub.confirm(await panel.code());
    await panel.seesIn('.live', 'live,');
    const beside = (await chromium.browser.pages()).at(-1) as Page;
    return { panel, beside, shown };
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

  it('sec-H01 sec-H02 R78 hostile names of partners and reasons are text in all that a look says, with a grant and without', async () => {
    const said = hostile.map((text) => text.toWellFormed()).filter((text) => text.trim());
    const many = said.map((partner, n) => siteOf(partner, `http://127.0.0.1:${20_000 + n}`));
    const status = (page: Page) => page.$eval('.find [role=status]', (p) => p.textContent ?? '');
    for (const granted of [false, true]) {
      copy = granted ? withGrant({ sites: ['http://127.0.0.1/*'] }) : undefined;
      const { panel, beside, shown } = await panelIn(copy);
      await shown.evaluate(() => {
        const harm: unknown[] = [];
        Object.assign(globalThis, { harm, hit: () => harm.push('ran') });
        addEventListener('securitypolicyviolation', (e) => harm.push([e.violatedDirective, e.blockedURI]));
      });
      const looks = async (expected: string): Promise<void> => {
        await find(panel);
        await panel.until(async () => (await status(shown)) === expected, JSON.stringify(expected.slice(0, 80)));
      };
      await beside.goto(crm('200'));
      sites = many;
      if (granted) await looks(`The open tab shows no person of ${said.map((s) => `${s} (sandbox)`).join(' or ')}.`);
      else {
        await find(panel);
        await says(panel, words.closed);
        const named = await shown.$$eval('.find li .faint', (all) => all.map((e) => e.textContent ?? ''));
        expect(named).toEqual(said.map((text) => `${text} (sandbox)`));
      }
      for (const text of said) {
        sites = [siteOf(text)];
        refusal = granted ? undefined : text;
        await looks(granted ? `More than one person here has this record of ${text}, so nobody was picked.` : text);
      }
      refusal = undefined;
      expect(await shown.$$('.find :not(button, p, ul, li, span)')).toEqual([]);
      expect(await shown.evaluate(() => (globalThis as unknown as { harm: unknown[] }).harm)).toEqual([]);
      await chromium.browser.close();
      if (copy) rmSync(copy, { recursive: true });
    }
    copy = undefined;
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
