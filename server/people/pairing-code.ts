import { randomInt, randomUUID } from 'node:crypto';
import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import type { Tx } from '../store/open.ts';
import { digest, mac, newToken } from '../store/seal.ts';
import { take } from './limit.ts';
import { may } from './may.ts';
import { membership } from './membership.ts';
import { change, type Pairing, type PairingAgent, type PairingDeps, type Polled, rowBy } from './pairing-shape.ts';
import { issueToken, tokenSeconds } from './pairing-token.ts';

/** Life of a code, seconds. */
const codeSeconds = 300;
const pollSeconds = 2;
const waitingAtMost = 200;
/** Consonants without look-alikes (RFC 8628, 6.1): 20^8 codes. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';

const freshCode = () => Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
const plainCode = (typed: string) => typed.toUpperCase().replace(/[^A-Z]/g, '');
const shownCode = (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`;
const iso = (ms: number) => new Date(ms).toISOString();

/** The half of pairing up to the token: code, approval page, poll. */
export function createPairingCodes({
  store,
  key,
  guesses,
  now,
}: Omit<PairingDeps, 'bell'>): Pick<Pairing, 'start' | 'describe' | 'approve' | 'refuse' | 'poll'> {
  const codeHash = (typed: string) => mac(key, plainCode(typed));
  const waiting = (tx: Pick<Tx, 'get' | 'sql'>, code: string) => {
    const row = rowBy(tx, 'code_hash', codeHash(code));
    return row?.state === 'waiting' && row.expires_ms > now() ? row : problem('link-used');
  };
  const guess = (agent: PairingAgent) => (may(agent, 'pair') ? take(guesses, agent.userId) : problem('not-allowed'));

  const decide = async (code: string, agent: PairingAgent, state: 'approved' | 'refused') => {
    await guess(agent);
    const { userId: user_id, brandId: brand_id, mfaAt: mfa_at } = agent;
    await store.write((tx) => {
      const row = waiting(tx, code);
      change(tx, row.id, state === 'approved' ? { state, user_id, brand_id, mfa_at } : { state });
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
        while (rowBy(tx, 'code_hash', codeHash(code))) code = freshCode();
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
        const row = rowBy(tx, 'secret_hash', digest(secret));
        if (!row || row.expires_ms <= now()) return problem('link-used');
        if (row.state === 'waiting' || row.state === 'refused') return { state: row.state };
        if (row.state !== 'approved') return problem('link-used');
        const member = row.user_id && row.brand_id ? membership(store, row.user_id, row.brand_id) : undefined;
        if (!member) {
          change(tx, row.id, { state: 'refused' });
          return { state: 'refused' };
        }
        const family = newToken();
        const { token, row: fresh } = issueToken(family, now());
        change(tx, row.id, { ...fresh, state: 'paired', secret_hash: digest(family), code_hash: '' });
        note(tx, now(), {
          brandId: row.brand_id,
          actor: `user:${row.user_id}`,
          act: 'paired',
          detail: `pairing ${row.id}`,
        });
        return { state: 'paired', token, expiresInSeconds: tokenSeconds, agent: member.name, brand: member.brandName };
      }),
  };
}
