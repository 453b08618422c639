import { randomBytes } from 'node:crypto';
import { problem } from '#contract/problem.ts';
import type { Tx } from '../store/open.ts';
import { keyId, seal, unseal } from '../store/seal.ts';

/** Where a sealed value belongs; moved anywhere else it does not open (SECURITY.md control 2). */
interface Place {
  brand: string;
  integration: string;
  field: string;
}

/** A table whose column `sealed` holds a brand's values: all of them are sealed anew when the hub key changes. */
export interface SealedTable {
  table: string;
  /** What the value of a row is bound to; the row has all columns, and `brand_id` is one of them. */
  placeOf(row: Record<string, string>): Place;
}

/**
 * Envelope encryption: each brand has a data key, wrapped by the vault key that lies outside database and backup. What a
 * brand's row holds is a ring: the data key that seals, and behind it those that sealed before a change of the vault key.
 */
export interface Vault {
  /** A fresh data key, wrapped: `brand.wrapped_key`. Deleting it shreds all the brand's secrets. */
  newBrandKey(): string;
  seal(wrapped: string, place: Place, plain: string): string;
  /** Throws `store-failed` when value, place or key differ in one bit. */
  open(wrapped: string, place: Place, sealed: string): string;
  /**
   * The ring under the newest vault key with a fresh data key in front; unchanged when it already is. Rotation may stop
   * and resume: what was sealed before opens as it did.
   */
  rewrap(wrapped: string): string;
  /** Whether the ring is under the newest vault key. */
  isNewest(wrapped: string): boolean;
  /** From now on `key` wraps, and the ones before open only. */
  turnTo(key: Buffer): void;
  /** Only the newest key opens from now on. */
  forgetOlder(): void;
}

const closed = () => problem('store-failed', 'A sealed value does not open.');

// JSON of an array tells ("a","bc") from ("ab","c"), which plain joining does not.
const wrapAad = (vaultId: string, id: string) => JSON.stringify(['askfirst:wrap:1', vaultId, id]);
const aadOf = (p: Place, id: string) => JSON.stringify(['askfirst:vault:1', p.brand, p.integration, p.field, id]);

function partsOf(text: string, count: number): string[] {
  const parts = text.split('.');
  if (parts.length !== count || parts[0] !== '1') closed();
  return parts;
}

/** One wrapped data key: which vault key opens it, and its own id. */
function entriesOf(wrapped: string): { from: string; id: string; sealed: string }[] {
  return wrapped.split(',').map((entry) => {
    const [, from = '', id = '', sealed = ''] = partsOf(entry, 4);
    return { from, id, sealed };
  });
}

/** A brand's ring as its row holds it, for `seal` and `open`. */
export const wrappedKeyOf = (read: Pick<Tx, 'hot'>, brandId: string): string =>
  read.hot('select wrapped_key from brand where id = ?').get(brandId)?.wrapped_key as string;

/** The id of the vault key that a ring is under, for whoever only asks whether that key is there. */
export const vaultIdOf = (wrapped: string): string => entriesOf(wrapped)[0]?.from ?? closed();

/** Makes the vault; `vaultKey` and each of `previous` are 32 bytes, `previous` opens only (while a rotation runs). */
export function createVault(vaultKey: Buffer, previous: readonly Buffer[] = []): Vault {
  const keys = new Map<string, Buffer>();
  let newest = '';
  function turnTo(key: Buffer): void {
    if (key.length !== 32) throw new TypeError('a vault key has 32 bytes');
    newest = keyId(key);
    keys.set(newest, key);
  }
  for (const key of [...previous, vaultKey]) turnTo(key);

  function wrap(dataKey: Buffer): string {
    const id = keyId(dataKey);
    return `1.${newest}.${id}.${seal(keys.get(newest) ?? closed(), wrapAad(newest, id), dataKey)}`;
  }

  function wrapFresh(): string {
    const dataKey = randomBytes(32);
    try {
      return wrap(dataKey);
    } finally {
      dataKey.fill(0);
    }
  }

  /** Hands the clear data key to `use` and wipes it after. */
  function withKey<T>(entry: { from: string; id: string; sealed: string } | undefined, use: (key: Buffer) => T): T {
    const key = keys.get(entry?.from ?? '');
    if (!entry || !key) return closed();
    let dataKey: Buffer | undefined;
    try {
      dataKey = unseal(key, wrapAad(entry.from, entry.id), entry.sealed);
      return use(dataKey);
    } catch {
      return closed();
    } finally {
      dataKey?.fill(0);
    }
  }

  const isNewest = (wrapped: string) => vaultIdOf(wrapped) === newest;
  return {
    newBrandKey: wrapFresh,
    seal(wrapped, place, plain) {
      const [entry] = entriesOf(wrapped);
      return withKey(entry, (key) => `1.${entry?.id}.${seal(key, aadOf(place, entry?.id ?? ''), plain)}`);
    },
    open(wrapped, place, sealed) {
      const [, by = '', body = ''] = partsOf(sealed, 3);
      const entry = entriesOf(wrapped).find(({ id }) => id === by);
      return withKey(entry, (key) => unseal(key, aadOf(place, by), body).toString());
    },
    rewrap: (wrapped) =>
      isNewest(wrapped) ? wrapped : [wrapFresh(), ...entriesOf(wrapped).map((e) => withKey(e, wrap))].join(','),
    isNewest,
    turnTo,
    forgetOlder() {
      for (const id of keys.keys()) if (id !== newest) keys.delete(id);
    },
  };
}
