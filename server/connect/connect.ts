import type { Entry } from '#contract/chat.ts';
import { Problem, problem } from '#contract/problem.ts';
import { publishManifest, publishNotice } from '../consent/notices.ts';
import type { ClaimDeps } from '../egress/claim.ts';
import type { ConnectingPerson, Connector, PendingConnect } from '../egress/connector.ts';
import type { Fence } from '../egress/fence.ts';
import { suppliedBy } from '../gate/combine.ts';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { dropValues } from '../store/subjects.ts';
import type { Catalogue } from './catalogue.ts';
import { fieldMapOf } from './field-map.ts';
import { republish } from './republish.ts';

/** What connecting needs; tokens and keys stay behind `connector`. */
export interface ConnectDeps extends ClaimDeps {
  store: Store;
  fence: Fence;
  connector: Connector;
  catalogue: Catalogue;
  publish(entries: readonly Entry[], brandId: string): void;
  /** Told when strips and cards of a whole brand changed. */
  touch(brandId: string): void;
}

/** Makes the connection active: manifest, notice and sealed tokens in one commit. Raises `connect-refused`. */
export async function confirmConnect(d: ConnectDeps, who: ConnectingPerson, id: string): Promise<void> {
  const pending = await d.connector.pending(who, id);
  try {
    await d.store.write((tx) => {
      const integrationId = activate(tx, d, who, pending);
      d.connector.adopt(tx, who, id, integrationId);
      // Fewer permissions than asked: what cannot be done with them is off (SECURITY.md OA11).
      republish(tx, d, who.brandId, integrationId, { actor: `user:${who.userId}`, act: 'scopes' });
      const sent = fieldMapOf(tx, d.catalogue, who.brandId, integrationId).fields.filter((f) => !f.field.receives);
      if (sent.some((f) => f.state === 'ungranted') && sent.every((f) => f.state !== 'on'))
        problem('connect-refused', 'Without the permissions left out there, nothing could be sent. Allow them too.');
    });
  } catch (e) {
    // Another account than the one connected: its grant is not kept for later either (R6). Used already: nothing is left.
    if (e instanceof Problem) await d.connector.discard(who, id).catch(() => {});
    throw e;
  }
  d.touch(who.brandId);
}

/** Makes a connection active and publishes what it declares; its id. Raises `connect-refused` for another account (R6). */
export function activate(
  tx: Tx,
  d: Pick<ConnectDeps, 'now' | 'ids' | 'catalogue'>,
  who: ConnectingPerson,
  { provider, account, sandbox }: Pick<PendingConnect, 'provider' | 'account' | 'sandbox'>,
): string {
  const at = d.now().toISOString();
  const manifest = d.catalogue.get(provider)?.manifest ?? problem('not-found');
  const before = tx.hot('select * from integration where brand_id = ? and provider = ?').get(who.brandId, provider);
  const id = (before?.id as string | undefined) ?? d.ids();
  if (before?.connection === 'active' && before.account_id !== account.id)
    problem('connect-refused', `You signed in to a different ${manifest.name} account. Nothing was changed.`);
  if (before) {
    // The manifest stays as it was approved: an add-on that wants more since then is approved by itself (R86).
    // Another account after a disconnect: what people said yes to was the old one (GATE.md k.19).
    const moved = before.account_id !== account.id || (before.sandbox === 1) !== sandbox;
    const other = moved ? tx.seq() : (before.revoked_before_seq as number);
    tx.hot(
      `update integration set connection = 'active', conn_epoch = conn_epoch + 1, account_id = ?, account_name = ?,
       sandbox = ?, revoked_before_seq = ?, connected_at = ?, trouble = null where id = ?`,
    ).run(account.id, account.name, sandbox ? 1 : 0, other, at, id);
    if (moved) dropValues(tx, { brandId: who.brandId, source: suppliedBy(id) });
  } else {
    const hash = publishManifest(tx, who.brandId, manifest, at);
    tx.hot(
      `insert into integration (id, brand_id, provider, sandbox, account_id, account_name, connection, conn_epoch,
       revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble)
       values (?, ?, ?, ?, ?, ?, 'active', 1, 0, ?, ?, null, null)`,
    ).run(id, who.brandId, provider, sandbox ? 1 : 0, account.id, account.name, hash, at);
  }
  publishNotice(tx, who.brandId, at);
  note(tx, d.now().getTime(), { brandId: who.brandId, actor: `user:${who.userId}`, act: 'connect', detail: provider });
  return id;
}
