import '../../../extension/panel/kit/tokens.css';
import '../../../extension/panel/kit/kit.css';
import '../../../extension/panel/panel.css';
import '../../../extension/panel/holding.css';
import '../../../extension/panel/cards.css';
import '../../../extension/panel/search.css';
import { hubClient, panelRoutes } from '#contract/client.ts';
import { mountPanel } from '../../../extension/panel/mount.tsx';
import type { PanelStorage } from '../../../extension/panel/outbox.ts';
import { createRing } from '../../../extension/panel/ring.ts';

/** The extension's panel as a page of the hub: the console's cookie, this browser's localStorage. */
const own = 'askfirst/';
const storage: PanelStorage = {
  all: async (prefix) =>
    Object.fromEntries(
      Object.keys(localStorage)
        .filter((key) => key.startsWith(own + prefix))
        .map((key) => [key.slice(own.length), JSON.parse(localStorage.getItem(key) ?? 'null')]),
    ),
  get: async (key) => JSON.parse(localStorage.getItem(own + key) ?? 'null') ?? undefined,
  set: async (key, value) =>
    value === undefined ? localStorage.removeItem(own + key) : localStorage.setItem(own + key, JSON.stringify(value)),
};

const root = document.getElementById('app');
if (root)
  mountPanel(root, {
    client: hubClient({
      routes: panelRoutes,
      base: '',
      fetch: (input, init) => fetch(input, init),
      token: async () => undefined,
    }),
    storage,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    random: () => Math.random(),
    signInHref: '/panel',
    renews: true,
    alerts: {
      storage,
      lock: (name, act) => navigator.locks.request(name, act),
      badge: () => {}, // the number stands in the page's title
      ring: createRing(),
    },
  });
