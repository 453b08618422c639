import type { OpenTab } from '../panel/find.ts';
import { browser } from './browser.ts';

/** One site as permissions name it: without a port, which Firefox's match patterns do not know. */
const siteOf = (origin: string): { origins: string[] } => {
  const { protocol, hostname } = new URL(origin);
  return { origins: [`${protocol}//${hostname}/*`] };
};

/**
 * The tabs beside the panel (R78). Without the permission `tabs` a browser gives an address only for a site that was
 * allowed. The panel in a window of its own stands beside every window: two of them may then show a person each.
 */
export const openTab: OpenTab = {
  async look() {
    const own = await browser.windows.getCurrent();
    const where =
      own.type === 'normal' && own.id !== undefined ? { windowId: own.id } : { windowType: 'normal' as const };
    const tabs = await browser.tabs.query({ active: true, ...where });
    return tabs.flatMap(({ url }) => url ?? []);
  },
  allowed: (origin) => browser.permissions.contains(siteOf(origin)),
  allow: (origin) => browser.permissions.request(siteOf(origin)),
};
