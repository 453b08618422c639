import { describe, expect, it } from 'vitest';
import { begin, context, held, hub, nothing, page, widgetFrame } from './stage.ts';

/** What the page's own scripts were told, in order. */
const told = () =>
  page.evaluate(() => (globalThis as unknown as { told: [string, unknown][] }).told.map(([what, how]) => [what, how]));

async function listen(): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const told: [string, unknown][] = [];
    Object.assign(globalThis, { told });
    for (const what of ['loaded', 'opened', 'closed', 'unread'])
      document.addEventListener(`askfirst:${what}`, (e) => told.push([what, (e as CustomEvent).detail]));
  });
  await page.reload({ waitUntil: 'networkidle0' });
}
const brand = 'harbor-motors';

describe('docs/widget.md: the page drives the chat', { timeout: 60_000 }, () => {
  it('R57 it is told that the chat is there, and nothing was stored or asked for by that', async () => {
    await listen();
    expect(await told()).toEqual([['loaded', { brand }]]);
    expect(new Set(hub.requests)).toEqual(new Set(['GET /widget.js']));
    expect(await held(page)).toEqual(nothing);
    expect(await context.cookies()).toEqual([]);
  });

  it('opens and closes it, twice is as once, and each is told', async () => {
    await listen();
    await page.evaluate(() => {
      window.askfirst?.close();
      window.askfirst?.open();
      window.askfirst?.open();
    });
    const frame = await widgetFrame(page);
    await frame.waitForSelector('#text');
    await page.evaluate(() => window.askfirst?.close());
    await page.waitForFunction(
      () => document.querySelector('[data-askfirst]')?.shadowRoot?.activeElement?.tagName === 'BUTTON',
    );
    expect(await told()).toEqual([
      ['loaded', { brand }],
      ['opened', { brand }],
      ['closed', { brand }],
    ]);
  });

  it('is told how many messages came while the chat was closed, and not a word of them', async () => {
    await listen();
    await page.evaluate(() => window.askfirst?.open());
    const frame = await widgetFrame(page);
    await frame.waitForSelector('#text');
    await begin(frame, 'Is the blue Marlin still there?');
    // What comes before the frame heard that it is closed was seen.
    await frame.evaluate(() =>
      addEventListener('message', ({ data }) =>
        document.body.toggleAttribute('data-heard', data.askfirst === 'closed'),
      ),
    );
    await page.evaluate(() => window.askfirst?.close());
    await frame.waitForFunction(() => document.body.hasAttribute('data-heard'), { polling: 50 });
    hub.says('Yes, it is.');
    await page.waitForFunction(() =>
      (globalThis as unknown as { told: [string, { count?: number }][] }).told.some(([, d]) => d.count === 1),
    );
    expect(JSON.stringify(await told())).not.toMatch(/Marlin|it is/);
  });

  it('R24 sets the language to ask in, from the next opening on', async () => {
    await listen();
    await page.evaluate(() => {
      window.askfirst?.language('da');
      window.askfirst?.open();
    });
    await (await widgetFrame(page)).waitForSelector('#text');
    expect(new URL((await widgetFrame(page)).url()).searchParams.get('lang')).toBe('da');
    await page.evaluate(() => {
      window.askfirst?.language('de-AT');
      window.askfirst?.close();
      window.askfirst?.open();
    });
    const frame = await page.waitForFrame((f) => f.url().includes('lang=de-AT'));
    await frame.waitForSelector('#text');
    expect(page.frames()).toHaveLength(2);
  });

  it('R28 says who is signed in, and that nobody is any more, while the chat is open', async () => {
    await listen();
    await page.evaluate(() => window.askfirst?.open());
    const frame = await widgetFrame(page);
    await frame.waitForSelector('#text');
    await begin(frame, 'Hello');
    await page.evaluate(() => window.askfirst?.identify('token-of-ada'));
    await page.waitForFunction(() => document.querySelector('script[data-brand]')?.getAttribute('data-identity'));
    await expect.poll(() => hub.requests.filter((r) => r.includes('/api/chat/identify')).length).toBe(1);
    await page.evaluate(() => window.askfirst?.identify());
    await expect.poll(() => hub.requests.filter((r) => r.includes('/api/chat/sign-out')).length).toBe(1);
  });
});
