import { randomBytes } from 'node:crypto';
import type { WebhookFacts } from '#sdk';
import type { Store, Tx } from '../store/open.ts';
import { newToken } from '../store/seal.ts';
import { type SealedTable, type Vault, wrappedKeyOf } from './vault.ts';

/** How long the secret before the newest still counts, milliseconds (SECURITY.md WH3). */
const overlapMs = 24 * 3_600_000;

/** Secrets that partners sign with and that we made: sealed in the store, read in egress alone. */
export interface HookSecrets {
  /** All that count now, at most two. */
  of(brandId: string, integrationId: string): string[];
  /** Whether there is one, and until when the one before counts too (ISO 8601). */
  state(brandId: string, integrationId: string): { made: boolean; oldUntil?: string };
  /** Makes a new one, to be shown this once; the last one counts for a day more, any before it no longer. */
  make(brandId: string, integrationId: string, facts: WebhookFacts): Promise<string>;
}

const place = (brand: string, integration: string, version: number) => ({
  brand,
  integration,
  field: `hook-secret-${version}`,
});

/** For a change of the hub key. */
export const sealedHookSecrets: SealedTable = {
  table: 'hook_secret',
  placeOf: ({ brand_id = '', integration_id = '', version }) => place(brand_id, integration_id, Number(version)),
};

/** 256 random bits: 43 characters that fit wherever a partner takes a secret, or what Standard Webhooks asks for. */
const newSecret = ({ signature }: WebhookFacts): string =>
  signature.kind === 'standard' ? `whsec_${randomBytes(32).toString('base64')}` : newToken();

/** Makes the keeper of these secrets. */
export function createHookSecrets(d: { store: Store; vault: Vault; now: () => Date }): HookSecrets {
  const rows = (read: Pick<Tx, 'hot'>, brandId: string, integrationId: string) =>
    read
      .hot(
        `select version, sealed, ends_ms from hook_secret where brand_id = ? and integration_id = ?
         and (ends_ms is null or ends_ms > ?) order by version desc`,
      )
      .all(brandId, integrationId, d.now().getTime());

  return {
    of(brandId, integrationId) {
      const key = wrappedKeyOf(d.store.read, brandId);
      return rows(d.store.read, brandId, integrationId).map((row) =>
        d.vault.open(key, place(brandId, integrationId, row.version as number), row.sealed as string),
      );
    },
    state(brandId, integrationId) {
      const [newest, before] = rows(d.store.read, brandId, integrationId);
      return {
        made: newest !== undefined,
        ...(before ? { oldUntil: new Date(before.ends_ms as number).toISOString() } : {}),
      };
    },
    async make(brandId, integrationId, facts) {
      const secret = newSecret(facts);
      await d.store.write((tx) => {
        const now = d.now();
        const version = tx.seq();
        tx.hot('delete from hook_secret where brand_id = ? and integration_id = ? and ends_ms is not null').run(
          brandId,
          integrationId,
        );
        tx.hot('update hook_secret set ends_ms = ? where brand_id = ? and integration_id = ?').run(
          now.getTime() + overlapMs,
          brandId,
          integrationId,
        );
        tx.hot(
          `insert into hook_secret (brand_id, integration_id, version, sealed, made_at, ends_ms)
           values (?, ?, ?, ?, ?, null)`,
        ).run(
          brandId,
          integrationId,
          version,
          d.vault.seal(wrappedKeyOf(tx, brandId), place(brandId, integrationId, version), secret),
          now.toISOString(),
        );
      });
      return secret;
    },
  };
}
