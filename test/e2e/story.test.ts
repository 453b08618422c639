import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { launchFirefox } from '../support/firefox.ts';
import { withGrant } from '../support/granted.ts';
import { type RunningHub, runHub } from '../support/hub.ts';
import { drivePanel, type PanelDriver } from '../support/panel.ts';
import { fill, look, openWidget, press, sees, until, violations } from '../support/story.ts';

interface Kit {
  browser: Browser;
  /** Sets the hub's address on the options page, then opens the real side panel or sidebar. */
  panel(hub: RunningHub): Promise<PanelDriver>;
  pictures: boolean;
  /** The built extension with the demo's partners allowed, where this browser can be given a site beforehand (R78). */
  granted?: string;
}

async function chromiumKit(): Promise<Kit> {
  const granted = withGrant({ sites: ['http://127.0.0.1/*'] });
  const { browser, tab, openPanel } = await launchChromium(granted);
  return {
    browser,
    granted,
    pictures: true,
    async panel(hub) {
      const options = await tab('options.html');
      await (await drivePanel(options)).saveHub(hub.origin);
      await options.close();
      return drivePanel(await openPanel());
    },
  };
}

async function firefoxKit(): Promise<Kit> {
  const { browser, tab, openSidebar } = await launchFirefox();
  return {
    browser,
    pictures: false,
    async panel(hub) {
      const options = await tab('options.html');
      await (await drivePanel(options)).saveHub(hub.origin);
      return drivePanel(await openSidebar(options));
    },
  };
}

describe.each([
  ['Chromium', chromiumKit],
  ['Firefox', firefoxKit],
])('the whole story in %s', (name, launch) => {
  let hub: RunningHub;
  let kit: Kit;
  let start: Page;
  let shop: Page;
  let desk: Page;
  let mine: Page;
  let widget: Frame;
  let panel: PanelDriver;
  beforeAll(async () => {
    hub = await runHub();
    kit = await launch();
    start = await kit.browser.newPage();
  });
  afterAll(async () => {
    await kit?.browser.close();
    await hub?.close();
    if (kit?.granted) rmSync(kit.granted, { recursive: true });
  });
  const picture = async (page: Page, title: string) => {
    expect(kit.pictures ? await look(page, `story-${title}`) : await violations(page)).toEqual([]);
  };
  const ticks = (n: number) => sees(start, `${n} of 7`);

  test('R57 the visitor opens the shop: nothing is stored, nobody is called', async () => {
    await start.goto(`${hub.origin}/`);
    await ticks(0);
    await picture(start, 'start');
    shop = await kit.browser.newPage();
    await shop.goto(hub.shop);
    await until(
      () => shop.evaluate(() => Boolean(document.querySelector('[data-askfirst]')?.shadowRoot)),
      'the button',
    );
    expect(await shop.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual([
      '',
      0,
      0,
    ]);
    expect(await kit.browser.cookies()).toEqual([]);
    await ticks(1);
  });

  test('R15 Ada writes; the message is stored before it is acknowledged', async () => {
    await shop.bringToFront();
    widget = await openWidget(shop);
    await fill(widget, '#name', 'Ada Brandt');
    await fill(widget, '#email', 'ada@brandt.example');
    await fill(widget, '#phone', '+45 20 55 04 18');
    await fill(widget, '#text', 'Is the blue Marlin still there?');
    await press(widget, '.begin [type=submit]');
    await until(() => widget.evaluate(() => Boolean(document.querySelector('.msg.mine:not(.pending)'))), 'the message');
    expect(await violations(widget)).toEqual([]);
    await ticks(2);
  });

  test('R76 the owner signs in by the printed link, pairs the panel and answers; Ada sees it live', async () => {
    desk = await kit.browser.newPage();
    await desk.goto(hub.signIn);
    await sees(desk, 'Sign in to');
    await picture(desk, 'sign-in');
    await press(desk, 'form [type=submit]');
    await sees(desk, 'Connections');
    await picture(desk, 'connections-empty');
    panel = await kit.panel(hub);
    const code = await panel.code();
    await desk.bringToFront();
    await desk.goto(`${hub.origin}/pair?code=${encodeURIComponent(code)}`);
    await sees(desk, code);
    await picture(desk, 'pair');
    await press(desk, 'button[value=confirm]');
    await sees(desk, 'Paired');
    await panel.seesIn('h1', 'Ada Brandt');
    await panel.sees('Is the blue Marlin still there?');
    expect(await panel.violations()).toEqual([]);
    await panel.type('It is. One owner, serviced with us.');
    await panel.enter();
    await sees(widget, 'It is. One owner, serviced with us.');
    await ticks(3);
  });

  test('R1 R14 the owner reads the data sheet, connects the sandbox and confirms account and brand', async () => {
    await desk.goto(`${hub.origin}/console/add/hubspot`);
    await sees(desk, 'HubSpot, Inc.');
    await picture(desk, 'data-sheet');
    await press(desk, 'main form [type=submit]');
    await sees(desk, 'Allow');
    await picture(desk, 'sandbox-question');
    await press(desk, 'button[value=allow]');
    await sees(desk, 'Is this the right HubSpot account?');
    await sees(desk, 'harbor-motors-sandbox.example');
    await picture(desk, 'confirm');
    await press(desk, 'button[value=connect]');
    await sees(desk, 'Connected.');
    await picture(desk, 'connections');
    await panel.seesIn('.strip', 'Not asked');
    await ticks(4);
  });

  test('R16 R20 R68 nothing may leave unasked; the agent asks, Ada says yes to e-mail and no to phone', async () => {
    await panel.click('[data-card] [data-act="send"]');
    await panel.seesIn('.leave', 'Ada has not been asked.');
    await panel.seesIn('[data-act="leave"]', 'Nothing may leave.');
    await panel.click('.acts .btn:last-child');
    await panel.click('[data-card] [data-act="ask"]');
    await panel.seesIn('.strip', 'Asked');
    await shop.bringToFront();
    await sees(widget, 'May HubSpot get these');
    expect(await violations(widget)).toEqual([]);
    await press(widget, 'input[name=email][value=yes]');
    await press(widget, 'input[name=phone][value=no]');
    await press(widget, 'input[name=name][value=yes]');
    await press(widget, '.ask [type=submit]');
    await panel.seesIn('.strip', 'Yes');
    await sees(widget, 'HubSpot may get');
    await ticks(5);
  });

  test('R71 R31 what the preview shows leaves and nothing else; the card is filled', async () => {
    await panel.click('[data-card] [data-act="send"]');
    await panel.seesIn('.leave', 'ada@brandt.example');
    await panel.seesIn('[data-act="leave"]', 'Send two fields');
    expect(await panel.textOf('.leave')).not.toContain('20 55');
    expect(await panel.violations()).toEqual([]);
    await panel.click('[data-act="leave"]');
    await panel.seesIn('.result', 'Sent to HubSpot');
    await panel.seesIn('[data-card]', 'Known since');
    await ticks(6);
    const held = await kit.browser.newPage();
    await held.goto(`${hub.shop}/sandbox/hubspot/`);
    await sees(held, 'ada@brandt.example');
    expect(await held.evaluate(() => document.body.innerText)).not.toContain('20 55 04 18');
    await picture(held, 'sandbox');
    await held.close();
    await desk.goto(`${hub.origin}/console/ledger`);
    await sees(desk, 'Sent');
    await sees(desk, 'Withheld');
    await picture(desk, 'ledger');
  });

  test('R35 her page shows the same row in her words; the receipt is verified offline', async () => {
    await shop.bringToFront();
    const opened = new Promise<Page>((resolve) =>
      kit.browser.once('targetcreated', async (t) => resolve((await t.page()) as Page)),
    );
    await press(widget, '.chat-foot button, .chat-foot a');
    mine = await opened;
    await sees(mine, 'Who may get your data');
    await sees(mine, 'Sent');
    await picture(mine, 'preferences');
    const href = await mine.evaluate(() => document.querySelector<HTMLAnchorElement>('a[href^="/receipts/"]')?.href);
    const file = join(mkdtempSync(join(tmpdir(), 'receipt-')), 'receipt.jws');
    writeFileSync(file, await (await fetch(href ?? '')).text());
    const check = spawnSync('npm', ['run', '--silent', 'receipt', '--', file], {
      encoding: 'utf8',
      env: { ...process.env, ASKFIRST_DATA: hub.data },
    });
    expect(check.stdout + check.stderr).toContain('HubSpot');
    expect(check.status).toBe(0);
  });

  test('R78 the contact’s page at the partner finds the chat, where the agent allowed that site', async () => {
    const contact = await kit.browser.newPage();
    await contact.goto(`${hub.shop}/sandbox/hubspot/`);
    await press(contact, 'article h3 a');
    await sees(contact, 'What is known');
    await picture(contact, 'sandbox-contact');
    await panel.click('[data-act="find"]');
    const found = 'The chat of the person shown in HubSpot is open.';
    await panel.seesIn('.find', kit.granted ? found : `Allow ${new URL(hub.shop).host}`);
    await panel.seesIn('h1', 'Ada Brandt');
    await contact.close();
  });

  test('R18 R25 she turns HubSpot off while a send waits: it is withheld, the strip changes, the chat goes on', async () => {
    await desk.goto(`${hub.shop}/sandbox/hubspot/`);
    await press(desk, 'input[value=down]');
    await press(desk, 'form[action$="/mode"] button');
    await sees(desk, 'Now: Be down');
    await panel.click('[data-card] [data-act="send"]');
    await panel.seesIn('[data-act="leave"]', 'Send two fields');
    await panel.click('[data-act="leave"]');
    await panel.seesIn('.result', 'HubSpot is busy.'); // tried once, now in the queue
    await mine.bringToFront();
    await mine.reload();
    await press(mine, '.who-may button[aria-checked=true]');
    await sees(mine, 'was not sent');
    await panel.seesIn('.strip', 'No');
    await panel.sees('took the yes');
    await ticks(7);
    await picture(start, 'start-done');
    await picture(mine, 'preferences-off');
    await fill(widget, '#m', 'Thank you, that is all.');
    await press(widget, '.say-back [type=submit]');
    await panel.sees('Thank you, that is all.');
    await picture(await tabOf(kit, hub), 'panel-page');
  });

  test('R54 the console unpairs the panel: it is signed out at once', async () => {
    await desk.goto(`${hub.origin}/console/agents`);
    await sees(desk, 'Unpair');
    await picture(desk, 'agents');
    await press(desk, 'form[action$="/unpair"] [type=submit]');
    await sees(desk, 'Unpaired.');
    await panel.sees('no longer paired');
  });
  void name;
});

async function tabOf(kit: Kit, hub: RunningHub): Promise<Page> {
  const page = await kit.browser.newPage();
  await page.goto(`${hub.origin}/panel`);
  await sees(page, 'Ada Brandt');
  return page;
}
