import type { Entry } from '#contract/chat.ts';
import { Problem, problem } from '#contract/problem.ts';
import { publishManifest, publishNotice } from '../consent/notices.ts';
import { stopQueued } from '../consent/under-way.ts';
import type { ClaimDeps } from '../egress/claim.ts';
import type { Fence } from '../egress/fence.ts';
import type { Oauth, OauthClient, OauthPartner } from '../egress/oauth.ts';
import { stateHash } from '../egress/oauth-callback.ts';
import type { Tokens } from '../egress/tokens.ts';
import type { Vault } from '../egress/vault.ts';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { digest, newToken } from '../store/seal.ts';
import type { ShareKey } from '../store/share-facts.ts';
import type { Catalogue } from './catalogue.ts';
import {
  endTransaction,
  insertTransaction,
  keepTokens,
  readPending,
  type Transaction,
  takeForCallback,
} from './transaction.ts';

/** What connecting needs. */
export interface ConnectDeps extends ClaimDeps {
  store: Store;
  fence: Fence;
  vault: Vault;
  oauth: Oauth;
  tokens: Tokens;
  catalogue: Catalogue;
  /** The hub's client at a partner; undefined where none is set and no sandbox runs. */
  clients(provider: string): { client: OauthClient; sandbox: boolean } | undefined;
  /** The hub's own origin. */
  origin: string;
  publish(entries: readonly Entry[], brandId: string): void;
  /** Told when strips and cards of a whole brand changed. */
  touch(brandId: string): void;
}

/** Who connects: the signed-in person in one console session. */
export interface Connector {
  brandId: string;
  userId: string;
  sessionId: string;
}

/** One redirect address per adapter, so that no partner can answer for another (SECURITY.md OA6). */
export const redirectUri = (origin: string, provider: string): string => `${origin}/oauth/callback/${provider}`;

function partnerOf(d: ConnectDeps, provider: string): OauthPartner {
  const addon = d.catalogue.get(provider);
  if (!addon) problem('not-found');
  const known = d.clients(provider);
  if (!known) problem('connect-refused', `No app is set up for ${addon.facts.name}.`);
  return { facts: addon.facts, sandbox: known.sandbox, client: known.client };
}

const refuse = (d: ConnectDeps, brandId: string | null, actor: string, detail: string) =>
  d.store.write((tx) => note(tx, d.now().getTime(), { brandId, actor, act: 'connect-refused', detail }));

/** Starts a connect: where to send the browser, and the value of the cookie that ties the callback to this browser. */
export async function beginConnect(
  d: ConnectDeps,
  who: Connector,
  provider: string,
): Promise<{ url: string; cookie: string }> {
  const partner = partnerOf(d, provider);
  const scopes = partner.facts.auth.scopes;
  const begun = await d.oauth.begin({
    facts: partner.facts,
    sandbox: partner.sandbox,
    clientId: partner.client.id,
    redirectUri: redirectUri(d.origin, provider),
    scopes,
  });
  const cookie = newToken();
  await d.store.write((tx) => {
    insertTransaction(
      tx,
      d.vault,
      {
        id: d.ids(),
        ...who,
        stateHash: begun.stateHash,
        adapter: provider,
        sandbox: partner.sandbox,
        kept: { verifier: begun.verifier, scopes },
        cookieHash: digest(cookie),
      },
      d.now(),
    );
    note(tx, d.now().getTime(), {
      brandId: who.brandId,
      actor: `user:${who.userId}`,
      act: 'connect-start',
      detail: provider,
    });
  });
  return { url: begun.url, cookie };
}

/**
 * Takes a callback: its transaction is used up before the code leaves, so a replay finds nothing and calls nobody
 * (SECURITY.md OA8). Returns the id to confirm. Raises `connect-refused`; nothing is connected yet in any case.
 */
export async function takeCallback(
  d: ConnectDeps,
  provider: string,
  params: URLSearchParams,
  cookie: string | undefined,
): Promise<string> {
  const states = params.getAll('state');
  const t =
    states.length === 1 && states[0] && cookie
      ? await d.store.write((tx) =>
          takeForCallback(
            tx,
            d.vault,
            { stateHash: stateHash(states[0] ?? ''), cookieHash: digest(cookie), adapter: provider },
            d.now(),
          ),
        )
      : undefined;
  if (!t || !('verifier' in t.kept)) {
    await refuse(d, null, 'nobody', `callback of ${provider} without a live transaction`);
    return problem('connect-refused', 'This sign-in was not started here, was used already, or took too long.');
  }
  const partner = partnerOf(d, provider);
  try {
    const transaction = { stateHash: t.stateHash, verifier: t.kept.verifier, scopes: t.kept.scopes };
    const tokens = await d.oauth.finish(partner, { params, redirectUri: redirectUri(d.origin, provider), transaction });
    const account = await d.oauth.account(partner, tokens);
    await d.store.write((tx) => keepTokens(tx, d.vault, t, { tokens, account }));
    return t.id;
  } catch (e) {
    await d.store.write((tx) => endTransaction(tx, t.id));
    const code = (e as { code?: string }).code ?? 'failed';
    await refuse(d, t.brandId, `user:${t.userId}`, `${provider}: ${code}`);
    if (e instanceof Problem) throw e;
    const said = code === 'access_denied' ? `${partner.facts.name} was not allowed; nothing changed.` : undefined;
    return problem('connect-refused', said ?? `${partner.facts.name} did not complete the sign-in.`);
  }
}

/** What the confirmation page shows: the partner's account and the permissions it gave. Raises `connect-refused`. */
export async function pendingConnect(d: ConnectDeps, who: Connector, id: string) {
  const t = await d.store.write((tx) => readPending(tx, d.vault, { id, ...who }, d.now()));
  if (!t || !('tokens' in t.kept)) return problem('connect-refused', 'There is nothing to confirm in this session.');
  return { transaction: t, account: t.kept.account, tokens: t.kept.tokens, partner: partnerOf(d, t.adapter) };
}

/** Throws what came back away: the tokens are revoked at the partner and nothing is connected. */
export async function discardConnect(d: ConnectDeps, who: Connector, id: string): Promise<void> {
  const { transaction, tokens, partner } = await pendingConnect(d, who, id);
  await d.store.write((tx) => endTransaction(tx, transaction.id));
  await d.oauth.revoke(partner, tokens).catch(() => {}); // they were never stored for use
  await refuse(d, who.brandId, `user:${who.userId}`, `${transaction.adapter}: not this account`);
}

/** Makes the connection active: manifest, notice and sealed tokens in the same commit. */
export async function confirmConnect(
  d: ConnectDeps,
  who: Connector,
  id: string,
): Promise<{ integration: string; partner: string }> {
  const { transaction, account, tokens, partner } = await pendingConnect(d, who, id);
  const integration = await d.store.write((tx) => {
    endTransaction(tx, transaction.id);
    const id = activate(tx, d, transaction, account);
    d.tokens.putIn(tx, who.brandId, id, tokens);
    return id;
  });
  d.touch(who.brandId);
  return { integration, partner: partner.facts.name };
}

function activate(tx: Tx, d: ConnectDeps, t: Transaction, account: { id: string; name: string }): string {
  const at = d.now().toISOString();
  const manifest = d.catalogue.get(t.adapter)?.manifest ?? problem('not-found');
  const hash = publishManifest(tx, t.brandId, manifest, at);
  const before = tx.hot('select * from integration where brand_id = ? and provider = ?').get(t.brandId, t.adapter);
  const id = (before?.id as string | undefined) ?? d.ids();
  if (before?.connection === 'active' && before.account_id !== account.id)
    problem('connect-refused', `You signed in to a different ${manifest.name} account. Nothing was changed.`);
  if (before) {
    // Another account after a disconnect: what people said yes to was the old one (GATE.md k.19).
    const other = before.account_id !== account.id ? tx.seq() : (before.revoked_before_seq as number);
    tx.hot(
      `update integration set connection = 'active', conn_epoch = conn_epoch + 1, account_id = ?, account_name = ?,
       sandbox = ?, manifest_hash = ?, revoked_before_seq = ?, connected_at = ?, trouble = null where id = ?`,
    ).run(account.id, account.name, t.sandbox ? 1 : 0, hash, other, at, id);
  } else {
    tx.hot(
      `insert into integration (id, brand_id, provider, sandbox, account_id, account_name, connection, conn_epoch,
       revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble)
       values (?, ?, ?, ?, ?, ?, 'active', 1, 0, ?, ?, null, null)`,
    ).run(id, t.brandId, t.adapter, t.sandbox ? 1 : 0, account.id, account.name, hash, at);
  }
  publishNotice(tx, t.brandId, at);
  note(tx, d.now().getTime(), { brandId: t.brandId, actor: `user:${t.userId}`, act: 'connect', detail: t.adapter });
  return id;
}

/**
 * Disconnects: from the commit on nothing is sent (P4), what waits is finished as withheld, the notice is published
 * without this partner; then the grant is revoked at the partner and the secret wiped. Resolves with whether the
 * partner confirmed.
 */
export async function disconnect(d: ConnectDeps, who: Connector, id: string): Promise<{ confirmed: boolean }> {
  const entries = await d.store.write((tx) => {
    const row = tx
      .hot(
        `update integration set connection = 'revoked', conn_epoch = conn_epoch + 1, trouble = null
         where id = ? and brand_id = ? returning provider`,
      )
      .get(id, who.brandId);
    if (!row) problem('not-found');
    const at = d.now().toISOString();
    publishNotice(tx, who.brandId, at);
    const waiting = tx
      .hot(
        "select distinct subject_id, purpose from share where brand_id = ? and integration_id = ? and state = 'queued'",
      )
      .all(who.brandId, id);
    note(tx, d.now().getTime(), {
      brandId: who.brandId,
      actor: `user:${who.userId}`,
      act: 'disconnect',
      detail: row.provider as string,
    });
    return waiting.flatMap((w) =>
      stopQueued(tx, d, {
        brandId: who.brandId,
        subjectId: w.subject_id as string,
        integrationId: id,
        purpose: w.purpose as ShareKey['purpose'],
      }),
    );
  });
  d.fence.cancel({ integrationId: id });
  d.publish(entries, who.brandId);
  d.touch(who.brandId);
  const confirmed = await d.tokens.revoke(who.brandId, id);
  await d.tokens.wipe(who.brandId, id);
  if (!confirmed)
    await d.store.write((tx) =>
      tx
        .hot('update integration set trouble = ? where id = ? and brand_id = ?')
        .run(
          'Disconnected here and the key is wiped; the partner did not confirm. Remove askfirst there too.',
          id,
          who.brandId,
        ),
    );
  return { confirmed };
}
