import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Panel } from '../../../extension/panel/panel.ts';
import { rowsSince } from '../../../extension/panel/rows.ts';
import { type FakeHub, fakeHub } from '../../support/fake-hub.ts';
import type { FakeChat } from '../../support/fake-hub-state.ts';
import { panelAt } from '../../support/panel-at.ts';

let hub: FakeHub;
let ada: FakeChat;
let panel: Panel;
/** What happens at the hub around the next queue: before it looks, and when its answer is made and not yet sent. */
let before: (() => Promise<void>) | undefined;
let after: (() => Promise<void>) | undefined;
beforeEach(async () => {
  hub = await fakeHub({
    beatMs: 50,
    onCall: async (path, at) => {
      if (path !== 'GET /api/panel/queue') return;
      const act = at === 'before' ? before : after;
      if (at === 'before') before = undefined;
      else after = undefined;
      await act?.();
    },
  });
  ada = hub.state.visitor('Ada Brandt', 'Hello!');
  panel = panelAt(hub, new Map());
  await panel.start();
  await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
});
afterEach(async () => {
  panel.stop();
  await hub.down();
});

const row = () => panel.state().rows.find((r) => r.conversation === ada.id);
const atHub = () => hub.state.rows().find((r) => r.conversation === ada.id);
/** The stream ends and is taken up again, with which the panel asks for the queue; waits until that answer was taken. */
async function reconnected(): Promise<void> {
  const asked = () => hub.calls.filter((c) => c === 'GET /api/panel/queue').length;
  const [was, caughtUp] = [asked(), vi.fn()];
  const leave = panel.subscribe(() => row()?.title === 'As answered' && caughtUp());
  ada.title = 'As answered';
  hub.cut();
  await vi.waitFor(() => expect(asked()).toBeGreaterThan(was));
  await vi.waitFor(() => expect(caughtUp).toHaveBeenCalled());
  leave();
}

it('R74 a message that comes while an older queue is on its way is not taken back by it', async () => {
  after = async () => {
    hub.state.says(ada, 'Anybody there?');
    await vi.waitFor(() => expect(row()?.lastLine).toBe('Anybody there?'));
  };
  await reconnected();
  expect(row()).toEqual(atHub());
  expect(row()).toMatchObject({ unread: 2, unreadSeq: 2, lastSeq: 2 });
});

it('R62 nor is what was read meanwhile', async () => {
  after = async () => {
    hub.state.reads(ada, 'seen');
    await vi.waitFor(() => expect(row()?.unread).toBe(0));
  };
  await reconnected();
  expect([row()?.unread, atHub()?.unread]).toEqual([0, 0]);
});

it('R74 what the answer knows already is not told again: a mark from before its last line, and that line', async () => {
  before = async () => {
    hub.state.reads(ada, 'seen');
    hub.state.says(ada, 'Anybody there?');
    await vi.waitFor(() => expect(row()?.unreadSeq).toBe(2));
  };
  await reconnected();
  expect(row()).toEqual(atHub());
  expect(row()?.unread).toBe(1);
});

it('R66 a chat that ended meanwhile stays out of the queue', () => {
  const answered = hub.state.rows();
  const ended = hub.state.add(ada, { kind: 'ended', by: 'agent', name: 'Jens' });
  expect(answered).toHaveLength(1);
  expect(rowsSince(answered, [ended], undefined)).toEqual([]);
});

it('R74 what this agent sends takes no place of a message that is still on its way, whoever comes first', async () => {
  await vi.waitFor(() => expect(panel.state().talks[ada.id]?.status).toBe('ready'));
  const [stream] = hub.state.listeners;
  const late: Parameters<NonNullable<typeof stream>>[0][] = [];
  hub.state.listeners.clear();
  hub.state.listeners.add((event) => late.push(event));
  hub.state.says(ada, 'Anybody there?');
  await panel.send(ada.id, 'Loud at the counter', 'note');
  await vi.waitFor(() => expect(panel.state().talks[ada.id]?.entries.at(-1)?.kind).toBe('note'));
  for (const event of late) stream?.(event);
  await vi.waitFor(() => expect(row()).toEqual(atHub()));
  expect(row()).toMatchObject({ unread: 2, unreadSeq: 2, lastSeq: 3 });
});
