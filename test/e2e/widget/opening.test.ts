import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { begin, context, forgive, has, held, hub, nothing, openWidget, page, widgetFrame } from './stage.ts';

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

  it('R24 tells the hub the language of the page it stands on, and nothing else of it', async () => {
    await page.evaluate(() => document.documentElement.setAttribute('lang', 'de-AT'));
    const frame = await openWidget(page);
    expect(new URL(frame.url()).search).toBe('?brand=harbor-motors&lang=de-AT');
  });

  it('R57 recognises a returning visitor only after opening', async () => {
    await begin(await openWidget(page), 'Is the blue Marlin still there?');
    hub.requests.length = 0;
    await page.reload({ waitUntil: 'networkidle0' });
    // Before its script came it was the page before that spoke: its stream may begin while it is left.
    expect(hub.requests.slice(hub.requests.indexOf('GET /widget.js'))).toEqual(['GET /widget.js']);
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
    forgive();
  });
});

describe('what is sent to a browser', () => {
  it('the script on a page stays under 12 kB gzipped, script and frame under 40, and no schema library is in it', async () => {
    // What is shipped, not this test's own build: that one is not minified in the same way.
    const read = (name: string) => readFile(join('dist/widget', name));
    const [loader, script, styles] = await Promise.all([read('widget.js'), read('frame.js'), read('frame.css')]);
    const size = (bytes: Buffer) => gzipSync(bytes, { level: 9 }).length;
    expect(size(loader)).toBeLessThan(12_000);
    expect(size(loader) + size(script) + size(styles)).toBeLessThan(40_000);
    expect(script.toString()).not.toMatch(/ZodMini|_zod|safeParse/);
  });
});
