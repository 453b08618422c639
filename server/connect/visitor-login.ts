import { problem } from '#contract/problem.ts';
import type { ConnectingPerson } from '../egress/connector.ts';
import { note } from '../store/audit.ts';
import type { Store } from '../store/open.ts';
import { connectionStopped } from '../store/stops.ts';
import type { Catalogue } from './catalogue.ts';
import { activate, type ConnectDeps } from './connect.ts';

/** The two things asked of egress here; all else of a sign-in never leaves it. */
interface Logins {
  sandboxOf(provider: string): boolean | undefined;
  /** Raises `connect-refused`. */
  tryOut(provider: string, brandId: string): Promise<string>;
}

/** One sign-in a visitor may fill in the form from. */
export interface LoginOffer {
  integration: string;
  name: string;
  sandbox: boolean;
}

/** The visitors' sign-ins a brand has turned on, as far as this hub still has their provider set up and calls are not stopped (R21). */
export const loginOffers = (d: { store: Store; catalogue: Catalogue; logins: Logins }, brandId: string): LoginOffer[] =>
  d.store.read
    .hot("select id, provider, sandbox from integration where brand_id = ? and connection = 'active' order by provider")
    .all(brandId)
    .flatMap((row) => {
      const name = d.catalogue.get(row.provider as string)?.facts.name;
      const sandbox = row.sandbox === 1;
      if (!name || d.logins.sandboxOf(row.provider as string) !== sandbox) return [];
      if (connectionStopped(d.store.read, brandId, row.id as string)) return [];
      return [{ integration: row.id as string, name, sandbox }];
    });

/**
 * Turns a visitors' sign-in on: there is no account of the brand to link and no token to keep, so the provider is tried
 * and the connection is active (R2). Raises `connect-refused` with an audit row, and nothing is changed.
 */
export async function turnOnLogin(
  d: ConnectDeps & { logins: Logins },
  who: ConnectingPerson,
  provider: string,
): Promise<void> {
  const sandbox = d.logins.sandboxOf(provider) ?? problem('not-found');
  const active = d.store.read
    .hot("select account_id from integration where brand_id = ? and provider = ? and connection = 'active'")
    .get(who.brandId, provider);
  try {
    const issuer = await d.logins.tryOut(provider, who.brandId);
    if (active && active.account_id !== issuer)
      problem('connect-refused', 'Another sign-in is on. Turn it off first; nothing was changed.');
    await d.store.write((tx) => activate(tx, d, who, { provider, sandbox, account: { id: issuer, name: issuer } }));
  } catch (e) {
    const row = { brandId: who.brandId, actor: `user:${who.userId}`, act: 'connect-refused', detail: provider };
    await d.store.write((tx) => note(tx, d.now().getTime(), row));
    throw e;
  }
  d.touch(who.brandId);
}
