import type { AdapterFacts } from '#sdk';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import type { Alarm } from './alarm.ts';
import type { Oauth, OauthClient } from './oauth.ts';
import { OauthError } from './oauth-error.ts';
import { backOff } from './schedule.ts';
import { TokenError } from './token-error.ts';
import { type Grant, isEndable, tokenServerOf } from './token-server.ts';
import { type SealedTable, type Vault, wrappedKeyOf } from './vault.ts';

/** What is left to do for a grant: wait for its revocation, nothing, or, where it lasts, its owner's part at the partner. */
export type Ended = 'pending' | 'nothing' | 'lasting';

/** Which connection a grant was for; `integrationId` is '' for one that was never connected. */
interface Place {
  brandId: string;
  integrationId: string;
  provider: string;
  sandbox: boolean;
}

/** Ends grants at their partner, however long that takes: at most 72 hours (R8, P4). */
export interface Revoker {
  /**
   * Seals a grant for its revocation alone, inside the transaction that ended its use, so that a crash loses neither.
   * Without `grant` (it did not open) nothing can be revoked: it counts as not confirmed at once. A typed key that no
   * call can end is `lasting` at once, and no copy of it is kept.
   */
  bury(tx: Tx, place: Place, grant: Grant | undefined): Ended;
  /** Tries what is due, and sets the timer for what is due later. */
  wake(): void;
  /** Resolves when nothing is being tried. */
  idle(): Promise<void>;
  stop(): void;
}

/** What createRevoker is handed. */
export interface RevokerDeps {
  store: Store;
  vault: Vault;
  oauth: Oauth;
  facts(provider: string): AdapterFacts | undefined;
  clients(provider: string, sandbox: boolean): OauthClient | undefined;
  /** Hosts the connection's brand approved (R86). */
  hosts(brandId: string, integrationId: string): string[];
  /** True where the brand's connection lives on this very grant, which its partner gave it again: that one stays. */
  holdsGrant(brandId: string, provider: string, grant: Grant): boolean;
  alarm: Alarm;
  now: () => Date;
  ids: () => string;
  /** A number from 0 up to 1: the jitter of the back-off. */
  random: () => number;
  log: { warn(facts: Record<string, unknown>, message: string): void };
  /** Told when the state of a brand's revocation changed. */
  changed(brandId: string): void;
}

/** A revocation that is not confirmed by then raises an alarm (P4), milliseconds. */
const lateMs = 60_000;
/** How long a sealed copy may be kept (R8), milliseconds. */
const keptMs = 72 * 3_600_000;
const tryAgain = { firstMs: 5_000, longestMs: 1_800_000 };

const placeOf = (brand: string, id: string) => ({ brand, integration: id, field: 'revocation' });

/** For a change of the hub key. */
export const sealedRevocations: SealedTable = {
  table: 'revocation',
  placeOf: ({ brand_id = '', id = '' }) => placeOf(brand_id, id),
};

/**
 * Makes the desk of pending revocations. The copy has its own table and its own AAD field, and `attempt` below is the
 * only code that opens it for use; nothing here hands it out. Tried at once, then after 5 s, 10 s, 20 s … up to half an
 * hour with jitter, or as long as the partner asks; one slow partner holds no other up.
 */
export function createRevoker(d: RevokerDeps): Revoker {
  const { store } = d;
  const trying = new Set<string>();
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  /** Throws TokenError where an operator's setting lacks; tried again like any failure. */
  function revokeAt(row: Record<string, unknown>, grant: Grant): Promise<boolean> {
    const of = row.integration_id as string;
    const hosts = of === '' ? undefined : d.hosts(row.brand_id as string, of);
    const at = { provider: row.provider as string, sandbox: row.sandbox === 1, hosts, own: grant.own };
    return tokenServerOf(d, at).revoke(grant);
  }

  /** Destroys the copy; once. */
  const end = (row: Record<string, unknown>, state: 'revoked' | 'unconfirmed' | 'kept' | 'lasting', act: string) =>
    store.write((tx) => {
      const now = d.now().getTime();
      const still = tx
        .hot(
          `update revocation set sealed = null, state = ?, ended_ms = ? where id = ? and sealed is not null
           returning id`,
        )
        .get(state, now, row.id as string);
      if (!still) return;
      const detail = row.provider as string;
      note(tx, now, { brandId: row.brand_id as string, actor: 'hub', act, detail });
    });

  async function giveUp(row: Record<string, unknown>): Promise<void> {
    await end(row, 'unconfirmed', 'revocation-given-up');
    const at = { brandId: row.brand_id as string, integration: row.integration_id as string };
    d.alarm('revocation-given-up', at);
    d.changed(at.brandId);
  }

  async function attempt(row: Record<string, unknown>): Promise<void> {
    const [id, brandId] = [row.id as string, row.brand_id as string];
    const grant = readable(
      () =>
        JSON.parse(
          d.vault.open(wrappedKeyOf(store.read, brandId), placeOf(brandId, id), row.sealed as string),
        ) as Grant,
    );
    if (!grant) return giveUp(row);
    if (d.holdsGrant(brandId, row.provider as string, grant)) {
      await end(row, 'kept', 'revocation-not-needed');
      return d.changed(brandId);
    }
    let wait = 0;
    try {
      if (await revokeAt(row, grant)) await end(row, 'revoked', 'revoked-at-partner');
      else await end(row, 'lasting', 'goes-on-at-partner'); // its add-on has no call for it any more
      return d.changed(brandId);
    } catch (e) {
      if (!(e instanceof OauthError || e instanceof TokenError)) throw e;
      const { code, status } = e instanceof OauthError ? e : { code: 'no_client', status: 0 };
      wait = e instanceof OauthError ? (e.retryAfterMs ?? 0) : 0;
      d.log.warn({ integration: row.integration_id, code, status }, 'a grant is not revoked yet');
    }
    const step = backOff((row.attempts as number) + 1, tryAgain, d.random());
    const next = d.now().getTime() + Math.max(wait, step);
    await store.write((tx) =>
      tx.hot('update revocation set attempts = attempts + 1, next_ms = ? where id = ?').run(next, id),
    );
  }

  async function sayLate(row: Record<string, unknown>): Promise<void> {
    await store.write((tx) => tx.hot('update revocation set late = 1 where id = ?').run(row.id as string));
    d.alarm('revocation-late', { brandId: row.brand_id as string, integration: row.integration_id as string });
  }

  const openRows = () => store.read.hot('select * from revocation where sealed is not null order by next_ms').all();

  function run(work: Promise<void>): void {
    const settled = work
      .catch((e: unknown) => d.log.warn({ kind: (e as Error).name }, 'a revocation could not be stored'))
      .finally(() => {
        running.delete(settled);
        if (running.size === 0) plan();
      });
    running.add(settled);
  }

  function wake(): void {
    if (stopped) return;
    const now = d.now().getTime();
    for (const row of openRows()) {
      const [id, begun, next] = [row.id as string, row.begun_ms as number, row.next_ms as number];
      // Time counts whether or not a call is under way: the alarm and the end do not wait for it.
      if (now >= begun + keptMs) {
        run(giveUp(row));
        continue;
      }
      if (row.late === 0 && now >= begun + lateMs) run(sayLate(row));
      // A time far ahead was written by a clock that was wrong then (R08).
      if (trying.has(id) || (now < next && next < now + keptMs)) continue;
      trying.add(id);
      run(attempt(row).finally(() => trying.delete(id)));
    }
    plan();
  }

  /** Looks again when the next one is due, at least once a minute: the wall clock may be set meanwhile. */
  function plan(): void {
    clearTimeout(timer);
    const now = d.now().getTime();
    const times = openRows().flatMap((r) => [
      ...(trying.has(r.id as string) ? [] : [r.next_ms as number]),
      (r.begun_ms as number) + (r.late === 0 ? lateMs : keptMs),
    ]);
    if (stopped || times.length === 0) return;
    timer = setTimeout(wake, Math.min(Math.max(Math.min(...times) - now, 1_000), 60_000)).unref();
  }

  return {
    bury(tx, place, grant) {
      const { brandId, integrationId, provider, sandbox } = place;
      const id = d.ids();
      const now = d.now().getTime();
      const facts = d.facts(provider);
      const lasting = grant && facts && !isEndable(facts, grant);
      if (lasting && integrationId === '') return 'lasting'; // on no connection's page is a place to say so
      const kept = grant &&
        !lasting && {
          access: grant.access,
          ...(grant.refresh === undefined ? {} : { refresh: grant.refresh }),
          ...(grant.own === undefined ? {} : { own: grant.own }),
        };
      const sealed = kept && d.vault.seal(wrappedKeyOf(tx, brandId), placeOf(brandId, id), JSON.stringify(kept));
      tx.hot(
        `insert into revocation (id, brand_id, integration_id, provider, sandbox, sealed, state, attempts, begun_ms,
         next_ms, late, ended_ms) values (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 0, ?)`,
      ).run(
        id,
        brandId,
        integrationId,
        provider,
        sandbox ? 1 : 0,
        sealed || null,
        sealed ? 'pending' : lasting ? 'lasting' : 'unconfirmed',
        now,
        now,
        sealed ? null : now,
      );
      return lasting ? 'lasting' : 'pending';
    },
    wake,
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
