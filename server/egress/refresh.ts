import type { Store } from '../store/open.ts';
import { needsReconnect as reconnect } from './circuit.ts';
import { OauthError } from './oauth-error.ts';
import type { TokenSet } from './oauth-tokens.ts';
import { type RefreshLease, type RefreshLeases, refreshWait } from './refresh-lease.ts';
import { backOff } from './schedule.ts';
import { TokenError } from './token-error.ts';
import type { TokenServer } from './token-server.ts';
import type { KeptSet, TokenStore } from './token-store.ts';

/** Renews token sets, one call at a time for each connection, whatever asks and in however many processes (R3, R4). */
export interface Refresher {
  /** The access token that comes after the set `stale`. Rejects with TokenError. */
  after(stale: KeptSet): Promise<string>;
  /** Marks the connection as one only a person can mend, and rejects with `needs_reconnect`. */
  giveUp(kept: KeptSet, code: string): Promise<never>;
}

/** Where a grant was for that nobody can use any more. */
type Abandoned = Pick<KeptSet, 'brandId' | 'integrationId' | 'provider' | 'sandbox'>;

/** What createRefresher is handed. */
export interface RefresherDeps {
  store: Store;
  sets: TokenStore;
  leases: RefreshLeases;
  /** Throws TokenError `later` where no app is set up. */
  serverOf(kept: KeptSet): TokenServer;
  /** Told after a refresh that brought other scopes than before (SECURITY.md OA11). */
  regranted?: ((brandId: string, integrationId: string) => void) | undefined;
  /** A grant that came when nobody could use it any more: it is revoked at the partner (P4). */
  abandoned?: ((at: Abandoned, tokens: TokenSet) => Promise<void>) | undefined;
  /** True while sending to the connection is stopped: its key is not renewed then. */
  held?: ((brandId: string, integrationId: string) => boolean) | undefined;
  random: () => number;
  /** Waits so many milliseconds before the lease of another process is looked at again. */
  pause: (ms: number) => Promise<void>;
  log: { warn(facts: Record<string, unknown>, message: string): void };
}

/** When a renewal that a stop of sending holds up is asked for again, milliseconds. */
const heldMs = 60_000;
/** How often a waiter looks whether another process has finished, milliseconds. */
const lookMs = 100;

/** Throws TokenError unless the connection may be used. */
export function demandUsable({ connection, trouble }: KeptSet): void {
  if (connection !== 'active') throw new TokenError('not_connected');
  if (trouble === reconnect) throw new TokenError(reconnect);
}

/** After such a failure the server may have given a new token all the same, and ended the old one (OA14). */
const mayHaveGiven = ({ code, status }: OauthError) =>
  code === 'no_answer' || status >= 500 || (status >= 200 && status < 300);

/** Makes it (SECURITY.md OA13, OA14). */
export function createRefresher(d: RefresherDeps): Refresher {
  /** Refreshes under way in this process, by connection. */
  const flights = new Map<string, Promise<string>>();

  async function giveUp(kept: KeptSet, code: string): Promise<never> {
    await d.sets.bury(kept);
    d.log.warn({ integration: kept.integrationId, code }, 'connection needs reconnecting');
    throw new TokenError(reconnect);
  }

  /** Whether to go round again: a newer set counts, and an old token is tried once more before its grant counts as dead. */
  async function afterFailure(lease: RefreshLease, e: OauthError): Promise<void> {
    const { kept, failures } = lease;
    const { brandId, integrationId, version, tokens } = kept;
    if (d.sets.versionOf(brandId, integrationId) !== version) return;
    // A client of the hub's own is the operator's to mend; one the brand's admin typed wants another one typed.
    if (e.code === 'scope_exceeded' || (tokens.own && e.code === 'invalid_client')) return giveUp(kept, e.code);
    if (e.code === 'invalid_grant') {
      if (lease.lost > 0 || tokens.refresh === undefined) return giveUp(kept, e.code);
      return d.leases.giveBack(lease, { lost: 1, failures, waitMs: 0 });
    }
    const waitMs = Math.ceil(Math.max(e.retryAfterMs ?? 0, backOff(failures + 1, refreshWait, d.random())));
    const lost = lease.lost + (mayHaveGiven(e) ? 1 : 0);
    await d.leases.giveBack(lease, { lost, failures: failures + 1, waitMs });
    d.log.warn({ integration: integrationId, code: e.code, status: e.status, waitMs }, 'token refresh waits');
    throw new TokenError('later', waitMs);
  }

  /** One call, stored before it is used. */
  async function attempt(lease: RefreshLease, server: TokenServer): Promise<void> {
    const { kept } = lease;
    const { brandId, integrationId, version } = kept;
    if (lease.takenOver) d.log.warn({ integration: integrationId, lost: lease.lost }, 'a token refresh was cut off');
    try {
      const next = await server.renew(kept.tokens);
      if (await d.store.write((tx) => d.sets.save(tx, brandId, integrationId, next, version))) {
        if (next.scopes.join() !== kept.tokens.scopes.join()) d.regranted?.(brandId, integrationId);
        return;
      }
      // Reconnected meanwhile: that grant counts. Disconnected: nobody may use this one, so it ends at the partner too.
      const { provider, sandbox } = kept;
      if (d.sets.versionOf(brandId, integrationId) === undefined)
        await d.abandoned?.({ brandId, integrationId, provider, sandbox }, next);
    } catch (e) {
      if (!(e instanceof OauthError)) throw e;
      await afterFailure(lease, e);
    }
  }

  async function run(stale: KeptSet): Promise<string> {
    for (;;) {
      const kept = d.sets.load(stale.brandId, stale.integrationId);
      demandUsable(kept);
      if (kept.version !== stale.version) return kept.tokens.access;
      if (d.held?.(kept.brandId, kept.integrationId)) throw new TokenError('later', heldMs);
      const server = d.serverOf(kept);
      const hindrance = d.leases.hindrance(kept);
      if (hindrance === 'held') {
        await d.pause(lookMs);
        continue;
      }
      if (hindrance) throw new TokenError('later', hindrance.coolMs);
      const lease = await d.leases.take(kept);
      if (lease) await attempt(lease, server);
    }
  }

  return {
    giveUp,
    after(stale) {
      const running = flights.get(stale.integrationId);
      if (running) return running;
      const flight = run(stale).finally(() => flights.delete(stale.integrationId));
      flights.set(stale.integrationId, flight);
      return flight;
    },
  };
}
