import { mkdirSync } from 'node:fs';
import axe from 'axe-core';
import type { Browser, Frame, Page } from 'puppeteer-core';

const shots = 'test/output';
mkdirSync(shots, { recursive: true });

/** Waits until `look` answers something; what throws meanwhile (a page being replaced) is tried again. */
export async function until<T>(look: () => Promise<T>, what: string, ms = 15_000): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined && found !== null && found !== false) return found as NonNullable<T>;
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What a page or frame shows, each gap as one space. */
export const wordsOn = async (where: Page | Frame): Promise<string> =>
  (await where.evaluate(() => document.body.innerText)).replaceAll('\u2060', '').replace(/\s+/g, ' ');

/** Waits until a page or frame shows these words. */
export const sees = (where: Page | Frame, words: string, ms?: number): Promise<boolean> =>
  until(async () => (await wordsOn(where)).includes(words), `"${words}" on ${where.url()}`, ms);

/** Presses the last button or link that reads like this. */
export const pressWords = (where: Page | Frame, says: string): Promise<boolean> =>
  until(
    () =>
      where.evaluate((w) => {
        const all = [...document.querySelectorAll<HTMLElement>('button, a')];
        const found = all.findLast((b) => b.textContent?.trim() === w);
        found?.click();
        return found !== undefined;
      }, says),
    `“${says}”`,
  );

/** The tab that opens by what `act` does. */
export async function newTab(browser: Browser, act: () => Promise<unknown>): Promise<Page> {
  const opened = new Promise<Page>((resolve) =>
    browser.once('targetcreated', async (t) => resolve((await t.page()) as Page)),
  );
  await act();
  return opened;
}

/** Presses the first element that fits, as a click of its own page. */
export const press = (where: Page | Frame, selector: string): Promise<boolean> =>
  until(
    () =>
      where.evaluate((s) => {
        const found = document.querySelector<HTMLElement>(s);
        found?.click();
        return found !== null;
      }, selector),
    selector,
  );

/** Fills a field as typing does. */
export const fill = (where: Page | Frame, selector: string, words: string): Promise<boolean> =>
  until(
    () =>
      where.evaluate(
        (s, value) => {
          const field = document.querySelector<HTMLInputElement>(s);
          if (!field) return false;
          field.value = value;
          field.dispatchEvent(new Event('input', { bubbles: true }));
          return true;
        },
        selector,
        words,
      ),
    selector,
  );

/** Opens the widget on the shop's page and returns its frame. */
export async function openWidget(page: Page): Promise<Frame> {
  await until(
    () =>
      page.evaluate(() => {
        const button = document.querySelector('[data-askfirst]')?.shadowRoot?.querySelector('button');
        button?.click();
        return Boolean(button);
      }),
    'the chat button',
  );
  return until(async () => page.frames().find((f) => f.url().includes('/widget/frame')), 'the chat');
}

/** Rules axe finds broken on a page (WCAG 2.2 A and AA, best practice); frames are looked at by themselves. */
export async function violations(where: Page | Frame): Promise<string[]> {
  await where.evaluate(axe.source);
  return where.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, { iframes: false });
    return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
  });
}

/** Ends every animation: a colour on its way from light to dark is nobody's picture, and behind others it never arrives. */
const settle = (where: Page | Frame): Promise<void> =>
  where.evaluate(() => {
    for (const animation of document.getAnimations())
      if (animation.effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY) animation.cancel();
      else animation.finish();
  });

/** Pictures of a page at 360 and 1280 px, light and dark, and what axe says of each. */
export async function look(page: Page, name: string): Promise<string[]> {
  const wrong: string[] = [];
  await page.bringToFront(); // a tab behind others draws no frame, and a picture waits for one
  for (const width of [360, 1280])
    for (const scheme of ['light', 'dark']) {
      await page.bringToFront(); // a tab behind others draws nothing
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await settle(page);
      await page.screenshot({ path: `${shots}/${name}-${width}-${scheme}.png` as `${string}.png`, fullPage: true });
      wrong.push(...(await violations(page)).map((v) => `${name} ${width} ${scheme}: ${v}`));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) wrong.push(`${name} ${width} ${scheme}: ${over} px too wide`);
    }
  await page.setViewport({ width: 1280, height: 900 });
  return wrong;
}

/** Pictures of a page as it is in its window, at 360 and 1280 px, light and dark, and what axe says of a frame on it. */
export async function lookInto(page: Page, frame: Frame, name: string): Promise<string[]> {
  const wrong: string[] = [];
  await page.bringToFront();
  for (const width of [1280, 360])
    for (const scheme of ['light', 'dark']) {
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await settle(page);
      await settle(frame);
      await page.screenshot({ path: `${shots}/${name}-${width}-${scheme}.png` as `${string}.png` });
      wrong.push(...(await violations(frame)).map((v) => `${name} ${width} ${scheme}: ${v}`));
    }
  await page.setViewport({ width: 1280, height: 900 });
  return wrong;
}

/** A receipt with its proof: in its first second it waits for the ledger to be signed, then its address has the whole one. */
export const provedReceipt = (href: string): Promise<string> =>
  until(async () => {
    const jws = await (await fetch(href)).text();
    const { tlog } = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString());
    return typeof tlog === 'string' ? jws : undefined;
  }, 'the receipt’s proof');

/** The demo's Jens, an agent, signed in by the link that was mailed, in a profile of his own; `desk` is the operator's. */
export async function signedInColleague(browser: Browser, desk: Page, origin: string): Promise<Page> {
  const page = await (await browser.createBrowserContext()).newPage();
  await page.goto(`${origin}/sign-in`);
  await fill(page, 'input[name=email]', 'jens@harbor.example');
  await press(page, 'main form [type=submit]');
  await sees(page, 'a link is on its way');
  await desk.goto(`${origin}/console/outbox`);
  await press(desk, '.mails a');
  const link = await until(
    () => desk.$$eval('a', (all) => all.map((a) => a.href).find((href) => href.includes('/sign-in/'))),
    'the link in the mail',
  );
  await page.goto(link);
  await press(page, 'form [type=submit]');
  await sees(page, 'Open the panel');
  return page;
}
