import type { Store } from '../store/open.ts';
import type { Auth } from './auth.ts';
import { type StepDue, stepDue } from './may.ts';
import { type Membership, membership, memberships } from './membership.ts';
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

/** All that one caller may see now, over the brands of their person (R64). Frozen. */
export interface Inbox {
  /** The caller as an agent of each brand, by the brand's name; never empty. */
  agents: readonly Agent[];
  /** Names of brands that ask for a second step while this person has none: they are left out until it is given (BA1). */
  stepAsked: readonly string[];
}

/** What a session or a pairing proves of its person; an Agent fits. */
type Caller = Pick<Agent, 'userId' | 'sessionId' | 'kind' | 'mfaAt' | 'operator'>;

/** The answers to who is calling; nobody who is `waiting` gets another one. */
export interface Who {
  /**
   * The caller in one brand: the one a console has open, the one an extension was paired in, or another of the person's
   * where that one is not to be seen. Nothing for a stranger, an ended session or pairing, a person who left the brand,
   * and whoever is `waiting`.
   */
  whoIs(headers: Headers): Promise<Agent | undefined>;
  /** The one answer to which brands a caller may see now; nothing where there is none. */
  inbox(headers: Headers): Promise<Inbox | undefined>;
  /** The one answer to whether a caller may see this brand now, and as what (R64, BA9). */
  agentIn(caller: Caller, brandId: string): Agent | undefined;
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

/** Makes all of Who. A request with an Authorization header is judged by it alone: a bearer never adds to a cookie. */
export function createWho({ store, auth, pairing, now }: WhoDeps): Who {
  const byToken = async (authorization: string) => {
    const token = /^Bearer ([\w.-]{1,200})$/i.exec(authorization)?.[1];
    const paired = token ? await pairing.authenticate(token) : undefined;
    if (!paired) return undefined;
    const { id: sessionId, userId, mfaAt, brandId } = paired;
    return { caller: { userId, sessionId, mfaAt, kind: 'extension', operator: false } satisfies Caller, brandId };
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
  /** Whoever a session proves once its own brand was given the second step it asks for. */
  const bySession = async (headers: Headers) => {
    const found = await byCookie(headers);
    if (!found || found.due) return undefined;
    const { member, sessionId, mfaAt } = found;
    const operator = operatorId(store) === member.userId;
    return { caller: { userId: member.userId, sessionId, mfaAt, kind: 'console', operator } satisfies Caller, member };
  };
  /** A membership as this caller's right to its brand, or what keeps it from being one: rights are made here alone. */
  const agentOf = (member: Membership, { sessionId, mfaAt, kind, operator }: Caller): Agent | undefined =>
    stepDue(member, mfaAt) ? undefined : Object.freeze({ ...member, sessionId, mfaAt, kind, operator });
  const inboxOf = (caller: Caller): Inbox | undefined => {
    const all = memberships(store, caller.userId);
    const agents = all.flatMap((member) => agentOf(member, caller) ?? []);
    if (agents.length === 0) return undefined;
    const stepAsked = all.filter((member) => stepDue(member, caller.mfaAt)).map((member) => member.brandName);
    return Object.freeze({ agents, stepAsked });
  };
  const agentIn: Who['agentIn'] = (caller, brandId) => {
    const member = membership(store, caller.userId, brandId);
    return member && agentOf(member, caller);
  };
  return {
    agentIn,
    whoIs: async (headers) => {
      const authorization = headers.get('authorization');
      if (authorization === null) {
        const found = await bySession(headers);
        return found && agentOf(found.member, found.caller);
      }
      const found = await byToken(authorization);
      return found && (agentIn(found.caller, found.brandId) ?? inboxOf(found.caller)?.agents[0]);
    },
    inbox: async (headers) => {
      const authorization = headers.get('authorization');
      const found = authorization === null ? await bySession(headers) : await byToken(authorization);
      return found && inboxOf(found.caller);
    },
    waiting: async (headers) => {
      const { member, sessionId, due } = (await byCookie(headers)) ?? {};
      if (!member || !sessionId || !due) return undefined;
      const { userId, brandId, brandName } = member;
      return Object.freeze({ userId, brandId, brandName, sessionId, due });
    },
  };
}
