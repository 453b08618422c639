import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import type { Store } from '../store/open.ts';
import type { EndedBell } from './ended.ts';
import { may } from './may.ts';
import { members } from './membership.ts';
import type { Pairing } from './pairing-shape.ts';
import { endOthers, forgetStep } from './second-step.ts';
import type { Agent } from './who.ts';

/** What a brand's managers may do about second steps. */
export interface BrandSteps {
  /** Whether `agent` may take the second step of this member away: an owner's only an owner may, one's own nobody. */
  mayTake(agent: Agent, member: { userId: string; role: string; hasStep: boolean }): boolean;
  /** Takes a lost second step away; everything of that person ends. Problems: not-allowed, not-found. */
  take(agent: Agent, memberId: string): Promise<void>;
  /**
   * Asks everyone of the brand for a second step, or no longer. Sessions and pairings without one stop at once, their
   * streams too. Problems: not-allowed, second-step (who asks has none: they would shut themselves out).
   */
  demand(agent: Agent, on: boolean): Promise<void>;
}

/** What `createBrandSteps` needs; `now` gives milliseconds since 1970. */
export interface BrandStepsDeps {
  store: Store;
  pairing: Pick<Pairing, 'endAll' | 'endIn'>;
  bell: EndedBell;
  now: () => number;
}

/** Makes the managers' side of second steps. */
export function createBrandSteps(deps: BrandStepsDeps): BrandSteps {
  const { store, pairing, bell, now } = deps;
  const brandsOf = (userId: string) => store.read.hot('select id from "member" where "userId" = ?').all(userId).length;
  const mayTake: BrandSteps['mayTake'] = (agent, member) =>
    may(agent, 'manage-agents') &&
    member.hasStep &&
    member.userId !== agent.userId &&
    (member.role !== 'owner' || agent.role === 'owner') &&
    // It guards the person's other brands too, and those were not asked.
    brandsOf(member.userId) === 1;

  return {
    mayTake,
    take: async (agent, memberId) => {
      if (!may(agent, 'manage-agents')) problem('not-allowed');
      const member = members(store, agent.brandId).find((m) => m.memberId === memberId) ?? problem('not-found');
      if (!mayTake(agent, member)) problem('not-allowed');
      const { userId } = member;
      const actor = `user:${agent.userId}`;
      await endOthers(deps, { userId, keep: '', actor }, (tx) => {
        forgetStep(tx, userId);
        note(tx, now(), { brandId: agent.brandId, actor, act: 'second-step-taken', detail: `user ${userId}` });
      });
    },
    demand: async (agent, on) => {
      if (!may(agent, 'demand-second-step')) problem('not-allowed');
      if (on && !agent.hasStep) problem('second-step', 'Set up your own first.');
      const { brandId } = agent;
      const actor = `user:${agent.userId}`;
      const shut = await store.write((tx) => {
        const act = on ? 'second-step-demanded' : 'second-step-free';
        note(tx, now(), { brandId, actor, act, detail: '' });
        tx.hot('delete from second_step_demand where brand_id = ?').run(brandId);
        if (!on) return [];
        const since = new Date(now()).toISOString();
        tx.hot('insert into second_step_demand (brand_id, since) values (?, ?)').run(brandId, since);
        return tx.hot('select id from "session" where "activeOrganizationId" = ? and "mfaAt" is null').all(brandId);
      });
      for (const { id } of shut) bell.ring({ what: 'session', sessionId: String(id) });
      if (!on) return;
      const without = members(store, brandId).filter((m) => !m.hasStep);
      await pairing.endIn(
        brandId,
        without.map((m) => m.userId),
        actor,
      );
      // What goes on for their other brands is told apart from this one at once (R64).
      for (const { userId } of without) bell.ring({ what: 'member', userId, brandId });
    },
  };
}
