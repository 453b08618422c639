import type { Agent } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import { appendEntry } from '../store/entries.ts';
import { agentIn } from '../store/members.ts';
import type { Tx } from '../store/open.ts';
import { type ChatDeps, type Where, withoutNumbers } from './conversations.ts';
import { chatIn, type Held, hand } from './holding.ts';

/** What an agent wants with a chat: `to` is the agent's own id for Take; `from` is who held it on the screen. */
export interface Assignment {
  by: Agent;
  to: string;
  from: string | null;
  note?: string | undefined;
}

/**
 * Takes a chat or hands it on, decided in one transaction so that two who press at once end with one holder (R66). Raises
 * `not-found` for a chat or a colleague that is not of this brand (DB4), `changed-meanwhile` where somebody else holds it by
 * now, or it has ended. The same again changes nothing.
 */
export async function assign(d: ChatDeps, where: Where, { by, to, from, note }: Assignment): Promise<Agent> {
  const { agent, lines } = await d.store.write((tx) => {
    const chat = chatIn(tx, where);
    const agent = agentIn(tx, where.brandId, to) ?? problem('not-found');
    if (chat.assignee === to) return { agent, lines: [] };
    if (chat.closed) problem('changed-meanwhile', 'This chat has ended, so nobody holds it.');
    if (chat.assignee !== from) problem('changed-meanwhile', heldWords(tx, chat));
    const key = d.keys.of(tx, where.brandId, chat.subjectId);
    const lines = hand(tx, d, chat, { by, to: agent, reason: to === by.id ? 'taken' : 'transferred' });
    if (note) {
      const body = withoutNumbers(tx, where.brandId, { kind: 'note', by: by.name, text: note, clientId: d.ids() });
      lines.push(appendEntry(tx, { ...where, subjectId: chat.subjectId, key, at: d.now().toISOString() }, body));
    }
    return { agent, lines };
  });
  if (lines.length > 0) d.publish(lines, where.brandId);
  return agent;
}

const heldWords = (tx: Tx, chat: Held): string => {
  const holder = chat.assignee === null ? undefined : agentIn(tx, chat.brandId, chat.assignee);
  return holder ? `${holder.name} holds this chat by now.` : 'Nobody holds this chat any more.';
};
