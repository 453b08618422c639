import type { Page } from 'puppeteer-core';
import { until } from './story.ts';
import { zipEntries } from './zip-entries.ts';

const hubspot = '.who-may form[data-choose*="HubSpot"] button.flip';

/** What the CRM's switches on the preference page say, from its main purpose on. */
export const switchesOn = (page: Page): Promise<string[]> =>
  page.$$eval(hubspot, (all) => all.map((b) => b.getAttribute('aria-checked') ?? ''));

/** Taps one of them until it stands so: once, or twice where the page asks twice. */
export async function turn(page: Page, at: number, to: 'true' | 'false'): Promise<void> {
  await page.bringToFront();
  const told = () => page.$eval('[data-say]', (e) => e.textContent).catch(() => undefined);
  for (let tap = 0; tap < 2 && (await switchesOn(page))[at] !== to; tap++) {
    const before = await told();
    await page.$$eval(hubspot, (all, n) => (all[n] as HTMLElement | undefined)?.click(), at);
    await until(async () => (await switchesOn(page))[at] === to || (await told()) !== before, 'an answer to the tap');
  }
  if ((await switchesOn(page))[at] !== to) throw new Error(`switch ${at} is not ${to}`);
}

/** The file behind a link of the page, as the browser with its cookie gets it; its name, and the files of the archive. */
export async function downloads(page: Page, link: string): Promise<{ name: string; files: Map<string, Buffer> }> {
  const { name, base64 } = await page.$eval(link, async (a) => {
    const res = await fetch((a as HTMLAnchorElement).href);
    const bytes = new Uint8Array(await res.arrayBuffer());
    const text = Array.from(bytes, (b) => String.fromCharCode(b)).join('');
    return { name: res.headers.get('content-disposition') ?? '', base64: btoa(text) };
  });
  return { name, files: zipEntries(Buffer.from(base64, 'base64')) };
}
