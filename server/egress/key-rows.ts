import { toBase64Url } from '../gate/encoding.ts';
import { rawPublicKey, thumbprint } from '../gate/keys.ts';
import { keyLeaves } from '../store/ledger.ts';
import type { Tx } from '../store/open.ts';
import { appendRow, type LedgerSigner, minuteOf } from './ledger.ts';

/** A `key` row of the ledger: from here on the hub signs with this Ed25519 key (GATE.md f). */
interface KeyRow {
  x: string;
  kid: string;
  minute: string;
}

const rowsOf = (read: Pick<Tx, 'hot'>) =>
  keyLeaves(read).map(({ index, row }) => ({ index, ...(JSON.parse(row) as KeyRow) }));

/** Appends the row of the signing key where the newest key row names another, or there is none: the first start too. */
export function noteSigningKey(tx: Tx, { publicKey }: LedgerSigner, now: Date): void {
  const x = toBase64Url(rawPublicKey(publicKey));
  if (rowsOf(tx).at(-1)?.x === x) return;
  // It belongs to the hub, so to no brand.
  appendRow(tx, '', { v: 1, t: 'key', alg: 'Ed25519', kid: thumbprint(publicKey), x, minute: minuteOf(now) });
}

/** A signing key as `consent-keys.json` lists it: a JWK (RFC 8037) with the row it stands in and the time it was used. */
export interface ListedKey {
  kty: 'OKP';
  crv: 'Ed25519';
  use: 'sig';
  x: string;
  kid: string;
  row: number;
  /** Minutes of the key's own row and of the next one; null while it is in use. */
  from: string;
  until: string | null;
}

/** Every key this ledger was ever signed with, newest first, from its own key rows. */
export function listedKeys(read: Pick<Tx, 'hot'>): ListedKey[] {
  const rows = rowsOf(read);
  return rows
    .map(({ index, x, kid, minute }, at): ListedKey => {
      const until = rows[at + 1]?.minute ?? null;
      return { kty: 'OKP', crv: 'Ed25519', use: 'sig', x, kid, row: index, from: minute, until };
    })
    .toReversed();
}
