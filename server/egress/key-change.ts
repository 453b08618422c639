import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { sealedHookSecrets } from './hook-secrets.ts';
import { sealedRevocations } from './revoker.ts';
import { sealedSets } from './token-store.ts';
import type { SealedTable, Vault } from './vault.ts';
import { sealedHookEvents } from './verify.ts';
import { sealedAlertSecrets } from './webhook-out.ts';

/** All that lasts; a connect or a sign-in on its way lives ten minutes, and its secret opens nothing afterwards. */
const sealedTables = [sealedSets, sealedRevocations, sealedHookSecrets, sealedHookEvents, sealedAlertSecrets];

/** What changing the hub key is handed; the vault already wraps with the new one. */
export interface KeyChangeDeps {
  store: Store;
  vault: Vault;
  /** Puts the root secret under the new hub key: the last step, in one commit with the check that nothing is left. */
  finish(tx: Tx): void;
  /** Wall clock, milliseconds. */
  now: () => number;
}

/** A brand that is not yet under the newest key. */
function leftOver(read: Pick<Tx, 'hot'>, vault: Vault): { id: string; wrapped: string } | undefined {
  for (const row of read.hot('select id, wrapped_key from brand').all())
    if (!vault.isNewest(row.wrapped_key as string)) return { id: row.id as string, wrapped: row.wrapped_key as string };
  return undefined;
}

/** Seals a brand's rows anew, with the key its ring has in front now; one that does not open stays as it is. */
function reseal(tx: Tx, vault: Vault, { table, placeOf }: SealedTable, brandId: string, wrapped: string): void {
  const rows = tx.hot(`select rowid as row, * from ${table} where brand_id = ? and sealed is not null`).all(brandId);
  for (const row of rows as Record<string, string>[]) {
    const at = placeOf(row);
    // damaged already: whoever uses it says so
    const again = readable(() => vault.seal(wrapped, at, vault.open(wrapped, at, row.sealed ?? '')));
    if (again) tx.hot(`update ${table} set sealed = ? where rowid = ?`).run(again, row.row ?? '');
  }
}

/** One brand in one commit: its ring under the new key, its secrets under a fresh data key. */
function turnBrand(tx: Tx, { vault }: KeyChangeDeps, brandId: string): void {
  const row = tx.hot('select wrapped_key from brand where id = ?').get(brandId);
  if (!row || vault.isNewest(row.wrapped_key as string)) return;
  const wrapped = vault.rewrap(row.wrapped_key as string);
  tx.hot('update brand set wrapped_key = ? where id = ?').run(wrapped, brandId);
  for (const table of sealedTables) reseal(tx, vault, table, brandId, wrapped);
}

/**
 * Brings everything under the newest hub key, brand by brand, while the hub goes on working; killed anywhere, the next
 * call goes on where it stopped (SECURITY.md control 2, R88). Afterwards the file holds nothing the old key opens.
 */
export async function changeHubKey(d: KeyChangeDeps): Promise<void> {
  for (;;) {
    const left = leftOver(d.store.read, d.vault);
    if (left) {
      await d.store.write((tx) => turnBrand(tx, d, left.id));
      continue;
    }
    const done = await d.store.write((tx) => {
      if (leftOver(tx, d.vault)) return false; // restored or made anew meanwhile
      d.finish(tx);
      note(tx, d.now(), { brandId: null, actor: 'operator', act: 'key-changed', detail: 'the hub key' });
      return true;
    });
    if (done) break;
  }
  // Deleted values are overwritten in the file (secure_delete), but what they were still lies in the log beside it.
  d.store.read.hot('pragma wal_checkpoint(truncate)').get();
}
