import type { Happening, HookEntry, HookView } from '#contract/hook.ts';
import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import type { Tx } from '../store/open.ts';
import type { InboxDeps, Place } from './inbox.ts';

const rowOf = (read: Pick<Tx, 'hot'>, source: string) =>
  read.hot('select refused, last_at, refused_at from hook where source = ?').get(source);

/** The calls made to one connection; undefined where its partner makes none. `operator` may read a shared address. */
export function hookView(
  d: Pick<InboxDeps, 'store' | 'hooks'>,
  connection: Place & { provider: string },
  may: { make: boolean; operator: boolean },
): HookView | undefined {
  const { brandId, integrationId, provider } = connection;
  const address = d.hooks.address(connection);
  if (!address) return undefined;
  const secret = d.hooks.secrets(connection);
  const last = rowOf(d.store.read, integrationId);
  const refused = rowOf(d.store.read, address.shared ? provider : integrationId);
  const { n } = d.store.read
    .hot('select count(*) as n from hook_event where brand_id = ? and integration_id = ?')
    .get(brandId, integrationId) as { n: number };
  return {
    shared: address.shared,
    ...((address.shared ? may.operator : may.make) ? { address: address.url } : {}),
    ...(secret ? { secret: { made: secret.made, ...(secret.oldUntil ? { oldUntil: secret.oldUntil } : {}) } } : {}),
    ...(last?.last_at ? { lastAt: last.last_at as string } : {}),
    refused: (refused?.refused as number | undefined) ?? 0,
    ...(refused?.refused_at ? { refusedAt: refused.refused_at as string } : {}),
    events: n,
  };
}

/** The newest 100 events of a connection, newest first. */
export const hookEntries = (d: Pick<InboxDeps, 'store' | 'hooks'>, { brandId, integrationId }: Place): HookEntry[] =>
  d.store.read
    .hot(
      `select id, kind, sealed, at from hook_event where brand_id = ? and integration_id = ? order by seq desc limit 100`,
    )
    .all(brandId, integrationId)
    .map((row) => ({
      id: row.id as string,
      kind: row.kind as Happening,
      at: row.at as string,
      ...(row.sealed
        ? { record: d.hooks.unseal({ brandId, integrationId, eventId: row.id as string }, row.sealed as string) }
        : {}),
    }));

/** Makes a secret for a connection's partner to sign with, and answers it this once. Raises `not-found` where none is used. */
export async function makeHookSecret(
  d: Pick<InboxDeps, 'store' | 'hooks' | 'now'>,
  who: { brandId: string; userId: string },
  connection: Place & { provider: string },
): Promise<{ secret: string; user?: string }> {
  const made = await (d.hooks.secrets(connection) ?? problem('not-found')).make();
  await d.store.write((tx) =>
    note(tx, d.now().getTime(), {
      brandId: who.brandId,
      actor: `user:${who.userId}`,
      act: 'webhook-secret',
      detail: connection.provider,
    }),
  );
  const user = d.hooks.address(connection)?.user;
  return { secret: made, ...(user ? { user } : {}) };
}
