import type { QueueRow } from '#contract/chat.ts';
import type { PanelStorage } from './outbox.ts';

/** What tells an agent of something new; the panel, the worker and the hub's page give it different ones. */
export interface AlertDeps {
  /** Shared by every window, tab and worker of this browser. */
  storage: Pick<PanelStorage, 'get' | 'set'>;
  /** One at a time over all of them (Web Locks), so that each message is told once (R74). */
  lock: <T>(name: string, act: () => Promise<T>) => Promise<T>;
  /** Messages that wait, over all chats; 0 takes the number away. */
  badge: (count: number) => void;
  /** A short sound; absent where nothing can make one. */
  ring?: () => void;
  /** A desktop notice, where the agent allowed it. */
  notice?: (words: { title: string; text: string; conversation: string }) => Promise<void> | void;
}

/** The part of a queue row that an alert is made from. */
export type Waiting = Pick<QueueRow, 'conversation' | 'title' | 'unread' | 'given'>;

const key = 'panel/told';

/** What was told of one chat: unread messages, and the line by which it was last given to this agent. */
type Told = [unread: number, given: number];

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
 * Tells of messages, and of chats given to this agent, that nobody was told of, once whichever window looks first: unread
 * counts come from the hub, and what was told is kept for all of them (R74, R75). `seen` is the chat that is before somebody's eyes: it makes no sound. A chat
 * that was answered meanwhile begins anew. It is kept as told once it was: a worker that is ended in between tells again,
 * and a second notice takes the place of the first, where the other order would tell nobody. Returns the chats told of.
 */
export async function tellOf(d: AlertDeps, rows: readonly Waiting[], seen?: string): Promise<readonly Waiting[]> {
  return d.lock('askfirst-alert', async () => {
    d.badge(rows.reduce((sum, r) => sum + r.unread, 0));
    // What an older panel kept has the unread messages alone.
    const told = ((await d.storage.get(key)) ?? {}) as Record<string, Told | number>;
    const before = (r: Waiting): Partial<Told> => [told[r.conversation] ?? []].flat() as Partial<Told>;
    const waiting = rows.filter((r) => r.unread > 0 || r.given);
    const next = Object.fromEntries(waiting.map((r) => [r.conversation, [r.unread, r.given ?? 0]]));
    const given = (row: Waiting): boolean => (row.given ?? 0) > (before(row)[1] ?? 0);
    const loud = waiting.filter(
      (row) => row.conversation !== seen && (given(row) || row.unread > (before(row)[0] ?? 0)),
    );
    if (loud.length > 0) {
      d.ring?.();
      await d.notice?.(noticeOf(loud, loud.filter(given)));
    }
    if (JSON.stringify(next) !== JSON.stringify(told)) await d.storage.set(key, next);
    return loud;
  });
}
