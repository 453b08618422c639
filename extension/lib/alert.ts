import type { AlertDeps } from '../panel/alerts.ts';
import { browser } from './browser.ts';
import { panelStorage } from './here.ts';

/** The id of the one desktop notice; a newer one takes its place. */
export const noticeId = 'askfirst-new';

/**
 * How this browser tells an agent: the number at the button in the toolbar, and a desktop notice once the agent allowed
 * those (an optional permission, so that installing asks for nothing; R77).
 */
export const alertsHere: AlertDeps = {
  storage: panelStorage,
  lock: (name, act) => navigator.locks.request(name, act),
  badge(count) {
    void browser.action.setBadgeText({ text: count === 0 ? '' : String(Math.min(count, 999)) });
    void browser.action.setBadgeBackgroundColor({ color: '#e0921a' });
  },
  async notice({ title, text }) {
    if (!(await browser.permissions.contains({ permissions: ['notifications'] }))) return;
    const iconUrl = browser.runtime.getURL('icon/128.png');
    const notice = { type: 'basic' as const, iconUrl, title, message: text };
    await browser.notifications.create(noticeId, notice).catch(() => {}); // else it would be told of for ever
  },
};

const panelLock = 'askfirst-panel';

/** Says for as long as this page lives that a panel is open: it tells of what is new, with a sound. */
export const holdPanel = (): void =>
  void navigator.locks.request(panelLock, { mode: 'shared' }, () => new Promise<void>(() => {}));

/** True while any window of this browser shows the panel: then the worker, which has no sound, leaves the telling to it (R74). */
export async function panelIsOpen(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === panelLock);
}

/** The panel in a window of its own: beside the browser's side, for a second screen (R79). */
export const popOut = (): Promise<unknown> =>
  browser.windows.create({
    url: browser.runtime.getURL('sidepanel.html'),
    type: 'popup',
    width: 420,
    height: 800,
  });
