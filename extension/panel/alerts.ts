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
export type Waiting = Pick<QueueRow, 'conversation' | 'title' | 'unread'>;

const key = 'panel/told';

/** "Ada Brandt wrote", "Ada Brandt and two others wrote": names only, a screen may be seen by others. */
const noticeOf = (fresh: readonly Waiting[]): { title: string; text: string; conversation: string } => {
  const [first] = fresh as readonly [Waiting, ...Waiting[]];
  const others = fresh.length - 1;
  const title = `${first.title}${others === 0 ? '' : ` and ${others === 1 ? 'one other' : `${others} others`}`} wrote`;
  return { title, text: 'Open askfirst to read it.', conversation: first.conversation };
};

/**
 * Tells of messages nobody was told of, once whichever window looks first: unread counts come from the hub, and what was
 * told is kept for all of them (R74, R75). `seen` is the chat that is before somebody's eyes: it makes no sound. A chat
 * that was answered meanwhile begins anew. It is kept as told once it was: a worker that is ended in between tells again,
 * and a second notice takes the place of the first, where the other order would tell nobody. Returns the chats told of.
 */
export async function tellOf(d: AlertDeps, rows: readonly Waiting[], seen?: string): Promise<readonly Waiting[]> {
  return d.lock('askfirst-alert', async () => {
    d.badge(rows.reduce((sum, r) => sum + r.unread, 0));
    const told = ((await d.storage.get(key)) ?? {}) as Record<string, number>;
    const waiting = rows.filter((r) => r.unread > 0);
    const next = Object.fromEntries(waiting.map((r) => [r.conversation, r.unread]));
    const loud = waiting.filter((r) => r.unread > (told[r.conversation] ?? 0) && r.conversation !== seen);
    if (loud.length > 0) {
      d.ring?.();
      await d.notice?.(noticeOf(loud));
    }
    if (JSON.stringify(next) !== JSON.stringify(told)) await d.storage.set(key, next);
    return loud;
  });
}
