import type { Area } from './secret.ts';

/** The address of a hub as an origin; throws a sentence where it is none: https, or http on this computer. */
export function hubOrigin(text: string): string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new Error('That is not an address.');
  }
  const here = url.hostname === 'localhost' || url.hostname === '127.0.0.1';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && here))
    throw new Error('Use https, or http on this computer.');
  return url.origin;
}

/** What an organisation set for this browser (R77): the origin of its hub, or what it wrote and why that will not do. */
export type HubPolicy = { origin: string } | { wrong: string; why: string };

/**
 * The policy for the hub's address, from the storage that only an administrator writes (Chrome, Edge: the policy of the
 * extension; Firefox: its `3rdparty` policy or a native manifest); undefined where there is none. Nobody but the
 * organisation can turn it off: a wrong one is not passed over. Guess: an empty address means none, since tools that
 * write policies leave empty what was not filled in.
 */
export async function hubPolicy(managed: Pick<Area, 'get'>): Promise<HubPolicy | undefined> {
  // Firefox rejects where nothing is set
  const { hub } = await managed.get('hub').catch((): Record<string, unknown> => ({}));
  if (hub === undefined || hub === null || hub === '') return undefined;
  const text = String(hub);
  try {
    return { origin: hubOrigin(text) };
  } catch (error) {
    return { wrong: text, why: (error as Error).message };
  }
}
