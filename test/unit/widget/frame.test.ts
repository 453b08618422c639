import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, BrowserContext, Frame, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeChatHub, startFakeChatHub } from '../../support/fake-chat-hub.tsx';
import { buildWidget, launchPlain, openWidget, widgetFrame } from './build.ts';

const shots = 'test/output';
let assets: string;
let browser: Browser;
let hub: FakeChatHub;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [assets, browser] = await Promise.all([buildWidget(), launchPlain(), mkdir(shots, { recursive: true })]);
}, 60_000);
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFakeChatHub(assets);
  context = await browser.createBrowserContext();
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) complaints.push(line.text());
  });
  await page.goto(hub.shop);
});
afterEach(async () => {
  await context?.close();
  hub?.close();
  expect(complaints).toEqual([]); // policies and Trusted Types are on: nothing of ours may trip them
});

const ada = { name: 'Ada Brandt', email: 'ada@brandt.example', phone: '+45 20 55 04 18' };
async function begin(frame: Frame, text: string, about: Partial<typeof ada> = {}): Promise<void> {
  await frame.type('#text', text);
  for (const [field, value] of Object.entries(about)) await frame.type(`#${field}`, value);
  await frame.click('.begin [type=submit]');
  await frame.waitForSelector('.log .msg.mine:not(.pending)');
}
async function say(frame: Frame, text: string): Promise<void> {
  await frame.type('#m', text);
  await frame.focus('#m');
  await page.keyboard.press('Enter');
}
const text = (frame: Frame, selector = '.chat') => frame.$eval(selector, (e) => (e as HTMLElement).innerText);
const has = (frame: Frame, words: string) =>
  frame.waitForFunction((w) => document.body.innerText.includes(w), { timeout: 8000 }, words);
const count = (frame: Frame, selector: string) => frame.$$eval(selector, (all) => all.length);
const focused = (frame: Frame) =>
  frame.evaluate(() => {
    const e = document.activeElement as HTMLInputElement | null;
    return e?.type === 'radio' ? `${e.name} ${e.value}` : ((e?.id || e?.textContent?.trim()) ?? '');
  });
const held = (target: Page | Frame) =>
  target.evaluate(async () => ({
    cookie: document.cookie,
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: await indexedDB.databases(),
    caches: 'caches' in window ? await caches.keys() : [],
  }));
const nothing = { cookie: '', local: [], session: [], databases: [], caches: [] };

describe('before and at opening', { timeout: 60_000 }, () => {
  it('R57 stores nothing, asks for nothing but its script and sends no identifier before it is opened', async () => {
    await page.waitForSelector('[data-askfirst] >>> button');
    await page.waitForNetworkIdle();
    expect(hub.requests).toEqual(['GET /widget.js']);
    expect(page.frames()).toHaveLength(1);
    expect(await held(page)).toEqual(nothing);
    expect(await context.cookies()).toEqual([]);
  });

  it('R57 opening alone still stores nothing; the first message does, and only then', async () => {
    const frame = await openWidget(page);
    await frame.waitForSelector('#text');
    expect(await held(frame)).toEqual(nothing);
    expect(hub.requests.filter((r) => r.includes('/api/'))).toEqual([]);
    await begin(frame, 'Is the blue Marlin still there?');
    expect(await held(frame)).toEqual({ ...nothing, local: ['askfirst/harbor-motors/token'] });
    expect(await held(page)).toEqual(nothing);
    expect(await context.cookies()).toEqual([]);
  });

  it('R57 recognises a returning visitor only after opening', async () => {
    await begin(await openWidget(page), 'Is the blue Marlin still there?');
    hub.requests.length = 0;
    await page.reload({ waitUntil: 'networkidle0' });
    expect(hub.requests).toEqual(['GET /widget.js']);
    const frame = await openWidget(page);
    await has(frame, 'Is the blue Marlin still there?');
    expect(hub.talks).toHaveLength(1);
  });

  it('opens and closes by keyboard; Escape gives the focus back to the button', async () => {
    const button = await page.waitForSelector('[data-askfirst] >>> button');
    expect(await button?.evaluate((b) => b.textContent)).toBe('Chat with Harbor Motors');
    expect(await button?.evaluate((b) => b.getBoundingClientRect().height)).toBeGreaterThanOrEqual(44);
    await button?.focus();
    await page.keyboard.press('Enter');
    const frame = await widgetFrame(page);
    await frame.waitForFunction(() => document.activeElement?.id === 'text');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => {
      const host = document.querySelector('[data-askfirst]');
      return host === document.activeElement && host?.shadowRoot?.activeElement?.tagName === 'BUTTON';
    });
    expect(await page.$eval('[data-askfirst] >>> iframe', (f) => (f as HTMLElement).hidden)).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      () => document.querySelector('[data-askfirst]')?.shadowRoot?.activeElement?.tagName === 'IFRAME',
    );
  });

  it('says so when the hub does not answer, and offers the button again', async () => {
    hub.cut(true);
    // Ten seconds of patience, passed at once.
    await page.evaluate(() => {
      const real = window.setTimeout;
      Object.assign(window, { setTimeout: (act: () => void, ms: number) => real(act, Math.min(ms, 50)) });
    });
    await (await page.waitForSelector('[data-askfirst] >>> button'))?.click();
    const note = await page.waitForSelector('[data-askfirst] >>> p:not([hidden])');
    expect(await note?.evaluate((p) => p.textContent)).toContain('The chat does not answer. Nothing was sent.');
    expect(await page.$eval('[data-askfirst] >>> button', (b) => (b as HTMLElement).hidden)).toBe(false);
    complaints = [];
  });
});

describe('the form', { timeout: 60_000 }, () => {
  it('R58 sends with every optional field left empty', async () => {
    await begin(await openWidget(page), 'Hello');
    expect(Object.keys(hub.talks[0]?.input ?? {}).sort()).toEqual(['brand', 'clientId', 'text']);
  });

  it('R58 explains a bad e-mail, moves to it and loses nothing that was typed', async () => {
    const frame = await openWidget(page);
    await frame.type('#text', 'Is it still there?');
    await frame.type('#name', ada.name);
    await frame.type('#email', 'ada@brandt');
    await frame.click('.begin [type=submit]');
    await has(frame, 'does not look like an e-mail address');
    expect(await focused(frame)).toBe('email');
    expect(
      await frame.$eval(
        '#email',
        (e) => document.getElementById(e.getAttribute('aria-describedby') ?? '')?.textContent,
      ),
    ).toContain('can stay empty');
    expect(await frame.$$eval('.begin [name]', (all) => all.map((e) => (e as HTMLInputElement).value))).toEqual([
      'Is it still there?',
      ada.name,
      'ada@brandt',
      '',
    ]);
    expect(hub.requests).not.toContain('POST /api/chat/start');
    await frame.type('#email', '.example');
    await frame.click('.begin [type=submit]');
    await frame.waitForSelector('.log .msg.mine');
    expect(hub.talks[0]?.input).toMatchObject({ name: ada.name, email: ada.email, text: 'Is it still there?' });
  });

  it('R62 a first message whose acknowledgement was lost is not doubled, across a reload', async () => {
    hub.swallow('chatStart', true);
    let frame = await openWidget(page);
    await frame.type('#text', 'Hello');
    await frame.click('.begin [type=submit]');
    await has(frame, 'Not sent.');
    hub.swallow('chatStart', false);
    await page.reload();
    frame = await openWidget(page);
    await has(frame, 'This was not sent yet.');
    expect(await frame.$eval('#text', (e) => (e as HTMLTextAreaElement).value)).toBe('Hello');
    await frame.click('.begin [type=submit]');
    await frame.waitForSelector('.log .msg.mine');
    expect(hub.talks).toHaveLength(1);
    expect(await count(frame, '.msg')).toBe(1);
  });
});

describe('the chat', { timeout: 60_000 }, () => {
  it('shows an answer live, as text, with safe links', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'Hello');
    hub.says('<b>It is</b>, see https://harbor.example/marlin. javascript:alert(1)');
    await has(frame, '<b>It is</b>');
    expect(
      await frame.$$eval('.msg a', (all) =>
        all.map((a) => [(a as HTMLAnchorElement).href, (a as HTMLAnchorElement).rel]),
      ),
    ).toEqual([['https://harbor.example/marlin', 'noopener noreferrer']]);
    await has(frame, 'Maria is here');
  });

  it('R62 after a network loss nothing is lost and nothing doubled', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'One');
    await frame.waitForFunction(() => true);
    hub.cut(true);
    await has(frame, 'Offline since');
    await say(frame, 'Two');
    await has(frame, 'waiting');
    hub.says('Written meanwhile');
    hub.says('And more');
    hub.cut(false);
    await has(frame, 'And more');
    await frame.waitForFunction(() => !document.querySelector('.pending'), { timeout: 10_000 });
    expect(await frame.$$eval('.msg', (all) => all.map((m) => m.textContent))).toEqual([
      'One',
      'Written meanwhile',
      'And more',
      'Two',
    ]);
    expect(hub.talks[0]?.entries.filter((e) => e.kind === 'message')).toHaveLength(4);
    expect(await text(frame, '.sr[role=status]')).toBe('Two new messages.');
  });

  it('R62 an unsent message survives a reload and arrives once', async () => {
    let frame = await openWidget(page);
    await begin(frame, 'One');
    hub.cut(true);
    await has(frame, 'Offline since');
    await say(frame, 'Two');
    await has(frame, 'waiting');
    hub.cut(false);
    hub.swallow('chatSend', true);
    await page.reload();
    frame = await openWidget(page);
    await has(frame, 'Two');
    await vi.waitFor(() => expect(hub.talks[0]?.entries).toHaveLength(2), { timeout: 8000 });
    hub.swallow('chatSend', false);
    await frame.waitForFunction(() => document.querySelectorAll('.msg:not(.pending)').length === 2, {
      timeout: 10_000,
    });
    expect(hub.talks[0]?.entries).toHaveLength(2);
    expect((await held(frame)).local).toEqual(['askfirst/harbor-motors/token']);
  });

  it('a refused message says so and is sent again by a press', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'One');
    hub.refuse('chatSend', 'store-failed');
    await say(frame, 'Two');
    await has(frame, 'Not sent. The chat cannot store anything just now.');
    await (await frame.waitForSelector('.msg-by button'))?.click();
    await frame.waitForFunction(() => !document.querySelector('.pending'));
    expect(hub.talks[0]?.entries).toHaveLength(2);
  });

  it('counts what came while it was closed on its button', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'One');
    await (await frame.waitForSelector('.chat-head button'))?.click();
    hub.says('Still here');
    await page.waitForFunction(
      () => document.querySelector('[data-askfirst]')?.shadowRoot?.querySelector('b')?.textContent === '1 new',
    );
    hub.asks();
    await page.waitForFunction(
      () => document.querySelector('[data-askfirst]')?.shadowRoot?.querySelector('b')?.textContent === '2 new',
    );
    // A notice nobody sees was not shown: the question is fetched at opening.
    expect(hub.requests).not.toContain('POST /api/chat/question');
    await (await page.waitForSelector('[data-askfirst] >>> button'))?.click();
    await frame.waitForSelector('.chat');
  });

  it('an ended chat says so, keeps what was unsent and begins anew', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'One');
    hub.refuse('chatSend', 'token-ended');
    await say(frame, 'Two');
    await has(frame, 'This chat has ended.');
    await (await frame.waitForSelector('.over button'))?.click();
    await frame.waitForSelector('#text');
    expect(await frame.$eval('#text', (e) => (e as HTMLTextAreaElement).value)).toBe('Two');
    await frame.click('.begin [type=submit]');
    await frame.waitForSelector('.log .msg.mine:not(.pending)');
    expect(hub.talks).toHaveLength(2);
  });

  it('opens My data in a new tab with a code in a body, never in an address', async () => {
    const frame = await openWidget(page);
    await begin(frame, 'One');
    const opened = browser.waitForTarget((t) => t.url().endsWith('/privacy/harbor-motors'));
    await frame.click('.chat-foot button');
    const tab = await (await opened).page();
    await tab?.waitForSelector('h1');
    expect(await tab?.$eval('h1', (h) => h.textContent)).toBe('Known');
    expect(hub.requests).toContain('POST /privacy/harbor-motors');
  });
});

describe('the question', { timeout: 60_000 }, () => {
  async function asked(): Promise<Frame> {
    const frame = await openWidget(page);
    await begin(frame, 'Is the blue Marlin still there?', ada);
    hub.says('It is. Shall I open a case?');
    await has(frame, 'Shall I open');
    await frame.focus('#m');
    hub.asks();
    await frame.waitForSelector('fieldset.ask');
    return frame;
  }
  const answered = () => hub.talks[0]?.entries.filter((e) => e.kind === 'answered') ?? [];

  it('R20 names partner, fields and reason, with an equal yes and no for each and nothing chosen', async () => {
    const frame = await asked();
    expect(await text(frame, '.ask legend')).toBe('May HubSpot get these, to open your case?');
    expect(await text(frame, '.ask .hint')).toBe(
      'HubSpot, Inc. (United States) keeps Harbor Motors’ customer records. The chat goes on either way.',
    );
    expect(await count(frame, '.ask :checked')).toBe(0);
    const boxes = await frame.$$eval('.ask .pair label', (all) =>
      all.map((l) => {
        const { width, height } = l.getBoundingClientRect();
        const { backgroundColor, color, fontWeight, fontSize } = getComputedStyle(l);
        return { width: Math.round(width), height: Math.round(height), backgroundColor, color, fontWeight, fontSize };
      }),
    );
    expect(boxes).toHaveLength(6);
    const [yes] = boxes;
    // The dividing line belongs to the no: one pixel.
    for (const box of boxes) {
      expect(Math.abs(box.width - (yes?.width ?? 0))).toBeLessThanOrEqual(1);
      expect({ ...box, width: 0 }).toEqual({ ...yes, width: 0 });
      expect(box.height).toBeGreaterThanOrEqual(44);
    }
    expect(await focused(frame)).toBe('m'); // announced, the focus is not moved
    expect(await text(frame, '.sr[role=status]')).toContain('May HubSpot get these');
  });

  it('R20 is answered by keyboard alone: Tab enters a pair, arrows choose, Tab leaves', async () => {
    const frame = await asked();
    await frame.focus('.log');
    const press = async (key: 'Tab' | 'ArrowRight' | 'Space' | 'Enter') => {
      await page.keyboard.press(key);
      return focused(frame);
    };
    expect(await press('Tab')).toBe('name yes');
    expect(await count(frame, '.ask :checked')).toBe(0);
    expect(await press('Tab')).toBe('email yes');
    await press('Space');
    expect(await press('Tab')).toBe('phone yes');
    expect(await press('ArrowRight')).toBe('phone no');
    expect(await press('Tab')).toContain('Answer');
    expect(await press('Tab')).toBe('Not now');
    expect(await press('Tab')).toBe('What is this?');
    await press('Enter');
    await has(frame, '2 Canal Park');
    await has(frame, 'until you or Harbor Motors ask for erasure');
    // Unfolded details come into view by themselves.
    await frame.waitForFunction(() => {
      const [log, what] = [document.querySelector('.log'), document.querySelector('.what')];
      return log && what && what.getBoundingClientRect().bottom <= log.getBoundingClientRect().bottom + 1;
    });
    await page.keyboard.down('Shift');
    await press('Tab');
    await press('Tab');
    await page.keyboard.up('Shift');
    await press('Enter');
    await has(frame, 'Done: HubSpot may get');
    expect(answered()).toMatchObject([{ yes: ['email'], no: ['phone'], later: false }]);
    expect((await text(frame, '.answered p')).replace(/\s+/g, ' ')).toBe(
      'Done: HubSpot may get your e-mail, not your phone.',
    );
    expect(await frame.evaluate(() => document.activeElement?.className)).toBe('answered');
    expect(await text(frame, '.sr[role=status]')).toBe('HubSpot: e-mail yes, phone no.');
    expect(await frame.$eval('.answered a', (a) => (a as HTMLAnchorElement).href)).toContain('/receipts/');
  });

  it('R19 R20 Not now answers nothing and the chat goes on the same', async () => {
    const frame = await asked();
    await frame.click('.ask [name=later]');
    await has(frame, 'Not now it is. We will not ask again in this chat.');
    expect(answered()).toMatchObject([{ yes: [], no: [], later: true }]);
    await say(frame, 'Thank you');
    await frame.waitForFunction(() => document.querySelectorAll('.msg.mine:not(.pending)').length === 2);
  });

  it('GATE-c a dead nonce asks again with a sentence and nothing chosen', async () => {
    const frame = await asked();
    await frame.click('.ask input[name=email][value=yes]');
    hub.killNonces();
    await frame.click('.ask [type=submit]');
    await has(frame, 'This question had run out, so nothing was saved.');
    expect(answered()).toEqual([]);
    expect(await count(frame, '.ask :checked')).toBe(0);
    await frame.click('.ask input[name=email][value=yes]');
    await frame.click('.ask [type=submit]');
    await has(frame, 'Done: HubSpot may get');
    expect(answered()).toMatchObject([{ yes: ['email'], no: [] }]);
  });

  it('R20 an answer that was not saved says so, keeps the choices and can be sent again', async () => {
    const frame = await asked();
    await frame.click('.ask input[name=phone][value=no]');
    hub.refuse('chatAnswer', 'store-failed');
    await frame.click('.ask [type=submit]');
    await has(frame, 'Your answer was not saved, so it is a no for now.');
    expect(await frame.$$eval('.ask :checked', (all) => all.map((e) => (e as HTMLInputElement).name))).toEqual([
      'phone',
    ]);
    await frame.click('.ask [type=submit]');
    await has(frame, 'Understood: HubSpot gets nothing. The chat goes on.');
  });

  it('Change asks again under a new nonce and what was said stands until a new answer', async () => {
    const frame = await asked();
    await frame.click('.ask input[name=email][value=yes]');
    await frame.click('.ask [type=submit]');
    await has(frame, 'Done: HubSpot may get');
    await frame.click('.answered button');
    await has(frame, 'ada@brandt.example, you said yes');
    expect(await count(frame, '.ask :checked')).toBe(0);
    await frame.click('.ask [name=later]'); // Leave it as it is
    await has(frame, 'Done: HubSpot may get');
    expect(answered()).toHaveLength(1);
    await frame.click('.answered button');
    await frame.waitForSelector('fieldset.ask');
    await frame.click('.ask input[name=email][value=no]');
    await frame.click('.ask [type=submit]');
    await has(frame, 'Understood: HubSpot gets nothing.');
    expect(await count(frame, '.answered button')).toBe(1);
  });

  it('a partner switched off elsewhere closes its question and says what happened', async () => {
    const frame = await asked();
    hub.put({ kind: 'withdrawn', integration: 'int-1', partner: 'HubSpot', alreadyOut: 0, stopped: 2 });
    await has(frame, 'HubSpot is off. Two things that were waiting were not sent.');
    expect(await count(frame, 'fieldset.ask')).toBe(0);
  });

  it('R20 a question open at a reload is asked again, not carried over', async () => {
    await asked();
    await page.reload();
    const frame = await openWidget(page);
    await frame.waitForSelector('fieldset.ask');
    expect(hub.requests.filter((r) => r === 'POST /api/chat/question')).toHaveLength(2);
  });

  for (const theme of ['light', 'dark'] as const)
    for (const width of [360, 1280])
      it(`has no violation that axe can find, ${theme}, ${width} px`, async () => {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
        await page.setViewport({ width, height: 800 });
        const shot = (name: string) => page.screenshot({ path: join(shots, `widget-${name}-${width}-${theme}.png`) });
        const check = async (where: string) => {
          for (const target of page.frames()) {
            await target.evaluate(axe.source);
            const found = await target.evaluate(async () => {
              const run = (globalThis as unknown as { axe: typeof axe }).axe.run;
              const { violations } = await run(document, { iframes: false });
              return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
            });
            expect(found, where).toEqual([]);
          }
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        };
        await shot('shop');
        await check('shop');
        const frame = await openWidget(page);
        await frame.waitForSelector('#text');
        await shot('form');
        await check('form');
        await frame.click('.begin [type=submit]');
        await has(frame, 'Write a message first.');
        await check('form with an error');
        await begin(frame, 'Is the blue Marlin still there?', ada);
        hub.says('It is, with one owner and serviced here. Shall I open a case, so that nobody sells it meanwhile?');
        await has(frame, 'Shall I open');
        hub.asks();
        await frame.waitForSelector('fieldset.ask');
        await shot('question');
        await check('question');
        await frame.click('.ask .bare');
        await has(frame, 'Canal Park');
        await shot('what');
        await check('what is this');
        await frame.click('.ask input[name=email][value=yes]');
        await frame.click('.ask input[name=phone][value=no]');
        await frame.click('.ask [type=submit]');
        await has(frame, 'Done: HubSpot may get');
        hub.put({
          kind: 'share',
          share: 's1',
          integration: 'int-1',
          partner: 'HubSpot',
          purpose: 'CustomerRelationshipManagement',
          state: 'sent',
          fields: ['email'],
          withheld: [],
        });
        await has(frame, 'HubSpot got your e-mail.');
        hub.put({ kind: 'withdrawn', integration: 'int-1', partner: 'HubSpot', alreadyOut: 1, stopped: 0 });
        hub.refuse('chatSend', 'store-failed');
        await say(frame, 'Thank you, see you on Saturday.');
        await has(frame, 'Not sent.');
        await shot('answered');
        await check('answered');
        hub.cut(true);
        await has(frame, 'Offline since');
        await check('offline');
      });
});

describe('what is sent to a browser', () => {
  it('the loader stays under 3 kB gzipped, loader and frame under 24, and no schema library is in it', async () => {
    const read = (name: string) => readFile(join(assets, name));
    const [loader, script, styles] = await Promise.all([read('widget.js'), read('frame.js'), read('frame.css')]);
    const size = (bytes: Buffer) => gzipSync(bytes, { level: 9 }).length;
    expect(size(loader)).toBeLessThan(3000);
    expect(size(loader) + size(script) + size(styles)).toBeLessThan(24_000);
    expect(script.toString()).not.toMatch(/ZodMini|_zod|safeParse/);
  });
});
