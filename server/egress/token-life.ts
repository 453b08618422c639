import type { KeptSet } from './token-store.ts';

/** Tells how long an access token is good, by this process's own clock (SECURITY.md OA4). */
export interface TokenLife {
  /** True while it is good for `marginMs` more: a minute, or half its life where that is shorter. */
  isFresh(kept: KeptSet, marginMs?: number): boolean;
  /** For how long it still is, milliseconds; 0 where it is over, Infinity where it does not run out. */
  freshMs(kept: KeptSet): number;
}

const minuteMs = 60_000;

/**
 * Makes it. A set this process received counts from its receipt. One that another process stored while this one looked
 * on was received after the last sight of the set before, so it counts from there. Else its age is unknown: a set with a
 * refresh token is over, to be renewed at first use. Guess, OA4: one without, which nobody can renew, goes by the wall
 * clock over a restart, for no other clock reaches across; the partner's 401 ends it wherever that clock is wrong.
 */
export function createTokenLife({
  clock,
  monotonic,
  now,
}: {
  /** Name of this process's monotonic clock, as in TokenSet.clock. */
  clock: string;
  monotonic: () => number;
  /** Wall clock, milliseconds. */
  now: () => number;
}): TokenLife {
  /** By connection: the set last seen, when, and when it ends. */
  const seen = new Map<string, { version: number; atMs: number; endMs: number }>();

  function endOf({ tokens, version, integrationId, storedMs }: KeptSet): number {
    const lifeMs = tokens.expiresInSeconds === undefined ? Number.POSITIVE_INFINITY : tokens.expiresInSeconds * 1000;
    if (tokens.clock === clock) return tokens.receivedMs + lifeMs;
    const last = seen.get(integrationId);
    if (last) return last.version === version ? last.endMs : last.atMs + lifeMs;
    if (tokens.refresh !== undefined) return Number.NEGATIVE_INFINITY;
    return monotonic() + Math.min(lifeMs, Math.max(0, lifeMs - (now() - storedMs)));
  }

  const marginOf = ({ tokens }: KeptSet, marginMs: number) => Math.min(marginMs, (tokens.expiresInSeconds ?? 0) * 500);

  return {
    freshMs: (kept) => Math.max(0, endOf(kept) - marginOf(kept, minuteMs) - monotonic()),
    isFresh(kept, marginMs = minuteMs) {
      const endMs = endOf(kept);
      const atMs = monotonic();
      seen.set(kept.integrationId, { version: kept.version, atMs, endMs });
      return atMs < endMs - marginOf(kept, marginMs);
    },
  };
}
