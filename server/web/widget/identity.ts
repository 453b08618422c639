import { type HubClient, HubError } from '#contract/client.ts';
import type { Keep } from './keep.ts';

/**
 * Settles whose chat this browser holds against who the page says is signed in, nobody any more where `identity` is
 * missing (GATE.md k.10, k.11). False: it is somebody else's, and this browser has to begin anew. A proof that does not
 * hold changes nothing: the chat goes on as an anonymous one.
 */
export async function settleIdentity(client: HubClient, keep: Keep, identity: string | undefined): Promise<boolean> {
  if (identity) {
    try {
      await client.call('chatIdentify', { identity });
      keep.saveSignedIn();
      return true;
    } catch (error) {
      if (!(error instanceof HubError && error.problem?.type === '/problems/signed-in-as-other')) return true;
    }
  }
  // Whoever is here is not told what the other one wrote, even where the hub cannot be reached.
  await client.call('chatSignOut', {}).catch(() => undefined);
  return false;
}
