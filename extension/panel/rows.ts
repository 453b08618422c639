import type { Queue } from '#contract/calls-agent.ts';
import { type Entry, isSaid, type QueueRow } from '#contract/chat.ts';
import type { MarksNews } from '#contract/visit.ts';
import { withHolder } from './holder.ts';

type Rows = readonly QueueRow[];
type Me = Queue['me'] | undefined;
/** What the stream tells of a row of the queue: a line, or how far its chat was read. */
export type RowNews = Entry | MarksNews;

/** A row with this many messages that no agent had on screen. */
const withUnread = ({ unreadSeq, ...row }: QueueRow, unread: number): QueueRow => ({
  ...row,
  unread,
  ...(unread > 0 && unreadSeq && { unreadSeq }),
});

function withLine(row: QueueRow, entry: Entry, me: Me): QueueRow {
  if (entry.kind === 'tagged') return { ...row, lastSeq: entry.seq, tags: entry.tags };
  if (entry.kind === 'assigned') return withHolder(row, entry, me?.id);
  if (!isSaid(entry)) return { ...row, lastSeq: entry.seq };
  const said = entry.kind === 'file' ? `File: ${entry.name}` : entry.text;
  const visitor = entry.author === 'visitor';
  const { given, ...rest } = withUnread(row, visitor ? row.unread + 1 : 0);
  return {
    ...rest,
    ...(visitor && { unreadSeq: entry.seq, ...(given && { given }) }),
    lastSeq: entry.seq,
    lastAt: entry.at,
    lastLine: visitor ? said : `${entry.by === me?.name ? 'You' : entry.by}: ${said}`,
  };
}

/**
 * The queue after one more thing was told of it. A line the row knows already changes nothing; an ended chat leaves, and a
 * message brings it back with the next queue that is read.
 */
export const rowsAfter = (rows: Rows, news: RowNews, me: Me): Rows =>
  rows.flatMap((row) => {
    if (row.conversation !== news.conversation) return row;
    if ('unread' in news) return withUnread(row, news.unread);
    if (news.seq <= row.lastSeq) return row;
    return news.kind === 'ended' ? [] : withLine(row, news, me);
  });

/**
 * A queue the hub answered, with what the stream told while it was on its way: an answer can be older than the lines it
 * meets, and a message it took back would ring for nobody (R74). A mark that stood before a line the answer knows is in
 * the answer too.
 */
export function rowsSince(answered: Rows, meanwhile: readonly RowNews[], me: Me): Rows {
  const known = new Map(answered.map((row) => [row.conversation, row.lastSeq]));
  const stands = (news: RowNews, i: number): boolean => {
    const lastSeq = known.get(news.conversation) ?? 0;
    const answersIt = (later: RowNews) =>
      'seq' in later && later.conversation === news.conversation && later.seq <= lastSeq;
    return 'seq' in news || !meanwhile.slice(i).some(answersIt);
  };
  return meanwhile.filter(stands).reduce((rows, news) => rowsAfter(rows, news, me), answered);
}

/** Rows of a fresh queue in the places where they already stood; new ones come first, so nothing read moves away. */
export function mergeRows(old: Rows, fresh: Rows): Rows {
  const place = new Map(old.map((row, i) => [row.conversation, i]));
  return [...fresh].sort((a, b) => {
    const [x, y] = [place.get(a.conversation), place.get(b.conversation)];
    if (x === undefined && y === undefined) return b.lastSeq - a.lastSeq;
    return (x ?? -1) - (y ?? -1);
  });
}

/** The newest conversation, chosen at once where none is. */
export const newest = (rows: Rows): string | undefined =>
  rows.reduce<QueueRow | undefined>((best, row) => (best && best.lastSeq >= row.lastSeq ? best : row), undefined)
    ?.conversation;
