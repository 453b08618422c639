import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hubClient, panelRoutes } from '#contract/client.ts';
import { createPanel, type Panel } from '../../../extension/panel/panel.ts';
import { paths } from '../../../server/web/console/paths.ts';
import { boats, motors, openTwoBrands, type TwoBrands } from './two-brands.ts';

let hub: TwoBrands;
let panel: Panel;
const kept = new Map<string, unknown>();
beforeEach(async () => {
  kept.clear();
  hub = await openTwoBrands();
  const { authorization } = hub.panels.jens.bearer;
  panel = createPanel({
    client: hubClient({
      routes: panelRoutes,
      base: hub.origin,
      fetch: (input, init) => fetch(input, init),
      token: async () => authorization.replace('Bearer ', ''),
    }),
    storage: {
      all: async (prefix) => Object.fromEntries([...kept].filter(([key]) => key.startsWith(prefix))),
      get: async (key) => kept.get(key),
      set: async (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
    },
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    random: () => 0,
  });
});
afterEach(async () => {
  panel.stop();
  await hub.close();
});

/** The panel with a chat of each brand, Ada's open with half a reply. */
async function begin() {
  const ada = await hub.visitorOf(motors, 'Ada Brandt', 'Hello, Motors!');
  const grace = await hub.visitorOf(boats, 'Grace', 'Hello, Boats!');
  await panel.start();
  panel.select(ada.id);
  panel.setDraft(ada.id, 'half a reply');
  await vi.waitFor(() => expect(panel.state()).toMatchObject({ link: { up: true }, selected: ada.id }));
  await vi.waitFor(() => expect(panel.state().talks[ada.id]?.status).toBe('ready'));
  return { ada, grace };
}
const shown = () => panel.state().rows.map((r) => [r.brand, r.lastLine]);

test('R64 the real panel at the real hub: both brands live, and one of them is wiped the moment its agent is removed', async () => {
  const { ada, grace } = await begin();
  await ada.say('I am in Motors');
  await grace.say('I am in Boats');
  const both = [
    [boats, 'I am in Boats'],
    [motors, 'I am in Motors'],
  ];
  await vi.waitFor(() => expect(shown()).toEqual(both));
  await hub.removeJens();
  await vi.waitFor(() => expect(shown()).toEqual([both[0]]));
  expect(panel.state()).toMatchObject({ phase: 'ready', drafts: {}, selected: grace.id });
  expect(Object.keys(panel.state().talks)).toEqual([grace.id]);
  await vi.waitFor(() => expect(JSON.stringify([...kept])).not.toContain(ada.id));
  await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
  await ada.say('Nobody hears this');
  await grace.say('Still here?');
  await vi.waitFor(() => expect(shown()).toEqual([[boats, 'Still here?']]));
  await hub.leaveBoats();
  panel.reread(grace.id);
  await vi.waitFor(() => expect(panel.state()).toMatchObject({ phase: 'gone', talks: {}, rows: [], brands: [] }));
  expect(kept.size).toBe(0);
});

test('R64 BA1 a brand that asks for a second step is left out of the open panel and named; its chats come back with it', async () => {
  await begin();
  await hub.setUp(hub.maria);
  const demand = async (answer: string) => {
    const csrf = await hub.csrfAt(hub.maria, '/console/agents');
    await hub.maria.submit(paths.demandStep, { csrf, answer });
  };
  await demand('everyone');
  await vi.waitFor(() => expect(panel.state().stepAsked).toEqual(['Harbor Motors']));
  expect(shown().map(([brand]) => brand)).toEqual([boats]);
  expect(panel.state()).toMatchObject({ phase: 'ready', drafts: {} });
  await demand('free');
  await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
  await panel.setAvailable(true); // whatever has the panel look again
  await vi.waitFor(() => expect(panel.state().stepAsked).toBeUndefined());
  expect(
    shown()
      .map(([brand]) => brand)
      .sort(),
  ).toEqual([boats, motors]);
});
