import { type HubClient, HubError } from '#contract/client.ts';
import type { Keep } from './keep.ts';

/**
 * Tells the hub who the page says is signed in. False: this chat is somebody else's (GATE.md k.10, k.11). A proof that does
 * not hold changes nothing: the chat goes on as it was.
 */
export async function settleIdentity(client: HubClient, keep: Keep, identity: string): Promise<boolean> {
  const isNew = !keep.signedIn();
  // Noted before the hub hears it: a page that is left, or signs out, before the answer is there leaves nobody signed in.
  keep.saveSignedIn(true);
  try {
    await client.call('chatIdentify', { identity });
    return true;
  } catch (error) {
    if (!(error instanceof HubError)) return true;
    if (error.problem?.type === '/problems/signed-in-as-other') return false;
    if (isNew && !error.unheard) keep.saveSignedIn(false);
    return true;
  }
}
