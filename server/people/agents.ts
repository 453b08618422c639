import { isAPIError } from 'better-auth/api';
import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import type { Store } from '../store/open.ts';
import type { Auth } from './auth.ts';
import type { EndedBell } from './ended.ts';
import { may } from './may.ts';
import { type Membership, members, type Role } from './membership.ts';
import type { Pairing, PairingAgent } from './pairing-shape.ts';
import type { SignIn } from './sign-in.ts';

/** The people of a brand, managed in a console; `headers` carry the manager's session cookie. */
export interface Agents {
  list(agent: PairingAgent): Membership[];
  /** Invites an address for seven days and mails a sign-in link. Problems: not-allowed, bad-input. */
  invite(agent: PairingAgent, headers: Headers, email: string, role: Role): Promise<void>;
  /**
   * Changes a role; sessions of that person in this brand end, and pairings that open no other (R64). Problems:
   * not-allowed, not-found, bad-input.
   */
  changeRole(agent: PairingAgent, headers: Headers, memberId: string, role: Role): Promise<void>;
  /**
   * Removes a person from the brand, and with it sessions, and pairings that open no other (R64). Problems: not-allowed,
   * not-found, bad-input.
   */
  remove(agent: PairingAgent, headers: Headers, memberId: string): Promise<void>;
}

/** What `createAgents` needs; `now` gives milliseconds since 1970. */
export interface AgentsDeps {
  store: Store;
  auth: Auth;
  pairing: Pick<Pairing, 'endIn'>;
  signIn: Pick<SignIn, 'requestLink'>;
  bell: EndedBell;
  now: () => number;
}

/** The library's refusals in our words: its own name codes and rows. */
async function asProblem<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (e) {
    if (!isAPIError(e)) throw e;
    return problem(e.statusCode === 401 || e.statusCode === 403 ? 'not-allowed' : 'bad-input');
  }
}

/** Makes the desk of agents. The library guards owners: only an owner makes one, the last one stays. */
export function createAgents({ store, auth, pairing, signIn, bell, now }: AgentsDeps): Agents {
  const guard = (agent: PairingAgent) => (may(agent, 'manage-agents') ? undefined : problem('not-allowed'));
  const find = (agent: PairingAgent, memberId: string) =>
    members(store, agent.brandId).find((m) => m.memberId === memberId) ?? problem('not-found');
  /** Rights changed: everything opened with the old ones ends (SECURITY.md BA4, BA5). */
  const endRights = async (agent: PairingAgent, { userId, brandId }: Membership, act: string) => {
    const actor = `user:${agent.userId}`;
    try {
      await store.write((tx) => {
        tx.hot('delete from "session" where "userId" = ? and "activeOrganizationId" = ?').run(userId, brandId);
        note(tx, now(), { brandId, actor, act, detail: `user ${userId}` });
      });
      await pairing.endIn(brandId, [userId], actor);
    } finally {
      bell.ring({ what: 'member', userId, brandId }); // the membership is another one already
    }
  };

  return {
    list: (agent) => (may(agent, 'see-agents') ? members(store, agent.brandId) : problem('not-allowed')),
    invite: async (agent, headers, email, role) => {
      guard(agent);
      const body = { email, role, organizationId: agent.brandId };
      const { id } = await asProblem(auth.api.createInvitation({ body, headers }));
      const actor = `user:${agent.userId}`;
      await store.write((tx) =>
        note(tx, now(), { brandId: agent.brandId, actor, act: 'invited', detail: `invitation ${id}` }),
      );
      signIn.requestLink(email);
    },
    changeRole: async (agent, headers, memberId, role) => {
      guard(agent);
      const member = find(agent, memberId);
      const body = { memberId, role, organizationId: agent.brandId };
      await asProblem(auth.api.updateMemberRole({ body, headers }));
      await endRights(agent, member, `role-${role}`);
    },
    remove: async (agent, headers, memberId) => {
      guard(agent);
      const member = find(agent, memberId);
      const body = { memberIdOrEmail: memberId, organizationId: agent.brandId };
      await asProblem(auth.api.removeMember({ body, headers }));
      await endRights(agent, member, 'removed');
    },
  };
}
