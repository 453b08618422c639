import type { AnyAdapter, Delivered } from '#sdk';
import { harness } from './sandbox-harness.ts';
import type { Outcome, PartnerAnswer, PartnerInfo, PartnerRequest } from './sandbox-protocol.ts';
import { readOutcome } from './sandbox-result.ts';

/**
 * One delivery outside the sandbox, through the same harness: for breakpoints and adapter tests, never for the hub.
 * Rejects with SandboxError as the sandbox does, or with what `call` rejected with.
 */
export async function runNatively(delivery: {
  adapter: AnyAdapter;
  purpose: string;
  visitor: object;
  partner: PartnerInfo;
  call(request: PartnerRequest): Promise<PartnerAnswer>;
}): Promise<Delivered> {
  const { adapter, purpose, visitor, partner, call } = delivery;
  let text = '{"fail":"bad-result"}';
  let stopped: { error: unknown } | undefined;
  const send = async (request: string) => {
    try {
      return JSON.stringify(await call(JSON.parse(request) as PartnerRequest));
    } catch (error) {
      stopped ??= { error };
      throw error;
    }
  };
  const run = harness(send, (outcome) => {
    text = outcome;
  });
  await run(adapter, purpose, JSON.stringify(visitor), JSON.stringify(partner));
  if (stopped) throw stopped.error;
  return readOutcome(JSON.parse(text) as Outcome);
}
