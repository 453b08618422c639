import { type Entry, isSaid } from '#contract/chat.ts';
import type { HubClient, HubError } from '#contract/client.ts';
import type { layoutEvent, streams, stripEvent } from '#contract/endpoints.ts';
import type { StreamEvent } from '#contract/sse.ts';
import { actsOf } from './acts.ts';
import { findFromTab, type Look, type OpenTab } from './find.ts';
import { holdingOf } from './holding.ts';
import { fileDesk } from './kit/file-desk.ts';
import { arranging } from './layout.ts';
import { leaving } from './leaving.ts';
import { follow } from './live.ts';
import { outbox, type PanelStorage } from './outbox.ts';
import { presence } from './presence.ts';
import { reads } from './reads.ts';
import { rowsAfter } from './rows.ts';
import { searching } from './search.ts';
import { clientIdOf, emptyState, type Fill, leavesGap, type PanelState, type Writes, withEntry } from './state.ts';
import { writing } from './writing.ts';

// Types only: the values stand beside schemas that no page needs (DESIGN.md 4).
const streamPath: (typeof streams)['agent'] = '/api/panel/stream';
const strip: typeof stripEvent = 'strip';
const layoutOf: typeof layoutEvent = 'layout';

/** What the panel is handed; the extension and the hub's page give it different ones. */
export interface PanelDeps {
  client: HubClient;
  storage: PanelStorage;
  /** Milliseconds since 1970. */
  now: () => number;
  /** A fresh client id, at most 64 characters. */
  newId: () => string;
  /** 0 up to 1, for the jitter between two tries. */
  random: () => number;
  /**
   * Where a cookie speaks for the agent: the hub renews it at each connect, which ends the streams of the old one. Then
   * one question decides whether this is still the same person; without it an ended stream ends everything at once.
   */
  renews?: boolean;
  /** Called once when the right to see anything ended; cached data is wiped by then. */
  onGone?: () => void;
  /** Milliseconds between two tries of the outbox; 3,000 unless told. */
  retryMs?: number;
  /** Milliseconds of silence after which a stream counts as dead; 40,000 unless told. */
  stallMs?: number;
}

/** What arrives in the first moment after a gap (milliseconds) is counted aloud, not read line by line (UI.md 6). */
const catchUpMs = 300;

/** Milliseconds before each question whether a renewed cookie speaks for the same person; after the last all is over. */
const renewalMs = [100, 1000];

/** The panel's state and everything an agent can do with it; knows no browser API. */
export function createPanel(deps: PanelDeps) {
  const { client, storage, now } = deps;
  let state: PanelState = emptyState;
  let cursor = 0;
  let wasDown = false;
  let missed = 0;
  /** True from one ended stream until the next one stands: two in a row mean that the right is gone. */
  let renewed = false;
  let counting: ReturnType<typeof setTimeout> | undefined;
  let follower: ReturnType<typeof follow> | undefined;
  const listeners = new Set<() => void>();

  const update = (change: Partial<PanelState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const side = presence({ client, now, state: () => state, update, heard: (news) => read.heard(news) });
  listeners.add(side.look);

  function stop(): void {
    follower?.stop();
    side.stop();
    post.stop();
    clearTimeout(counting);
  }

  /** Cached data goes first, the word about it second (SECURITY.md 6, "Data shown"). */
  async function end(): Promise<void> {
    if (state.phase === 'gone') return;
    stop();
    files.clear();
    state = emptyState; // whatever else was in it goes too
    update({ phase: 'gone' });
    for (const prefix of ['draft/', 'outbox/', 'panel/'])
      for (const key of Object.keys(await storage.all(prefix))) await storage.set(key, undefined);
    deps.onGone?.();
  }
  const endedBy = (error: unknown): boolean => {
    if ((error as HubError).status !== 401) return state.phase === 'gone';
    void end();
    return true;
  };

  function select(id: string): void {
    update({ selected: id, leave: undefined, result: undefined, notice: undefined });
    void storage.set('panel/selected', id);
    void read.conversation(id);
  }
  const setCursor = (seq: number): void => {
    cursor = seq;
  };
  const read = reads({ client, storage, now, state: () => state, update, endedBy, setCursor, select });

  /** A line of a chat, from the stream or from the answer to this agent's own, which leaves the queue's rows as they are. */
  function apply(entry: Entry, rows = state.rows): void {
    const gap = leavesGap(state, entry);
    update({ ...withEntry(state, entry), rows });
    const sent = clientIdOf(entry);
    if (sent) void post.forget(sent);
    if (isSaid(entry) && entry.author === 'visitor') side.quiet(entry.conversation);
    if (gap || ['asked', 'answered', 'withdrawn'].includes(entry.kind)) read.changed(entry.conversation);
  }

  function onEvent(event: StreamEvent): void {
    if (event.event === strip) {
      const { conversation } = JSON.parse(event.data) as { conversation: string };
      read.changed(conversation || state.selected || ''); // no id means every conversation of the brand
      if (!conversation) read.queueAgain(); // and what another window of this agent chose
    }
    if (event.event === layoutOf) cards.reread();
    side.told(event);
    if (event.event !== 'message') return;
    const entry = JSON.parse(event.data) as Entry;
    if (entry.seq <= cursor) return;
    cursor = entry.seq;
    if (wasDown) missed++;
    const known = state.rows.some((r) => r.conversation === entry.conversation);
    // Rows follow the stream alone, which keeps the hub's order: an answer can overtake a message, which then rang for nobody.
    apply(entry, rowsAfter(state.rows, entry, state.me));
    read.heard(entry);
    if (!known) read.queueAgain();
    if (!state.selected) read.pick(); // it may be with this agent now
  }

  const post = outbox({
    storage,
    read: () => state.outbox,
    write: (items) => update({ outbox: items }),
    retryMs: deps.retryMs ?? 3000,
    refused: endedBy,
    send: async (item) => {
      const { clientId } = item;
      if (item.kind === 'file') return apply(await write.sendFile(item));
      if (item.kind !== 'share') {
        const name = item.kind === 'note' ? 'panelNote' : 'panelSend';
        return apply((await client.call(name, { clientId, text: item.text }, item.conversation)).entry);
      }
      const { integration, purpose } = item;
      const { share, entry } = await client.call('panelShare', { clientId, integration, purpose }, item.conversation);
      if (state.result?.clientId === clientId) update({ result: { ...state.result, share } });
      apply(entry);
    },
  });

  function onAlive(first: boolean): void {
    update({ link: { up: true, beatAt: now() } });
    if (!first) return;
    renewed = false;
    post.flush();
    cards.reread(); // an arrangement of another window is not replayed, and one of this window may wait
    if (!wasDown) return;
    if (state.selected) read.changed(state.selected); // strip events are not replayed
    read.queueAgain(); // nor is what another window read
    clearTimeout(counting);
    counting = setTimeout(() => {
      wasDown = false;
      update({ caughtUp: missed });
      missed = 0;
    }, catchUpMs);
  }

  /** The stream was ended: still this person under a renewed cookie, else nothing is shown any more. */
  async function ended(): Promise<void> {
    const who = (q: Pick<PanelState, 'brands' | 'me'>) => `${q.me?.id} ${q.brands.map((b) => `${b.id} ${b.role}`)}`;
    if (!deps.renews || renewed) return end();
    renewed = true;
    // The end of the old stream can overtake the answer that carries the new cookie.
    for (const ms of renewalMs) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      try {
        if (who(await client.call('panelQueue', {})) !== who(state)) return end();
        break;
      } catch {
        if (ms === renewalMs.at(-1)) return end();
      }
    }
    wasDown = true;
    listen();
  }

  async function begin(): Promise<void> {
    try {
      await read.queue();
    } catch (error) {
      if (!endedBy(error)) update({ phase: 'failed' });
      return;
    }
    listen();
  }

  function listen(): void {
    if (state.phase === 'gone') return;
    follower?.stop();
    follower = follow({
      open: (signal) => client.stream(streamPath, cursor, signal),
      onAlive,
      onEvent,
      onDown: () => {
        wasDown = true;
        update({ link: { ...state.link, up: false } });
      },
      onLost: async () => {
        await read.queue();
        await Promise.all(Object.keys(state.talks).map(read.conversation));
      },
      onGone: () => void ended(),
      random: deps.random,
      now,
      stallMs: deps.stallMs,
    });
  }

  const files = fileDesk(client, { send: 'panelFile', link: 'panelFileLink', picture: 'panelFilePicture' });
  const { told, ...acts } = actsOf({ client, files, update, endedBy, post, changed: read.changed, apply });
  const cards = arranging({ client, endedBy, state: () => state, update });
  const search = searching({ client, endedBy, select, state: () => state, update });
  const { loadFilters, ...holding } = holdingOf({ client, storage, state: () => state, update, endedBy, told, read });
  const write = writing({ storage, now, newId: deps.newId, state: () => state, update, add: post.add, files });
  const leave = leaving({ now, newId: deps.newId, state: () => state, update, preview: read.preview, add: post.add });

  return {
    state: (): PanelState => state,
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Takes up drafts and outbox, reads the queue and opens the stream. */
    async start(): Promise<void> {
      const drafts = await storage.all('draft/');
      update({ drafts: Object.fromEntries(Object.entries(drafts).map(([k, v]) => [k.slice(6), String(v)])) });
      await post.load();
      await loadFilters();
      await begin();
    },
    /** After "Try again" on a queue that did not load. */
    async retry(): Promise<void> {
      update({ phase: 'loading' });
      await begin();
    },
    stop,
    /** The network or the page came back: no waiting for the next try. */
    wake(): void {
      follower?.wake();
      post.flush();
    },
    select,
    ...search,
    reread: (id: string): void => void read.conversation(id),
    ...write,
    /** What the agent types, kept as a draft; that a reply is being written is told (R62). */
    setDraft(conversation: string, text: string, kind: Writes = 'message'): void {
      write.setDraft(conversation, text, kind);
      side.typed(conversation, text, kind);
    },
    /** Somebody has this panel before their eyes, or no longer: only then a chat counts as seen (R62). */
    seeing: (on: boolean): void => side.seeing(on),
    again: (clientId: string): void => void post.again(clientId),
    /** Gives up something that was refused. */
    discard(clientId: string): void {
      files.drop(clientId);
      void post.drop(clientId);
    },
    ...acts,
    ...holding,
    /** Shows the cards like this from now on, here and in the agent's other windows (R73). */
    arrange: cards.arrange,
    /** What an add-on offers goes into the reply of this chat, and nowhere else (R72); without it, it is there. */
    fill: (fill?: Fill): void => update({ fill }),
    ...leave,
    /** Looks for the person of the open tab; opens nothing by itself (R78). */
    findFromTab: (tab: OpenTab): Promise<Look> => findFromTab({ client, tab, endedBy }),
    readReplies: (): void => void read.replies(),
    /** Unpaired or signed out here: wipes what was kept. */
    end,
  };
}
/** What createPanel returns. */
export type Panel = ReturnType<typeof createPanel>;
