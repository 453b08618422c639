import { randomInt, randomUUID } from 'node:crypto';
import { problem } from '#contract/problem.ts';
import type { Store, Tx } from '../store/open.ts';
import { digest, mac, newToken } from '../store/seal.ts';
import type { PairingTable } from '../store/tables.ts';
import { note } from './audit.ts';
import type { EndedBell } from './ended.ts';
import { type Limit, take } from './limit.ts';
import { may } from './may.ts';
import { type Membership, membership } from './membership.ts';

/** Who approves, lists and ends: an Agent fits. */
export type PairingAgent = Pick<Membership, 'userId' | 'brandId' | 'role'> & {
  kind: 'console' | 'extension';
  operator: boolean;
};
/** A pairing that is in force, as the console lists it; times are ISO 8601 UTC. */
export interface Paired {
  id: string;
  brandId: string;
  userId: string;
  /** Name of the person it acts for. */
  name: string;
  /** What the browser called itself: a stranger's word, to be shown as text. */
  browser: string;
  pairedAt: string;
  /** First use of its newest token, so up to 15 minutes old. */
  lastUsedAt: string | null;
}
/** A code that waits for a yes, for the approval page; times are ISO 8601 UTC. */
export interface WaitingCode {
  code: string;
  browser: string;
  startedAt: string;
  expiresAt: string;
}
/** What a poll says (contract PairPoll). */
export type Polled =
  | { state: 'waiting' }
  | { state: 'refused' }
  | { state: 'paired'; token: string; expiresInSeconds: number; agent: string; brand: string };

/** Pairing of the extension, RFC 8628 in shape (SECURITY.md BA8). */
export interface Pairing {
  /** A code for the person and a secret for the poll, both for 5 minutes. Problems: too-many. */
  start(browser: string): Promise<{ code: string; secret: string; expiresInSeconds: number; pollSeconds: number }>;
  /** What waits behind a code. Changes nothing but the count of guesses. Problems: not-allowed, too-many, link-used. */
  describe(code: string, agent: PairingAgent): Promise<WaitingCode>;
  /** Says yes in the agent's brand and name. Problems: not-allowed, too-many, link-used. */
  approve(code: string, agent: PairingAgent): Promise<void>;
  /** Says no. Problems: not-allowed, too-many, link-used. */
  refuse(code: string, agent: PairingAgent): Promise<void>;
  /** Hands the token out once, in the first poll after the yes. Problems: link-used (unknown, over, handed out). */
  poll(secret: string): Promise<Polled>;
  /** The pairing of a token that is current and not over; nothing otherwise. Marks the token as used. */
  authenticate(token: string): Promise<{ id: string; brandId: string; userId: string } | undefined>;
  /** A new token for the current one, also when that is over. Reuse ends the pairing. Problems: token-ended. */
  rotate(token: string): Promise<{ token: string; expiresInSeconds: number }>;
  /** Ends one pairing: one's own, or any of the brand with `unpair-others`. Problems: not-found. */
  end(agent: PairingAgent, pairingId: string): Promise<void>;
  /** Ends all pairings of a person in a brand: for a removal or a change of role. */
  endAll(brandId: string, userId: string, actor: string): Promise<void>;
  /** Pairings in force; of one person when `userId` is given. */
  list(brandId: string, userId?: string): Promise<Paired[]>;
}

/** Life of a code, seconds. */
export const codeSeconds = 300;
/** Life of a token for calls, seconds. */
export const tokenSeconds = 900;
/** How long after its issue the newest token can still be traded, seconds: a laptop may sleep over a working day. */
export const idleSeconds = 12 * 3600;
const pollSeconds = 2;
const waitingAtMost = 200;
/** Consonants without look-alikes (RFC 8628, 6.1): 20^8 codes. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';

const freshCode = () => Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
const plainCode = (typed: string) => typed.toUpperCase().replace(/[^A-Z]/g, '');
const shownCode = (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`;
const iso = (ms: number) => new Date(ms).toISOString();

/** What `createPairing` needs. `guesses` counts tries of codes per agent; `now` gives milliseconds since 1970. */
export interface PairingDeps {
  store: Store;
  /** 32 bytes: codes are too short for a plain hash. */
  key: Buffer;
  guesses: Limit;
  bell: EndedBell;
  now: () => number;
}

/** Makes the pairing desk. */
export function createPairing({ store, key, guesses, bell, now }: PairingDeps): Pairing {
  const codeHash = (typed: string) => mac(key, plainCode(typed));
  const one = (tx: Pick<Tx, 'get' | 'sql'>, column: 'code_hash' | 'secret_hash' | 'token_hash' | 'id', value: string) =>
    tx.get(tx.sql.selectFrom('pairing').selectAll().where(column, '=', value));
  const set = (tx: Tx, id: string, change: Partial<PairingTable>) =>
    tx.run(tx.sql.updateTable('pairing').set(change).where('id', '=', id));
  const waiting = (tx: Pick<Tx, 'get' | 'sql'>, code: string) => {
    const row = one(tx, 'code_hash', codeHash(code));
    return row?.state === 'waiting' && row.expires_ms > now() ? row : problem('link-used');
  };
  const guess = (agent: PairingAgent) => (may(agent, 'pair') ? take(guesses, agent.userId) : problem('not-allowed'));

  /** Ends inside the caller's transaction; the caller rings after the commit. */
  const stop = (tx: Tx, row: PairingTable, actor: string, act: string) => {
    set(tx, row.id, { state: 'ended', token_hash: null, previous_hash: null });
    note(tx, now(), { brandId: row.brand_id, actor, act, detail: `pairing ${row.id}` });
  };
  const ring = (pairingId: string) => bell.ring({ what: 'pairing', pairingId });
  /** Tokens of one pairing share their first half, so an old one is known for what it is, however old. */
  const issue = (family: string) => {
    const token = `${family}.${newToken()}`;
    const token_hash = digest(token);
    const at = now();
    return {
      token,
      row: {
        token_hash,
        token_used: 0,
        token_expires_ms: at + tokenSeconds * 1000,
        expires_ms: at + idleSeconds * 1000,
      },
    };
  };
  const decide = async (code: string, agent: PairingAgent, state: 'approved' | 'refused') => {
    await guess(agent);
    const { userId: user_id, brandId: brand_id } = agent;
    await store.write((tx) => {
      const row = waiting(tx, code);
      set(tx, row.id, state === 'approved' ? { state, user_id, brand_id } : { state });
      note(tx, now(), {
        brandId: brand_id,
        actor: `user:${user_id}`,
        act: `pairing-${state}`,
        detail: `pairing ${row.id}`,
      });
    });
  };

  return {
    start: (browser) =>
      store.write((tx) => {
        const at = now();
        tx.run(tx.sql.deleteFrom('pairing').where('expires_ms', '<=', at));
        const open = tx.sql
          .selectFrom('pairing')
          .select((e) => e.fn.countAll<number>().as('n'))
          .where('state', '=', 'waiting');
        if ((tx.get(open)?.n ?? 0) >= waitingAtMost) problem('too-many');
        let code = freshCode();
        while (one(tx, 'code_hash', codeHash(code))) code = freshCode();
        const secret = newToken();
        tx.run(
          tx.sql.insertInto('pairing').values({
            id: randomUUID(),
            code_hash: codeHash(code),
            secret_hash: digest(secret),
            browser,
            state: 'waiting',
            token_used: 0,
            token_expires_ms: 0,
            created_at: iso(at),
            expires_ms: at + codeSeconds * 1000,
          }),
        );
        return { code: shownCode(code), secret, expiresInSeconds: codeSeconds, pollSeconds };
      }),

    describe: async (code, agent) => {
      await guess(agent);
      const row = waiting(store.read, code);
      return {
        code: shownCode(plainCode(code)),
        browser: row.browser,
        startedAt: row.created_at,
        expiresAt: iso(row.expires_ms),
      };
    },
    approve: (code, agent) => decide(code, agent, 'approved'),
    refuse: (code, agent) => decide(code, agent, 'refused'),

    poll: (secret) =>
      store.write((tx): Polled => {
        const row = one(tx, 'secret_hash', digest(secret));
        if (!row || row.expires_ms <= now()) return problem('link-used');
        if (row.state === 'waiting' || row.state === 'refused') return { state: row.state };
        if (row.state !== 'approved') return problem('link-used');
        const member = row.user_id && row.brand_id ? membership(store, row.user_id, row.brand_id) : undefined;
        if (!member) {
          set(tx, row.id, { state: 'refused' });
          return { state: 'refused' };
        }
        const family = newToken();
        const { token, row: fresh } = issue(family);
        set(tx, row.id, { ...fresh, state: 'paired', secret_hash: digest(family), code_hash: '' });
        note(tx, now(), {
          brandId: row.brand_id,
          actor: `user:${row.user_id}`,
          act: 'paired',
          detail: `pairing ${row.id}`,
        });
        return { state: 'paired', token, expiresInSeconds: tokenSeconds, agent: member.name, brand: member.brandName };
      }),

    authenticate: async (token) => {
      const hash = digest(token);
      const row = one(store.read, 'token_hash', hash);
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
      return { id: row.id, brandId: row.brand_id, userId: row.user_id };
    },

    rotate: async (token) => {
      const family = token.split('.')[0] ?? '';
      const hash = digest(token);
      const done = await store.write((tx) => {
        const row = one(tx, 'secret_hash', digest(family));
        if (row?.state !== 'paired' || row.expires_ms <= now()) return undefined;
        const current = hash === row.token_hash;
        // The answer with the newer token was lost: nobody has used it, so the old one may ask again.
        const again = hash === row.previous_hash && row.token_used === 0;
        if (!current && !again) {
          stop(tx, row, 'nobody', 'pairing-token-reused');
          return { ended: row.id };
        }
        const fresh = issue(family);
        set(tx, row.id, { ...fresh.row, previous_hash: hash });
        return { token: fresh.token };
      });
      if (done?.ended) ring(done.ended);
      return done?.token ? { token: done.token, expiresInSeconds: tokenSeconds } : problem('token-ended');
    },

    end: async (agent, pairingId) => {
      await store.write((tx) => {
        const row = one(tx, 'id', pairingId);
        const mine = row?.user_id === agent.userId || may(agent, 'unpair-others');
        if (!row || row.brand_id !== agent.brandId || row.state !== 'paired' || !mine) return problem('not-found');
        stop(tx, row, `user:${agent.userId}`, 'unpaired');
      });
      ring(pairingId);
    },
    endAll: async (brandId, userId, actor) => {
      const ids = await store.write((tx) => {
        const rows = tx.all(
          tx.sql
            .selectFrom('pairing')
            .selectAll()
            .where('brand_id', '=', brandId)
            .where('user_id', '=', userId)
            .where('state', 'in', ['approved', 'paired']),
        );
        for (const row of rows) stop(tx, row, actor, 'unpaired');
        return rows.map((r) => r.id);
      });
      for (const id of ids) ring(id);
    },
    list: async (brandId, userId) => {
      const rows = await store.db
        .selectFrom('pairing')
        .selectAll()
        .where('brand_id', '=', brandId)
        .where('state', '=', 'paired')
        .where('expires_ms', '>', now())
        .orderBy('created_at')
        .execute();
      return rows.flatMap((r) => {
        const member =
          r.user_id && (!userId || userId === r.user_id) ? membership(store, r.user_id, brandId) : undefined;
        return member
          ? [
              {
                id: r.id,
                brandId,
                userId: member.userId,
                name: member.name,
                browser: r.browser,
                pairedAt: r.created_at,
                lastUsedAt: r.last_used_at,
              },
            ]
          : [];
      });
    },
  };
}
