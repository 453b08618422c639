import { problem } from '#contract/problem.ts';
import type { Field } from '#contract/visitor.ts';
import type { Tx } from '../store/open.ts';
import type { Claimed, LoginSecrets } from './login-way.ts';
import { type Vault, wrappedKeyOf } from './vault.ts';

/** How long a sign-in may take from the press in the chat to the filled form, milliseconds (SECURITY.md OA8). */
export const loginMs = 10 * 60_000;
/** How long the hub can still tell a value of the provider from a typed one, after it stands in the form; milliseconds. */
const knownMs = 60 * 60_000;
/** Sign-ins a brand may have under way, so that nobody fills the store (SECURITY.md 5). */
const atMost = 500;

/** Where a sign-in stands; each step is taken once. */
type Stage = 'asked' | 'started' | 'called_back' | 'claimed' | 'chosen' | 'handed';

/** What a transaction keeps sealed, by stage: secrets, then claims, then what was picked, then digests of it alone. */
export type LoginKept =
  | LoginSecrets
  | { claims: Claimed }
  | { picked: Claimed; claims: Claimed }
  | { digests: Partial<Record<Field, string>> };

/** One sign-in on its way: bound to brand, connection, issuer, the chat's frame and the browser (SECURITY.md OA6, OA9). */
export interface LoginRow {
  id: string;
  brandId: string;
  integrationId: string;
  provider: string;
  sandbox: boolean;
  kept: LoginKept | undefined;
}

const place = (brand: string, id: string) => ({ brand, integration: id, field: 'login' });

function rowOf(tx: Pick<Tx, 'hot'>, vault: Vault, row: Record<string, unknown>): LoginRow {
  const [id, brandId] = [row.id as string, row.brand_id as string];
  const of = tx.hot('select provider, sandbox from integration where id = ?').get(row.integration_id as string);
  const sealed = row.sealed as string | null;
  return {
    id,
    brandId,
    integrationId: row.integration_id as string,
    provider: of?.provider as string,
    sandbox: of?.sandbox === 1,
    kept: sealed === null ? undefined : JSON.parse(vault.open(wrappedKeyOf(tx, brandId), place(brandId, id), sealed)),
  };
}

/** Stores a sign-in a chat's frame asked for. Raises `not-found` unless the connection is active, and `too-many`. */
export function insertLogin(
  tx: Tx,
  t: { id: string; brandSlug: string; integrationId: string; issuer: string; pickHash: string; codeHash: string },
  now: Date,
): void {
  const at = tx
    .hot(
      `select b.id, i.conn_epoch from integration i join brand b on b.id = i.brand_id
       where i.id = ? and b.slug = ? and i.connection = 'active'`,
    )
    .get(t.integrationId, t.brandSlug);
  if (!at) problem('not-found');
  tx.hot('delete from login_transaction where expires_ms <= ?').run(now.getTime());
  const open = tx
    .hot("select count(*) as n from login_transaction where brand_id = ? and stage not in ('handed', 'over')")
    .get(at.id as string);
  if ((open?.n as number) >= atMost) problem('too-many');
  tx.hot(
    `insert into login_transaction (id, brand_id, integration_id, conn_epoch, issuer, pick_hash, code_hash, state_hash,
     cookie_hash, sealed, stage, created_at, expires_ms) values (?, ?, ?, ?, ?, ?, ?, null, null, null, 'asked', ?, ?)`,
  ).run(
    t.id,
    at.id as string,
    t.integrationId,
    at.conn_epoch as number,
    t.issuer,
    t.pickHash,
    t.codeHash,
    now.toISOString(),
    now.getTime() + loginMs,
  );
}

/** What names a transaction at one stage: only hashes of secrets, each held by the one who may take the next step. */
type By =
  | { code_hash: string }
  | { pick_hash: string }
  | { cookie_hash: string }
  | { cookie_hash: string; state_hash: string };

const liveAnd = `expires_ms > ? and exists (select 1 from integration i where i.id = integration_id
  and i.connection = 'active' and i.conn_epoch = login_transaction.conn_epoch)`;

/**
 * Takes one step of a sign-in, once: whoever comes second, too late, from another browser, or after the connection was
 * turned off gets undefined, and nothing happened (SECURITY.md OA6-OA9).
 */
export function takeLogin(
  tx: Tx,
  vault: Vault,
  from: Stage,
  to: Stage,
  by: By & { issuer?: string },
  now: Date,
): LoginRow | undefined {
  const names = Object.keys(by);
  const row = tx
    .hot(
      `update login_transaction set stage = ? where stage = ? and ${names.map((name) => `${name} = ?`).join(' and ')}
       and ${liveAnd} returning *`,
    )
    .get(to, from, ...(Object.values(by) as string[]), now.getTime());
  return row && rowOf(tx, vault, row);
}

/** Reads the sign-in whose claims wait for this browser's choice; taking nothing. */
export function readClaimed(read: Pick<Tx, 'hot'>, vault: Vault, cookieHash: string, now: Date): LoginRow | undefined {
  const row = read
    .hot(`select * from login_transaction where cookie_hash = ? and stage = 'claimed' and ${liveAnd}`)
    .get(cookieHash, now.getTime());
  return row && rowOf(read, vault, row);
}

/** Replaces what a sign-in keeps; what stood there is gone. */
export function keepLogin(
  tx: Tx,
  vault: Vault,
  t: Pick<LoginRow, 'id' | 'brandId'>,
  stage: Stage,
  kept: LoginKept,
  hashes: { state?: string; cookie?: string } = {},
): void {
  tx.hot(
    `update login_transaction set sealed = ?, stage = ?, state_hash = coalesce(?, state_hash),
     cookie_hash = coalesce(?, cookie_hash) where id = ?`,
  ).run(
    vault.seal(wrappedKeyOf(tx, t.brandId), place(t.brandId, t.id), JSON.stringify(kept)),
    stage,
    hashes.state ?? null,
    hashes.cookie ?? null,
    t.id,
  );
}

/** Ends a sign-in: what it kept is gone at once, and the frame that waits is told. */
export const endLogin = (tx: Tx, id: string): void =>
  tx.hot("update login_transaction set stage = 'over', sealed = null where id = ?").run(id);

/** Where the sign-in of a frame stands; reads only, as a frame asks every two seconds. */
export function stageOf(read: Pick<Tx, 'hot'>, pickHash: string, now: Date): 'waiting' | 'over' | 'chosen' {
  const found = read
    .hot(`select stage from login_transaction where pick_hash = ? and ${liveAnd}`)
    .get(pickHash, now.getTime());
  if (!found || found.stage === 'over' || found.stage === 'handed') return 'over';
  return found.stage === 'chosen' ? 'chosen' : 'waiting';
}

/** Hands over what was picked, once; only digests of it stay. */
export function collectLogin(
  tx: Tx,
  vault: Vault,
  pickHash: string,
  digest: (value: string) => string,
  now: Date,
): { row: LoginRow; picked: Claimed; claims: Claimed } | undefined {
  const row = takeLogin(tx, vault, 'chosen', 'handed', { pick_hash: pickHash }, now);
  if (!row?.kept || !('picked' in row.kept)) return undefined;
  const { picked, claims } = row.kept;
  const digests = Object.fromEntries(Object.entries(claims).map(([field, value]) => [field, digest(value)]));
  keepLogin(tx, vault, row, 'handed', { digests });
  tx.hot('update login_transaction set expires_ms = ? where id = ?').run(now.getTime() + knownMs, row.id);
  return { row, picked, claims };
}

/** What was handed to this frame, as digests; the row is gone after it, so it counts for one chat. */
export function redeemLogin(
  tx: Tx,
  vault: Vault,
  by: { pickHash: string; brandId: string },
  now: Date,
): { integrationId: string; digests: Partial<Record<Field, string>> } | undefined {
  const found = tx
    .hot(
      "delete from login_transaction where pick_hash = ? and brand_id = ? and stage = 'handed' and expires_ms > ? returning *",
    )
    .get(by.pickHash, by.brandId, now.getTime());
  const row = found && rowOf(tx, vault, found);
  if (!row?.kept || !('digests' in row.kept)) return undefined;
  return { integrationId: row.integrationId, digests: row.kept.digests };
}
