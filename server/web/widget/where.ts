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
 * Calls `act` whenever a page of one piece may have gone on to another address. Nothing of the brand's page is patched:
 * the browser's own Navigation API tells, and where there is none the address is looked at every two seconds (our guess:
 * live enough). The one watcher of this script: the rules use it where one of them names a page, the trail once the chat
 * is open, so that a page with neither runs none of this (R57).
 */
export function whenMoved(act: () => void): void {
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation) navigation.addEventListener('currententrychange', act);
  else setInterval(act, every);
  addEventListener('popstate', act);
  addEventListener('hashchange', act);
}

/** Calls `tell` when the page is another one, a moment later: its title often follows its address. */
export function watchPage(tell: (page: SiteMessage) => void): void {
  let told = JSON.stringify(pageHere());
  const look = () => {
    const page = pageHere();
    const now = JSON.stringify(page);
    if (now === told) return;
    told = now;
    tell(page);
  };
  whenMoved(() => setTimeout(look, settle));
}
