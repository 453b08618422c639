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
    /** Takes up the filters this browser last had. */
    async loadFilters(): Promise<void> {
      const [kept, brand] = [await storage.get('panel/filter'), await storage.get('panel/brand')];
      const filter = filters.find((f) => f === kept);
      if (filter) update({ filter });
      if (typeof brand === 'string') update({ brand });
    },
    /** Shows the rows of one brand alone, or of all. */
    setBrand(brand: string | undefined): void {
      update({ brand });
      read.pick();
      void storage.set('panel/brand', brand);
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
    /** Whether chats of any brand come to this agent; shown as it is stored, never as it is hoped for. */
    async setAvailable(available: boolean): Promise<void> {
      update({ choosing: 'saving' });
      try {
        const said = await client.call('panelAvailability', { available });
        update({ brands: state().brands.map((b) => ({ ...b, ...said })), choosing: undefined });
      } catch (error) {
        if (!endedBy(error)) update({ choosing: 'failed' });
      }
    },
  };
}
