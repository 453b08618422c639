import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Entry, QueueRow } from '#contract/chat.ts';
import { assignedWords, fits, withHolder } from '../../../extension/panel/holder.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { type FakeHub, fakeHub } from '../../support/fake-hub.ts';
import { panelAt } from '../../support/panel-at.ts';

let hub: FakeHub;
let kept: Map<string, unknown>;
const open: Panel[] = [];
const panel = async (): Promise<Panel> => {
  const one = panelAt(hub, kept);
  open.push(one);
  await one.start();
  return one;
};
beforeEach(async () => {
  hub = await fakeHub();
  kept = new Map();
});
afterEach(async () => {
  for (const one of open.splice(0)) one.stop();
  await hub.down();
});

type Assigned = Extract<Entry, { kind: 'assigned' }>;
const maria = { id: 'maria', name: 'Maria' };
const jens = { id: 'jens', name: 'Jens' };
const line = (more: Partial<Assigned>): Assigned => ({
  seq: 9,
  n: -1,
  conversation: 'c',
  at: '2026-11-22T10:00:00Z',
  kind: 'assigned',
  reason: 'routed',
  ...more,
});

it('R66 Take shows in the queue and in the log by the stream, for every window', async () => {
  const ada = hub.state.visitor('Ada Brandt', 'Hello');
  const [mine, other] = [await panel(), await panel()];
  await mine.assign(ada.id, 'jens');
  for (const one of [mine, other]) await vi.waitFor(() => expect(one.state().rows[0]?.assignee).toEqual(jens));
  expect(mine.state().rows[0]?.given).toBeUndefined();
});

it('R66 whoever is late reads who holds it, beside the chat, and nothing of theirs is lost', async () => {
  const ada = hub.state.visitor('Ada Brandt', 'Hello');
  const mine = await panel();
  hub.refuse(`${ada.id}/assign`, 'changed-meanwhile');
  await mine.assign(ada.id, 'jens');
  expect(mine.state().notice).toEqual({ conversation: ada.id, text: 'Somebody changed this meanwhile.' });
  await mine.assign(ada.id, 'jens');
  await vi.waitFor(() => expect(mine.state().rows[0]?.assignee).toEqual(jens));
  expect(mine.state().notice).toBeUndefined();
});

it('R66 a transfer carries its word as a note', async () => {
  const ada = hub.state.visitor('Ada Brandt', 'Hello');
  const mine = await panel();
  await mine.assign(ada.id, 'maria', '  About the boat ');
  await vi.waitFor(() =>
    expect(mine.state().talks[ada.id]?.entries.map((e) => e.kind)).toEqual(['message', 'assigned', 'note']),
  );
});

it('R66 the filter is kept per browser, and what an agent chose is shown as it was stored', async () => {
  hub.state.visitor('Ada Brandt', 'Hello');
  const first = await panel();
  expect(first.state().filter).toBe('all');
  first.setFilter('mine');
  hub.refuse('availability', 'store-failed');
  await first.setAvailable(false);
  expect([first.state().brands[0]?.available, first.state().choosing]).toEqual([true, 'failed']);
  await first.setAvailable(false);
  expect([first.state().brands[0]?.available, first.state().choosing]).toEqual([false, undefined]);
  const again = await panel();
  expect([again.state().filter, again.state().brands[0]?.available]).toEqual(['mine', false]);
});

it('R66 the panel picks no chat that its own filter hides, and picks one as soon as it shows', async () => {
  const ada = hub.state.visitor('Ada Brandt', 'Hello');
  hub.state.visitor('Bob Lund', 'Hello');
  kept.set('panel/filter', 'mine');
  kept.set('panel/selected', ada.id);
  const mine = await panel();
  expect([mine.state().rows.length, mine.state().selected]).toEqual([2, undefined]);
  hub.state.add(ada, { kind: 'assigned', by: maria, to: jens, reason: 'transferred' });
  await vi.waitFor(() => expect(mine.state().selected).toBe(ada.id));
});

it('R66 the newest of those a filter shows is picked where none is open, also when the filter changes', async () => {
  const ada = hub.state.visitor('Ada Brandt', 'Hello');
  const bob = hub.state.visitor('Bob Lund', 'Hello');
  hub.state.add(bob, { kind: 'assigned', by: maria, to: maria, reason: 'taken' });
  kept.set('panel/filter', 'mine');
  const one = await panel();
  one.setFilter('unassigned');
  await vi.waitFor(() => expect(one.state().selected).toBe(ada.id));
});

it('R66 what is open stays open when the filter or a colleague takes it from the list', async () => {
  const ada = hub.state.visitor('Ada Brandt', 'Hello');
  const one = await panel();
  const bob = hub.state.visitor('Bob Lund', 'Hello');
  await vi.waitFor(() => expect(one.state().rows).toHaveLength(2));
  one.setFilter('unassigned');
  hub.state.add(ada, { kind: 'assigned', by: maria, to: maria, reason: 'taken' });
  await vi.waitFor(() => expect(one.state().rows.some((r) => r.assignee?.id === 'maria')).toBe(true));
  one.setFilter('mine');
  hub.state.says(bob, 'Anybody?');
  await vi.waitFor(() => expect(one.state().rows.some((r) => r.unread === 2)).toBe(true));
  expect(one.state().selected).toBe(ada.id);
});

it('R66 colleagues are read anew each time; a hub that does not answer is said', async () => {
  const mine = await panel();
  await mine.readColleagues();
  expect(mine.state().colleagues).toHaveLength(3);
  hub.refuse('colleagues', 'store-failed');
  await mine.readColleagues();
  expect(mine.state().colleagues).toBe('failed');
});

it('R66 R74 a row knows its holder, and whether somebody else gave it to this agent', () => {
  const row: QueueRow = {
    conversation: 'c',
    brand: 'b',
    number: 1,
    title: 'Ada',
    lastLine: '',
    lastAt: '',
    lastSeq: 1,
    unread: 0,
    tags: [],
  };
  expect(withHolder(row, line({ to: jens }), 'jens')).toMatchObject({ lastSeq: 9, assignee: jens, given: 9 });
  expect(withHolder(row, line({ to: jens, by: maria }), 'jens').given).toBe(9);
  expect(withHolder(row, line({ to: jens, by: jens, reason: 'taken' }), 'jens').given).toBeUndefined();
  const held = withHolder(row, line({ to: jens }), 'jens');
  expect(withHolder(held, line({ from: jens, reason: 'away' }), 'jens')).toEqual({ ...row, lastSeq: 9 });
  expect([fits(held, 'mine', 'jens'), fits(held, 'mine', 'maria'), fits(held, 'unassigned', 'jens')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([fits(row, 'unassigned', 'jens'), fits(row, 'mine', undefined), fits(row, 'all', 'jens')]).toEqual([
    true,
    false,
    true,
  ]);
});

it('R66 each change is a sentence, and the agent’s own name reads You', () => {
  const words = (more: Partial<Assigned>) => assignedWords(line(more), (n) => (n === 'Jens' ? 'You' : n));
  expect(words({ by: jens, to: jens, reason: 'taken' })).toBe('You took this chat.');
  expect(words({ by: maria, to: maria, from: jens, reason: 'taken' })).toBe(
    'Maria took this chat, you held it before.',
  );
  expect(words({ by: maria, to: jens, reason: 'transferred' })).toBe('Maria handed this chat to you.');
  expect(words({ by: jens, to: jens, reason: 'replied' })).toBe('You replied first, so the chat is with you.');
  expect(words({ to: maria })).toBe('This chat was given to Maria.');
  expect(words({ from: maria, reason: 'away' })).toBe('Maria went away, so this chat is back in the queue.');
  expect(words({ from: maria, reason: 'left' })).toBe('Maria left the brand, so this chat is back in the queue.');
});
