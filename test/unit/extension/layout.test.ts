import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { arranged, folded, moved, neighbour, pinned, plainLayout } from '../../../extension/panel/layout.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { type FakeHub, fakeHub } from '../../support/fake-hub.ts';
import type { FakeChat } from '../../support/fake-hub-state.ts';
import { panelAt } from '../../support/panel-at.ts';

const cards = ['hubspot', 'shopify', 'slack'].map((integration) => ({ integration }));
const ids = (layout = plainLayout, of = cards): string[] => arranged(of, layout).map((c) => c.integration);

it('R73 moved up and down within its group; pinned cards stay above the others', () => {
  expect(ids()).toEqual(['hubspot', 'shopify', 'slack']);
  const up = moved(plainLayout, ids(), 'slack', -1);
  expect(ids(up)).toEqual(['hubspot', 'slack', 'shopify']);
  const held = pinned(up, 'shopify', true);
  expect(ids(held)).toEqual(['shopify', 'hubspot', 'slack']);
  expect(neighbour(held, ids(held), 'shopify', 1)).toBeUndefined();
  expect(moved(held, ids(held), 'hubspot', -1)).toBe(held);
  expect(ids(pinned(held, 'shopify', false))).toEqual(['hubspot', 'slack', 'shopify']);
});

it('R73 a new partner appears at the end, one that is gone does no harm, and keeps its place for when it is back', () => {
  const held = moved(plainLayout, ids(), 'slack', -1); // hubspot, slack, shopify
  expect(ids(held, [{ integration: 'acme' }, ...cards])).toEqual(['hubspot', 'slack', 'shopify', 'acme']);
  const fewer = cards.filter((c) => c.integration !== 'slack');
  expect(ids(held, fewer)).toEqual(['hubspot', 'shopify']);
  const later = moved(held, ids(held, fewer), 'shopify', -1);
  expect(ids(later, fewer)).toEqual(['shopify', 'hubspot']);
  expect(ids(later)).toEqual(['shopify', 'slack', 'hubspot']);
  expect(folded(folded(held, 'slack', true), 'slack', true).folded).toEqual(['slack']);
});

let hub: FakeHub;
let ada: FakeChat;
const open: Panel[] = [];
beforeEach(async () => {
  hub = await fakeHub({ beatMs: 50 });
  ada = hub.state.visitor('Ada Brandt', 'Hello!');
});
afterEach(async () => {
  for (const panel of open.splice(0)) panel.stop();
  await hub.down();
});
async function window(): Promise<Panel> {
  const panel = panelAt(hub, new Map());
  open.push(panel);
  await panel.start();
  await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
  return panel;
}

it('R73 shown at once, kept in the background, and the agent’s other window follows', async () => {
  const [first, second] = [await window(), await window()];
  first.arrange(ada.id, (from) => pinned(from, 'slack', true));
  expect(first.state().layouts.harbor?.pinned).toEqual(['slack']);
  await vi.waitFor(() => expect(second.state().layouts.harbor).toMatchObject({ version: 1, pinned: ['slack'] }));
  // both at once: whoever was last, they agree in the end
  first.arrange(ada.id, (from) => folded(from, 'hubspot', true));
  second.arrange(ada.id, (from) => folded(from, 'about', true));
  await vi.waitFor(() => expect(hub.state.layout.version).toBe(3));
  await vi.waitFor(() => expect(first.state().layouts.harbor).toEqual(hub.state.layout));
  await vi.waitFor(() => expect(second.state().layouts.harbor).toEqual(hub.state.layout));
});

it('R73 what could not be kept stays on the screen and goes when the hub is back', async () => {
  const panel = await window();
  await vi.waitFor(() => expect(hub.calls).toContain('GET /api/panel/layout'));
  await hub.down();
  panel.arrange(ada.id, (from) => pinned(from, 'slack', true));
  panel.arrange(ada.id, (from) => folded(from, 'slack', true));
  expect(panel.state().layouts.harbor).toMatchObject({ pinned: ['slack'], folded: ['slack'] });
  await vi.waitFor(() => expect(panel.state().link.up).toBe(false));
  await hub.up();
  await vi.waitFor(() => expect(hub.state.layout).toMatchObject({ pinned: ['slack'], folded: ['slack'] }));
  expect(panel.state().layouts.harbor).toMatchObject({ pinned: ['slack'], folded: ['slack'] });
});
