import type { HubClient, HubError } from '#contract/client.ts';
import type { SearchHit } from '#contract/search.ts';
import type { PanelState, Search } from './state.ts';

/** What searching needs of the panel around it. */
interface Around {
  client: HubClient;
  state: () => PanelState;
  update: (change: Partial<PanelState>) => void;
  select: (conversation: string) => void;
  /** True when an error means that nothing more may be shown; it has been dealt with then. */
  endedBy: (error: unknown) => boolean;
}

/** Chats that are looked for at one go, and calls made for them: the rest waits for *Search further*. A guess; no row says. */
const enough = { hits: 20, calls: 10 };

/** Two lists of hits as one: each chat once, as it was found first. */
const joined = (a: readonly SearchHit[], b: readonly SearchHit[]): SearchHit[] => {
  const first = new Map<string, SearchHit>();
  for (const hit of [...a, ...b]) if (!first.has(hit.conversation)) first.set(hit.conversation, hit);
  return [...first.values()];
};

/** Looks for words, call by call, so that what is found shows at once and any moment can end it. */
export function searching({ client, state, update, select, endedBy }: Around) {
  const search = (): Search | undefined => state().search;
  const show = (search: Search | undefined): void => update({ search });
  /** Answers of a search that was ended or begun anew count for nothing. */
  let turn = 0;

  async function run(): Promise<void> {
    const mine = ++turn;
    const goal = (search()?.hits.length ?? 0) + enough.hits;
    for (let calls = 1; ; calls++) {
      const now = search();
      if (!now) return;
      try {
        const { words, next } = now;
        const page = await client.call('panelSearch', { words, ...(next ? { before: next.before } : {}) });
        if (mine !== turn || state().phase === 'gone') return;
        const hits = joined(now.hits, page.hits);
        const rests = hits.length >= goal || calls >= enough.calls;
        const status = page.next === undefined ? 'done' : rests ? 'paused' : 'searching';
        show({ words, status, hits, ...(page.next ? { next: page.next } : {}) });
        if (status !== 'searching') return;
      } catch (error) {
        if (endedBy(error) || mine !== turn) return;
        return show({ ...now, status: 'failed', cause: (error as HubError).message });
      }
    }
  }

  return {
    /** Looks for other words; without any the search is closed. */
    find(words: string): void {
      turn++;
      const sought = words.trim();
      show(sought ? { words: sought, status: 'searching', hits: [] } : undefined);
      if (sought) void run();
    },
    /** Goes on where it stopped, or tries again. */
    searchOn(): void {
      const now = search();
      if (!now || now.status === 'searching' || now.status === 'done') return;
      const { cause: _, ...rest } = now;
      show({ ...rest, status: 'searching' });
      void run();
    },
    /** Ends the looking; what was found stays. */
    stopSearch(): void {
      const now = search();
      if (now?.status !== 'searching') return;
      turn++;
      show({ ...now, status: 'paused' });
    },
    /** Opens a chat that was found, at its line. */
    openHit({ conversation, seq }: Pick<SearchHit, 'conversation' | 'seq'>): void {
      select(conversation);
      update({ jump: seq === undefined ? undefined : { conversation, seq } });
    },
    /** The line of a hit was shown, or is too far back to be here. */
    jumped(found: boolean): void {
      const { jump } = state();
      const text = 'This line is too far back to show here.';
      update({ jump: undefined, ...(jump && !found ? { notice: { conversation: jump.conversation, text } } : {}) });
    },
  };
}
