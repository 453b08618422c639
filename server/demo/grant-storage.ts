import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { StorageAdapter, StoredPayload } from 'oidc-provider/lib/provider.js';
import type { SandboxStore } from './sandbox-store.ts';

const seconds = (now: () => number) => Math.floor(now() / 1000);
const parse = (row: Record<string, unknown> | undefined): StoredPayload | undefined =>
  row === undefined ? undefined : JSON.parse(String(row.payload));

/**
 * Where one partner's authorization server keeps codes, tokens and grants, so that a restart ends no connection.
 * Expiry is judged by oidc-provider itself from `exp`; `expires` (seconds) only serves the clearing at the next start.
 */
export function grantStorage(store: SandboxStore, partner: string, now: () => number) {
  return (model: string): StorageAdapter => ({
    upsert: async (id, payload, expiresIn) => {
      store.run(
        'insert or replace into grantable (partner, model, id, payload, grant_id, uid, expires) values (?, ?, ?, ?, ?, ?, ?)',
        partner,
        model,
        id,
        JSON.stringify(payload),
        payload.grantId ?? null,
        payload.uid ?? null,
        expiresIn === undefined ? null : seconds(now) + expiresIn,
      );
    },
    find: async (id) =>
      parse(store.get('select payload from grantable where partner = ? and model = ? and id = ?', partner, model, id)),
    findByUid: async (uid) =>
      parse(
        store.get('select payload from grantable where partner = ? and model = ? and uid = ?', partner, model, uid),
      ),
    // the device flow is off, so no model has a user code
    findByUserCode: async () => undefined,
    consume: async (id) => {
      store.run(
        `update grantable set payload = json_set(payload, '$.consumed', ?) where partner = ? and model = ? and id = ?`,
        seconds(now),
        partner,
        model,
        id,
      );
    },
    destroy: async (id) => {
      store.run('delete from grantable where partner = ? and model = ? and id = ?', partner, model, id);
    },
    revokeByGrantId: async (grantId) => {
      store.run('delete from grantable where partner = ? and grant_id = ?', partner, grantId);
    },
  });
}

/** Signing key and cookie key of one partner, made once and kept: with new ones a restart would break open sign-ins. */
export function serverKeys(store: SandboxStore, partner: string): { jwks: { keys: object[] }; cookie: string } {
  const kept = store.get('select jwks, cookie from secret where partner = ?', partner);
  if (kept) return { jwks: JSON.parse(String(kept.jwks)), cookie: String(kept.cookie) };
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' }] };
  const cookie = randomBytes(32).toString('base64url');
  store.run('insert into secret (partner, jwks, cookie) values (?, ?, ?)', partner, JSON.stringify(jwks), cookie);
  return { jwks, cookie };
}
