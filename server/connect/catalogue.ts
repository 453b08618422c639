import { bringsIn, type ConnectionView, type DataSheet, type Manifest } from '#contract/connection.ts';
import { problem } from '#contract/problem.ts';
import type { AnyAdapter } from '#sdk';
import { followUpCount } from '../consent/follow-ups.ts';
import type { Connector } from '../egress/connector.ts';
import type { Store } from '../store/open.ts';
import { revocationOf } from '../store/revocations.ts';
import { stopsOf } from '../store/stops.ts';
import { healthOf, renewalOf } from './health.ts';
import { keptManifest, upgradeOf } from './mapping.ts';
import { stopView } from './stop-view.ts';

/** One installed add-on: its facts, what it declares, and the sheet an admin reads before connecting (R14). */
interface Addon {
  facts: AnyAdapter['facts'];
  manifest: Manifest;
  sheet: DataSheet;
}

/** The add-ons of this hub by provider id. */
export type Catalogue = ReadonlyMap<string, Addon>;

/** What a view of connections is made from. */
interface ViewDeps {
  store: Store;
  catalogue: Catalogue;
  connector: Pick<Connector, 'renewal'>;
  now: () => Date;
}

function viewOf({ store, catalogue, connector, now }: ViewDeps, row: Record<string, unknown>): ConnectionView {
  const declared = keptManifest(store.read, row.brand_id as string, row.id as string);
  const { name } = declared;
  // An add-on that left the catalogue cannot say; what shares nothing was a sign-in then.
  const way = catalogue.get(row.provider as string)?.sheet.way ?? (bringsIn(declared) ? 'login' : 'signin');
  const brings = way === 'login' ? bringsIn(declared) : undefined;
  const waiting = store.read
    .hot("select count(*) as n from share where brand_id = ? and integration_id = ? and state = 'queued'")
    .get(row.brand_id as string, row.id as string);
  const stop = stopsOf(store.read, row.brand_id as string).find(
    (s) => (!s.integrationId || s.integrationId === row.id) && (!s.provider || s.provider === row.provider),
  );
  const stopped = row.connection === 'active' && stop ? stopView(stop, () => name) : undefined;
  const health = healthOf(store.read, row, { partner: name, way, stopped: stopped !== undefined, now: now() });
  const revocation = revocationOf(store.read, row.brand_id as string, row.id as string);
  const listed = store.read
    .hot('select at from allow_list where integration_id = ? and brand_id = ?')
    .get(row.id as string, row.brand_id as string);
  return {
    id: row.id as string,
    provider: row.provider as string,
    partner: name,
    way,
    sandbox: row.sandbox === 1,
    state: row.connection as ConnectionView['state'],
    account: row.account_name as string,
    connectedAt: row.connected_at as string,
    ...(row.last_good_at ? { lastGoodAt: row.last_good_at as string } : {}),
    health,
    // A key that was turned down is not renewed, and one that is gone even less.
    ...(health.state === 'needs_reconnect'
      ? {}
      : renewalOf(connector.renewal(row.brand_id as string, row.id as string), now())),
    waiting: waiting?.n as number,
    followUps: followUpCount(store.read, row.brand_id as string, row.id as string),
    ...(brings ? { brings } : {}),
    ...(stopped ? { stopped } : {}),
    ...(revocation ? { revocation } : {}),
    ...(listed ? { allowListed: listed.at as string } : {}),
    changes: upgradeOf(store.read, catalogue, row.brand_id as string, row.id as string).waits.length,
  };
}

/** The brand's connections, by provider. */
export const connectionsOf = (d: ViewDeps, brandId: string): ConnectionView[] =>
  d.store.read
    .hot('select * from integration where brand_id = ? order by provider')
    .all(brandId)
    .map((row) => viewOf(d, row));

/** One connection of the brand. Raises `not-found` for another brand's (DB4). */
export function connectionOf(d: ViewDeps, brandId: string, id: string): ConnectionView {
  const row = d.store.read.hot('select * from integration where id = ? and brand_id = ?').get(id, brandId);
  if (!row) problem('not-found');
  return viewOf(d, row);
}
