import type { HubClient } from '#contract/client.ts';
import { type Filter, filters } from './holder.ts';
import type { PanelStorage } from './outbox.ts';
import type { reads } from './reads.ts';
import type { PanelState } from './state.ts';

/** What holding needs of the panel around it. */
interface Around {
  client: HubClient;
  storage: Pick<PanelStorage, 'get' | 'set'>;
  state: () => PanelState;
  update: (change: Partial<PanelState>) => void;
  endedBy: (error: unknown) => boolean;
  /** One call about a chat; a refusal stands as a sentence. */
  told: (conversation: string, call: () => Promise<unknown>) => Promise<void>;
  read: Pick<ReturnType<typeof reads>, 'pick'>;
}

/** Who holds which chat, and who is there for one. */
export function holdingOf({ client, storage, state, update, endedBy, told, read }: Around) {
  return {
    /** Takes up the filter this browser last had. */
    async loadFilter(): Promise<void> {
      const kept = await storage.get('panel/filter');
      const filter = filters.find((f) => f === kept);
      if (filter) update({ filter });
    },
    setFilter(filter: Filter): void {
      update({ filter });
      read.pick();
      void storage.set('panel/filter', filter);
    },
    /** Gives this chat to somebody: with the agent's own id it is Take. What the queue shows then comes by the stream. */
    assign(conversation: string, to: string, note = ''): Promise<void> {
      const from = state().rows.find((r) => r.conversation === conversation)?.assignee?.id ?? null;
      const words = note.trim();
      return told(conversation, () =>
        client.call('panelAssign', { to, from, ...(words && { note: words }) }, conversation),
      );
    },
    /** The colleagues as they are now, anew each time they are looked for. */
    async readColleagues(): Promise<void> {
      try {
        const { colleagues } = await client.call('panelColleagues', {});
        if (state().phase !== 'gone') update({ colleagues });
      } catch (error) {
        if (!endedBy(error)) update({ colleagues: 'failed' });
      }
    },
    /** Whether chats come to this agent; shown as it is stored, never as it is hoped for. */
    async setAvailable(available: boolean): Promise<void> {
      update({ choosing: 'saving' });
      try {
        const said = await client.call('panelAvailability', { available });
        const { me } = state();
        if (me) update({ me: { ...me, ...said }, choosing: undefined });
      } catch (error) {
        if (!endedBy(error)) update({ choosing: 'failed' });
      }
    },
  };
}
