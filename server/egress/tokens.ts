import type { AdapterFacts } from '#sdk';
import type { Store, Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { Stopped } from './fence.ts';
import type { Oauth, OauthClient, OauthPartner } from './oauth.ts';
import { OauthError } from './oauth-error.ts';
import type { TokenSet } from './oauth-tokens.ts';
import { TokenError } from './token-error.ts';
import type { Vault } from './vault.ts';

/** The tokens of the connections: sealed in the store, opened here and nowhere else, refreshed once at a time. */
export interface Tokens {
  /** Seals and stores a token set (at connect, reconnect and refresh); a "needs reconnect" is over with it. */
  put(brandId: string, integrationId: string, tokens: TokenSet): Promise<void>;
  /** The same inside a transaction of the caller, so that connection and tokens are stored together or not at all. */
  putIn(tx: Tx, brandId: string, integrationId: string, tokens: TokenSet): void;
  /**
   * An access token good for a minute or more; given the one the partner just refused, another one. Rejects with
   * TokenError: `not_connected`, `needs_reconnect`, or `later` with the wait in milliseconds.
   */
  access(brandId: string, integrationId: string, refused?: string): Promise<string>;
  /**
   * Takes the tokens of a connection out of the store, inside a transaction of the caller: from its commit on nobody here
   * can use them. Undefined where there are none; `tokens` is absent where they no longer open, and they are gone as well.
   */
  takeOut(tx: Tx, brandId: string, integrationId: string): (TakenOut & { tokens?: TokenSet }) | undefined;
  /** True while the brand's connection to this provider has this very grant: a partner may hand the same one out again. */
  holdsGrant(brandId: string, provider: string, grant: Pick<TokenSet, 'access' | 'refresh'>): boolean;
}

/** Where a grant that was taken out was for. */
interface TakenOut {
  provider: string;
  sandbox: boolean;
}

/** What createTokens is handed. */
export interface TokensDeps {
  store: Store;
  vault: Vault;
  oauth: Oauth;
  /** The hub's client at a partner; undefined when none is set. */
  clients: (provider: string, sandbox: boolean) => OauthClient | undefined;
  facts: (provider: string) => AdapterFacts | undefined;
  /** Hosts the connection's brand approved; those of the facts where left out (R86). */
  hosts?: (brandId: string, integrationId: string) => string[];
  /** A grant that came when nobody could use it any more: it is revoked at the partner (P4). */
  abandoned?: (at: TakenOut & { brandId: string; integrationId: string }, tokens: TokenSet) => Promise<void>;
  /** True while sending to the connection is stopped: its key is not renewed then. */
  held?: (brandId: string, integrationId: string) => boolean;
  /** Milliseconds that never run back. */
  monotonic: () => number;
  /** Wall clock in milliseconds, for `updated_at` only. */
  now: () => number;
  /** A number from 0 up to 1: the jitter of the back-off. */
  random: () => number;
  log: { warn(facts: Record<string, unknown>, message: string): void };
}

interface Row {
  wrapped: string;
  provider: string;
  sandbox: number;
  connection: string;
  trouble: string | null;
  sealed: string | null;
  version: number | null;
}
const select = `select b.wrapped_key as wrapped, i.provider, i.sandbox, i.connection, i.trouble, v.sealed, v.version
  from integration i join brand b on b.id = i.brand_id
  left join vault v on v.brand_id = i.brand_id and v.integration_id = i.id
  where i.brand_id = ? and i.id = ?`;

const marginMs = 60_000;
const firstWaitMs = 1_000;
const longestWaitMs = 300_000;
const reconnect = 'needs_reconnect';

/** Makes the token keeper (SECURITY.md OA13, OA14; one process, so single flight in memory and a version in the row). */
export function createTokens(deps: TokensDeps): Tokens {
  const { store, vault, oauth, monotonic, log } = deps;
  /** Refreshes under way, by integration. */
  const flights = new Map<string, Promise<string>>();
  /** After a failure: no call to the authorization server before `until`. */
  const cooling = new Map<string, { until: number; failures: number }>();

  const place = (brand: string, integration: string) => ({ brand, integration, field: 'tokens' });
  const rowOf = (read: Pick<Tx, 'hot'>, brandId: string, integrationId: string) =>
    read.hot(select).get(brandId, integrationId) as Row | undefined;

  const open = (row: Row, brandId: string, integrationId: string): TokenSet =>
    JSON.parse(vault.open(row.wrapped, place(brandId, integrationId), row.sealed ?? '')) as TokenSet;

  function load(brandId: string, integrationId: string): { row: Row; version: number; tokens: TokenSet } {
    const row = rowOf(store.read, brandId, integrationId);
    if (!row?.sealed || row.version === null) throw new TokenError('not_connected');
    return { row, version: row.version, tokens: open(row, brandId, integrationId) };
  }

  function partnerOf(row: Row, brandId: string, integrationId: string): OauthPartner {
    const facts = deps.facts(row.provider);
    const client = deps.clients(row.provider, row.sandbox === 1);
    if (!facts || !client) throw new TokenError('later', longestWaitMs); // for an operator to set, not for a new connect
    const hosts = deps.hosts?.(brandId, integrationId) ?? facts.hosts;
    const fence = () => {
      if (deps.held?.(brandId, integrationId)) throw new Stopped('stopped');
    };
    return { facts: { ...facts, hosts }, sandbox: row.sandbox === 1, client, fence };
  }

  /** With `expected`, only over that version. False when another writer was first or the connection is gone. */
  function save(tx: Tx, brandId: string, integrationId: string, tokens: TokenSet, expected?: number): boolean {
    const row = rowOf(tx, brandId, integrationId);
    if (!row || (expected !== undefined && row.version !== expected)) return false;
    const sealed = vault.seal(row.wrapped, place(brandId, integrationId), JSON.stringify(tokens));
    // A version is never used twice, so a refresh that outlived a disconnect cannot write over the next connection.
    tx.hot(
      `insert into vault (brand_id, integration_id, sealed, version, updated_at) values (?, ?, ?, ?, ?)
        on conflict (integration_id) do update set sealed = excluded.sealed, version = excluded.version,
        updated_at = excluded.updated_at where brand_id = excluded.brand_id`,
    ).run(brandId, integrationId, sealed, tx.seq(), new Date(deps.now()).toISOString());
    if (row.trouble === reconnect)
      tx.hot('update integration set trouble = null where brand_id = ? and id = ?').run(brandId, integrationId);
    return true;
  }

  /** A token from another process has an unknown age: it counts as over (SECURITY.md OA4: never by wall time). */
  function isFresh(tokens: TokenSet, margin = marginMs): boolean {
    if (tokens.clock !== oauth.clock) return false;
    if (tokens.expiresInSeconds === undefined) return true;
    const life = tokens.expiresInSeconds * 1000;
    return monotonic() < tokens.receivedMs + life - Math.min(margin, life / 2);
  }

  /** 1 s, 2 s, 4 s … 5 min with jitter, or as long as the server asked: the circuit stays open meanwhile. */
  function coolDown(integrationId: string, e: OauthError): TokenError {
    const failures = (cooling.get(integrationId)?.failures ?? 0) + 1;
    const step = Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs);
    const wait = Math.max(e.retryAfterMs ?? 0, step * (0.5 + deps.random() / 2));
    cooling.set(integrationId, { until: monotonic() + wait, failures });
    log.warn(
      { integration: integrationId, code: e.code, status: e.status, waitMs: Math.round(wait) },
      'token refresh waits',
    );
    return new TokenError('later', Math.ceil(wait));
  }

  async function giveUp(brandId: string, integrationId: string, version: number, code: string): Promise<never> {
    await store.write((tx) => {
      if (rowOf(tx, brandId, integrationId)?.version !== version) return;
      tx.hot('update integration set trouble = ? where brand_id = ? and id = ?').run(reconnect, brandId, integrationId);
    });
    log.warn({ integration: integrationId, code }, 'connection needs reconnecting');
    throw new TokenError(reconnect);
  }

  /** One refresh: stored before use; before a grant counts as dead the row is read again and the token tried once more. */
  async function refresh(brandId: string, integrationId: string): Promise<string> {
    for (let refusals = 0; ; ) {
      const { row, version, tokens } = load(brandId, integrationId);
      const partner = partnerOf(row, brandId, integrationId);
      try {
        const next = await oauth.refresh(partner, tokens);
        cooling.delete(integrationId);
        if (await store.write((tx) => save(tx, brandId, integrationId, next, version))) return next.access;
        // Reconnected meanwhile: that grant counts. Disconnected: nobody may use this one, so it ends at the partner too.
        if (!rowOf(store.read, brandId, integrationId)?.sealed) await abandon(row, brandId, integrationId, next);
        return load(brandId, integrationId).tokens.access;
      } catch (e) {
        if (!(e instanceof OauthError)) throw e;
        if (rowOf(store.read, brandId, integrationId)?.version !== version)
          return load(brandId, integrationId).tokens.access;
        if (e.code === 'scope_exceeded') return giveUp(brandId, integrationId, version, e.code);
        if (e.code !== 'invalid_grant') throw coolDown(integrationId, e);
        if (++refusals === 2 || tokens.refresh === undefined) return giveUp(brandId, integrationId, version, e.code);
      }
    }
  }

  async function abandon(row: Row, brandId: string, integrationId: string, next: TokenSet): Promise<void> {
    const at = { brandId, integrationId, provider: row.provider, sandbox: row.sandbox === 1 };
    await deps.abandoned?.(at, next);
  }

  function refreshOnce(brandId: string, integrationId: string): Promise<string> {
    const running = flights.get(integrationId);
    if (running) return running;
    if (deps.held?.(brandId, integrationId)) return Promise.reject(new TokenError('later', marginMs));
    const wait = (cooling.get(integrationId)?.until ?? 0) - monotonic();
    if (wait > 0) return Promise.reject(new TokenError('later', Math.ceil(wait)));
    const flight = refresh(brandId, integrationId).finally(() => flights.delete(integrationId));
    flights.set(integrationId, flight);
    return flight;
  }

  return {
    putIn(tx, brandId, integrationId, tokens) {
      cooling.delete(integrationId);
      if (!save(tx, brandId, integrationId, tokens)) throw new TokenError('not_connected');
    },
    put(brandId, integrationId, tokens) {
      return store.write((tx) => this.putIn(tx, brandId, integrationId, tokens));
    },
    async access(brandId, integrationId, refused) {
      const { row, version, tokens } = load(brandId, integrationId);
      if (row.connection !== 'active') throw new TokenError('not_connected');
      if (row.trouble === reconnect) throw new TokenError(reconnect);
      if (isFresh(tokens) && tokens.access !== refused) return tokens.access;
      if (tokens.refresh !== undefined)
        return refreshOnce(brandId, integrationId).catch((e: unknown) => {
          // The server is slow to renew, but this one still has some of its last minute.
          const usable = tokens.access !== refused && isFresh(tokens, 0);
          if (usable && e instanceof TokenError && e.code === 'later') return tokens.access;
          throw e;
        });
      // Nothing to refresh with: good until the partner says no.
      return refused === tokens.access ? giveUp(brandId, integrationId, version, 'refused') : tokens.access;
    },
    takeOut(tx, brandId, integrationId) {
      cooling.delete(integrationId);
      const row = rowOf(tx, brandId, integrationId);
      if (!row?.sealed) return undefined;
      tx.hot('delete from vault where brand_id = ? and integration_id = ?').run(brandId, integrationId);
      const at = { provider: row.provider, sandbox: row.sandbox === 1 };
      const tokens = readable(() => open(row, brandId, integrationId));
      return tokens ? { ...at, tokens } : at;
    },
    holdsGrant(brandId, provider, grant) {
      const found = store.read.hot('select id from integration where brand_id = ? and provider = ?');
      const id = found.get(brandId, provider)?.id as string | undefined;
      const row = id === undefined ? undefined : rowOf(store.read, brandId, id);
      const mine = id !== undefined && row?.sealed ? readable(() => open(row, brandId, id)) : undefined;
      return mine !== undefined && (mine.refresh ?? mine.access) === (grant.refresh ?? grant.access);
    },
  };
}
