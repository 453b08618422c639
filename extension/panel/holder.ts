import type { Colleague } from '#contract/calls-agent.ts';
import type { Entry, QueueRow } from '#contract/chat.ts';

/** Which chats the queue shows (R66). */
export const filters = ['mine', 'unassigned', 'all'] as const;
/** One of them. */
export type Filter = (typeof filters)[number];

/** True for a row that a filter shows to whoever has this user id. */
export const fits = (row: Pick<QueueRow, 'assignee'>, filter: Filter, me: string | undefined): boolean =>
  filter === 'all' || (filter === 'mine' ? me !== undefined && row.assignee?.id === me : row.assignee === undefined);

/** A row after its chat changed hands; `given` says that somebody else gave it to whoever has this user id (R74). */
export function withHolder(
  { assignee: _, given: __, ...row }: QueueRow,
  { to, by, seq }: Extract<Entry, { kind: 'assigned' }>,
  me: string | undefined,
): QueueRow {
  const given = to !== undefined && to.id === me && by?.id !== me;
  return { ...row, lastSeq: seq, ...(to && { assignee: to }), ...(given && { given: seq }) };
}

/** "You took this chat." Names are the public ones; `by` reads the agent's own as You. */
export function assignedWords(
  { by, to, from, reason }: Extract<Entry, { kind: 'assigned' }>,
  name: (n: string) => string,
) {
  const who = by ? name(by.name) : '';
  const before = from ? `, ${name(from.name).replace('You', 'you')} held it before` : '';
  switch (reason) {
    case 'taken':
      return `${who} took this chat${before}.`;
    case 'replied':
      return `${who} replied first, so the chat is with ${who === 'You' ? 'you' : who}.`;
    case 'transferred':
      return `${who} handed this chat to ${name(to?.name ?? '').replace('You', 'you')}.`;
    case 'routed':
      return `This chat was given to ${name(to?.name ?? '').replace('You', 'you')}.`;
    case 'away':
      return `${name(from?.name ?? '')} went away, so this chat is back in the queue.`;
    case 'left':
      return `${from?.name ?? 'Its holder'} left the brand, so this chat is back in the queue.`;
  }
}

/** Everybody but whoever has this user id, whoever is there first. */
export const others = (all: readonly Colleague[], me: string | undefined): readonly Colleague[] =>
  all.filter((c) => c.id !== me).sort((a, b) => Number(b.available) - Number(a.available));
