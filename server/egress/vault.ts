import { createHash, randomBytes } from 'node:crypto';
import { problem } from '#contract/problem.ts';
import { seal, unseal } from '../store/seal.ts';

/** Where a sealed value belongs; moved anywhere else it does not open (SECURITY.md control 2). */
interface Place {
  brand: string;
  integration: string;
  field: string;
}

/** Envelope encryption: each brand has a data key, wrapped by the vault key that lies outside database and backup. */
export interface Vault {
  /** A fresh data key, wrapped: `brand.wrapped_key`. Deleting it shreds all the brand's secrets. */
  newBrandKey(): string;
  seal(wrapped: string, place: Place, plain: string): string;
  /** Throws `store-failed` when value, place or key differ in one bit. */
  open(wrapped: string, place: Place, sealed: string): string;
  /** The same data key under the newest vault key; unchanged when it already is. Rotation may stop and resume. */
  rewrap(wrapped: string): string;
}

const idOf = (key: Buffer) =>
  createHash('sha256').update('askfirst:key-id').update(key).digest('base64url').slice(0, 11);
const closed = () => problem('store-failed', 'A sealed value does not open.');

// JSON of an array tells ("a","bc") from ("ab","c"), which plain joining does not.
const wrapAad = (vaultId: string, id: string) => JSON.stringify(['askfirst:wrap:1', vaultId, id]);
const aadOf = (p: Place, id: string) => JSON.stringify(['askfirst:vault:1', p.brand, p.integration, p.field, id]);

function partsOf(text: string, count: number): string[] {
  const parts = text.split('.');
  if (parts.length !== count || parts[0] !== '1') closed();
  return parts;
}

/** Makes the vault; `vaultKey` and each of `previous` are 32 bytes, `previous` opens only (while a rotation runs). */
export function createVault(vaultKey: Buffer, previous: readonly Buffer[] = []): Vault {
  for (const key of [vaultKey, ...previous]) if (key.length !== 32) throw new TypeError('a vault key has 32 bytes');
  const vaultId = idOf(vaultKey);
  const keys = new Map([...previous, vaultKey].map((key) => [idOf(key), key]));

  const wrap = (dataKey: Buffer) => {
    const id = idOf(dataKey);
    return `1.${vaultId}.${id}.${seal(vaultKey, wrapAad(vaultId, id), dataKey)}`;
  };

  /** Hands the clear data key to `use` and wipes it after. */
  function withKey<T>(wrapped: string, use: (key: Buffer, id: string) => T): T {
    const [, from = '', id = '', sealed = ''] = partsOf(wrapped, 4);
    const key = keys.get(from);
    if (!key) return closed();
    let dataKey: Buffer | undefined;
    try {
      dataKey = unseal(key, wrapAad(from, id), sealed);
      return use(dataKey, id);
    } catch {
      return closed();
    } finally {
      dataKey?.fill(0);
    }
  }

  return {
    newBrandKey() {
      const dataKey = randomBytes(32);
      try {
        return wrap(dataKey);
      } finally {
        dataKey.fill(0);
      }
    },
    seal: (wrapped, place, plain) => withKey(wrapped, (key, id) => `1.${id}.${seal(key, aadOf(place, id), plain)}`),
    open: (wrapped, place, sealed) =>
      withKey(wrapped, (key, id) => {
        const [, sealedBy = '', body = ''] = partsOf(sealed, 3);
        if (sealedBy !== id) return closed();
        return unseal(key, aadOf(place, id), body).toString();
      }),
    rewrap: (wrapped) => (partsOf(wrapped, 4)[1] === vaultId ? wrapped : withKey(wrapped, wrap)),
  };
}
