import type { CannedReply } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';

/** Replies of one brand: a list that is still found by its names. */
const most = 200;
/** What can be put in; anything else between braces is a slip of the pen. */
const variables = ['name', 'agent'];

/** A reply with the version that was read: whoever saves it names the one they saw. */
export type KeptReply = CannedReply & { version: number };

interface Deps {
  store: Store;
  now: () => Date;
  ids: () => string;
}
interface Who {
  brandId: string;
  userId: string;
}

/** The brand's canned replies, by name (R66). */
export const repliesOf = (read: Pick<Tx, 'hot'>, brandId: string): KeptReply[] =>
  read
    .hot('select id, name, text, version from canned_reply where brand_id = ? order by name')
    .all(brandId)
    .map((r) => ({ ...(r as unknown as KeptReply) }));

/**
 * Keeps a reply: a new one without `id`, else a change of the version that was seen; in the audit by its id alone (R53).
 * Raises `bad-input` for a name that is taken, a variable nobody knows or the 201st, `changed-meanwhile`, `not-found`.
 */
export async function saveReply(
  d: Deps,
  { brandId, userId }: Who,
  reply: { id?: string; seen?: number; name: string; text: string },
): Promise<void> {
  const unknown = [...reply.text.matchAll(/\{\{\s*(.*?)\s*\}\}/g)].find(([, v = '']) => !variables.includes(v));
  if (unknown)
    problem('bad-input', `${unknown[0]} cannot be filled in. Use {{name}} for the visitor, {{agent}} for the agent.`);
  await d.store.write((tx) => {
    const id = reply.id ?? d.ids();
    const taken = tx.hot('select id from canned_reply where brand_id = ? and name = ?').get(brandId, reply.name);
    if (taken && taken.id !== reply.id) problem('bad-input', 'Another reply has this name.');
    const at = d.now();
    if (reply.id === undefined) {
      const { n } = tx.hot('select count(*) as n from canned_reply where brand_id = ?').get(brandId) as { n: number };
      if (n >= most) problem('bad-input', `A brand has at most ${most} replies. Remove one first.`);
      tx.hot('insert into canned_reply (id, brand_id, name, text, version, at) values (?, ?, ?, ?, 1, ?)').run(
        id,
        brandId,
        reply.name,
        reply.text,
        at.toISOString(),
      );
    } else {
      standing(tx, brandId, id, reply.seen);
      tx.hot('update canned_reply set name = ?, text = ?, version = version + 1, at = ? where id = ?').run(
        reply.name,
        reply.text,
        at.toISOString(),
        id,
      );
    }
    note(tx, at.getTime(), { brandId, actor: `user:${userId}`, act: 'save-reply', detail: id });
  });
}

/** Removes a reply as it was seen. Raises `changed-meanwhile`, `not-found`. */
export async function removeReply(d: Deps, { brandId, userId }: Who, id: string, seen: number): Promise<void> {
  await d.store.write((tx) => {
    standing(tx, brandId, id, seen);
    tx.hot('delete from canned_reply where id = ?').run(id);
    note(tx, d.now().getTime(), { brandId, actor: `user:${userId}`, act: 'remove-reply', detail: id });
  });
}

/** The reply is this brand's, and still the one that was seen (DB4). */
function standing(tx: Tx, brandId: string, id: string, seen: number | undefined): void {
  const row = tx.hot('select version from canned_reply where id = ? and brand_id = ?').get(id, brandId);
  if (!row) problem('not-found');
  if (row.version !== seen) problem('changed-meanwhile');
}
