import type { Store } from '../store/open.ts';
import type { Auth } from './auth.ts';
import { type StepDue, stepDue } from './may.ts';
import { type Membership, membership } from './membership.ts';
import type { Pairing } from './pairing-shape.ts';

/** Who is calling, as the membership row says at this very call (SECURITY.md BA9). Frozen. */
export interface Agent extends Membership {
  /** Session id of a console, pairing id of an extension; never a secret. */
  sessionId: string;
  kind: 'console' | 'extension';
  /** When the second step was given, ISO 8601 UTC; null where none was asked. */
  mfaAt: string | null;
  /** Runs this hub: may open the outbox. Only in a console. */
  operator: boolean;
}

/** Somebody signed in by a link whose second step is still to come: no right at all, so never an Agent. Frozen. */
export interface Waiting extends Pick<Membership, 'userId' | 'brandId' | 'brandName'> {
  sessionId: string;
  due: StepDue;
}

/** The two answers to who is calling; no request gets both. */
export interface Who {
  /** Nothing for a stranger, an ended session or pairing, a person who left the brand, and whoever is `waiting`. */
  whoIs(headers: Headers): Promise<Agent | undefined>;
  /** Who stands in a console before the second step, and what is due. */
  waiting(headers: Headers): Promise<Waiting | undefined>;
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

/** Makes `whoIs` and `waiting`. A request with an Authorization header is judged by it alone: a bearer never adds to a cookie. */
export function createWho({ store, auth, pairing, now }: WhoDeps): Who {
  const byToken = async (authorization: string): Promise<Agent | undefined> => {
    const token = /^Bearer ([\w.-]{1,200})$/i.exec(authorization)?.[1];
    const paired = token && (await pairing.authenticate(token));
    const member = paired && membership(store, paired.userId, paired.brandId);
    if (!member || stepDue(member, paired.mfaAt)) return undefined;
    return Object.freeze({ ...member, sessionId: paired.id, mfaAt: paired.mfaAt, kind: 'extension', operator: false });
  };
  const byCookie = async (headers: Headers) => {
    if (headers.has('authorization') || !headers.has('cookie')) return undefined;
    const found = await auth.api.getSession({ headers, query: { disableCookieCache: true, disableRefresh: true } });
    if (!found || found.session.expiresAt.getTime() <= now() || !found.session.activeOrganizationId) return undefined;
    const member = membership(store, found.user.id, found.session.activeOrganizationId);
    if (!member) return undefined;
    const mfaAt = found.session.mfaAt ?? null;
    return { member, sessionId: found.session.id, mfaAt, due: stepDue(member, mfaAt) };
  };
  return {
    whoIs: async (headers) => {
      const authorization = headers.get('authorization');
      if (authorization !== null) return byToken(authorization);
      const found = await byCookie(headers);
      if (!found || found.due) return undefined;
      const { member, sessionId, mfaAt } = found;
      const operator = operatorId(store) === member.userId;
      return Object.freeze({ ...member, sessionId, mfaAt, kind: 'console', operator });
    },
    waiting: async (headers) => {
      const { member, sessionId, due } = (await byCookie(headers)) ?? {};
      if (!member || !sessionId || !due) return undefined;
      const { userId, brandId, brandName } = member;
      return Object.freeze({ userId, brandId, brandName, sessionId, due });
    },
  };
}
