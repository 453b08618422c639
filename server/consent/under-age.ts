import type { Entry } from '#contract/chat.ts';
import type { Purpose } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { appendEntry } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { putStatement, statedAt } from '../store/statements.ts';
import { appendEvent } from './events.ts';
import type { OptOutDeps } from './opt-out.ts';
import { propagateAll } from './propagation.ts';
import { chatsOf, outBefore, stopPerson } from './under-way.ts';

/** A person of a brand. */
interface Who {
  brandId: string;
  subjectId: string;
}

/**
 * A minor was found (GATE.md k.5): inside the caller's transaction every yes that no guardian gave is declared void, the
 * epoch rises, and what waits is finished; returns the lines for the chats. After the commit the caller cancels the
 * person's leases. Every recipient is to erase what it got (GATE-23).
 */
export function underAge(tx: Tx, d: OptOutDeps, who: Who, by: 'self' | 'operator', agent?: string): Entry[] {
  const { root } = closureOf(tx, who.brandId, who.subjectId); // a yes of anybody merged into them does not count anyway
  const grants = tx
    .hot(
      `select e.* from consent_head h join consent_event e on e.seq = h.event_seq
       where h.brand_id = ? and h.subject_id = ? and e.type in ('given', 'renewed') and e.by <> 'guardian'`,
    )
    .all(who.brandId, root);
  // From the stored yes alone: a manifest or a setting nobody can read keeps no yes alive (R16).
  for (const e of grants)
    appendEvent(tx, d, {
      ...who,
      integrationId: e.integration_id as string,
      purpose: e.purpose as Purpose,
      type: 'invalidated',
      by,
      method: by === 'self' ? 'preferences' : 'agent',
      fields: JSON.parse(e.fields_json as string),
      asked: JSON.parse(e.asked_json as string),
      terms: {},
      manifestHash: e.manifest_hash as string,
      noticeHash: e.notice_hash as string | null,
      regime: e.regime as string,
      validUntil: null,
    });
  propagateAll(tx, d, who, 'erase');
  const stopped = stopPerson(tx, d, who);
  return [...stopped, ...linesOf(tx, d, who, true, stopped.length, agent)];
}

/** True where an agent found this person under age and no owner cleared it. */
const isFlagged = (read: Pick<Tx, 'hot'>, { brandId, subjectId }: Who): boolean =>
  closureOf(read, brandId, subjectId).rows.some((r) => r.age_class === 'below_consent_age');

/** Since when a person is flagged as under age; undefined for everybody else. */
export const flaggedSince = (read: Pick<Tx, 'hot'>, who: Who): string | undefined =>
  isFlagged(read, who)
    ? everyoneIn(closureOf(read, who.brandId, who.subjectId))
        .flatMap((id) => statedAt(read, who.brandId, id, 'under_age') ?? [])
        .sort()
        .at(-1)
    : undefined;

/** Who acts, as audit row and chat line name them. */
interface Actor {
  userId: string;
  name: string;
}

/**
 * An agent says that this person seems under age (R27): in force when this resolves, with an audit row. A second time it
 * changes nothing.
 */
export async function flagUnderAge(d: OptOutDeps, who: Who & { number: number }, agent: Actor): Promise<void> {
  const entries = await d.store.write((tx) => {
    if (isFlagged(tx, who)) return [];
    mark(tx, d, who, 'below_consent_age', 'seems under age');
    audit(tx, d, who, agent, 'flag-under-age');
    return underAge(tx, d, who, 'operator', agent.name);
  });
  d.fence.cancel({ subjectId: closureOf(d.store.read, who.brandId, who.subjectId).root });
  d.publish(entries, who.brandId);
}

/**
 * Takes the flag away, for a reason (R27). What was declared void stays so: the person is asked anew. The reason may name
 * things about a person, so it is sealed with their key and the audit row goes without. Raises `conflict` where there is
 * no flag.
 */
export async function clearUnderAge(
  d: OptOutDeps,
  who: Who & { number: number },
  owner: Actor,
  reason: string,
): Promise<void> {
  const entries = await d.store.write((tx) => {
    if (!isFlagged(tx, who)) problem('conflict', 'This person is not flagged as under age.');
    mark(tx, d, who, 'adult', `cleared: ${reason}`);
    audit(tx, d, who, owner, 'clear-under-age');
    return linesOf(tx, d, who, false, 0, owner.name);
  });
  d.publish(entries, who.brandId);
}

function mark(tx: Tx, d: OptOutDeps, { brandId, subjectId }: Who, age: string, value: string): void {
  const closure = closureOf(tx, brandId, subjectId);
  for (const id of everyoneIn(closure))
    tx.hot('update subject set age_class = ? where id = ? and brand_id = ?').run(age, id, brandId);
  const { root } = closure;
  const key = d.keys.of(tx, brandId, root);
  putStatement(tx, key, {
    brandId,
    subjectId: root,
    kind: 'under_age',
    value,
    by: 'operator',
    at: d.now().toISOString(),
  });
}

const audit = (tx: Tx, d: OptOutDeps, who: Who & { number: number }, actor: Actor, act: string): void =>
  note(tx, d.now().getTime(), {
    brandId: who.brandId,
    actor: `user:${actor.userId}`,
    act,
    detail: `chat ${who.number}`,
  });

function linesOf(tx: Tx, d: OptOutDeps, who: Who, on: boolean, stopped: number, by?: string): Entry[] {
  const key = d.keys.of(tx, who.brandId, who.subjectId);
  const alreadyOut = on ? outBefore(tx, d.fence, who) : 0;
  const at = d.now().toISOString();
  return chatsOf(tx, who).map((chat) =>
    appendEntry(
      tx,
      { ...who, ...chat, key, at },
      { kind: 'under_age', on, ...(by ? { by } : {}), alreadyOut, stopped },
    ),
  );
}
