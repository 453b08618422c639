import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { resealRevocations } from './revoker.ts';
import { resealSets } from './token-store.ts';
import type { Vault } from './vault.ts';

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

/** One brand in one commit: its ring under the new key, its tokens under a fresh data key. */
function turnBrand(tx: Tx, { vault }: KeyChangeDeps, brandId: string): void {
  const row = tx.hot('select wrapped_key from brand where id = ?').get(brandId);
  if (!row || vault.isNewest(row.wrapped_key as string)) return;
  const wrapped = vault.rewrap(row.wrapped_key as string);
  tx.hot('update brand set wrapped_key = ? where id = ?').run(wrapped, brandId);
  resealSets(tx, vault, brandId, wrapped);
  resealRevocations(tx, vault, brandId, wrapped);
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
