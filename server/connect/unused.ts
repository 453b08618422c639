import type { ConnectDeps } from './connect.ts';
import { endConnection, tellEnded } from './disconnect.ts';

const dayMs = 86_400_000;
/** A connection nobody used for this long is disconnected (SECURITY.md control 8). */
const unusedDays = 30;
/** The brand is warned this long before. */
const warnDays = 7;

/** What a connection says of itself in its last week. */
const warning = (end: Date, typed: boolean): string =>
  `Not used for over three weeks. It is disconnected, and its key ${typed ? 'wiped' : 'revoked'}, on ${end.toISOString().slice(0, 10)} unless something is sent.`;
/** What it says afterwards. */
const ended = `Not used for ${unusedDays} days, so it was disconnected and its key was revoked. Connect again when you need it.`;
/** The same of a typed key that no call can end. */
const lasting = `Not used for ${unusedDays} days, so it was disconnected and its key is wiped here. It goes on working at the partner: end it there too.`;

/**
 * Disconnects every connection that was not used for 30 days and warns those that have a week left. Used means the last
 * good call, or the connect; trying and failing is no use. Visitors' sign-ins hold no key and do not count. By the wall
 * clock, which decides nothing else here: one set ahead ends connections too early, which is the safe way to be wrong
 * (guess about control 8 and R08).
 */
export async function endUnused(d: ConnectDeps): Promise<void> {
  const now = d.now().getTime();
  const used = d.store.read
    .hot(
      `select i.id, i.brand_id, i.provider, i.trouble, max(i.connected_at, coalesce(i.last_good_at, '')) as used from integration i
       join vault v on v.integration_id = i.id where i.connection = 'active'`,
    )
    .all();
  for (const row of used) {
    // It only sends: nothing of ours is ever called with its secret, so there is no last use to tell (guess about control 8).
    const way = d.catalogue.get(row.provider as string)?.sheet.way;
    if (way === 'incoming') continue;
    const place = { brandId: row.brand_id as string, integrationId: row.id as string };
    const end = Date.parse(row.used as string) + unusedDays * dayMs;
    if (now >= end) {
      const how = { actor: 'hub', act: 'unused-disconnected', trouble: ended, lasting };
      const entries = await d.store.write((tx) => endConnection(tx, d, place, how));
      if (entries) tellEnded(d, place.brandId, place.integrationId, entries);
      await d.connector.revoke();
    } else if (now >= end - warnDays * dayMs) {
      const words = warning(new Date(end), way === 'key');
      if (row.trouble === words || row.trouble === 'needs_reconnect') continue;
      await d.store.write((tx) =>
        tx
          .hot("update integration set trouble = ? where id = ? and brand_id = ? and connection = 'active'")
          .run(words, place.integrationId, place.brandId),
      );
      d.touch(place.brandId);
    }
  }
}
