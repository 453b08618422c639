import type { Store } from '../store/open.ts';
import type { Auth } from './auth.ts';
import { type Membership, membership } from './membership.ts';
import type { Pairing } from './pairing-shape.ts';

/** Who is calling, as the membership row says at this very call (SECURITY.md BA9). Frozen. */
export interface Agent extends Membership {
  /** Session id of a console, pairing id of an extension; never a secret. */
  sessionId: string;
  kind: 'console' | 'extension';
  /** Runs this hub: may open the outbox. Only in a console. */
  operator: boolean;
}

/** What `createWho` needs; `now` gives milliseconds since 1970. */
export interface WhoDeps {
  store: Store;
  auth: Auth;
  pairing: Pick<Pairing, 'authenticate'>;
  now: () => number;
}

/** Key of the meta row that names the operator's user id. */
export const operatorKey = 'operator';

/** The user id of who runs this hub, when one is set. */
function operatorId(store: Store): string | undefined {
  return store.read.get(store.read.sql.selectFrom('meta').select('value').where('key', '=', operatorKey))?.value;
}

/**
 * Makes `whoIs`. A request that carries an Authorization header is judged by it alone: a bearer never adds to a cookie.
 * Resolves to nothing for a stranger, an ended session or pairing, and a person who left the brand.
 */
export function createWho({ store, auth, pairing, now }: WhoDeps): (headers: Headers) => Promise<Agent | undefined> {
  return async (headers) => {
    const authorization = headers.get('authorization');
    if (authorization !== null) {
      const token = /^Bearer ([\w.-]{1,200})$/i.exec(authorization)?.[1];
      const paired = token && (await pairing.authenticate(token));
      const member = paired && membership(store, paired.userId, paired.brandId);
      return member
        ? Object.freeze({ ...member, sessionId: paired.id, kind: 'extension', operator: false })
        : undefined;
    }
    if (!headers.has('cookie')) return undefined;
    const found = await auth.api.getSession({ headers, query: { disableCookieCache: true, disableRefresh: true } });
    if (!found || found.session.expiresAt.getTime() <= now() || !found.session.activeOrganizationId) return undefined;
    const member = membership(store, found.user.id, found.session.activeOrganizationId);
    if (!member) return undefined;
    const operator = operatorId(store) === member.userId;
    return Object.freeze({ ...member, sessionId: found.session.id, kind: 'console', operator });
  };
}
