import type { Entry } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import { type Score, survey } from '#contract/survey.ts';
import { readChatSetting } from '../store/chat-settings.ts';
import { type ChatDeps, type Where, withoutNumbers, writeLine } from './conversations.ts';
import { route } from './holding.ts';

/**
 * Ends a chat, for agent and visitor alike: it leaves the queue, and a line says who ended it. Twice is as once. What
 * waits to be sent goes on by its own rules. Raises `not-found` (DB4).
 */
export const endChat = (
  d: ChatDeps,
  where: Where,
  end: { by: 'visitor' } | { by: 'agent'; name: string },
): Promise<Entry | undefined> =>
  writeLine(
    d,
    where,
    (tx) => {
      const ended = tx
        .hot('update conversation set closed_at = ? where id = ? and brand_id = ? and closed_at is null returning id')
        .get(d.now().toISOString(), where.conversationId, where.brandId);
      return ended ? { kind: 'ended' as const, ...end } : undefined;
    },
    (tx) => route(tx, d, where.brandId), // whoever held it is free for one that waits (R66)
  );

/**
 * Stores what the visitor said about the chat, sealed, once (R59): the same again is the stored line, another answer is a
 * `conflict`. Raises `moved-on` where nothing is asked: the chat was never ended, or the brand's question is off.
 */
export const rateChat = (d: ChatDeps, where: Where, said: { score: Score; comment: string }): Promise<Entry> =>
  writeLine(d, where, (tx) => {
    const asks = readChatSetting(tx, where.brandId, survey).value;
    const ended = tx
      .hot("select 1 as one from entry where conversation_id = ? and kind = 'ended' limit 1")
      .get(where.conversationId);
    if (!asks.on || !ended) problem('moved-on', 'Nothing is asked after this chat.');
    const { text, ...masked } = withoutNumbers(tx, where.brandId, { text: said.comment });
    return { kind: 'rated' as const, score: said.score, comment: text, ...masked };
  });
