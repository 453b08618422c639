import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Panel } from '../../../extension/panel/panel.ts';
import { type FakeHub, fakeHub } from '../../support/fake-hub.ts';
import type { FakeChat } from '../../support/fake-hub-state.ts';
import { panelAt } from '../../support/panel-at.ts';

let hub: FakeHub;
let ada: FakeChat;
const panels: Panel[] = [];
beforeEach(async () => {
  hub = await fakeHub({ beatMs: 50 });
  ada = hub.state.visitor('Ada Brandt', 'Hello!');
});
afterEach(async () => {
  vi.useRealTimers();
  for (const panel of panels.splice(0)) panel.stop();
  await hub.down();
});

async function started(): Promise<Panel> {
  const panel = panelAt(hub, new Map());
  panels.push(panel);
  await panel.start();
  await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
  await vi.waitFor(() => expect(panel.state().talks[ada.id]?.status).toBe('ready'));
  return panel;
}
const row = (panel: Panel) => panel.state().rows.find((r) => r.conversation === ada.id);
const asked = (path: string) => hub.calls.filter((c) => c.endsWith(path)).length;

it('R74 the newest unread message is by the stream as it is by the queue', async () => {
  const panel = await started();
  const newest = async () => {
    const inQueue = hub.state.rows().find((r) => r.conversation === ada.id)?.unreadSeq;
    await vi.waitFor(() => expect(row(panel)?.unreadSeq).toBe(inQueue));
    return inQueue;
  };
  const first = await newest();
  const said = hub.state.says(ada, 'Anybody there?');
  expect([first, await newest()]).toEqual([1, said.seq]);
  hub.state.add(ada, { kind: 'tagged', by: 'Jens', tag: 'refund', on: true, tags: ['refund'] });
  expect(await newest()).toBe(said.seq);
  hub.state.reads(ada, 'seen');
  expect(await newest()).toBeUndefined();
});

it('R62 a chat counts as seen only while somebody has the panel before their eyes; then in all windows', async () => {
  const [front, behind] = [await started(), await started()];
  hub.state.says(ada, 'Anybody there?');
  await vi.waitFor(() => expect([row(front)?.unread, row(behind)?.unread]).toEqual([2, 2]));
  expect(asked('/seen')).toBe(0);
  front.seeing(true);
  await vi.waitFor(() => expect([row(front)?.unread, row(behind)?.unread]).toEqual([0, 0]));
  front.seeing(true);
  front.seeing(false);
  hub.state.says(ada, 'One more');
  await vi.waitFor(() => expect(row(front)?.unread).toBe(1));
  expect([asked('/seen'), ada.marks.seen.n]).toEqual([1, 2]);
});

it('R62 a window that was away learns what the others read', async () => {
  const panel = await started();
  const streams = hub.lastIds.length;
  hub.cut();
  hub.state.reads(ada, 'seen');
  await vi.waitFor(() => expect(hub.lastIds.length).toBe(streams + 1));
  await vi.waitFor(() => expect(row(panel)?.unread).toBe(0));
});

it('R62 that a reply is written is told once every three seconds; of a note or an emptied field nothing is', async () => {
  const panel = await started();
  panel.setDraft(ada.id, 'Loud at the counter', 'note');
  panel.setDraft(ada.id, '');
  for (const text of ['D', 'De', 'Dear']) panel.setDraft(ada.id, text);
  await vi.waitFor(() => expect(asked('/typing')).toBe(1));
  expect(panel.state().drafts[ada.id]).toBe('Dear');
});

it('R62 “is writing” ends by itself, or with the message', async () => {
  const panel = await started();
  hub.state.types(ada);
  await vi.waitFor(() => expect(panel.state().typing).toEqual([ada.id]));
  hub.state.says(ada, 'Here.');
  await vi.waitFor(() => expect(panel.state().typing).toEqual([]));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  hub.state.types(ada);
  await vi.waitUntil(() => panel.state().typing.includes(ada.id));
  vi.advanceTimersByTime(6_000); // waiting itself took some of the seven seconds
  expect(panel.state().typing).toEqual([ada.id]);
  vi.advanceTimersByTime(1_000);
  expect(panel.state().typing).toEqual([]);
});

it('R62 a file is seen as words are, and ends “is writing”', async () => {
  const panel = await started();
  panel.seeing(true);
  await vi.waitFor(() => expect(row(panel)?.unread).toBe(0));
  hub.state.types(ada);
  await vi.waitFor(() => expect(panel.state().typing).toEqual([ada.id]));
  hub.state.shows(ada, 'marlin.png');
  await vi.waitFor(() => expect(ada.marks.seen.n).toBe(2));
  await vi.waitFor(() => expect(row(panel)).toMatchObject({ unread: 0, lastLine: 'File: marlin.png' }));
  expect(panel.state().typing).toEqual([]);
});

it('R62 what the visitor read stays read, whichever report comes last', async () => {
  const panel = await started();
  await panel.send(ada.id, 'It is here.');
  await vi.waitFor(() => expect(panel.state().outbox).toEqual([]));
  hub.state.reads(ada, 'read', 2);
  const read = () => panel.state().talks[ada.id]?.view?.marks.read.n;
  await vi.waitFor(() => expect(read()).toBe(2));
  hub.state.tell({ marks: { conversation: ada.id, seen: { n: 0 }, read: { n: 1 }, unread: 0 } });
  ada.marks = { seen: { n: 0 }, read: { n: 0 } };
  const reads = asked(`/${ada.id}`);
  panel.reread(ada.id);
  await vi.waitFor(() => expect(asked(`/${ada.id}`)).toBeGreaterThan(reads));
  await vi.waitFor(() => expect(panel.state().talks[ada.id]?.view?.marks.read.n).toBe(2));
});

it('R67 an earlier chat that ended opens, and a new chat does not take it away', async () => {
  const panel = await started();
  const ended = hub.state.visitor('Ada Brandt', 'Last month');
  const rows = hub.state.rows;
  hub.state.rows = () => rows().filter((r) => r.conversation !== ended.id);
  // Not even while it is read.
  panel.select(ended.id);
  hub.state.visitor('Jonas Ek', 'Hello');
  await vi.waitFor(() => expect(panel.state().rows.some((r) => r.title === 'Jonas Ek')).toBe(true));
  expect(panel.state().selected).toBe(ended.id);
  await vi.waitFor(() => expect(panel.state().talks[ended.id]?.status).toBe('ready'));
  const next = hub.state.visitor('Grace Holm', 'Hello');
  await vi.waitFor(() => expect(panel.state().rows.some((r) => r.conversation === next.id)).toBe(true));
  expect(panel.state().selected).toBe(ended.id);
});
