import type { Page } from 'puppeteer-core';

/** Where the keyboard is. */
export interface Stop {
  /** What a reader would say: label, `aria-labelledby`, or the words inside. */
  name: string;
  id: string;
  tag: string;
  /** True where the ring around it can be seen. */
  ring: boolean;
  /** True where at least part of it stands in the window. */
  inView: boolean;
}

/** The element that has the keyboard. */
export const stopOf = (page: Page): Promise<Stop> =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement;
    const words = (element: Element | null | undefined) =>
      (element?.textContent ?? '').replace(/[\s\u2060]+/g, ' ').trim();
    const by = at.getAttribute('aria-labelledby')?.split(' ') ?? [];
    const labels = 'labels' in at ? [...((at as HTMLInputElement).labels ?? [])] : [];
    // A container that scrolls has the keyboard too, in Firefox; what stands in it is not its name.
    const named = ['A', 'BUTTON', 'SUMMARY', 'H2'].includes(at.tagName);
    const name =
      at.getAttribute('aria-label') ??
      ([...by.map((id) => words(document.getElementById(id))), ...labels.map(words)].join(' ') ||
        (named ? words(at) : ''));
    const style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    return {
      name,
      id: at.id,
      tag: at.tagName.toLowerCase(),
      ring: style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2,
      inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });

/**
 * Walks with Tab, or back with Shift and Tab, until the stop with this name has the keyboard; returns the stops on the
 * way. Rejects where the walk comes round without it: then there is no way by keyboard.
 */
export async function tabTo(page: Page, name: string | RegExp, back = false): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (let n = 0; n < 80; n++) {
    if (back) await page.keyboard.down('Shift');
    await page.keyboard.press('Tab');
    if (back) await page.keyboard.up('Shift');
    const stop = await stopOf(page);
    stops.push(stop);
    if (typeof name === 'string' ? stop.name.includes(name) : name.test(stop.name)) return stops;
  }
  throw new Error(`no way by keyboard to ${name}: ${stops.map((s) => `${s.tag} ${s.name.slice(0, 30)}`).join(' > ')}`);
}
