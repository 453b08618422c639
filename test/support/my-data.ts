import type { Page } from 'puppeteer-core';
import { until } from './story.ts';

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
