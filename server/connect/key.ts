import { problem } from '#contract/problem.ts';
import type { ConnectingPerson } from '../egress/connector.ts';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { activate, type ConnectDeps } from './connect.ts';

/** The one thing asked of egress here: it tries a key, keeps it to itself and seals it. */
interface KeyDesk {
  /** Raises `connect-refused`. */
  tryOut(brandId: string, provider: string, typed: Record<string, string>): Promise<TriedKey>;
}
interface TriedKey {
  sandbox: boolean;
  account: { id: string; name: string } | undefined;
  adopt(tx: Tx, brandId: string, integrationId: string): void;
  discard(): Promise<void>;
}

/** What the brand knows of a provider it connected before: whether it is linked now, and to what. */
export function linkedBefore(
  store: Store,
  brandId: string,
  provider: string,
): { id: string; active: boolean; account: { id: string; name: string } } | undefined {
  const row = store.read
    .hot('select id, connection, account_id, account_name from integration where brand_id = ? and provider = ?')
    .get(brandId, provider);
  if (!row) return undefined;
  const account = { id: row.account_id as string, name: row.account_name as string };
  return { id: row.id as string, active: row.connection === 'active', account };
}

/** The account by the admin's own name for it, where the partner names none: 1 to 80 characters. Raises `connect-refused`. */
function labelled(label: string): { id: string; name: string } {
  const name = label.trim();
  if (!name || name.length > 80 || /\p{Cc}/u.test(name))
    problem('connect-refused', 'Give the account a name of up to 80 letters. Nothing was stored.');
  return { id: name, name };
}

/**
 * Connects by a key typed here (R2): tried first, then manifest, notice and sealed key in one commit. A key of the
 * linked account takes the place of the old one, and mapping and answers stay; another account is refused (R6). Where
 * the partner does not say whose key it is, a linked account keeps its name and a new one gets the admin's. Raises
 * `connect-refused`, with an audit row; nothing is stored or changed then.
 */
export async function connectByKey(
  d: ConnectDeps & { keyDesk: KeyDesk },
  who: ConnectingPerson,
  provider: string,
  typed: { label: string; key: Record<string, string> },
): Promise<void> {
  let tried: TriedKey | undefined;
  try {
    const before = linkedBefore(d.store, who.brandId, provider);
    tried = await d.keyDesk.tryOut(who.brandId, provider, typed.key);
    const { sandbox, adopt, account: told } = tried;
    const account = told ?? (before?.active ? before.account : labelled(typed.label));
    await d.store.write((tx) => adopt(tx, who.brandId, activate(tx, d, who, { provider, sandbox, account })));
  } catch (e) {
    await tried?.discard();
    const row = { brandId: who.brandId, actor: `user:${who.userId}`, act: 'connect-refused', detail: provider };
    await d.store.write((tx) => note(tx, d.now().getTime(), row));
    throw e;
  }
  d.touch(who.brandId);
}
