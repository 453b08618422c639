import { randomBytes } from 'node:crypto';
import type { Manifest } from '#contract/connection.ts';
import type { Purpose } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import type { Fence } from '../egress/fence.ts';
import { lastReference } from '../egress/reference.ts';
import { closureOf } from '../store/closure.ts';
import { recipientName } from '../store/disclosures.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { seal } from '../store/seal.ts';
import { type SubjectKeys, valuesOfAll } from '../store/subjects.ts';
import { type AlreadyOut, recipientsOf, whatIsOut } from './under-way.ts';

/** What a recipient is told (GATE.md a, i). */
export type Action = 'suppress' | 'erase' | 'restrict' | 'rectify';

/** One recipient that is to be told, as the acknowledgement of an opt-out lists it (GATE.md e.2). */
export interface FollowUp {
  recipient: string;
  action: Action;
  /** queued; awaiting_operator: a person at the brand does it; impossible: the partner offers no way. */
  state: 'queued' | 'awaiting_operator' | 'blocked_needs_operator' | 'impossible';
  /** ISO 8601 UTC. */
  dueAt: string;
}

/** What making jobs needs; `jobKek` wraps each job's own key. */
export interface PropagationDeps {
  keys: SubjectKeys;
  now: () => Date;
  ids: () => string;
  jobKek: Buffer;
}

/**
 * Days until a recipient should have been told. Stricter than the 15 business days of 11 CCR 7026(f); one month is the
 * outer limit of GDPR 12(3). To be confirmed by counsel (GATE.md m.1).
 */
const dueDays = 15;

const stateOf = { api: 'queued', manual: 'awaiting_operator', none: 'impossible' } as const;

/** One recipient that is to be told something, before its job stands. */
interface Telling {
  brandId: string;
  subjectId: string;
  integrationId: string;
  purpose: Purpose;
  action: Action;
  /** Number of what caused it, in database order. */
  causeSeq: number;
  /** The fields it is about: by their values it finds the person where the partner named no record. */
  fields: readonly Field[];
  /** What they are to become. */
  set?: Partial<Record<Field, string>>;
  /** Why nobody may be told, as a reason code: the job is over as it begins. */
  refused?: string | undefined;
}

/**
 * Writes one job in the state it begins in: queued, with a person of the brand, or over where the partner offers no way
 * (GATE.md i). Undefined for an integration of another brand. A target that cannot be read waits for a person.
 */
export function addJob(tx: Tx, d: PropagationDeps, t: Telling): { id: string; told: FollowUp } | undefined {
  const row = tx
    .hot(
      `select i.connection, m.body_json, ${recipientName} as recipient from integration i
       left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash where i.id = ? and i.brand_id = ?`,
    )
    .get(t.integrationId, t.brandId);
  if (!row) return undefined;
  const manifest = readable(() => JSON.parse(row.body_json as string) as Manifest | null);
  // What a damaged data sheet could do, nobody can say: a person of the brand has to look.
  const declared = manifest ? stateOf[manifest.capabilities[t.action]] : 'blocked_needs_operator';
  const able = t.refused === undefined ? declared : 'impossible';
  const dueAt = new Date(d.now().getTime() + dueDays * 86_400_000).toISOString();
  const id = d.ids();
  const sealed = able === 'impossible' ? undefined : readable(() => sealTarget(tx, d, id, t));
  const ready = row.connection === 'active' && sealed !== undefined;
  const state = able === 'impossible' || ready ? able : 'blocked_needs_operator';
  tx.hot(
    `insert into propagation_job (id, brand_id, cause_seq, integration_id, purpose, action, wrapped_key, target_enc, state,
     attempts, due_at, result, reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, null, ?)`,
  ).run(
    id,
    t.brandId,
    t.causeSeq,
    t.integrationId,
    t.purpose,
    t.action,
    sealed?.wrappedKey ?? null,
    sealed?.target ?? null,
    state,
    dueAt,
    state === 'impossible' ? (t.refused ?? 'no_capability') : null,
  );
  return { id, told: { recipient: row.recipient as string, action: t.action, state, dueAt } };
}

/**
 * Makes one job for an integration that actually got something, and none for one that did not: telling a partner who
 * never had the person is itself a disclosure (GATE.md i). A disclosure that an earlier job of the same action covers is
 * not covered again (I5). What left under a legal obligation is not taken back by an opt-out (D05). `cause` is the
 * number of the event in database order. The job holds the partner's own record id or the values it got under a key of
 * its own, so that it outlives the person's.
 */
export function propagate(
  tx: Tx,
  d: PropagationDeps,
  who: { brandId: string; subjectId: string; integrationId: string; purpose: Purpose },
  cause: { seq: number; action: Action },
  out: readonly AlreadyOut[],
): { id: string; told: FollowUp } | undefined {
  const covered = tx.hot('select 1 as ok from propagation_cover where disclosure_id = ? and action = ?');
  const open = out.filter(
    (o) => o.purpose === who.purpose && o.rules.some((r) => r !== 'D05') && !covered.get(o.disclosure, cause.action),
  );
  if (open.length === 0) return undefined;
  const fields = [...new Set(open.flatMap((o) => o.fields))];
  const job = addJob(tx, d, { ...who, action: cause.action, causeSeq: cause.seq, fields });
  if (!job) return undefined;
  for (const o of open)
    tx.hot('insert into propagation_cover (disclosure_id, action, brand_id, job_id) values (?, ?, ?, ?)').run(
      o.disclosure,
      cause.action,
      who.brandId,
      job.id,
    );
  return job;
}

/**
 * The partner's own record, or, where it gave none, the values of the fields it got, under a fresh key; with `set`, what
 * they are to become.
 */
function sealTarget(
  tx: Tx,
  d: PropagationDeps,
  id: string,
  { fields, set, ...who }: Telling,
): { wrappedKey: string; target: string } {
  const record = lastReference(tx, d.keys, who)?.record;
  const known = valuesOfAll(tx, d.keys, who.brandId, closureOf(tx, who.brandId, who.subjectId));
  const values = Object.fromEntries(known.filter((v) => fields.includes(v.field)).map((v) => [v.field, v.value]));
  const key = randomBytes(32);
  return {
    wrappedKey: seal(d.jobKek, `job-key|${id}`, key),
    target: seal(key, `job|${id}`, JSON.stringify({ ...(record === undefined ? { values } : { record }), set })),
  };
}

/** What a yes, or silence where the law takes it for one, let leave: contract and law stand apart (D13, D05). */
export const byConsent = (o: AlreadyOut): boolean => o.rules.some((r) => r === 'D18' || r === 'D24');

/**
 * Tells every recipient of a person at once, whatever the purpose: after a signal, an objection (suppress), a minor
 * found or an erasure (erase) (GATE.md i). `counts` says which disclosures the cause takes back; all but what a law
 * alone let leave. Returns the ids of the jobs.
 */
export function propagateAll(
  tx: Tx,
  d: PropagationDeps & { fence: Fence },
  who: { brandId: string; subjectId: string },
  action: Action,
  counts: (o: AlreadyOut) => boolean = () => true,
): string[] {
  const seq = tx.seq();
  return recipientsOf(tx, who).flatMap((integrationId) => {
    const out = whatIsOut(tx, d.fence, { ...who, integrationId }).filter(counts);
    return [...new Set(out.map((o) => o.purpose))].flatMap(
      (purpose) => propagate(tx, d, { ...who, integrationId, purpose }, { seq, action }, out)?.id ?? [],
    );
  });
}
