/**
 * Puts the `main` of fresh HTML in place of the one on the page, gives the focus back to the same control by its id, and
 * says the new sentence (`[data-say]`) in the live region that stays. False when that HTML is another page.
 */
export function swapMain(html: string): boolean {
  const next = new DOMParser().parseFromString(html, 'text/html').querySelector('main');
  const old = document.querySelector('main');
  if (!next || !old || next.dataset.page !== old.dataset.page) return false; // an error page is not the page
  const held =
    document.activeElement instanceof HTMLElement && old.contains(document.activeElement)
      ? document.activeElement
      : undefined;
  const before = said(old);
  old.replaceWith(next);
  // A control that is gone names the one that takes its place (UI.md 6).
  if (held)
    (document.getElementById(held.id) ?? document.getElementById(held.dataset.then ?? ''))?.focus({
      preventScroll: true,
    });
  const now = said(next);
  if (now && now !== before) say(now);
  return true;
}

/** Speaks one sentence to whoever listens instead of looking. */
export function say(sentence: string): void {
  const region = document.getElementById('said');
  if (!region) return;
  region.textContent = ''; // the same sentence twice is said twice
  region.textContent = sentence;
}

const said = (main: Element): string => main.querySelector('[data-say]')?.textContent?.trim() ?? '';
