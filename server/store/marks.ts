import type { Marks } from '#contract/visit.ts';
import type { Tx } from './open.ts';

/** Who has read: an agent what the visitor wrote (`seen`), the visitor what agents wrote (`read`). */
export type MarkKind = 'seen' | 'read';

const columns = { seen: ['seen_n', 'seen_at', 'visitor'], read: ['read_n', 'read_at', 'agent'] } as const;

/**
 * Raises how far one side has read, at most to the last line that both sides have; never lowers it, so that repeats and
 * late calls change nothing (R62). The time moves only where a message of the other side is newly read. True where
 * anything was raised.
 */
export function raiseMark(tx: Tx, kind: MarkKind, conversationId: string, n: number, at: string): boolean {
  const [mark, when, author] = columns[kind];
  const raised = tx
    .hot(
      `update conversation set ${mark} = min(?, last_n), ${when} = iif(exists (select 1 from entry e
         where e.conversation_id = conversation.id and e.kind in ('message', 'file') and e.n > conversation.${mark} and e.n <= ?
         and json_extract(e.body_json, '$.author') = '${author}'), ?, ${when})
       where id = ? and ${mark} < min(?, last_n) returning 1 as ok`,
    )
    .get(n, n, at, conversationId, n);
  return raised !== undefined;
}

/** How far each side of a conversation has read, and when. */
export function marksOf(row: Record<string, unknown>): Marks {
  const of = (kind: MarkKind) => {
    const [mark, when] = columns[kind];
    return { n: row[mark] as number, ...(row[when] === null ? {} : { at: row[when] as string }) };
  };
  return { seen: of('seen'), read: of('read') };
}

/** How many messages and files of the visitor no agent had on screen, and the seq of the newest of them. */
export function unreadOf(
  read: Pick<Tx, 'hot'>,
  conversationId: string,
  seen: number,
): { unread: number; unreadSeq?: number } {
  const row = read
    .hot(
      `select count(*) as unread, max(seq) as newest from entry where conversation_id = ? and kind in ('message', 'file')
       and n > ? and json_extract(body_json, '$.author') = 'visitor'`,
    )
    .get(conversationId, seen);
  return { unread: row?.unread as number, ...(row?.newest ? { unreadSeq: row.newest as number } : {}) };
}
