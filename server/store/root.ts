import type { Tx } from './open.ts';
import { deriveKey, keyId, mac, seal, unseal } from './seal.ts';

/**
 * The hub's root secret: every key of the hub but the vault's is derived from it, and it stays when the hub key changes,
 * so that digests, pseudonyms, sealed records and the ledger's signature go on (R88). One row of `meta` holds it, sealed
 * under the hub key. Data from before there was one has its first hub key as the root.
 */
export const rootRow = 'root';
/** What told a wrong key before there was a root. */
export const checkRow = 'key_check';

const aad = (id: string) => JSON.stringify(['askfirst:root:1', id]);
const wrapKeyOf = (hubKey: Buffer) => deriveKey(hubKey, 'root');

/** The root, sealed under a hub key: version, id of that key, sealed bytes. */
function sealRoot(hubKey: Buffer, root: Buffer): string {
  const key = wrapKeyOf(hubKey);
  const id = keyId(key);
  return `1.${id}.${seal(key, aad(id), root)}`;
}

/** The root behind what the file says; undefined for a key that is not the one of this data. */
export function openRoot(
  hubKey: Buffer,
  said: { root?: string | undefined; check?: string | undefined },
): Buffer | undefined {
  if (said.root === undefined) return said.check === mac(deriveKey(hubKey, 'check'), 'askfirst') ? hubKey : undefined;
  const key = wrapKeyOf(hubKey);
  const [version, id = '', sealed = ''] = said.root.split('.');
  if (version !== '1' || id !== keyId(key)) return undefined;
  try {
    return unseal(key, aad(id), sealed);
  } catch {
    return undefined;
  }
}

/** Writes the root under this hub key, in place of what was there. */
export function writeRoot(tx: Pick<Tx, 'hot'>, hubKey: Buffer, root: Buffer): void {
  tx.hot('insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value').run(
    rootRow,
    sealRoot(hubKey, root),
  );
  tx.hot('delete from meta where key = ?').run(checkRow);
}
