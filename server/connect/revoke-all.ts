import { problem } from '#contract/problem.ts';
import { stopWaiting } from '../consent/under-way.ts';
import { appendRow, minuteOf } from '../egress/ledger.ts';
import { note } from '../store/audit.ts';
import type { ConnectDeps } from './connect.ts';

/**
 * Takes back every yes to one connection at once, as after a breach at the partner (GATE.md k.24): one ledger row
 * whatever the number of people, every grant before it counts as revoked (D10), and nothing starts once this resolved.
 * The connection stays: whoever says yes again afterwards counts. Raises `not-found` for another brand's connection.
 */
export async function revokeAll(
  d: ConnectDeps,
  who: { brandId: string; userId: string },
  integrationId: string,
): Promise<{ stopped: number }> {
  const entries = await d.store.write((tx) => {
    const row = tx
      .hot(
        `update integration set revoked_before_seq = ?, conn_epoch = conn_epoch + 1 where id = ? and brand_id = ?
         returning provider`,
      )
      .get(tx.seq(), integrationId, who.brandId);
    if (!row) problem('not-found');
    appendRow(tx, who.brandId, {
      v: 1,
      t: 'revoked_all',
      integration: integrationId,
      by: 'operator',
      minute: minuteOf(d.now()),
    });
    const detail = row.provider as string;
    note(tx, d.now().getTime(), { brandId: who.brandId, actor: `user:${who.userId}`, act: 'revoked-all', detail });
    return stopWaiting(tx, d, { brandId: who.brandId, integrationId });
  });
  d.fence.cancel({ integrationId });
  d.publish(entries, who.brandId);
  d.touch(who.brandId);
  return { stopped: entries.length };
}
