import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoff } from '../../../extension/panel/live.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { type FakeHub, fakeHub } from '../../support/fake-hub.ts';
import type { FakeChat } from '../../support/fake-hub-state.ts';
import { panelAt } from '../../support/panel-at.ts';

let hub: FakeHub;
let ada: FakeChat;
let kept: Map<string, unknown>;
const panels: Panel[] = [];
const crm = 'CustomerRelationshipManagement';

/** A page with the panel open: the cookie of the fake hub stands for the agent's session. */
function openPanel(onGone = (): void => {}, renews = false): Panel {
  const panel = panelAt(hub, kept, { onGone, renews });
  panels.push(panel);
  return panel;
}

async function started(onGone?: () => void, renews?: boolean): Promise<Panel> {
  const panel = openPanel(onGone, renews);
  await panel.start();
  await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
  await vi.waitFor(() => expect(talk(panel)?.status).toBe('ready'));
  return panel;
}
const talk = (panel: Panel) => panel.state().talks[ada.id];
const texts = (panel: Panel): string[] =>
  (talk(panel)?.entries ?? []).flatMap((e) => (e.kind === 'message' ? [e.text] : []));
const atHub = (): string[] =>
  ada.entries.flatMap((e) => (e.kind === 'message' && e.author === 'agent' ? [e.text] : []));

beforeEach(async () => {
  kept = new Map();
  hub = await fakeHub({ beatMs: 50 });
  hub.state.visitor('Tomasz Wilk-Lewandowski', 'Is Tuesday at 9 free?');
  ada = hub.state.visitor('Ada Brandt', 'Hello!', { email: 'ada@brandt.example', phone: '+45 20304418' });
});
afterEach(async () => {
  for (const panel of panels.splice(0)) panel.stop();
  await hub.down();
});

describe('the stream', () => {
  it('selects the newest chat at once and shows the next message live', async () => {
    const panel = await started();
    expect(panel.state().selected).toBe(ada.id);
    hub.state.says(ada, 'Is the Marlin still there?');
    await vi.waitFor(() => expect(texts(panel)).toEqual(['Hello!', 'Is the Marlin still there?']));
    expect(panel.state().rows.find((r) => r.conversation === ada.id)?.unread).toBe(2);
  });

  it('selects the first chat that comes when there was none', async () => {
    hub.state.chats.clear();
    const panel = openPanel();
    await panel.start();
    await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
    expect(panel.state().selected).toBeUndefined();
    ada = hub.state.visitor('Ada Brandt', 'Anybody there?');
    await vi.waitFor(() => expect(texts(panel)).toEqual(['Anybody there?']));
    expect(panel.state().selected).toBe(ada.id);
  });

  it('loses and doubles nothing over 20 dropped connections', async () => {
    const panel = await started();
    for (let i = 0; i < 20; i++) {
      await vi.waitFor(() => expect(hub.streams()).toBe(1));
      hub.state.says(ada, `before ${i}`);
      hub.cut();
      hub.state.says(ada, `after ${i}`);
      await vi.waitFor(() => expect(panel.state().link.up).toBe(false));
      panel.wake();
    }
    const all = ada.entries.map((e) => e.seq);
    await vi.waitFor(() => expect(talk(panel)?.entries.map((e) => e.seq)).toEqual(all), 10_000);
    expect(new Set(texts(panel)).size).toBe(41);
    // Each connection went on where the one before ended, instead of reading all of it again.
    expect(hub.lastIds.at(-1)).toBeGreaterThan(38);
    expect(hub.lastIds).toEqual([...hub.lastIds].sort((x, y) => x - y));
  });

  it('goes on after its cursor when the hub was away, and says so meanwhile', async () => {
    const panel = await started();
    await hub.down();
    await vi.waitFor(() => expect(panel.state().link.up).toBe(false));
    for (let i = 0; i < 4; i++) hub.state.says(ada, `while away ${i}`);
    await hub.up();
    panel.wake();
    await vi.waitFor(() => expect(texts(panel)).toHaveLength(5), 10_000);
    await vi.waitFor(() => expect(panel.state().caughtUp).toBe(4));
    expect(panel.state().link.up).toBe(true);
  });

  it('reads everything afresh when the hub does not know its cursor any more (404)', async () => {
    const panel = await started();
    hub.refuse('/api/panel/stream', 'not-found');
    hub.cut();
    hub.state.says(ada, 'after the reset');
    panel.wake();
    await vi.waitFor(() => expect(texts(panel)).toContain('after the reset'), 10_000);
    expect(hub.calls.filter((c) => c.endsWith('/queue')).length).toBe(2);
  });

  it('R68 reads the strip again when it changed, also when the change fell into a gap', async () => {
    const panel = await started();
    const state = (): string | undefined => talk(panel)?.view?.strip[0]?.state;
    hub.state.answers(ada, ['email'], ['phone']);
    await vi.waitFor(() => expect(state()).toBe('yes'));
    await hub.down();
    hub.state.setState(ada, 'hubspot', crm, 'no'); // a strip event alone: nothing that a replay would bring
    await hub.up();
    panel.wake();
    await vi.waitFor(() => expect(state()).toBe('no'), 10_000);
  });

  it('sec-E11 ends at once and keeps nothing when the right ended', async () => {
    const onGone = vi.fn();
    const panel = await started(onGone);
    panel.setDraft(ada.id, 'Half a reply');
    hub.state.tell({ gone: true });
    await vi.waitFor(() => expect(onGone).toHaveBeenCalledOnce());
    expect(panel.state()).toMatchObject({ phase: 'gone', rows: [], talks: {}, drafts: {} });
    expect([...kept.keys()]).toEqual([]);
    await vi.waitFor(() => expect(hub.streams()).toBe(0));
  });

  it('sec-E11 a cookie that was renewed goes on without a gap; one that ended ends everything', async () => {
    const onGone = vi.fn();
    const panel = await started(onGone, true);
    hub.state.tell({ gone: true });
    hub.state.says(ada, 'said meanwhile');
    const asked = (path: string) => hub.calls.filter((c) => c.endsWith(path)).length;
    // Once who this is, and once for what other windows read meanwhile.
    await vi.waitFor(() => expect([asked('/queue'), asked('/stream')]).toEqual([3, 2]));
    await vi.waitFor(() => expect(texts(panel)).toContain('said meanwhile'));
    await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
    expect([panel.state().phase, onGone.mock.calls.length]).toEqual(['ready', 0]);
    hub.refuse('/queue', 'not-signed-in');
    hub.state.tell({ gone: true });
    await vi.waitFor(() => expect([asked('/queue'), asked('/stream')]).toEqual([6, 3]), 5000); // the cookie came late
    await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
    for (let i = 0; i < 2; i++) hub.refuse('/queue', 'not-signed-in');
    hub.state.tell({ gone: true });
    await vi.waitFor(() => expect(onGone).toHaveBeenCalledOnce(), 5000);
    expect(panel.state()).toMatchObject({ phase: 'gone', rows: [], talks: {} });
  });

  it('waits 5 s at most between tries, with jitter', () => {
    expect(backoff(0, 0)).toBe(125);
    expect(backoff(0, 1)).toBe(250);
    expect(backoff(40, 1)).toBe(5000);
  });
});

describe('the outbox', () => {
  it('R62 what waits to be sent goes before the end of the chat; where it cannot, the chat goes on and says why', async () => {
    const panel = await started();
    const end = () => ada.entries.filter((e) => e.kind === 'ended').length;
    hub.refuse('/messages', 'bad-input');
    void panel.send(ada.id, 'Refused');
    await panel.endChat(ada.id);
    expect([end(), panel.state().notice?.text]).toEqual([0, expect.stringContaining('so the chat goes on')]);
    expect(panel.state().outbox).toMatchObject([{ text: 'Refused', state: 'failed' }]);
    const [refused] = panel.state().outbox;
    panel.discard(refused?.clientId ?? '');
    void panel.send(ada.id, 'It is yours until Saturday.');
    void panel.send(ada.id, 'Good-bye!');
    await panel.endChat(ada.id);
    expect([end(), panel.state().notice]).toEqual([1, undefined]);
    expect(atHub()).toEqual(['It is yours until Saturday.', 'Good-bye!']);
    expect(ada.entries.at(-1)?.kind).toBe('ended');
  });

  it('shows a message as waiting until the hub acknowledged it, once', async () => {
    const panel = await started();
    panel.setDraft(ada.id, 'It is.');
    const sending = panel.send(ada.id, 'It is.');
    expect(panel.state().outbox.map((o) => o.state)).toEqual(['waiting']);
    expect(kept.get(`draft/${ada.id}`)).toBeUndefined();
    await sending;
    await vi.waitFor(() => expect(panel.state().outbox).toEqual([]));
    expect(texts(panel)).toEqual(['Hello!', 'It is.']);
    expect(atHub()).toEqual(['It is.']);
    await vi.waitFor(() => expect([...kept.keys()].filter((k) => k.startsWith('outbox/'))).toEqual([]));
  });

  it('sends once when the answer is lost and the page is closed before the second try', async () => {
    const first = await started();
    hub.loseAnswer('/messages');
    await first.send(ada.id, 'Put aside until Saturday.');
    await vi.waitFor(() => expect(atHub()).toHaveLength(1));
    first.stop();
    const second = await started();
    await vi.waitFor(() => expect(second.state().outbox).toEqual([]));
    await vi.waitFor(() => expect(texts(second)).toEqual(['Hello!', 'Put aside until Saturday.']));
    expect(atHub()).toEqual(['Put aside until Saturday.']);
  });

  it('sends what an earlier page wrote without a network, in order and once', async () => {
    const first = await started();
    await hub.down();
    await first.send(ada.id, 'one');
    await first.send(ada.id, 'two');
    first.stop();
    await hub.up();
    const second = await started();
    await vi.waitFor(() => expect(atHub()).toEqual(['one', 'two']));
    await vi.waitFor(() => expect(second.state().outbox).toEqual([]));
    await vi.waitFor(() => expect([...kept.keys()].filter((k) => k.startsWith('outbox/'))).toEqual([]));
  });

  it('keeps the order of what was written offline, and sends it when the hub is back', async () => {
    const panel = await started();
    await hub.down();
    for (const text of ['one', 'two', 'three']) await panel.send(ada.id, text);
    expect(panel.state().outbox).toHaveLength(3);
    await hub.up();
    await vi.waitFor(() => expect(atHub()).toEqual(['one', 'two', 'three']), 10_000);
    await vi.waitFor(() => expect(panel.state().outbox).toEqual([]));
    await vi.waitFor(() => expect(texts(panel)).toEqual(['Hello!', 'one', 'two', 'three']));
  });

  it('says "Not sent" when the hub refused, and goes again under the same id', async () => {
    const panel = await started();
    hub.refuse('/messages', 'internal');
    await panel.send(ada.id, 'Hello Ada');
    await vi.waitFor(() => expect(panel.state().outbox.map((o) => o.state)).toEqual(['failed']));
    const [failed] = panel.state().outbox;
    expect(failed?.cause).toBe('Something went wrong in the hub.');
    panel.again(failed?.clientId ?? '');
    await vi.waitFor(() => expect(atHub()).toEqual(['Hello Ada']));
    expect(ada.entries.at(-1)).toMatchObject({ clientId: failed?.clientId });
  });

  it('R66 keeps a half-written reply over closing the panel', async () => {
    const first = await started();
    first.setDraft(ada.id, 'Of course. I ha');
    first.stop();
    const second = await started();
    expect(second.state().drafts[ada.id]).toBe('Of course. I ha');
  });
});

describe('asking and sending', () => {
  it('R71 sends nothing while nothing may leave, then what the preview showed, and shows the outcome', async () => {
    const panel = await started();
    panel.openLeave(ada.id, 'hubspot', 'HubSpot', crm);
    await vi.waitFor(() => expect(panel.state().leave?.status).toBe('ready'));
    expect(panel.state().leave?.preview?.rows.every((r) => !r.leaves)).toBe(true);
    await panel.share();
    expect(panel.state().leave).toBeDefined();
    expect(hub.calls.some((c) => c.endsWith('/shares'))).toBe(false);

    // The open preview follows the answer by itself.
    hub.state.answers(ada, ['email'], ['phone']);
    await vi.waitFor(() =>
      expect(
        panel
          .state()
          .leave?.preview?.rows.filter((r) => r.leaves)
          .map((r) => r.field),
      ).toEqual(['email']),
    );
    hub.loseAnswer('/shares');
    await panel.share();
    await vi.waitFor(() => expect(panel.state().result?.share).toBeDefined(), 10_000);
    const shares = ada.entries.filter((e) => e.kind === 'share');
    expect(shares).toHaveLength(1);
    expect(shares[0]).toMatchObject({ state: 'waiting', fields: ['email'] });
    expect(panel.state().outbox).toEqual([]);
  });

  it('R68 asks once; the second question is refused in a sentence and nothing is asked', async () => {
    const panel = await started();
    await panel.ask(ada.id, 'hubspot', crm);
    await vi.waitFor(() => expect(talk(panel)?.view?.strip[0]?.state).toBe('asked'));
    await panel.ask(ada.id, 'hubspot', crm);
    expect(panel.state().notice).toEqual({ conversation: ada.id, text: 'This chat will not ask again.' });
    expect(ada.entries.filter((e) => e.kind === 'asked')).toHaveLength(1);
  });
});
