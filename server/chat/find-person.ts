import type { Found } from '#contract/calls-find.ts';
import { problem } from '#contract/problem.ts';
import { subjectsWith } from '../egress/reference.ts';
import { note } from '../store/audit.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { readable } from '../store/readable.ts';
import type { ChatDeps } from './conversations.ts';
import { stripCell } from './views.ts';

/**
 * Whose record at a partner this is, from what the partner answered when something was sent there (R78). Nothing leaves:
 * no adapter runs and no call is made, so there is no ledger row, and nothing can be made at the partner. Like the card,
 * it says nothing of a person who said no to this partner, nor of one whose answers cannot be read (a guess: R78 is
 * silent on both). The look is written down, without the record. Raises `not-found` for another brand's connection (DB4).
 */
export async function findPerson(
  d: ChatDeps,
  by: { brandId: string; userId: string },
  at: { integration: string; record: string },
): Promise<Found> {
  const { brandId } = by;
  const { read } = d.store;
  if (!read.hot('select 1 as ok from integration where id = ? and brand_id = ?').get(at.integration, brandId))
    problem('not-found');
  const roots = new Map(
    subjectsWith(read, d.keys, { brandId, integrationId: at.integration, record: at.record }).map((id) => {
      const closure = closureOf(read, brandId, id);
      return [closure.root, closure];
    }),
  );
  const chats = [...roots.values()].flatMap((closure) => {
    const ids = everyoneIn(closure);
    const row = read
      .hot(
        `select id from conversation where brand_id = ? and subject_id in (select value from json_each(?))
         order by last_seq desc limit 1`,
      )
      .get(brandId, JSON.stringify(ids));
    const conversation = row?.id as string | undefined;
    if (!conversation) return [];
    const cell = readable(() => stripCell(d, brandId, closure.root, at.integration, conversation));
    return cell && cell.state !== 'no' && cell.state !== 'off' ? [conversation] : [];
  });
  const [conversation, another] = chats;
  const found: Found = !conversation ? { found: 'none' } : another ? { found: 'many' } : { found: 'one', conversation };
  await d.store.write((tx) =>
    note(tx, d.now().getTime(), {
      brandId,
      actor: `user:${by.userId}`,
      act: 'find-by-record',
      detail: `${at.integration} ${found.found}`,
    }),
  );
  return found;
}
