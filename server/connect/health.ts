import type { ConnectionView, Way } from '#contract/connection.ts';
import { doorOf, needsReconnect } from '../egress/circuit.ts';
import type { Tx } from '../store/open.ts';

/**
 * A connection's health in one plain sentence (R5, UI.md 5 "Health"), from what its calls came to: never "ok" after a
 * call that failed, whoever's fault it was, until the next one goes well. `row` is its row of `integration`; `way` is how it
 * lets us in: to a sign-in nothing is sent, visitors are led there.
 */
export function healthOf(
  read: Pick<Tx, 'hot'>,
  row: Record<string, unknown>,
  { partner, way, stopped, now }: { partner: string; way: Way; stopped: boolean; now: Date },
): ConnectionView['health'] {
  const trouble = row.trouble as string | null;
  const login = way === 'login';
  if (row.connection !== 'active') {
    const off = login ? 'Turned off. No visitor is led there.' : 'Disconnected. Nothing is sent and no key is kept.';
    return { state: 'revoked', cause: trouble && !login ? trouble : off };
  }
  if (stopped) return { state: 'degraded', cause: `Calls to ${partner} are stopped. Nothing leaves until they go on.` };
  if (trouble === needsReconnect)
    return { state: 'needs_reconnect', cause: `${partner} turned our key down. Reconnect once; nothing is lost.` };
  const { shut, untilMs, broken } = doorOf(read, {
    brandId: row.brand_id as string,
    integrationId: row.id as string,
    now,
  });
  if (trouble || shut) {
    const next = untilMs === undefined ? {} : { nextTryAt: new Date(untilMs).toISOString() };
    return { state: 'degraded', cause: trouble ?? `${partner} asked us to wait.`, ...next };
  }
  // It was broken, somebody signed in again, and no call has shown yet that it works (R7 "recovery").
  if (broken) return { state: 'degraded', cause: `Reconnected. The next send shows whether ${partner} works again.` };
  if (login)
    return { state: 'ok', cause: 'Visitors may fill in the chat form from it. It gets nothing from askfirst.' };
  if (way === 'incoming') return { state: 'ok', cause: 'Waits for what it sends. It gets nothing from askfirst.' };
  return { state: 'ok', cause: row.last_good_at ? 'Every call was answered.' : 'Connected; nothing was sent yet.' };
}

/** When its key is renewed, as the console says it: an ISO 8601 time, or in words. `ms` as Tokens.renewal gives it. */
export function renewalOf(ms: number | undefined, now: Date): Pick<ConnectionView, 'renews'> {
  if (ms === undefined) return {};
  if (ms === Number.POSITIVE_INFINITY) return { renews: 'never' };
  return { renews: ms <= 0 ? 'next call' : new Date(now.getTime() + ms).toISOString() };
}
