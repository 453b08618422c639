import { mkdirSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Chromium, launchChromium } from '../support/chromium.ts';
import { type FakeHub, fakeHub } from '../support/fake-hub.ts';
import type { FakeChat } from '../support/fake-hub-state.ts';
import { type Firefox, launchFirefox } from '../support/firefox.ts';
import { type Stop, stopOf, tabTo } from '../support/keys.ts';
import { drivePanel, type PanelDriver } from '../support/panel.ts';

mkdirSync('test/output', { recursive: true });

let hub: FakeHub;
let ada: FakeChat;
const shares = () => ada.entries.filter((e) => e.kind === 'share').length;
beforeEach(async () => {
  hub = await fakeHub();
  hub.state.replies.push(
    { id: 'r-1', name: 'hello', text: 'Hello {{name}}, how can I help?' },
    { id: 'r-2', name: 'hours', text: 'We open at 9.' },
  );
  hub.app.get('/api/panel/sites', (c) => c.json({ sites: [] }));
});
afterEach(() => hub.down().catch(() => {}));

const visitors = (): void => {
  hub.state.visitor('Bob Lund', 'Is the estate still for sale?');
  ada = hub.state.visitor('Ada Brandt', 'Can you keep the Marlin until Saturday?', {
    email: 'ada@brandt.example',
    phone: '+45 20 30 44 18',
  });
};

/** Every main state of the panel one after another; `look` is told each time one stands. */
async function states(panel: PanelDriver, look: (state: string) => Promise<void>): Promise<void> {
  await look('pairing');
  hub.confirm(await panel.code());
  await panel.sees('Nobody is waiting.');
  await look('an empty queue');
  visitors();
  await panel.click(`a[href="#${ada.id}"]`);
  await panel.seesIn('h1', 'Ada Brandt');
  await panel.seesIn('.strip', 'Not asked');
  await look('an open chat');
  await panel.click('[data-act="find"]');
  await panel.seesIn('.find', 'No connected partner');
  await panel.type('/');
  await panel.until(async () => (await panel.count('[role="option"]')) === 2, 'the replies');
  await look('canned replies');
  await panel.type('/nothing like it');
  await panel.sees('No reply has these words.');
  await look('no canned reply');
  await panel.type('');
  await panel.click('[data-act="turn"]');
  await panel.type('For us alone');
  await look('a note half written');
  await panel.enter();
  await panel.seesIn('.talk', 'For us alone');
  await panel.click('[data-act="turn"]');
  await panel.click('.chat-tags summary');
  await look('a note in the log, and the tags open');
  await panel.click('.chat-tags summary');
  await panel.click('[data-card="hubspot"] [data-act="send"]');
  await panel.seesIn('[data-act="leave"]', 'Nothing may leave.');
  await look('a preview with nothing to send');
  await panel.click('.acts .btn:last-child');
  hub.state.answers(ada, ['name', 'email'], ['phone']);
  await panel.seesIn('.strip', 'Yes');
  await panel.click('[data-card="hubspot"] [data-act="send"]');
  await panel.seesIn('[data-act="leave"]', 'Send two fields');
  await look('a preview that sends two');
  await panel.click('[data-act="leave"]');
  await panel.seesIn('.result', 'Waiting');
  await look('a send that waits');
  await hub.down();
  await panel.seesIn('.live', 'offline since');
  await panel.type('Are you there?');
  await panel.enter();
  await panel.until(async () => (await panel.count('.pending')) > 0, 'a reply that waits');
  await look('offline');
}

describe('Chromium', () => {
  let chromium: Chromium;
  beforeEach(async () => {
    chromium = await launchChromium();
    await (await drivePanel(await chromium.tab('options.html'))).saveHub(hub.origin);
  });
  afterEach(() => chromium?.browser.close());

  it('R79 axe finds nothing in the real side panel, in any main state, light and dark, at 320 and 1,000 px', async () => {
    const shown = await chromium.openPanel();
    const panel = await drivePanel(shown);
    await shown.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    const wrong: string[] = [];
    await states(panel, async (state) => {
      for (const width of [1000, 320]) {
        await shown.setViewport({ width, height: 800 });
        for (const theme of ['light', 'dark']) {
          await shown.evaluate((t) => {
            document.documentElement.dataset.theme = t;
          }, theme);
          wrong.push(...(await panel.violations()).map((v) => `${state}, ${width} px, ${theme}: ${v}`));
        }
        const over = await shown.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) wrong.push(`${state}, ${width} px: ${over} px too wide`);
      }
    });
    expect(wrong).toEqual([]);
    const late = await drivePanel(await chromium.tab('sidepanel.html'));
    await late.sees('Could not load your chats.');
    expect(await late.violations()).toEqual([]);
  });

  it('R71 R79 while a preview is open, it, the reply and the first chat are seen whole; after it the queue has all it had', async () => {
    visitors();
    const tab = await chromium.tab('sidepanel.html');
    const panel = await drivePanel(tab);
    hub.confirm(await panel.code());
    await panel.click(`a[href="#${ada.id}"]`);
    await panel.seesIn('.strip', 'Not asked');
    hub.state.answers(ada, ['name', 'email'], ['phone']);
    await panel.seesIn('.strip', 'Yes');
    await panel.click('[data-card="hubspot"] [data-act="send"]');
    await panel.seesIn('[data-act="leave"]', 'Send two fields');
    const cut: string[] = [];
    for (const [width, height] of [
      [320, 900],
      [360, 900],
      [360, 700],
      [1280, 800],
    ] as const) {
      await tab.setViewport({ width, height });
      const size = `${width} by ${height}`;
      for (const name of ['.queue .rows li', '#leave', '[data-act="leave"]', '#text', '.composer .btn.main'])
        if (!(await seenWhole(tab, name))) cut.push(`${name} at ${size}`);
    }
    expect(cut).toEqual([]);
    await panel.click('.acts .btn:last-child');
    await tab.setViewport({ width: 360, height: 900 });
    for (const name of ['.tools', '.search', '.find']) expect(await seenWhole(tab, name), name).toBe(true);
  });

  it('R79 the whole main path by keyboard in the real side panel, and what a reader is told of it', async () => {
    visitors();
    const shown = await chromium.openPanel();
    const panel = await drivePanel(shown);
    hub.confirm(await panel.code());
    await panel.seesIn('.live', 'live,');
    await walk(shown, panel);
    await panel.seesIn('.side', 'About Bob');

    const said: string[] = [];
    const read = (node: { role: string; name?: string; children?: unknown[] } | null): void => {
      if (!node) return;
      said.push(`${node.role} ${node.name ?? ''}`.replaceAll('\u2060', ''));
      for (const child of node.children ?? []) read(child as typeof node);
    };
    read((await shown.accessibility.snapshot({ interestingOnly: false })) as Parameters<typeof read>[0]);
    for (const words of [
      'navigation Your chats',
      'heading Bob Lund',
      'log Messages',
      'textbox Reply to Bob',
      'button Send',
      'button Write a note',
      'button Ask in the chat',
      'button Send to HubSpot',
      'button Find from the open tab',
      'link Skip to the reply',
    ])
      expect(said, words).toContainEqual(expect.stringMatching(new RegExp(`^${words}`)));
  });
});

/** True where nothing of it is cut off, by the window or by what scrolls around it. */
const seenWhole = async (page: Page, name: string): Promise<boolean> =>
  (await page.$(name))?.isIntersectingViewport({ threshold: 0.99 }) ?? false;

/** The main path of an agent, keys alone: pick, read, reply, canned reply, note, tag, ask, preview, send, back. */
async function walk(page: Page, panel: PanelDriver): Promise<void> {
  const stops: Stop[] = [];
  const to = async (name: string | RegExp, back = false): Promise<void> => {
    stops.push(...(await tabTo(page, name, back)));
  };
  const key = (name: 'Enter' | 'ArrowDown' | 'ArrowUp' | 'Escape' | 'Space' | 'End') => page.keyboard.press(name);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());

  await to('Skip to the reply');
  await to('Ada Brandt');
  await key('Enter');
  await panel.seesIn('h1', 'Ada Brandt');

  await to('Messages');
  await key('ArrowUp'); // reads back
  await to('Reply to Ada');
  await page.keyboard.type('Of course.');
  await key('Enter');
  await panel.until(async () => (await panel.count('.agent:not(.pending)')) === 1, 'the reply');
  expect((await stopOf(page)).id).toBe('text');

  await page.keyboard.type('/');
  await panel.until(async () => (await panel.count('[role="option"]')) === 2, 'the replies');
  await key('ArrowDown');
  await key('Enter');
  await panel.until(
    async () => (await page.$eval('#text', (f) => (f as HTMLTextAreaElement).value)) === 'We open at 9.',
    'the filled reply',
  );
  await key('Enter');
  await panel.until(async () => (await panel.count('.agent:not(.pending)')) === 2, 'the canned reply');

  await to('Write a note');
  await key('Enter');
  await panel.until(async () => (await stopOf(page)).name.startsWith('Note on this chat'), 'the note’s field');
  await page.keyboard.type('Was here in May');
  await key('Enter');
  await panel.seesIn('.talk', 'Was here in May');
  await to('Back to reply');
  await key('Enter');
  await panel.until(async () => (await stopOf(page)).name === 'Reply to Ada', 'the reply’s field');

  await to('No tags', true);
  await key('Enter');
  await to('New tag');
  await page.keyboard.type('refund');
  await key('Enter');
  await panel.seesIn('.queue', 'refund');

  await to('Ask in the chat');
  await key('Enter');
  await panel.seesIn('.strip', 'Asked');
  hub.state.answers(ada, ['name', 'email'], ['phone']);
  await panel.seesIn('.strip', 'Yes');
  // The pressed button went away: the keyboard is where it stood, not at the top again.
  expect((await stopOf(page)).name).toBe('Send to HubSpot');
  await key('Enter');
  await panel.seesIn('[data-act="leave"]', 'Send two fields');
  await panel.until(async () => (await stopOf(page)).id === 'leave', 'the preview’s head');
  await to('Send two fields');
  await key('Enter');
  await panel.seesIn('.result', 'Waiting');
  await panel.until(async () => shares() === 1, 'the share at the hub');
  await panel.until(async () => (await stopOf(page)).name.includes('Send to HubSpot'), 'the button that opened it');

  await to('Bob Lund', true);
  await key('Enter');
  await panel.seesIn('h1', 'Bob Lund');
  const hidden = stops.filter((s) => s.tag !== 'body' && (!s.inView || !(s.ring || s.id === 'leave')));
  expect(hidden.map(({ tag, name, ring, inView }) => `${tag} ${name}, ring ${ring}, in view ${inView}`)).toEqual([]);
}

describe('Firefox', () => {
  let firefox: Firefox;
  afterEach(() => firefox?.browser.close());

  it('R79 axe finds nothing in the real sidebar, in any main state, light and dark', async () => {
    firefox = await launchFirefox(undefined, { prefs: { 'ui.prefersReducedMotion': 1 } });
    const options = await firefox.tab('options.html');
    const set = await drivePanel(options);
    await set.saveHub(hub.origin);
    expect(await set.violations()).toEqual([]);
    const sidebar = await firefox.openSidebar(options);
    const panel = await drivePanel(sidebar);
    const wrong: string[] = [];
    await states(panel, async (state) => {
      for (const theme of ['light', 'dark']) {
        await sidebar.evaluate((w, t) => {
          w.document.documentElement.dataset.theme = t;
        }, theme);
        wrong.push(...(await panel.violations()).map((v) => `${state}, ${theme}: ${v}`));
      }
    });
    expect(wrong).toEqual([]);
  });

  it('R79 the whole main path by keyboard in a tab', async () => {
    visitors();
    firefox = await launchFirefox();
    const options = await firefox.tab('options.html');
    await (await drivePanel(options)).saveHub(hub.origin);
    const tab = await firefox.tab('sidepanel.html?tab');
    const panel = await drivePanel(tab);
    hub.confirm(await panel.code());
    await panel.seesIn('.live', 'live,');
    await tab.bringToFront();
    await walk(tab, panel);
  });
});
