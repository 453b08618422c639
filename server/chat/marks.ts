import type { Marks } from '#contract/visit.ts';
import { chatRow } from '../store/chats.ts';
import { type MarkKind, marksOf, raiseMark, unreadOf } from '../store/marks.ts';
import type { ChatDeps, Where } from './conversations.ts';
import type { Live } from './live.ts';

/** What presence needs. */
export type PresenceDeps = Pick<ChatDeps, 'store' | 'now'> & { live: Pick<Live, 'marks'> };

/**
 * Stores that one side had lines up to `n` on screen, and tells every window of both sides (R62). Only ever raised, and
 * never over lines for agents only, which no mark counts (R66); a repeat or a late call writes nothing new and tells
 * nobody. Raises `not-found` for another brand's chat (DB4).
 */
export async function markRead(d: PresenceDeps, where: Where, kind: MarkKind, n: number): Promise<Marks> {
  const { conversationId, brandId } = where;
  const before = chatRow(d.store.read, where);
  // A panel that redraws asks often: what is known already costs no commit.
  const mark = kind === 'seen' ? before.seen_n : before.read_n;
  if (Math.min(n, before.last_n as number) <= (mark as number)) return marksOf(before);
  const { marks, unread, raised } = await d.store.write((tx) => {
    const raised = raiseMark(tx, kind, conversationId, n, d.now().toISOString());
    const marks = marksOf(chatRow(tx, where));
    return { marks, unread: unreadOf(tx, conversationId, marks.seen.n).unread, raised };
  });
  if (raised) d.live.marks(brandId, { conversation: conversationId, ...marks, unread });
  return marks;
}
