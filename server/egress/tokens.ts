import type { AdapterFacts } from '#sdk';
import type { Store, Tx } from '../store/open.ts';
import type { Oauth, OauthClient } from './oauth.ts';
import { OauthError } from './oauth-error.ts';
import type { TokenSet } from './oauth-tokens.ts';
import type { Credential } from './partner.ts';
import { createRefresher, demandUsable } from './refresh.ts';
import { createRefreshLeases } from './refresh-lease.ts';
import { TokenError } from './token-error.ts';
import { createTokenLife } from './token-life.ts';
import { type TokenServer, tokenServerOf } from './token-server.ts';
import { createTokenStore, type KeptSet } from './token-store.ts';
import type { Vault } from './vault.ts';

/** The tokens and typed keys of the connections: sealed in the store, opened here and nowhere else, refreshed once at a time. */
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
  /** The same with the key it is bound to and the place of its account, all three of one grant. */
  credential(brandId: string, integrationId: string, refused?: string): Promise<Credential>;
  /** Revokes the grant at the partner; true when the partner confirmed it or there was none (SECURITY.md P4). */
  revoke(brandId: string, integrationId: string): Promise<boolean>;
  /**
   * When the access token is renewed, at the first call from then on: milliseconds from now, 0 for the next call,
   * Infinity where it does not run out; undefined where there is none.
   */
  renewal(brandId: string, integrationId: string): number | undefined;
  /** Deletes the tokens of a connection. */
  wipe(brandId: string, integrationId: string): Promise<void>;
  /** The same inside a transaction of the caller. */
  wipeIn(tx: Tx, brandId: string, integrationId: string): void;
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
  /** Told after a refresh that brought other scopes than before (SECURITY.md OA11). */
  regranted?: (brandId: string, integrationId: string) => void;
  /** No other process can be alive on this store, so the lease of one that died counts no longer. */
  sole?: boolean;
  /** Milliseconds that never run back. */
  monotonic: () => number;
  /** Wall clock in milliseconds: `updated_at`, and what has to reach over a restart. */
  now: () => number;
  /** A number from 0 up to 1: the jitter of the back-off. */
  random: () => number;
  /** Waits so many milliseconds; a real timer where left out. */
  pause?: (ms: number) => Promise<void>;
  log: { warn(facts: Record<string, unknown>, message: string): void };
}

const timer = (ms: number) => new Promise<void>((done) => void setTimeout(done, ms));

/** Makes the token keeper (SECURITY.md OA4, OA13, OA14). */
export function createTokens(deps: TokensDeps): Tokens {
  const { store, vault, oauth, monotonic, now, random, sole = false, pause = timer, log } = deps;
  const sets = createTokenStore({ store, vault, now });
  const life = createTokenLife({ clock: oauth.clock, monotonic, now });
  const leases = createRefreshLeases({ store, me: oauth.clock, sole, monotonic, now, random });
  const serverOf = ({ provider, sandbox, brandId, integrationId, tokens }: KeptSet): TokenServer =>
    tokenServerOf(deps, { provider, sandbox, hosts: deps.hosts?.(brandId, integrationId), own: tokens.own });
  const refresher = createRefresher({ store, sets, leases, serverOf, regranted: deps.regranted, random, pause, log });

  return {
    putIn(tx, brandId, integrationId, tokens) {
      if (!sets.save(tx, brandId, integrationId, tokens)) throw new TokenError('not_connected');
    },
    put(brandId, integrationId, tokens) {
      return store.write((tx) => this.putIn(tx, brandId, integrationId, tokens));
    },
    async access(brandId, integrationId, refused) {
      const kept = sets.load(brandId, integrationId);
      const { access, refresh, own, expiresInSeconds } = kept.tokens;
      demandUsable(kept);
      if (life.isFresh(kept) && access !== refused) return access;
      if (refresh !== undefined || own)
        return refresher.after(kept).catch((e: unknown) => {
          // The server is slow to renew, but this one still has some of its last minute.
          const usable = access !== refused && life.isFresh(kept, 0);
          if (usable && e instanceof TokenError && e.code === 'later') return access;
          throw e;
        });
      // Nothing to refresh with: good until its stated end, or until the partner says no (R4).
      if (refused === access) return refresher.giveUp(kept, 'refused');
      if (expiresInSeconds !== undefined && !life.isFresh(kept, 0)) return refresher.giveUp(kept, 'expired');
      return access;
    },
    async credential(brandId, integrationId, refused) {
      await this.access(brandId, integrationId, refused);
      // Read whole: whatever happened meanwhile, a token is never paired with the key of another grant.
      const { tokens } = sets.load(brandId, integrationId);
      return { access: tokens.access, prover: oauth.prover(tokens), api: tokens.api };
    },
    async revoke(brandId, integrationId) {
      if (sets.versionOf(brandId, integrationId) === undefined) return true;
      try {
        const kept = sets.load(brandId, integrationId);
        return await serverOf(kept).revoke(kept.tokens);
      } catch (e) {
        if (!(e instanceof OauthError || e instanceof TokenError)) throw e;
        log.warn({ integration: integrationId, code: e.code }, 'tokens could not be revoked at the partner');
        return false;
      }
    },
    renewal(brandId, integrationId) {
      if (sets.versionOf(brandId, integrationId) === undefined) return undefined;
      return life.freshMs(sets.load(brandId, integrationId));
    },
    wipe: (brandId, integrationId) => store.write((tx) => sets.wipe(tx, brandId, integrationId)),
    wipeIn: (tx, brandId, integrationId) => sets.wipe(tx, brandId, integrationId),
  };
}
