import type { SiteMessage } from './messages.ts';

/** Milliseconds a page gets to change its title after its address, and between two looks where nothing else tells. */
const settle = 500;
const every = 2_000;

/**
 * The page a visitor is on, without what stands behind `?` and `#`: that holds tokens and e-mail addresses, and never
 * even reaches the frame (R67). A page of one piece that keeps its places behind `#` is one page here.
 */
export const pageHere = (): SiteMessage => ({
  askfirst: 'page',
  address: location.origin + location.pathname,
  title: document.title.slice(0, 300),
});

/**
 * Calls `tell` when a page of one piece went on to another address. Nothing of the brand's page is patched: the browser's
 * own Navigation API tells, and where there is none the address is looked at every two seconds (our guess: live enough).
 * Begun once the chat is open, so that a page whose chat nobody opened runs none of this (R57).
 */
export function watchPage(tell: (page: SiteMessage) => void): void {
  let told = JSON.stringify(pageHere());
  const look = () => {
    const page = pageHere();
    const now = JSON.stringify(page);
    if (now === told) return;
    told = now;
    tell(page);
  };
  const later = () => setTimeout(look, settle);
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation) navigation.addEventListener('currententrychange', later);
  else setInterval(look, every);
  addEventListener('popstate', later);
  addEventListener('hashchange', later);
}
