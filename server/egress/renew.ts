import type { Store } from '../store/open.ts';
import type { Claim } from './claim.ts';
import { type Fence, leaseMs, Stopped } from './fence.ts';

/**
 * A new lease for a further request of the same share, or one built too slowly (GATE.md e.2.5): demands unchanged
 * epochs and no outcome yet. Does nothing while the lease lives. Raises Stopped, and the request is never written.
 */
export async function renewLease(
  d: { store: Store; fence: Fence; monotonic: () => number },
  { lease }: Extract<Claim, { allowed: true }>,
): Promise<void> {
  if (d.fence.live(lease.disclosureId)) return;
  const untilMs = d.monotonic() + leaseMs; // counted from before the transaction was asked for (GATE.md e.3)
  const same = await d.store.write((tx) => {
    const row = tx
      .hot(
        `select 1 as ok from subject s join integration i on i.brand_id = s.brand_id
         where s.id = ? and i.id = ? and s.brand_id = ? and s.epoch = ? and i.conn_epoch = ?
         and i.connection = 'active' and s.erased_at is null
         and not exists (select 1 from outcome o where o.disclosure_id = ?)`,
      )
      .get(
        lease.subjectId,
        lease.integrationId,
        lease.brandId,
        lease.subjectEpoch,
        lease.connEpoch,
        lease.disclosureId,
      );
    if (!row) return false;
    tx.hot('update lease set until_ms = ? where disclosure_id = ?').run(Math.ceil(untilMs), lease.disclosureId);
    return true;
  });
  if (!same) throw new Stopped('epoch_changed');
  d.fence.open({ ...lease, untilMs });
}
