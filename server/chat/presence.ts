import type { Agent } from '#contract/chat.ts';
import { agentsOf } from '../store/members.ts';
import type { Tx } from '../store/open.ts';

type Read = Pick<Tx, 'hot'>;
/** One agent of one brand. */
export interface Seat {
  brandId: string;
  userId: string;
}

/**
 * An agent counts as there this long (milliseconds) after the newest sign of life of a stream of theirs. A stream gives one
 * every 15 s, kept at most every `markMs`, and comes back within 5 s where a network changes: nobody loses chats to a tunnel,
 * and a closed laptop has lost them after a minute and a half. Guess; no row names a figure.
 */
const graceMs = 90_000;
/** Signs of life of one agent are kept no closer than this (milliseconds), so that a thousand streams are not a thousand writes. */
export const markMs = 30_000;

/** An agent of a brand: there or away, chats held, and when routing last gave one. */
export interface Standing extends Agent {
  available: boolean;
  /** Open chats held. */
  open: number;
  turn: number;
}

/** Everybody of a brand as they stand at `now`, by name. */
export function standings(read: Read, brandId: string, now: Date): Standing[] {
  const rows = read.hot('select * from presence where brand_id = ?').all(brandId);
  const known = new Map(rows.map((row) => [row.user_id as string, row]));
  const held = read
    .hot(
      `select assignee, count(*) as n from conversation
       where brand_id = ? and assignee is not null and closed_at is null group by assignee`,
    )
    .all(brandId);
  const open = new Map(held.map((row) => [row.assignee as string, row.n as number]));
  return agentsOf(read, brandId).map((agent) => {
    const row = known.get(agent.id);
    const alive = now.getTime() - ((row?.seen_ms as number | undefined) ?? 0) <= graceMs;
    return {
      ...agent,
      available: alive && row?.away === 0,
      open: open.get(agent.id) ?? 0,
      turn: (row?.turn as number | undefined) ?? 0,
    };
  });
}

/** What an agent chose: to be there, until they choose otherwise. */
export const isAway = (read: Read, { brandId, userId }: Seat): boolean =>
  read.hot('select away from presence where brand_id = ? and user_id = ?').get(brandId, userId)?.away === 1;

/** Keeps a sign of life. */
export function mark(tx: Tx, { brandId, userId }: Seat, now: Date): void {
  tx.hot(
    `insert into presence (brand_id, user_id, away, seen_ms, turn) values (?, ?, 0, ?, 0)
     on conflict (brand_id, user_id) do update set seen_ms = max(seen_ms, excluded.seen_ms)`,
  ).run(brandId, userId, now.getTime());
}

/** Keeps what an agent chose; choosing is a sign of life too. */
export function choose(tx: Tx, seat: Seat, away: boolean, now: Date): void {
  mark(tx, seat, now);
  tx.hot('update presence set away = ? where brand_id = ? and user_id = ?').run(
    away ? 1 : 0,
    seat.brandId,
    seat.userId,
  );
}

/** Notes that routing gave this agent the brand's newest chat. */
export function noteTurn(tx: Tx, { brandId, userId }: Seat): void {
  tx.hot(
    `update presence set turn = (select max(turn) + 1 from presence where brand_id = ?)
     where brand_id = ? and user_id = ?`,
  ).run(brandId, brandId, userId);
}
