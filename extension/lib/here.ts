import type { PanelStorage } from '../panel/outbox.ts';
import { browser } from './browser.ts';
import { hubPolicy } from './hub-address.ts';
import type { Area } from './secret.ts';
import { createSession } from './session.ts';

const local = browser.storage.local as Area;
const memory = browser.storage.session as Area;

/** The session of this browser. */
export const session = createSession({
  local,
  session: memory,
  fetch: (input, init) => fetch(input, init),
  now: () => Date.now(),
  lock: (name, act) => navigator.locks.request(name, act),
  policy: () => hubPolicy(browser.storage.managed as Pick<Area, 'get'>),
});

/** Drafts, outbox and cursor: in the browser's memory, so that no chat text lies on the disk; unpairing wipes it. */
export const panelStorage: PanelStorage = {
  all: async (prefix) =>
    Object.fromEntries(Object.entries(await memory.get(null)).filter(([key]) => key.startsWith(prefix))),
  get: async (key) => (await memory.get(key))[key],
  set: (key, value) => (value === undefined ? memory.remove(key) : memory.set({ [key]: value })),
};
