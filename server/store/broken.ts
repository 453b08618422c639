import { adminsOf } from './members.ts';
import type { Tx } from './open.ts';

/**
 * Who was told that a connection must be reconnected, by name; nobody until the mails are in the outbox. Undefined where
 * its key is good (R5, R7). Guess: owners and admins as they are now stand for those who were mailed then.
 */
export function reconnecting(
  read: Pick<Tx, 'hot'>,
  brandId: string,
  integrationId: string,
): { told: string[] } | undefined {
  const row = read
    .hot(
      `select a.told_at from circuit c left join alert a
         on a.integration_id = c.integration_id and a.break = c.breaks and a.kind = 'broken'
       where c.integration_id = ? and c.brand_id = ? and c.broken = 'reconnect'`,
    )
    .get(integrationId, brandId);
  return row && { told: row.told_at === null ? [] : adminsOf(read, brandId).map(({ name }) => name) };
}
