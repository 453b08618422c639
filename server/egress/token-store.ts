import type { Store, Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { noteTurnedDown, needsReconnect as reconnect } from './circuit.ts';
import type { TokenSet } from './oauth-tokens.ts';
import { TokenError } from './token-error.ts';
import type { SealedTable, Vault } from './vault.ts';

/** What a connection's row says beside its tokens. */
interface ConnectionRow {
  provider: string;
  sandbox: boolean;
  connection: string;
  trouble: string | null;
}

/** An opened token set with the row it came from. */
export interface KeptSet extends ConnectionRow {
  brandId: string;
  integrationId: string;
  tokens: TokenSet;
  /** Never used twice. */
  version: number;
  /** When it was stored, by the wall clock, milliseconds. */
  storedMs: number;
}

/** What was taken out and where it was for; `tokens` is absent where they no longer opened. */
export interface TakenOut {
  provider: string;
  sandbox: boolean;
  tokens?: TokenSet;
}

/** The sealed token sets: one a connection, opened for egress alone (SECURITY.md control 1). */
export interface TokenStore {
  /** Throws TokenError `not_connected` where there is none, `store-failed` where it does not open. */
  load(brandId: string, integrationId: string): KeptSet;
  /** The number of the set that is stored now. */
  versionOf(brandId: string, integrationId: string): number | undefined;
  /** Seals and stores; with `expected` only over that version. False when another was first or the connection is gone. */
  save(tx: Tx, brandId: string, integrationId: string, tokens: TokenSet, expected?: number): boolean;
  /** Takes a set out; undefined where there is none. One that does not open is gone as well. */
  takeOut(tx: Tx, brandId: string, integrationId: string): TakenOut | undefined;
  /** Says "needs reconnect" of this very set; a newer one is left alone. */
  bury(kept: KeptSet): Promise<void>;
}

const place = (brand: string, integration: string) => ({ brand, integration, field: 'tokens' });
const select = `select b.wrapped_key, i.provider, i.sandbox, i.connection, i.trouble, v.sealed, v.version, v.updated_at
  from integration i join brand b on b.id = i.brand_id
  left join vault v on v.brand_id = i.brand_id and v.integration_id = i.id
  where i.brand_id = ? and i.id = ?`;

/** For a change of the hub key. */
export const sealedSets: SealedTable = {
  table: 'vault',
  placeOf: ({ brand_id = '', integration_id = '' }) => place(brand_id, integration_id),
};

/** Makes the store of token sets; `now` in milliseconds, for `updated_at` only. */
export function createTokenStore({ store, vault, now }: { store: Store; vault: Vault; now: () => number }): TokenStore {
  const rowOf = (read: Pick<Tx, 'hot'>, brandId: string, integrationId: string) =>
    read.hot(select).get(brandId, integrationId);
  const opened = (row: Record<string, unknown>, brandId: string, integrationId: string): TokenSet =>
    JSON.parse(vault.open(row.wrapped_key as string, place(brandId, integrationId), row.sealed as string));
  const forget = (tx: Tx, brandId: string, integrationId: string) =>
    tx.hot('delete from token_refresh where brand_id = ? and integration_id = ?').run(brandId, integrationId);

  return {
    load(brandId, integrationId) {
      const row = rowOf(store.read, brandId, integrationId);
      if (typeof row?.sealed !== 'string') throw new TokenError('not_connected');
      return {
        brandId,
        integrationId,
        provider: row.provider as string,
        sandbox: row.sandbox === 1,
        connection: row.connection as string,
        trouble: row.trouble as string | null,
        tokens: opened(row, brandId, integrationId),
        version: row.version as number,
        storedMs: Date.parse(row.updated_at as string),
      };
    },
    versionOf: (brandId, integrationId) =>
      (rowOf(store.read, brandId, integrationId)?.version as number | null) ?? undefined,
    save(tx, brandId, integrationId, tokens, expected) {
      const row = rowOf(tx, brandId, integrationId);
      if (!row || (expected !== undefined && row.version !== expected)) return false;
      const sealed = vault.seal(row.wrapped_key as string, place(brandId, integrationId), JSON.stringify(tokens));
      // A version is never used twice, so a refresh that outlived a disconnect cannot write over the next connection.
      tx.hot(
        `insert into vault (brand_id, integration_id, sealed, version, updated_at) values (?, ?, ?, ?, ?)
        on conflict (integration_id) do update set sealed = excluded.sealed, version = excluded.version,
        updated_at = excluded.updated_at where brand_id = excluded.brand_id`,
      ).run(brandId, integrationId, sealed, tx.seq(), new Date(now()).toISOString());
      forget(tx, brandId, integrationId);
      tx.hot(
        'update integration set trouble = iif(trouble = ?, null, trouble), scopes_json = ? where brand_id = ? and id = ?',
      ).run(reconnect, JSON.stringify(tokens.scopes), brandId, integrationId);
      return true;
    },
    takeOut(tx, brandId, integrationId) {
      const row = rowOf(tx, brandId, integrationId);
      forget(tx, brandId, integrationId);
      if (typeof row?.sealed !== 'string') return undefined;
      tx.hot('delete from vault where brand_id = ? and integration_id = ?').run(brandId, integrationId);
      const at = { provider: row.provider as string, sandbox: row.sandbox === 1 };
      const tokens = readable(() => opened(row, brandId, integrationId));
      return tokens ? { ...at, tokens } : at;
    },
    bury: ({ brandId, integrationId, version }) =>
      store.write((tx) => {
        if (rowOf(tx, brandId, integrationId)?.version !== version) return;
        forget(tx, brandId, integrationId);
        noteTurnedDown(tx, { brandId, integrationId, now: new Date(now()) });
      }),
  };
}
