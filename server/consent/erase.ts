import { randomBytes } from 'node:crypto';
import type { Purpose } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { appendRow, minuteOf } from '../egress/ledger.ts';
import { rowTag } from '../gate/keyed.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { eraseSubject, flushDeleted } from '../store/erasing.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { keepOptOuts } from './addresses.ts';
import type { OptOutDeps } from './opt-out.ts';
import { propagateAll } from './propagation.ts';
import { stopQueued } from './under-way.ts';

/** The subjects of one brand that are one person: a closure (GATE.md a). */
export interface WholePerson {
  brandId: string;
  subjectIds: readonly string[];
}

/** What erasing needs; `touch` tells open panels that something of the brand changed. */
export type EraseDeps = OptOutDeps & { touch(brandId: string): void };

type State = { id: string; restricted: boolean; erased: boolean };

/** Each subject as it stands; `not-found` where one is not of this brand. */
function statesOf(tx: Pick<Tx, 'hot'>, { brandId, subjectIds }: WholePerson): State[] {
  return subjectIds.map((id) => {
    const row = tx.hot('select restricted, erased_at from subject where id = ? and brand_id = ?').get(id, brandId);
    return row ? { id, restricted: row.restricted !== 0, erased: row.erased_at !== null } : problem('not-found');
  });
}

/** Everybody who was found to be the same person as one that is named (GATE.md k.10). */
const wholeOf = (tx: Pick<Tx, 'hot'>, { brandId, subjectIds }: WholePerson): WholePerson => ({
  brandId,
  subjectIds: [...new Set(subjectIds.flatMap((id) => everyoneIn(closureOf(tx, brandId, id))))],
});

/**
 * Begins an erasure (GATE.md f, step 1): restricts every subject and raises its epoch in one commit, finishes what is
 * queued and kills open questions and leases, so that nothing more starts once this resolved. Raises `not-found`. A
 * second time it changes nothing that matters; subjects that are erased already are left alone.
 */
export async function beginErasure(d: OptOutDeps, who: WholePerson): Promise<void> {
  const { brandId } = who;
  const entries = await d.store.write((tx) =>
    statesOf(tx, wholeOf(tx, who))
      .filter((s) => !s.erased)
      .flatMap(({ id: subjectId }) => {
        tx.hot('update subject set restricted = 1, epoch = epoch + 1 where id = ? and brand_id = ?').run(
          subjectId,
          brandId,
        );
        tx.hot('delete from ui_nonce where brand_id = ? and subject_id = ?').run(brandId, subjectId);
        return tx
          .hot(
            `select distinct integration_id, purpose from share where brand_id = ? and subject_id = ? and state = 'queued'`,
          )
          .all(brandId, subjectId)
          .flatMap((row) => {
            const key = { integrationId: row.integration_id as string, purpose: row.purpose as Purpose };
            return readable(() => stopQueued(tx, d, { brandId, subjectId, ...key })) ?? [];
          });
      }),
  );
  for (const subjectId of wholeOf(d.store.read, who).subjectIds) d.fence.cancel({ subjectId });
  d.publish(entries, brandId);
}

/** Sends of a person that were claimed and have no outcome yet: an erasure waits for these (GATE.md f, step 2). */
const openSends = (tx: Pick<Tx, 'hot'>, brandId: string, subjectId: string): string[] =>
  tx
    .hot(
      `select x.id from disclosure x where x.brand_id = ? and x.subject_id = ?
       and not exists (select 1 from outcome o where o.disclosure_id = x.id)`,
    )
    .all(brandId, subjectId)
    .map((row) => row.id as string);

/** It is done, with the index of its ledger row (none where all was erased before), or what is still being sent. */
export type Erasure = { done: true; leafIndex?: number } | { done: false; open: string[] };

/**
 * Erases a person (GATE.md f, steps 2 and 3; I9): everything kept of the subjects and their keys, and one `erased` row in
 * the ledger, in one commit. Rows of the ledger stay, and with the keys gone nothing ties them to anybody or to each
 * other. Not done while something is being sent, for its outcome may name the record a partner is told to erase: call
 * again. Before it deletes, each recipient gets its job and a no stays known by the address (GATE.md f). `also` runs last
 * in the same transaction: with the jobs, which name nobody, and the row. Raises `not-found`, and `internal` before
 * `beginErasure`.
 */
export async function erase(
  d: EraseDeps,
  who: WholePerson,
  also: (tx: Tx, made: { jobs: readonly string[]; leafIndex: number }) => void = () => {},
): Promise<Erasure> {
  const { brandId } = who;
  const erasure = await d.store.write((tx): Erasure => {
    const whole = wholeOf(tx, who);
    const states = statesOf(tx, whole).filter((s) => !s.erased);
    const [first] = states;
    if (!first) return { done: true };
    if (states.some((s) => !s.restricted)) problem('internal', 'an erasure begins with a restriction');
    const open = states.flatMap((s) => openSends(tx, brandId, s.id));
    if (open.length > 0) return { done: false, open };
    const jobs = states.flatMap(
      ({ id }) => readable(() => propagateAll(tx, d, { brandId, subjectId: id }, 'erase')) ?? [],
    );
    keepOptOuts(tx, brandId, whole.subjectIds);
    const nonce = randomBytes(16);
    const minute = minuteOf(d.now());
    const row = {
      v: 1,
      t: 'erased',
      tag: rowTag(readable(() => d.keys.of(tx, brandId, first.id)) ?? randomBytes(32), nonce),
      nonce: nonce.toString('base64url'),
      minute,
    };
    for (const { id } of states) eraseSubject(tx, brandId, id, minute);
    const leafIndex = appendRow(tx, brandId, row);
    also(tx, { jobs, leafIndex });
    return { done: true, leafIndex };
  });
  if (erasure.done) {
    flushDeleted(d.store.read);
    d.touch(brandId);
  }
  return erasure;
}
