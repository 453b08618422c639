import { problem } from '#contract/problem.ts';
import type { Tx } from '../store/open.ts';
import type { OauthTransaction } from './oauth-callback.ts';
import type { TokenSet } from './oauth-tokens.ts';
import { type Vault, wrappedKeyOf } from './vault.ts';

/** How long a connect may take from the button to the confirmation, in milliseconds (SECURITY.md OA8). */
export const transactionMs = 10 * 60_000;

/** What a transaction keeps sealed: before the callback the verifier and any key, after it the tokens nobody has confirmed yet. */
export type Kept =
  | Pick<OauthTransaction, 'verifier' | 'scopes' | 'dpop'>
  | { tokens: TokenSet; account: { id: string; name: string } };

/** One connect on its way: bound to brand, person, session, browser and adapter (SECURITY.md OA6, OA9). */
export interface Transaction {
  id: string;
  brandId: string;
  stateHash: string;
  adapter: string;
  sandbox: boolean;
  userId: string;
  sessionId: string;
  kept: Kept;
  stage: string;
}

const place = (brand: string, id: string) => ({ brand, integration: id, field: 'connect' });

/** Stores a transaction that was just started. */
export function insertTransaction(
  tx: Tx,
  vault: Vault,
  t: Omit<Transaction, 'stage'> & { cookieHash: string },
  now: Date,
): void {
  tx.hot('delete from connect_transaction where expires_ms < ?').run(now.getTime());
  const open = tx
    .hot("select count(*) as n from connect_transaction where brand_id = ? and stage = 'started'")
    .get(t.brandId);
  if ((open?.n as number) >= 50) problem('too-many'); // capped, so that nobody fills the store (SECURITY.md 5)
  tx.hot(
    `insert into connect_transaction (id, brand_id, state_hash, adapter, sandbox, user_id, session_id, cookie_hash,
     sealed, stage, created_at, expires_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'started', ?, ?)`,
  ).run(
    t.id,
    t.brandId,
    t.stateHash,
    t.adapter,
    t.sandbox ? 1 : 0,
    t.userId,
    t.sessionId,
    t.cookieHash,
    vault.seal(wrappedKeyOf(tx, t.brandId), place(t.brandId, t.id), JSON.stringify(t.kept)),
    now.toISOString(),
    now.getTime() + transactionMs,
  );
}

function openRow(tx: Tx, vault: Vault, row: Record<string, unknown>): Transaction {
  const brandId = row.brand_id as string;
  const id = row.id as string;
  return {
    id,
    brandId,
    stateHash: row.state_hash as string,
    adapter: row.adapter as string,
    sandbox: row.sandbox === 1,
    userId: row.user_id as string,
    sessionId: row.session_id as string,
    kept: JSON.parse(vault.open(wrappedKeyOf(tx, brandId), place(brandId, id), row.sealed as string)) as Kept,
    stage: row.stage as string,
  };
}

/**
 * Takes the transaction of a callback, once, before its code is sent anywhere: the state, the browser's cookie and the
 * adapter of the path must all be its own. Undefined for anything else, and nothing happened (SECURITY.md OA6-OA9).
 */
export function takeForCallback(
  tx: Tx,
  vault: Vault,
  by: { stateHash: string; cookieHash: string; adapter: string },
  now: Date,
): Transaction | undefined {
  const row = tx
    .hot(
      `update connect_transaction set stage = 'called_back' where state_hash = ? and cookie_hash = ? and adapter = ?
       and stage = 'started' and expires_ms > ? returning *`,
    )
    .get(by.stateHash, by.cookieHash, by.adapter, now.getTime());
  return row && openRow(tx, vault, row);
}

/** Keeps what the partner gave until the admin has confirmed it. */
export function keepTokens(tx: Tx, vault: Vault, t: Transaction, kept: Kept): void {
  tx.hot('update connect_transaction set sealed = ? where id = ? and stage = ?').run(
    vault.seal(wrappedKeyOf(tx, t.brandId), place(t.brandId, t.id), JSON.stringify(kept)),
    t.id,
    'called_back',
  );
}

/** Reads a transaction that waits for its confirmation, for the session that began it and no other. */
export function readPending(
  tx: Tx,
  vault: Vault,
  who: { id: string; brandId: string; userId: string; sessionId: string },
  now: Date,
): Transaction | undefined {
  const row = tx
    .hot(
      `select * from connect_transaction where id = ? and brand_id = ? and user_id = ? and session_id = ?
       and stage = 'called_back' and expires_ms > ?`,
    )
    .get(who.id, who.brandId, who.userId, who.sessionId, now.getTime());
  return row && openRow(tx, vault, row);
}

/** Ends a transaction; its sealed tokens go with it. */
export const endTransaction = (tx: Tx, id: string): void =>
  tx.hot('delete from connect_transaction where id = ?').run(id);
