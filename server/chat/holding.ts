import type { Agent, AssignReason, Entry } from '#contract/chat.ts';
import { routingSetting } from '#contract/routing.ts';
import { readChatSetting } from '../store/chat-settings.ts';
import { chatRow } from '../store/chats.ts';
import { appendEntry } from '../store/entries.ts';
import { agentIn } from '../store/members.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import type { SubjectKeys } from '../store/subjects.ts';
import { pickAgent } from './pick.ts';
import { noteTurn, standings } from './presence.ts';

/** What holding needs. */
export interface HoldingDeps {
  keys: SubjectKeys;
  now: () => Date;
}
type Read = Pick<Tx, 'hot'>;

/** One change of hands; `by` is absent where routing did it, `to` where the chat goes back to the queue. */
interface Change {
  by?: Agent | undefined;
  to?: Agent | undefined;
  reason: AssignReason;
}

/** A chat as far as its holder is concerned. */
export interface Held {
  brandId: string;
  conversationId: string;
  subjectId: string;
  assignee: string | null;
}
const heldOf = (row: Record<string, unknown>): Held => ({
  brandId: row.brand_id as string,
  conversationId: row.id as string,
  subjectId: row.subject_id as string,
  assignee: row.assignee as string | null,
});

/** Gives one chat to one holder and writes the line; nothing where the person's record cannot be read (R16). */
export function hand(tx: Tx, d: HoldingDeps, chat: Held, change: Change): Entry[] {
  const { brandId, conversationId, subjectId, assignee } = chat;
  const key = readable(() => d.keys.of(tx, brandId, subjectId));
  if (!key) return [];
  const { by, to, reason } = change;
  // Somebody who left the brand is named as the log last named them.
  const from = assignee === null ? undefined : (agentIn(tx, brandId, assignee) ?? namedIn(tx, chat));
  tx.hot('update conversation set assignee = ? where id = ?').run(to?.id ?? null, conversationId);
  const place = { brandId, conversationId, subjectId, key, at: d.now().toISOString() };
  return [
    appendEntry(tx, place, {
      kind: 'assigned',
      ...(by && { by }),
      ...(to && { to }),
      ...(from && { from }),
      reason,
    }),
  ];
}

/** The newest change of hands of a chat; undefined where there is none, or it cannot be read (R16). */
export function newestChange(read: Read, conversationId: string): (Change & { seq: number }) | undefined {
  const row = read
    .hot(`select seq, body_json from entry where conversation_id = ? and kind = 'assigned' order by seq desc limit 1`)
    .get(conversationId);
  const change = row && readable(() => JSON.parse(row.body_json as string) as Change);
  return change && { ...change, seq: row.seq as number };
}
const namedIn = (read: Read, { conversationId, assignee }: Held): Agent | undefined => {
  const to = newestChange(read, conversationId)?.to;
  return to?.id === assignee ? to : undefined;
};

/** A visitor waits for an answer: what was said last is the visitor's. */
const isUnanswered = (read: Read, conversationId: string): boolean =>
  read
    .hot(
      `select body_json ->> '$.author' as author from entry where conversation_id = ? and kind in ('message', 'file')
       order by seq desc limit 1`,
    )
    .get(conversationId)?.author === 'visitor';

/**
 * Brings a brand's chats in order, inside the transaction that changed something: a chat, an agent, an end (R66). Whoever
 * left the brand holds nothing. Where the brand's routing is automatic, whoever is away gives back what is unanswered, and
 * what waits is given out, the oldest first, while somebody is available and under the limit. Nothing to do is no harm.
 * Whoever ends a chat calls it afterwards, as its holder is free then. Returns the lines, to be published after the commit.
 */
export function route(tx: Tx, d: HoldingDeps, brandId: string): Entry[] {
  const setting = readChatSetting(tx, brandId, routingSetting).value;
  const automatic = setting.mode !== 'manual';
  const all = standings(tx, brandId, d.now());
  const at = new Map(all.map((agent) => [agent.id, agent]));
  const lines: Entry[] = [];
  const holders = tx
    .hot(
      'select distinct assignee as id from conversation where brand_id = ? and assignee is not null and closed_at is null',
    )
    .all(brandId)
    .map((row) => row.id as string);
  for (const id of holders) {
    const holder = at.get(id);
    if (holder && (holder.available || !automatic)) continue;
    const chats = tx
      .hot('select * from conversation where brand_id = ? and assignee = ? and closed_at is null order by number')
      .all(brandId, id)
      .map(heldOf)
      .filter((chat) => !holder || isUnanswered(tx, chat.conversationId));
    for (const chat of chats) lines.push(...hand(tx, d, chat, { reason: holder ? 'away' : 'left' }));
  }
  if (!automatic || !pickAgent(setting, all)) return lines;
  const waiting = tx
    .hot('select * from conversation where brand_id = ? and assignee is null and closed_at is null order by number')
    .all(brandId)
    .map(heldOf);
  for (const chat of waiting) {
    const next = at.get(pickAgent(setting, all)?.id ?? '');
    if (!next) break;
    const given = hand(tx, d, chat, { to: { id: next.id, name: next.name }, reason: 'routed' });
    if (given.length === 0) continue;
    noteTurn(tx, { brandId, userId: next.id });
    next.open++;
    next.turn = Math.max(...all.map((a) => a.turn)) + 1;
    lines.push(...given);
  }
  return lines;
}

/** A chat of a brand with its holder. Raises `not-found` (DB4). */
export const chatIn = (tx: Tx, where: Pick<Held, 'brandId' | 'conversationId'>) => {
  const row = chatRow(tx, where);
  return { ...heldOf(row), closed: row.closed_at !== null };
};

/** Whoever replies first to a chat nobody holds, holds it: in the transaction of the reply (R66). */
export function holdByReply(
  tx: Tx,
  d: HoldingDeps,
  where: Pick<Held, 'brandId' | 'conversationId'>,
  by: Agent,
): Entry[] {
  const chat = chatIn(tx, where);
  if (chat.assignee !== null || chat.closed) return [];
  return hand(tx, d, chat, { by, to: by, reason: 'replied' });
}
