import type { HubClient, HubError } from '#contract/client.ts';
import { keeping, rowsOfChosen, withoutChat } from './brands.ts';
import { coalesced } from './coalesced.ts';
import { fits } from './holder.ts';
import type { PanelStorage } from './outbox.ts';
import { mergeRows, newest, type RowNews, rowsSince } from './rows.ts';
import { type PanelState, withView } from './state.ts';

/** What reading needs of the panel around it. */
export interface Around {
  client: HubClient;
  storage: PanelStorage;
  now: () => number;
  state: () => PanelState;
  update: (change: Partial<PanelState>) => void;
  /** True when an error means that nothing more may be shown; it has been dealt with then. */
  endedBy: (error: unknown) => boolean;
  /** The stream goes on after this seq. */
  setCursor: (seq: number) => void;
  select: (id: string) => void;
}

/** The three reads of the panel: queue, conversation, preview. What they answer replaces what was shown. */
export function reads(around: Around) {
  const { client, storage, state, update } = around;
  const keep = keeping(around);

  /** For each queue on its way: what the stream told of rows since it was asked for, in order. */
  const onTheWay = new Set<RowNews[]>();

  async function readQueue(fresh: boolean): Promise<void> {
    const meanwhile: RowNews[] = [];
    onTheWay.add(meanwhile);
    try {
      const { brands, stepAsked, me, files, rows, lastSeq } = await client.call('panelQueue', {});
      if (state().phase === 'gone') return;
      const left = await keep(brands, rows);
      if (state().phase === 'gone') return;
      if (fresh) around.setCursor(lastSeq);
      const now = mergeRows(state().rows, rowsSince(rows, meanwhile, me));
      update({ ...left, phase: 'ready', brands, stepAsked, me, files, rows: now });
    } finally {
      onTheWay.delete(meanwhile);
    }
    await pick();
  }

  /**
   * Opens a chat where none is: the one this browser had open last, else the newest, of those the filters show. What is
   * open stays open, also where a filter hides it, or it ended and is in no queue: nobody loses a chat while reading
   * or writing it.
   */
  async function pick(): Promise<void> {
    const stays = (): boolean => {
      const { selected, talks, rows } = state();
      return !!selected && (rows.some((r) => r.conversation === selected) || talks[selected]?.status !== 'failed');
    };
    if (stays()) return;
    const kept = await storage.get('panel/selected');
    if (stays()) return;
    const { filter, me } = state();
    const shown = rowsOfChosen(state()).filter((row) => fits(row, filter, me?.id));
    const id = shown.find((r) => r.conversation === kept)?.conversation ?? newest(shown);
    if (id) around.select(id);
  }

  async function readConversation(id: string): Promise<void> {
    const before = state().talks;
    if (!before[id]?.view) update({ talks: { ...before, [id]: { entries: [], ...before[id], status: 'loading' } } });
    try {
      const view = await client.call('panelConversation', {}, id);
      if (state().talks[id]) update(withView(state(), view, around.now())); // else it was wiped meanwhile
    } catch (error) {
      if (around.endedBy(error)) return;
      if (!state().talks[id]) throw error; // it was wiped meanwhile
      if ((error as HubError).status === 404) return update(await withoutChat(around, id));
      const { talks } = state();
      if (talks[id]) update({ talks: { ...talks, [id]: { ...talks[id], status: 'failed' } } });
      throw error;
    }
  }

  async function readPreview(): Promise<void> {
    const at = state().leave;
    if (!at) return;
    const still = (): boolean => {
      const { leave } = state();
      return leave?.integration === at.integration && leave.purpose === at.purpose && leave.status !== 'sending';
    };
    try {
      const { integration, purpose } = at;
      const preview = await client.call('panelPreview', { integration, purpose }, at.conversation);
      if (still()) update({ leave: { ...at, status: 'ready', preview, cause: undefined } });
    } catch (error) {
      const cause = (error as HubError).message;
      if (!around.endedBy(error) && still()) update({ leave: { ...at, status: 'failed', cause } });
    }
  }

  const queueAgain = coalesced(() => readQueue(false));
  const preview = coalesced(readPreview);
  const conversations = new Map<string, () => Promise<void>>();
  /** Reads one conversation; a failure is in the state. */
  async function conversation(id: string): Promise<void> {
    let read = conversations.get(id);
    if (!read) {
      read = coalesced(() => readConversation(id));
      conversations.set(id, read);
    }
    await read().catch(() => {});
  }

  return {
    /** Something the stream told of a row; no queue that is on its way takes it back. */
    heard(news: RowNews): void {
      for (const meanwhile of onTheWay) meanwhile.push(news);
    },
    /** The first queue, or the one after a lost cursor; rejects with HubError. */
    queue: (): Promise<void> => readQueue(true),
    /** The queue once more, because a chat is new; the cursor stays. */
    queueAgain: (): void => void queueAgain().catch((error) => around.endedBy(error)),
    conversation,
    pick: (): void => void pick(),
    preview: (): void => void preview(),
    /** The canned replies, anew each time they are looked for; what was read stays while nothing answers. */
    async replies(): Promise<void> {
      try {
        const { replies } = await client.call('panelReplies', {});
        if (state().phase !== 'gone') update({ replies });
      } catch (error) {
        if (!around.endedBy(error)) update({ replies: state().replies ?? 'failed' });
      }
    },
    /** Strip, cards and an open preview show what is stored, so they are read again, never guessed. */
    changed(id: string): void {
      if (state().talks[id]) void conversation(id);
      const { leave } = state();
      if (leave?.conversation === id && leave.status !== 'sending') void preview();
    },
  };
}
