import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Browser, Frame, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import type { PanelDriver } from '../support/panel.ts';
import { fill, openWidget, press, pressWords, sees, signedInColleague, until } from '../support/story.ts';
import { type WalkKit, walkKits } from '../support/walk-kit.ts';

/**
 * The agent's walk-through (REQUIREMENTS.md 9), against the built hub and its demo; 12 stands before 11 and 15 before 14,
 * as the demo's partner must be up for the one and the chat open for the other. What it leaves out: 4's seen
 * (visit.test.ts; nothing here gives a sidebar the keyboard) and 6's filled card before the yes; 9 is Jens's, in a browser
 * of his own, as an owner reads contacts anyway; 15 is cut for seconds, an hour's sleep is asleep.test.ts's.
 */
describe.each(walkKits)('the agent in %s', (_name, launch) => {
  let hub: RunningHub;
  let kit: WalkKit;
  let other: WalkKit; // a colleague's
  let browser: Browser;
  let desk: Page;
  let shop: Page;
  let widget: Frame;
  let panel: PanelDriver;
  let jens: PanelDriver; // that colleague's, an agent by role
  beforeAll(async () => {
    hub = await runHub();
    kit = await launch();
    other = await launch();
    browser = kit.browser;
  });
  afterAll(async () => {
    await browser?.close();
    await other?.browser.close();
    await hub?.close();
  });
  const say = async (words: string) => {
    await fill(widget, '#m', words);
    await press(widget, '.say-back [type=submit]');
  };
  /** The demo's CRM turns the hub's key down from now on. */
  const turnKeyDown = async () => {
    const page = await browser.newPage();
    await page.goto(`${hub.shop}/sandbox/hubspot/`);
    await press(page, 'input[value=refuse]');
    await press(page, 'form[action$="/mode"] button');
    await sees(page, 'Now: Turn the key down');
    await page.close();
  };

  /** Opens the panel of a browser and pairs it by its code, as whoever is signed in on the page. */
  const paired = async (of: WalkKit, page: Page): Promise<PanelDriver> => {
    const driver = await of.panel(hub.origin);
    const code = await driver.code();
    await page.bringToFront();
    await page.goto(`${hub.origin}/pair?code=${encodeURIComponent(code)}`);
    await press(page, 'button[value=confirm]');
    await sees(page, 'Paired');
    return driver;
  };

  test('Agent 1 R47 R54 R77 signs in by the printed link; the installed extension may touch no site', async () => {
    desk = await browser.newPage();
    await desk.goto(hub.signIn);
    await press(desk, 'form [type=submit]');
    await sees(desk, 'Connections');
    await desk.goto(`${hub.origin}/console/add/hubspot`);
    await press(desk, 'main form [type=submit]');
    await press(desk, 'button[value=allow]');
    await sees(desk, 'Is this the right HubSpot account?');
    await press(desk, 'button[value=connect]');
    await sees(desk, 'Connected.');
    await desk.goto(`${hub.origin}/console/chat/survey`);
    await press(desk, '[name="on"][value="yes"]');
    await press(desk, 'main button.main');
    await sees(desk, 'none chosen beforehand');
    expect(await kit.sites()).toEqual([]);
  });

  test('Agent 2 R54 R76 opens the panel, pairs it by code and is back at the queue', async () => {
    panel = await paired(kit, desk);
    await panel.sees('Nobody is waiting.');
  });

  test('Agent 3 R74 R75 while the worker sleeps a chat comes, and a colleague hands it over: sound, badge and notice, once', async () => {
    shop = await browser.newPage();
    await shop.goto(hub.shop);
    widget = await openWidget(shop);
    await fill(widget, '#text', 'Is the blue Marlin still there?');
    await fill(widget, '#name', 'Ada Brandt');
    await fill(widget, '#email', 'ada@brandt.example');
    await fill(widget, '#phone', '+45 20 55 04 18');
    await press(widget, '.begin [type=submit]');
    await panel.seesIn('h1', 'Ada Brandt');
    const away = await (await browser.createBrowserContext()).newPage();
    await away.goto(hub.shop);
    const second = await openWidget(away);
    await fill(second, '#text', 'And the estate?');
    await until(async () => (await kit.told()) === 1, 'what was told of the first');
    const told = await panel.alerts();
    await kit.endWorker();
    await press(second, '.begin [type=submit]');
    await panel.seesIn('.queue', 'And the estate?');
    await until(async () => (await told()).notices === 1, 'the notice');
    expect(await told()).toEqual({ sounds: 1, notices: 1 });
    await until(async () => {
      const waiting = /(\d+) waiting/.exec(await panel.text())?.[1];
      return Number(waiting) > 0 && (await kit.badge()) === waiting;
    }, 'the number of those who wait, at the button');

    jens = await paired(other, await signedInColleague(other.browser, desk, hub.origin));
    await jens.seesIn('.queue', 'And the estate?');
    await kit.endWorker();
    await jens.click('.queue .rows a');
    await jens.seesIn('.talk', 'And the estate?');
    await jens.click('.transfer summary');
    await jens.click('.transfer input[name=to]');
    await jens.click('.transfer [type=submit]');
    await jens.sees('With Maria');
    await until(async () => (await told()).notices === 2, 'the notice of what was handed over');
    expect(await told()).toEqual({ sounds: 2, notices: 2 });
    await away.close();
  });

  test('Agent 4 R66 R67 R22 R62 transcript and typing; name, page, device and country say their source', async () => {
    await panel.seesIn('.talk', 'Is the blue Marlin still there?');
    await panel.seesIn('.facts', 'Name Ada Brandt typed');
    await shop.bringToFront();
    for (const [address, title] of [
      ['/cars', 'Our cars'],
      ['/cars/marlin', 'The Marlin'],
    ] as const) {
      await shop.evaluate(
        (a, t) => {
          history.pushState({}, '', a);
          document.title = t;
        },
        address,
        title,
      );
      await panel.seesIn('[data-fact="page"]', title);
    }
    await panel.seesIn('[data-fact="page"]', 'your site');
    await panel.seesIn('[data-fact="trail"]', 'Our cars');
    await panel.seesIn('[data-fact="device"]', 'browser,');
    await panel.seesIn('[data-fact="country"]', 'unknown');
    await panel.seesIn('[data-fact="earlier"]', 'none');
    await shop.bringToFront();
    await fill(widget, '#m', 'half a sentence');
    await panel.sees('is writing');
    expect(await panel.text()).not.toContain('half a sentence');
  });

  test('Agent 5 R68 the consent strip says not asked, and holds no switch or box to flip', async () => {
    await panel.seesIn('.strip', 'Not asked');
    expect(await panel.count('.strip :is(input, [role=switch], [role=checkbox])')).toBe(0);
  });

  test('Agent 6 R69 R70 the card says why it is empty and offers to ask', async () => {
    await panel.until(
      async () => /not (been )?asked/i.test((await panel.textOf('[data-card]')) ?? ''),
      'why it is empty',
    );
    expect(await panel.count('[data-card] [data-act="ask"]')).toBeGreaterThan(0);
    expect(await panel.violations()).toEqual([]);
  });

  test('Agent 7 R20 asks in the chat; the visitor says yes and the strip changes within a second', async () => {
    await panel.click('[data-card] [data-act="ask"]');
    await shop.bringToFront();
    await sees(widget, 'May HubSpot get these');
    await press(widget, 'input[name=email][value=yes]');
    await press(widget, 'input[name=phone][value=no]');
    await press(widget, 'input[name=name][value=yes]');
    const since = performance.now();
    await press(widget, '.ask [type=submit]');
    await panel.seesIn('.strip', 'Yes');
    expect(performance.now() - since).toBeLessThan(1_000);
  });

  test('Agent 8 R52 a card number is dots before it is stored, and the agent reads why', async () => {
    await say('Charge 4111 1111 1111 1111 please');
    await panel.seesIn('.talk', '•••• •••• •••• ••••');
    await panel.seesIn('.talk', 'A card number was taken out before the message was stored.');
    expect(await panel.text()).not.toContain('4111');
  });

  test('Agent 9 R51 R53 e-mail and phone are dots; a reason reveals the phone, for one look, and stands in the audit', async () => {
    await jens.seesIn('.queue .rows li:last-child', 'Ada Brandt');
    await jens.click('.queue .rows li:last-child a');
    await jens.seesIn('.facts', 'E-mail a•••@••• hidden typed Phone •••• ••• 418 hidden typed');
    await jens.click('[data-act="reveal"][data-field="phone"]');
    await jens.fill('#reveal-reason', 'Ada wants to be called back');
    expect(await jens.violations()).toEqual([]);
    await jens.click('.reveal [type=submit]');
    await jens.seesIn('.facts', 'Phone +45 20 55 04 18 typed');
    expect(await jens.textOf('.facts')).toContain('E-mail a•••@••• hidden');
    const db = new DatabaseSync(join(hub.data, 'hub.db'), { readOnly: true });
    const rows = db.prepare("select detail from audit where act = 'reveal'").all();
    db.close();
    expect(rows).toEqual([{ detail: expect.stringMatching(/^phone, chat \d+, extension$/) }]);
    await panel.seesIn('.facts', '+45 20 55 04 18'); // Maria owns the brand, and reads why
    await panel.seesIn('.reveals', 'Jens revealed the phone, today');
    await jens.click('.queue .rows li:first-child a');
    await jens.seesIn('h1', 'Visitor');
    await jens.click('.queue .rows li:last-child a');
    await jens.seesIn('.facts', '•••• ••• 418 hidden');
  });

  test('Agent 10 R71 R31 R32 the preview holds no phone that was refused; sent, it stands in the ledger', async () => {
    await panel.click('[data-card] [data-act="send"]');
    await panel.seesIn('.leave', 'ada@brandt.example');
    await panel.seesIn('[data-act="leave"]', 'Send two fields');
    await panel.seesIn('.leave .stays[data-field=phone]', 'Ada said no.');
    expect(await panel.textOf('.leave')).not.toContain('20 55');
    await panel.click('[data-act="leave"]');
    await panel.seesIn('.result', 'Sent to HubSpot');
    await panel.seesIn('[data-card]', 'Known since');
    await panel.until(
      async () => (await panel.count(`.result a[href="${hub.origin}/console/ledger"]`)) === 1,
      'the way to the ledger',
    );
    await desk.goto(`${hub.origin}/console/ledger`);
    await sees(desk, 'Sent');
  });

  test('Agent 12 R72 words of the add-on fill the reply, which the agent edits and sends', async () => {
    await panel.click('[data-act="fill"]');
    await panel.seesIn('.filled', 'Nothing was sent.');
    const words = (await panel.valueOf('#text')) ?? '';
    expect(words.length).toBeGreaterThan(10);
    await panel.type(`${words} Yours, Maria`);
    await panel.enter();
    await sees(widget, `${words} Yours, Maria`);
  });

  test('Agent 11 R5 R7 R12 the CRM turns the key down: the panel says so and who was told; nothing is lost, the chat goes on', async () => {
    await turnKeyDown();
    await panel.click('[data-card] [data-act="send"]');
    await panel.seesIn('[data-act="leave"]', 'Send two fields');
    await panel.click('[data-act="leave"]');
    await panel.seesIn('.result', 'HubSpot needs reconnecting.');
    await panel.seesIn('[data-card]', 'HubSpot needs reconnecting; Maria was told.');
    await desk.goto(`${hub.origin}/console/outbox`);
    await sees(desk, 'HubSpot needs reconnecting');
    await say('Are you still there?');
    await panel.seesIn('.talk', 'Are you still there?');
    await panel.seesIn('.talk', 'Waiting to leave for HubSpot');
  });

  test('Agent 13 R18 R25 the visitor takes the yes back: the strip says no and what waited is withheld', async () => {
    const opened = new Promise<Page>((done) =>
      browser.once('targetcreated', async (t) => done((await t.page()) as Page)),
    );
    await shop.bringToFront();
    await press(widget, '.chat-foot button, .chat-foot a');
    const mine = await opened;
    await sees(mine, 'Who may get your data');
    await press(mine, '.who-may button[aria-checked=true]');
    await sees(mine, 'was not sent');
    await panel.seesIn('.strip', 'No');
    await panel.sees('took the yes');
    await panel.seesIn('.talk', 'Withheld from HubSpot.');
    await panel.until(async () => !/Known since/.test((await panel.textOf('[data-card]')) ?? ''), 'an empty card');
    await mine.close();
  });

  test('Agent 15 R62 R75 cut off, the panel says since when; back again, nothing is missing or doubled', async () => {
    const port = Number(new URL(hub.origin).port);
    const cut = new Date();
    await hub.stop('SIGKILL');
    await panel.sees('offline since');
    const clock = (at: Date) => at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
    const since = /offline since (\d\d:\d\d)/.exec(await panel.text())?.[1];
    expect([clock(cut), clock(new Date())]).toContain(since);
    await shop.bringToFront(); // whoever writes has the chat on screen
    await say('Written while it was away');
    hub = await runHub({ data: hub.data, port });
    await panel.seesIn('.talk', 'Written while it was away');
    await panel.seesIn('.live', 'live,');
    expect((await panel.textOf('.talk'))?.split('Written while it was away')).toHaveLength(2);
    await panel.seesIn('.talk', 'Is the blue Marlin still there?');
  });

  test('Agent 14 R59 R60 the agent ends the chat; the visitor rates it and has the transcript mailed, and both read that', async () => {
    await panel.click('[data-act="end"]');
    await panel.click('[data-act="end-sure"]');
    await sees(widget, 'Maria ended the chat.');
    await press(widget, '.scores input[value="5"]');
    await fill(widget, '[name=comment]', 'Quick and kind');
    await press(widget, '.scores ~ * [type=submit], form:has(.scores) [type=submit]');
    await panel.seesIn('.talk', 'rated this chat 5 of 5');
    await panel.seesIn('.talk', 'Quick and kind');
    await pressWords(widget, 'Copy of this chat');
    await fill(widget, '#to', 'ada@brandt.example');
    await pressWords(widget, 'Mail it');
    await sees(widget, 'A transcript is on its way to ada@brandt.example.');
    await panel.seesIn('.talk', 'A transcript is on its way to ada@brandt.example');
  });
});
