import { renderToString } from 'preact-render-to-string';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { QueueRow } from '#contract/chat.ts';
import { type AlertDeps, tellOf } from '../../../extension/panel/alerts.ts';
import { awayForWords, brandOf, brandsWords, inBrand, stepAskedWords } from '../../../extension/panel/brands.ts';
import { pinned } from '../../../extension/panel/layout.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { App } from '../../../extension/panel/views/app.tsx';
import { type FakeHub, fakeHub } from '../../support/fake-hub.ts';
import type { FakeChat } from '../../support/fake-hub-state.ts';
import { panelAt } from '../../support/panel-at.ts';

const motors = { id: 'harbor', name: 'Harbor Motors', role: 'agent', available: true };
const boats = { id: 'boats', name: 'Harbor Boats', role: 'admin', available: true };
const kept = new Map<string, unknown>();
let hub: FakeHub;
let ada: FakeChat;
let grace: FakeChat;
let panel: Panel;
beforeEach(async () => {
  kept.clear();
  hub = await fakeHub({ beatMs: 50 });
  hub.state.brands = [boats, motors];
  ada = hub.state.visitor('Ada Brandt', 'Hello, Motors!');
  grace = hub.state.visitor('Grace', 'Hello, Boats!', {}, 'boats');
  panel = await open();
});
afterEach(async () => {
  panel.stop();
  await hub.down();
});
async function open(): Promise<Panel> {
  const one = panelAt(hub, kept);
  await one.start();
  await vi.waitFor(() => expect(one.state().link.up).toBe(true));
  return one;
}
/** The hub shows the boats to this agent no more. */
function leaveBoats(): void {
  hub.state.brands = [motors];
  hub.state.chats.delete(grace.id);
}
const drawn = (of: Panel) => renderToString(<App state={of.state()} panel={of} now={Date.now()} />);

it('R64 sec-E11 nothing is kept of a brand that is no longer served, the other goes on where it was', async () => {
  for (const { id } of [ada, grace]) {
    panel.select(id);
    await vi.waitFor(() => expect(panel.state().talks[id]?.status).toBe('ready'));
    panel.setDraft(id, `half a reply to ${id}`);
  }
  panel.setDraft(grace.id, 'half a note', 'note');
  hub.refuse(`${grace.id}/messages`, 'bad-input');
  await panel.send(grace.id, 'was not sent');
  await vi.waitFor(() => expect(panel.state().outbox[0]?.state).toBe('failed'));
  panel.setDraft(grace.id, 'another half');
  panel.arrange(grace.id, (from) => pinned(from, 'slack', true));
  panel.find('Hello');
  await vi.waitFor(() => expect(panel.state().search?.hits).toHaveLength(2));
  await panel.readColleagues();
  leaveBoats();
  hub.cut();
  await vi.waitFor(() => expect(panel.state().brands).toEqual([motors]));
  const { talks, drafts, outbox, rows, search, colleagues } = panel.state();
  expect([Object.keys(talks), Object.keys(drafts), outbox]).toEqual([[ada.id], [ada.id], []]);
  expect([rows.length, search?.hits.map((h) => h.brand)]).toEqual([1, ['harbor']]);
  expect(new Set(Array.isArray(colleagues) ? colleagues.map((c) => c.brand) : [])).toEqual(new Set(['harbor']));
  await vi.waitFor(() => expect(panel.state().selected).toBe(ada.id));
  await vi.waitFor(() => expect(JSON.stringify([...kept])).not.toContain(grace.id));
  expect(kept.get(`draft/${ada.id}`)).toBe(`half a reply to ${ada.id}`);
  expect(drawn(panel)).not.toContain('Grace');
});

it('R64 a brand that went while the panel was closed leaves nothing either', async () => {
  panel.setDraft(grace.id, 'half a reply');
  panel.setDraft(ada.id, 'half another');
  panel.stop();
  leaveBoats();
  panel = await open();
  expect(panel.state().drafts).toEqual({ [ada.id]: 'half another' });
  await vi.waitFor(() => expect([...kept.keys()].filter((k) => k.startsWith('draft/'))).toEqual([`draft/${ada.id}`]));
});

it('R64 replies and cards in a chat are those of its brand, and so is the agent’s role', async () => {
  hub.state.replies = [{ id: 'r', name: 'Opening', text: 'At nine.' }];
  panel.select(grace.id);
  await vi.waitFor(() => expect(panel.state().talks[grace.id]?.status).toBe('ready'));
  panel.arrange(grace.id, (from) => pinned(from, 'hubspot', true));
  expect(panel.state().layouts).toMatchObject({ boats: { pinned: ['hubspot'] } });
  expect(panel.state().layouts.harbor?.pinned ?? []).toEqual([]);
  await vi.waitFor(() => expect(hub.calls).toContain(`POST /api/panel/conversations/${grace.id}/layout`));
  panel.readReplies();
  await vi.waitFor(() => expect(panel.state().replies).toHaveLength(2));
  for (const [chat, brand] of [
    [ada, motors],
    [grace, boats],
  ] as const) {
    expect(brandOf(panel.state(), chat.id)).toEqual(brand);
    const { replies } = panel.state();
    expect(inBrand(replies, brandOf(panel.state(), chat.id))).toMatchObject([{ id: 'r', brand: brand.id }]);
  }
  expect([inBrand('failed', boats), inBrand(undefined, boats)]).toEqual(['failed', undefined]);
});

it('R64 with one brand nothing tells brands apart; with two the head names neither as a whole', async () => {
  expect(drawn(panel)).toContain('<span class="brand">Two brands</span>');
  expect(drawn(panel)).toContain('<span class="of-brand">Harbor Boats</span>');
  panel.stop();
  leaveBoats();
  panel = await open();
  expect(drawn(panel)).toContain('<span class="brand">Harbor Motors</span>');
  expect(drawn(panel)).not.toMatch(/of-brand|All brands/);
  expect(brandsWords([])).toBe('');
});

it('R64 BA1 R62 what is left out and where one is away is said in words', () => {
  expect(stepAskedWords(['Harbor Boats'], true)).toBe(
    'Harbor Boats asks for a second step, so its chats are left out here. Set yours up in the console, behind your name at its top, then pair this browser again.',
  );
  expect(stepAskedWords(['A', 'B'], false)).toBe(
    'A and B ask for a second step, so their chats are left out here. Set yours up in the console, behind your name at its top.',
  );
  expect(awayForWords([boats, { ...motors, available: false }])).toBe('You are away for Harbor Motors.');
  expect([awayForWords([boats, motors]), awayForWords([{ ...motors, available: false }])]).toEqual([
    undefined,
    undefined,
  ]);
});

it('R64 R74 an alert names the brand where there are several, and only there', async () => {
  const rows = [{ conversation: 'c', brand: 'boats', title: 'Grace', unread: 1, unreadSeq: 1, lastSeq: 1 } as QueueRow];
  const titles: string[] = [];
  const deps = (): AlertDeps => ({
    storage: { get: async () => undefined, set: async () => {} },
    lock: (_, act) => act(),
    badge: () => {},
    notice: ({ title }) => void titles.push(title),
  });
  await tellOf(deps(), { rows, me: { id: 'jens' }, brands: [boats, motors] });
  await tellOf(deps(), { rows, me: { id: 'jens' }, brands: [boats] });
  expect(titles).toEqual(['Grace (Harbor Boats) wrote', 'Grace wrote']);
});

it('R40 nothing is kept of a chat the hub has no more, and nobody writes on into another one unawares', async () => {
  panel.select(ada.id);
  await vi.waitFor(() => expect(panel.state().talks[ada.id]?.status).toBe('ready'));
  panel.setDraft(ada.id, 'half a reply');
  panel.setDraft(grace.id, 'for Grace');
  panel.find('Hello');
  await vi.waitFor(() => expect(panel.state().search?.hits).toHaveLength(2));
  hub.state.chats.delete(ada.id);
  hub.cut();
  await vi.waitFor(() => expect(panel.state().talks[ada.id]).toEqual({ status: 'gone', entries: [] }));
  const { rows, drafts, search, selected } = panel.state();
  expect([rows.map((r) => r.conversation), Object.keys(drafts)]).toEqual([[grace.id], [grace.id]]);
  expect([search?.hits.map((h) => h.conversation), selected]).toEqual([[grace.id], ada.id]);
  expect(kept.has(`draft/${ada.id}`)).toBe(false);
  const html = drawn(panel);
  expect(html).toContain('This chat is gone');
  expect(html).not.toMatch(/half a reply|<textarea/);
  panel.select(grace.id);
  await vi.waitFor(() => expect(drawn(panel)).toContain('for Grace'));
});
