import { hubClient, panelRoutes } from '#contract/client.ts';
import type { PanelStorage } from '../../extension/panel/outbox.ts';
import { createPanel, type Panel, type PanelDeps } from '../../extension/panel/panel.ts';
import type { FakeHub } from './fake-hub.ts';

let ids = 0;

/** A page with the panel open at a fake hub, whose cookie stands for the agent's session; what it keeps is in `kept`. */
export function panelAt(
  hub: Pick<FakeHub, 'origin'>,
  kept: Map<string, unknown>,
  more: Partial<Pick<PanelDeps, 'onGone' | 'renews' | 'now'>> = {},
): Panel {
  const storage: PanelStorage = {
    all: async (prefix) => Object.fromEntries([...kept].filter(([key]) => key.startsWith(prefix))),
    get: async (key) => kept.get(key),
    set: async (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, structuredClone(value))),
  };
  const withCookie = (input: string, init: RequestInit = {}): Promise<Response> =>
    fetch(input, { ...init, headers: { ...init.headers, cookie: 'fake=agent' } });
  return createPanel({
    client: hubClient({ routes: panelRoutes, base: hub.origin, fetch: withCookie, token: async () => undefined }),
    storage,
    now: () => Date.now(),
    newId: () => `client-${++ids}`,
    random: () => 0,
    retryMs: 30,
    stallMs: 2000,
    ...more,
  });
}
