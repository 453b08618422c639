import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Panel } from '../../../extension/panel/panel.ts';
import { type FakeHub, fakeHub } from '../../support/fake-hub.ts';
import type { FakeChat } from '../../support/fake-hub-state.ts';
import { panelAt } from '../../support/panel-at.ts';

let hub: FakeHub;
let ada: FakeChat;
let panel: Panel;
beforeEach(async () => {
  hub = await fakeHub({ beatMs: 50 });
  ada = hub.state.visitor('Ada Brandt', 'Hello!');
});
afterEach(async () => {
  panel.stop();
  await hub.down();
});

async function started(): Promise<Panel> {
  panel = panelAt(hub, new Map());
  await panel.start();
  await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
  await vi.waitFor(() => expect(talk(panel)?.status).toBe('ready'));
  return panel;
}
const talk = (of: Panel) => of.state().talks[ada.id];
const texts = (of: Panel): string[] => (talk(of)?.entries ?? []).flatMap((e) => (e.kind === 'message' ? [e.text] : []));
const atHub = (): string[] =>
  ada.entries.flatMap((e) => (e.kind === 'message' && e.author === 'agent' ? [e.text] : []));

it('R66 a note has a draft of its own, goes where notes go, and never as a message', async () => {
  const panel = await started();
  panel.setDraft(ada.id, 'Dear Ada');
  panel.setDraft(ada.id, 'Loud at the counter', 'note');
  await panel.send(ada.id, 'Loud at the counter', 'note');
  expect(panel.state().drafts).toEqual({ [ada.id]: 'Dear Ada', [`${ada.id}/note`]: '' });
  await vi.waitFor(() => expect(panel.state().outbox).toEqual([]));
  expect(ada.entries.at(-1)).toMatchObject({ kind: 'note', text: 'Loud at the counter' });
  expect(atHub()).toEqual([]);
  expect(panel.state().rows.find((r) => r.conversation === ada.id)).toMatchObject({ lastLine: 'Hello!', unread: 1 });
});

it('R66 R62 a note that the hub refused or whose answer was lost stays a note, and is stored once', async () => {
  const panel = await started();
  hub.refuse('/notes', 'internal');
  await panel.send(ada.id, 'Once', 'note');
  await vi.waitFor(() => expect(panel.state().outbox).toMatchObject([{ kind: 'note', state: 'failed' }]));
  hub.loseAnswer('/notes');
  panel.again(panel.state().outbox[0]?.clientId ?? '');
  await vi.waitFor(() => expect(panel.state().outbox).toEqual([]));
  expect(ada.entries.map((e) => e.kind)).toEqual(['message', 'note']);
});

it('P1 R66 a note between two messages is no gap, and a missing one is read', async () => {
  for (const words of ['A', 'B', 'C']) hub.state.says(ada, words);
  const panel = await started();
  const reads = (): number => hub.calls.filter((c) => c.endsWith(`/conversations/${ada.id}`)).length;
  const before = reads();
  hub.state.add(ada, { kind: 'note', by: 'Maria', text: 'One', clientId: 'n-1' });
  hub.state.says(ada, 'Two');
  await vi.waitFor(() => expect(texts(panel)).toEqual(['Hello!', 'A', 'B', 'C', 'Two']));
  expect(reads()).toBe(before);
  hub.state.listeners.clear(); // this one is lost on its way
  hub.state.add(ada, { kind: 'note', by: 'Maria', text: 'Three', clientId: 'n-2' });
  hub.cut();
  await vi.waitFor(() => expect(talk(panel)?.entries.map((e) => e.n)).toEqual([1, 2, 3, 4, -1, 5, -2]));
});
