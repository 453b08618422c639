import type { ServedBrand } from '#contract/calls-agent.ts';
import type { QueueRow } from '#contract/chat.ts';
import { rowsToTell } from './brands.ts';
import type { PanelStorage } from './outbox.ts';

/** What tells an agent of something new; the panel, the worker and the hub's page give it different ones. */
export interface AlertDeps {
  /** Shared by every window, tab and worker of this browser. */
  storage: Pick<PanelStorage, 'get' | 'set'>;
  /** One at a time over all of them (Web Locks), so that each message is told once (R74). */
  lock: <T>(name: string, act: () => Promise<T>) => Promise<T>;
  /** Messages that wait for this agent; 0 takes the number away. */
  badge: (count: number) => void;
  /** A short sound; absent where nothing can make one. */
  ring?: () => void;
  /** A desktop notice, where the agent allowed it. */
  notice?: (words: { title: string; text: string; conversation: string }) => Promise<void> | void;
}

/** The part of a queue row that an alert is made from. */
export type Waiting = Pick<
  QueueRow,
  'conversation' | 'brand' | 'title' | 'unread' | 'unreadSeq' | 'given' | 'lastSeq' | 'assignee'
>;

/** The queue as the hub answers it and the panel keeps it: the chats, their brands, and who reads them. */
export interface Listening {
  rows: readonly Waiting[];
  brands: readonly ServedBrand[];
  me?: { id: string } | undefined;
}

/**
 * Whose chat it is to hear of: its holder's, available or not; one nobody holds is everybody's who is available for its
 * brand (R64, R66, R74).
 */
const concerns = ({ assignee, brand }: Waiting, { me, brands }: Listening): boolean =>
  me !== undefined && (assignee ? assignee.id === me.id : brands.some((b) => b.id === brand && b.available));

/** Messages that wait for this agent: the number at the button, in worker and panel alike. */
export const waitingFor = (queue: Listening): number =>
  queue.rows.reduce((sum, row) => sum + (concerns(row, queue) ? row.unread : 0), 0);

const key = 'panel/told';

/** What this agent was told of one chat: the newest message, the line by which it was last given, its last line then. */
type Told = [unreadSeq: number, given: number, lastSeq: number];

/** "Ada Brandt", "Ada Brandt and two others". */
const namesOf = (rows: readonly Waiting[]): string => {
  const others = rows.length - 1;
  return `${rows[0]?.title}${others === 0 ? '' : ` and ${others === 1 ? 'one other' : `${others} others`}`}`;
};

/** "Ada Brandt wrote", "Ada Brandt is yours now": names only, a screen may be seen by others. */
const noticeOf = (fresh: readonly Waiting[], given: readonly Waiting[]) => {
  const wrote = fresh.filter((r) => !given.includes(r));
  const title = [
    ...(given.length > 0 ? [`${namesOf(given)} ${given.length === 1 ? 'is' : 'are'} yours now`] : []),
    ...(wrote.length > 0 ? [`${namesOf(wrote)} wrote`] : []),
  ].join(', ');
  const [first] = [...given, ...wrote];
  return { title, text: 'Open askfirst to read it.', conversation: first?.conversation ?? '' };
};

/**
 * Tells this agent of messages, and of chats given to them, once whichever window looks first: what was told is kept for
 * all of them, each chat by its newest message, since a count that fell and rose between two looks would tell nobody
 * (R74, R75). Nothing is told of a chat that a colleague holds; where it comes back to the queue with its messages
 * unread, they are news. A window that is behind another takes nothing back: a chat counts by its last line. `seen` is the
 * chat that is before somebody's eyes: it makes no sound. It is kept as told once it was: a worker that is ended in
 * between tells again, and a second notice takes the place of the first, where the other order would tell nobody. Returns
 * the chats told of.
 */
export async function tellOf(d: AlertDeps, queue: Listening, seen?: string): Promise<readonly Waiting[]> {
  const rows = rowsToTell(queue.rows, queue.brands);
  return d.lock('askfirst-alert', async () => {
    d.badge(waitingFor(queue));
    const kept = ((await d.storage.get(key)) ?? {}) as Record<string, Told>;
    const told = (id: string): Told => kept[id] ?? [0, 0, 0];
    const newest = Math.max(0, ...rows.map((r) => r.lastSeq));
    const known = new Set(rows.map((r) => r.conversation));
    const unseen = Object.keys(kept).filter((id) => !known.has(id) && told(id)[2] > newest);
    const next: Record<string, Told> = Object.fromEntries(unseen.map((id) => [id, told(id)]));
    const given = (row: Waiting): boolean => (row.given ?? 0) > told(row.conversation)[1];
    const loud = rows.filter((row) => {
      const [heard, , lastSeq] = told(row.conversation);
      const news = row.lastSeq > lastSeq && ((row.unreadSeq ?? 0) > heard || given(row));
      return news && concerns(row, queue) && row.conversation !== seen;
    });
    for (const row of rows) {
      const before = told(row.conversation);
      const heard = concerns(row, queue) ? Math.max(before[0], row.unreadSeq ?? 0) : 0;
      next[row.conversation] = row.lastSeq < before[2] ? before : [heard, row.given ?? 0, row.lastSeq];
    }
    if (loud.length > 0) {
      d.ring?.();
      await d.notice?.(noticeOf(loud, loud.filter(given)));
    }
    if (JSON.stringify(next) !== JSON.stringify(kept)) await d.storage.set(key, next);
    return loud;
  });
}
