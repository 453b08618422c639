import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import type { Tx } from '../store/open.ts';
import { digest, newToken } from '../store/seal.ts';
import type { PairingTable } from '../store/tables-people.ts';
import { may, stepDue } from './may.ts';
import { members, membership, memberships } from './membership.ts';
import { change, type Pairing, type PairingDeps, rowBy } from './pairing-shape.ts';

/** Life of a token for calls, seconds. */
export const tokenSeconds = 900;
/** How long after its issue the newest token can still be traded, seconds: a laptop may sleep over a working day. */
const idleSeconds = 12 * 3600;
const iso = (ms: number) => new Date(ms).toISOString();

/** A token and what its row says. Tokens of one pairing share their first half, so an old one is known, however old. */
export function issueToken(family: string, at: number) {
  const token = `${family}.${newToken()}`;
  const token_expires_ms = at + tokenSeconds * 1000;
  return {
    token,
    row: { token_hash: digest(token), token_used: 0, token_expires_ms, expires_ms: at + idleSeconds * 1000 },
  };
}

/** The half of pairing from the token on: using, trading, ending, listing. */
export function createPairingTokens({
  store,
  bell,
  now,
}: Pick<PairingDeps, 'store' | 'bell' | 'now'>): Pick<
  Pairing,
  'authenticate' | 'rotate' | 'end' | 'endAll' | 'endIn' | 'list'
> {
  /** Ends inside the caller's transaction; the caller rings after the commit. */
  const stop = (tx: Tx, row: PairingTable, actor: string, act: string, brandId = row.brand_id) => {
    change(tx, row.id, { state: 'ended', token_hash: null, previous_hash: null });
    note(tx, now(), { brandId, actor, act, detail: `pairing ${row.id}` });
  };
  const ring = (pairingId: string) => bell.ring({ what: 'pairing', pairingId });
  /** Ends what these people have in force, or about to be, and `fits`. */
  const endThose = async (userIds: readonly string[], actor: string, fits: (tx: Tx, row: PairingTable) => boolean) => {
    const ids = await store.write((tx) => {
      const open = tx.all(
        tx.sql
          .selectFrom('pairing')
          .selectAll()
          .where('user_id', 'in', userIds)
          .where('state', 'in', ['approved', 'paired']),
      );
      const rows = open.filter((row) => fits(tx, row));
      for (const row of rows) stop(tx, row, actor, 'unpaired');
      return rows.map((r) => r.id);
    });
    for (const id of ids) ring(id);
  };
  /** True for a pairing that opens nothing beside this brand; one that goes on is another brand's from then on. */
  const opensOnly = (brandId: string) => (tx: Tx, row: PairingTable) => {
    const other = memberships(store, row.user_id ?? '').find((m) => m.brandId !== brandId && !stepDue(m, row.mfa_at));
    if (other && row.brand_id === brandId) change(tx, row.id, { brand_id: other.brandId });
    return !other;
  };

  return {
    authenticate: async (token) => {
      const hash = digest(token);
      const row = rowBy(store.read, 'token_hash', hash);
      if (row?.state !== 'paired' || row.token_expires_ms <= now() || !row.brand_id || !row.user_id) return undefined;
      // Only while it is still the current one: a rotation may have come between.
      if (row.token_used === 0)
        await store.write((tx) =>
          tx.run(
            tx.sql
              .updateTable('pairing')
              .set({ token_used: 1, last_used_at: iso(now()) })
              .where('id', '=', row.id)
              .where('token_hash', '=', hash),
          ),
        );
      return { id: row.id, brandId: row.brand_id, userId: row.user_id, mfaAt: row.mfa_at };
    },

    rotate: async (token) => {
      const family = token.split('.')[0] ?? '';
      const hash = digest(token);
      const done = await store.write((tx) => {
        const row = rowBy(tx, 'secret_hash', digest(family));
        if (row?.state !== 'paired' || row.expires_ms <= now()) return undefined;
        const current = hash === row.token_hash;
        // The answer with the newer token was lost: nobody has used it, so the old one may ask again.
        const again = hash === row.previous_hash && row.token_used === 0;
        if (!current && !again) {
          stop(tx, row, 'nobody', 'pairing-token-reused');
          return { ended: row.id };
        }
        const fresh = issueToken(family, now());
        change(tx, row.id, { ...fresh.row, previous_hash: hash });
        return { token: fresh.token };
      });
      if (done?.ended) ring(done.ended);
      return done?.token ? { token: done.token, expiresInSeconds: tokenSeconds } : problem('token-ended');
    },

    end: async (agent, pairingId) => {
      await store.write((tx) => {
        const row = rowBy(tx, 'id', pairingId);
        const mine = row?.user_id === agent.userId || may(agent, 'unpair-others');
        const ours = row?.user_id && membership(store, row.user_id, agent.brandId);
        if (!row || !ours || row.state !== 'paired' || !mine) return problem('not-found');
        stop(tx, row, `user:${agent.userId}`, 'unpaired', agent.brandId);
      });
      ring(pairingId);
    },
    endAll: (userId, actor) => endThose([userId], actor, () => true),
    endIn: (brandId, userIds, actor) => endThose(userIds, actor, opensOnly(brandId)),
    list: async (brandId, userId) => {
      const names = new Map(members(store, brandId).map((m) => [m.userId, m.name]));
      const rows = await store.db
        .selectFrom('pairing')
        .selectAll()
        .where('user_id', 'in', [...names.keys()])
        .where('state', '=', 'paired')
        .where('expires_ms', '>', now())
        .orderBy('created_at')
        .execute();
      return rows.flatMap(({ id, user_id, browser, created_at: pairedAt, last_used_at: lastUsedAt }) => {
        const name = user_id && (!userId || userId === user_id) ? names.get(user_id) : undefined;
        return user_id && name ? [{ id, brandId, userId: user_id, name, browser, pairedAt, lastUsedAt }] : [];
      });
    },
  };
}
