import type { AdapterFacts } from '#sdk';
import type { Store, Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { Stopped } from './fence.ts';
import type { Oauth, OauthClient } from './oauth.ts';
import type { TokenSet } from './oauth-tokens.ts';
import type { Credential } from './partner.ts';
import { createRefresher, demandUsable, type RefresherDeps } from './refresh.ts';
import { createRefreshLeases } from './refresh-lease.ts';
import { TokenError } from './token-error.ts';
import { createTokenLife } from './token-life.ts';
import { type TokenServer, tokenServerOf } from './token-server.ts';
import { createTokenStore, type KeptSet, type TakenOut } from './token-store.ts';
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
  /**
   * When the access token is renewed, at the first call from then on: milliseconds from now, 0 for the next call,
   * Infinity where it does not run out; undefined where there is none.
   */
  renewal(brandId: string, integrationId: string): number | undefined;
  /**
   * Takes the tokens of a connection out of the store, inside a transaction of the caller: from its commit on nobody here
   * can use them. Undefined where there are none; `tokens` is absent where they no longer open, and they are gone as well.
   */
  takeOut(tx: Tx, brandId: string, integrationId: string): TakenOut | undefined;
  /** True while the brand's connection to this provider has this very grant: a partner may hand the same one out again. */
  holdsGrant(brandId: string, provider: string, grant: Pick<TokenSet, 'access' | 'refresh'>): boolean;
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
  /** A grant that came when nobody could use it any more: it is revoked at the partner (P4). */
  abandoned?: RefresherDeps['abandoned'];
  /** True while sending to the connection is stopped: its key is not renewed then. */
  held?: (brandId: string, integrationId: string) => boolean;
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
  const { held, abandoned, regranted } = deps;
  const sets = createTokenStore({ store, vault, now });
  const life = createTokenLife({ clock: oauth.clock, monotonic, now });
  const leases = createRefreshLeases({ store, me: oauth.clock, sole, monotonic, now, random });
  const serverOf = ({ provider, sandbox, brandId, integrationId, tokens }: KeptSet): TokenServer =>
    tokenServerOf(deps, {
      provider,
      sandbox,
      hosts: deps.hosts?.(brandId, integrationId),
      own: tokens.own,
      fence() {
        if (held?.(brandId, integrationId)) throw new Stopped('stopped');
      },
    });
  const refresher = createRefresher({ store, sets, leases, serverOf, regranted, abandoned, held, random, pause, log });

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
    takeOut: (tx, brandId, integrationId) => sets.takeOut(tx, brandId, integrationId),
    holdsGrant(brandId, provider, grant) {
      const found = store.read.hot('select id from integration where brand_id = ? and provider = ?');
      const id = found.get(brandId, provider)?.id as string | undefined;
      const mine = id === undefined ? undefined : readable(() => sets.load(brandId, id).tokens);
      return mine !== undefined && (mine.refresh ?? mine.access) === (grant.refresh ?? grant.access);
    },
    renewal(brandId, integrationId) {
      if (sets.versionOf(brandId, integrationId) === undefined) return undefined;
      return life.freshMs(sets.load(brandId, integrationId));
    },
  };
}
