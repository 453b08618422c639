import type { Entry } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import { publishNotice } from '../consent/notices.ts';
import { stopWaiting } from '../consent/under-way.ts';
import type { ConnectingPerson } from '../egress/connector.ts';
import { note } from '../store/audit.ts';
import type { Tx } from '../store/open.ts';
import { revocationOf } from '../store/revocations.ts';
import type { ConnectDeps } from './connect.ts';

/**
 * Ends a connection inside the caller's transaction: its epoch rises, its key is taken out of use and kept sealed for its
 * revocation alone, what waits is finished as withheld, the notice is published without this partner. What was typed and
 * no call can end is wiped at once, and `lasting` says so; a grant that is `gone` at the partner is wiped and nothing else. Undefined where it is off already. Raises `not-found` for
 * another brand's.
 */
export function endConnection(
  tx: Tx,
  d: ConnectDeps,
  { brandId, integrationId }: { brandId: string; integrationId: string },
  how: { actor: string; act: string; detail?: string; trouble?: string; lasting: string; gone?: true },
): Entry[] | undefined {
  const row = tx
    .hot('select provider, connection from integration where id = ? and brand_id = ?')
    .get(integrationId, brandId);
  if (!row) problem('not-found');
  if (row.connection !== 'active') return undefined;
  const left = how.gone ? d.connector.forget(tx, brandId, integrationId) : d.connector.end(tx, brandId, integrationId);
  const trouble = left === 'lasting' ? how.lasting : (how.trouble ?? null);
  tx.hot(
    `update integration set connection = 'revoked', conn_epoch = conn_epoch + 1, trouble = ?
     where id = ? and brand_id = ?`,
  ).run(trouble, integrationId, brandId);
  // visitors on their way to sign in find it gone, and what came for them is forgotten; so are secrets of calls to us
  for (const table of ['login_transaction', 'hook_secret'])
    tx.hot(`delete from ${table} where brand_id = ? and integration_id = ?`).run(brandId, integrationId);
  publishNotice(tx, brandId, d.now().toISOString());
  const detail = how.detail ?? (row.provider as string);
  note(tx, d.now().getTime(), { brandId, actor: how.actor, act: how.act, detail });
  return stopWaiting(tx, d, { brandId, integrationId });
}

/** What a connection says afterwards whose typed key no call can end. */
const goesOn = 'Disconnected here and the key is wiped. It goes on working at the partner: end it there too.';

/** Tells whoever looks of an ended connection, in the tick in which its commit is known. */
export function tellEnded(d: ConnectDeps, brandId: string, integrationId: string, entries: readonly Entry[]): void {
  d.fence.cancel({ integrationId });
  d.publish(entries, brandId);
  d.touch(brandId);
}

/**
 * Disconnects: from the commit on nothing is sent and no key is in use (P4); then the grant is revoked at the partner, at
 * once where it answers. Resolves with whether the partner confirmed; where not, that goes on by itself (R8). Raises
 * `not-found` for another brand's connection.
 */
export async function disconnect(d: ConnectDeps, who: ConnectingPerson, id: string): Promise<{ confirmed: boolean }> {
  const { brandId } = who;
  const how = { actor: `user:${who.userId}`, act: 'disconnect', lasting: goesOn };
  const entries = await d.store.write((tx) => endConnection(tx, d, { brandId, integrationId: id }, how));
  if (entries) tellEnded(d, brandId, id, entries); // pressed twice: what is left to do is below
  await d.connector.revoke();
  const left = revocationOf(d.store.read, brandId, id);
  return { confirmed: left === undefined || left.state === 'revoked' };
}
