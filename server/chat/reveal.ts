import type { Revealed } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import type { ContactField, Field } from '#contract/visitor.ts';
import { note } from '../store/audit.ts';
import { chatRow } from '../store/chats.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { agentIn } from '../store/members.ts';
import { readable } from '../store/readable.ts';
import { putStatement, statements } from '../store/statements.ts';
import { valuesOfAll } from '../store/subjects.ts';
import type { ChatDeps } from './conversations.ts';
import { factsOf } from './views.ts';

/**
 * A contact of a chat's person in clear, once it is written down who read it and why (R51, R53). The reason may name
 * things about a person, so it is sealed with their key and the audit row goes without. Raises `not-found` for another
 * brand's chat (DB4) and for what the hub does not know or may not show (R22).
 */
export function reveal(
  d: Pick<ChatDeps, 'store' | 'keys' | 'now'>,
  chat: { brandId: string; conversationId: string },
  agent: { userId: string; kind: string },
  { field, reason }: { field: Field; reason: string },
): Promise<string> {
  return d.store.write((tx) => {
    const { brandId } = chat;
    const row = chatRow(tx, chat);
    const subjectId = row.subject_id as string;
    const closure = closureOf(tx, brandId, subjectId);
    const facts = factsOf(d, { brandId, subjectId }, valuesOfAll(tx, d.keys, brandId, closure));
    const { value } = facts.find((f) => f.field === field) ?? {};
    if (value === undefined) return problem('not-found', 'The hub does not know it.');
    const now = d.now();
    putStatement(tx, d.keys.of(tx, brandId, closure.root), {
      brandId,
      subjectId: closure.root,
      kind: 'revealed',
      value: JSON.stringify({ by: agent.userId, field, reason }),
      by: 'operator',
      at: now.toISOString(),
    });
    const detail = `${field}, chat ${row.number}, ${agent.kind}`;
    note(tx, now.getTime(), { brandId, actor: `user:${agent.userId}`, act: 'reveal', detail });
    return value;
  });
}

/** Who of the brand revealed a contact of this chat's person and why, the newest first, at most ten; a name is as it is now. */
export function revealsOf(
  d: Pick<ChatDeps, 'store' | 'keys'>,
  chat: { brandId: string; conversationId: string },
): Revealed[] {
  const { read } = d.store;
  const { brandId } = chat;
  return everyoneIn(closureOf(read, brandId, chatRow(read, chat).subject_id as string))
    .flatMap(
      (subjectId) =>
        readable(() =>
          statements(read, d.keys.of(read, brandId, subjectId), { brandId, subjectId, kind: 'revealed' }),
        ) ?? [],
    )
    .sort((a, b) => b.at.localeCompare(a.at))
    .slice(0, 10)
    .map(({ value, at }) => {
      const { by, field, reason } = JSON.parse(value) as { by: string; field: ContactField; reason: string };
      return { by: agentIn(read, brandId, by)?.name ?? 'Somebody who has left', field, reason, at };
    });
}
