import { problem } from '#contract/problem.ts';
import { longestReason } from '#contract/rights.ts';
import type { Field } from '#contract/visitor.ts';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { unseal } from '../store/seal.ts';
import type { Action } from './propagation.ts';

/** A recipient that a person at the brand has to tell by hand (GATE.md i: `manual`, or a connection that is gone). */
export interface OpenFollowUp {
  id: string;
  action: Action;
  /** The partner's own record where it gave one; else the values it got. */
  about: string;
  /** What is to stand there, where something is to be corrected (R42). */
  set?: Partial<Record<Field, string>>;
  /** ISO 8601 UTC. */
  dueAt: string;
}

const open = "('awaiting_operator', 'blocked_needs_operator')";

/** How many recipients of one connection wait to be told by hand. */
export const followUpCount = (read: Pick<Tx, 'hot'>, brandId: string, integrationId: string): number =>
  read
    .hot(`select count(*) as n from propagation_job where brand_id = ? and integration_id = ? and state in ${open}`)
    .get(brandId, integrationId)?.n as number;

/** What waits to be told by hand at one connection, most urgent first; the newest 200. */
export function openFollowUps(
  d: { store: Store; jobKek: Buffer },
  brandId: string,
  integrationId: string,
): OpenFollowUp[] {
  return d.store.read
    .hot(
      `select id, action, wrapped_key, target_enc, due_at from propagation_job
       where brand_id = ? and integration_id = ? and state in ${open} order by due_at, id limit 200`,
    )
    .all(brandId, integrationId)
    .map((row) => ({
      id: row.id as string,
      action: row.action as Action,
      ...targetOf(d.jobKek, row),
      dueAt: row.due_at as string,
    }));
}

function targetOf(kek: Buffer, row: Record<string, unknown>): Pick<OpenFollowUp, 'about' | 'set'> {
  // A person whose record could not be read when the job was made: the date is all that is left (GATE.md i).
  if (row.target_enc === null) return { about: 'somebody whose record cannot be read' };
  const key = unseal(kek, `job-key|${row.id}`, row.wrapped_key as string);
  const target = JSON.parse(unseal(key, `job|${row.id}`, row.target_enc as string).toString()) as {
    record?: string;
    values?: Record<string, string>;
    set?: Partial<Record<Field, string>>;
  };
  const about = target.record ? `record ${target.record}` : Object.values(target.values ?? {}).join(', ');
  return target.set ? { about, set: target.set } : { about };
}

/**
 * A person at the brand told the partner, or writes why that cannot be done: the job is over, and what it held of the
 * visitor is gone with its key (GATE.md f.4). The reason is read by the visitor, beside where to complain (R37): one that
 * is empty is no word that it was done. Raises `bad-input` for that or one too long to read, and `not-found` for a job of
 * another brand, or one that is over already.
 */
export async function followedUp(
  d: { store: Store; now: () => Date },
  who: { brandId: string; userId: string },
  id: string,
  reason?: string,
): Promise<void> {
  const why = reason?.trim();
  if (why === '') problem('bad-input', 'Please say why it cannot be done.');
  if (why && why.length > longestReason) problem('bad-input', `A reason has at most ${longestReason} characters.`);
  const state = why ? 'disproportionate' : 'acknowledged';
  await d.store.write((tx) => {
    const row = tx
      .hot(
        `update propagation_job set state = ?, result = 'by_operator', reason = ?, wrapped_key = null,
         target_enc = null where id = ? and brand_id = ? and state in ${open} returning integration_id`,
      )
      .get(state, why ?? null, id, who.brandId);
    if (!row) problem('not-found');
    const actor = `user:${who.userId}`;
    const act = why ? 'not-followed-up' : 'followed-up';
    note(tx, d.now().getTime(), { brandId: who.brandId, actor, act, detail: `job ${id}` });
  });
}
