import { type HubClient, hubClient, panelRoutes } from '#contract/client.ts';
import type { OutputOf } from '#contract/endpoints.ts';
import { type Area, secret } from './secret.ts';

/** Where the hub is until somebody says otherwise. */
const defaultHub = 'http://localhost:8787';

/** The pairing as it is kept, encrypted: who this browser speaks for and with what. */
interface Pairing {
  token: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  agent: string;
  brand: string;
}

/** What a session is handed; all of it can be real or a test's. */
export interface SessionDeps {
  local: Area;
  session: Area;
  fetch: (input: string, init?: RequestInit) => Promise<Response>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** One at a time over all pages and the worker of this extension (Web Locks). */
  lock: <T>(name: string, act: () => Promise<T>) => Promise<T>;
}

/** A token is traded this long (milliseconds) before it ends; it lives 15 minutes (SECURITY.md BA8). */
export const rotateAheadMs = 6 * 60_000;

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

/** The extension's session with one hub: pairing, the token at rest, its rotation, and its end. */
export function createSession(deps: SessionDeps) {
  const { local, session, now } = deps;
  const hub = async (): Promise<string> => String((await local.get('hub')).hub ?? defaultHub);
  const kept = secret(deps, 'pairing', hub);
  const read = (): Promise<Pairing | undefined> => kept.read() as Promise<Pairing | undefined>;

  /** A client that sends `bearer` and never renews it. */
  const plain = async (bearer?: string): Promise<HubClient> =>
    hubClient({ routes: panelRoutes, base: await hub(), fetch: deps.fetch, token: async () => bearer });

  /** Everything but the hub's address; drafts and outbox are in `session` too. */
  async function wipe(): Promise<void> {
    const names = Object.keys(await session.get(null));
    await session.remove(names);
    await local.remove('pairing');
  }

  /**
   * A token that is not `stale`. One rotation at a time; whoever waited takes what the first one brought. Where the
   * answer is lost the old token stays and is traded again: the hub allows that until the new one was used.
   */
  const renew = (stale: string): Promise<string | undefined> =>
    deps.lock('askfirst-rotate', async () => {
      const held = await read();
      if (!held || held.token !== stale) return held?.token;
      try {
        const { token, expiresInSeconds } = await (await plain()).call('pairRotate', { token: stale });
        await kept.write({ ...held, token, expiresAt: now() + expiresInSeconds * 1000 });
        return token;
      } catch (error) {
        if ((error as { status: number }).status !== 401) return stale;
        await wipe();
        return undefined;
      }
    });

  /** The bearer for the next call, renewed ahead of its end. */
  async function token(): Promise<string | undefined> {
    const held = await read();
    if (!held) return undefined;
    return held.expiresAt - now() > rotateAheadMs ? held.token : renew(held.token);
  }

  /** fetch that meets a 401 once with a fresh token. */
  async function fetchRenewing(input: string, init: RequestInit = {}): Promise<Response> {
    const res = await deps.fetch(input, init);
    const sent = (init.headers as Record<string, string> | undefined)?.authorization?.replace('Bearer ', '');
    if (res.status !== 401 || !sent) return res;
    const fresh = await renew(sent);
    if (!fresh || fresh === sent) return res;
    return deps.fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${fresh}` } });
  }

  return {
    hub,
    token,
    wipe,
    /** The typed client for everything but pairing itself. */
    client: async (): Promise<HubClient> =>
      hubClient({ routes: panelRoutes, base: await hub(), fetch: fetchRenewing, token }),
    /** Who this browser is paired with, if it is. */
    async who(): Promise<{ agent: string; brand: string } | undefined> {
      const held = await read();
      return held && { agent: held.agent, brand: held.brand };
    },
    /** Changes the hub; a pairing with another one ends here first. Throws a sentence for an address that will not do. */
    async setHub(text: string): Promise<string> {
      const origin = hubOrigin(text);
      if (origin !== (await hub())) {
        await this.end();
        await local.set({ hub: origin });
      }
      return origin;
    },
    /** Asks for a code; nothing is kept until the console confirmed. Rejects with HubError. */
    async start(browser: string): Promise<OutputOf<'pairStart'>> {
      return (await plain()).call('pairStart', { browser });
    },
    /** One look whether the console confirmed; keeps the token when it did. Rejects with HubError (410: too old). */
    async poll(secretOfCode: string): Promise<OutputOf<'pairPoll'>['state']> {
      const said = await (await plain()).call('pairPoll', { secret: secretOfCode });
      if (said.state !== 'paired') return said.state;
      const { token: first, expiresInSeconds, agent, brand } = said;
      await kept.write({ token: first, expiresAt: now() + expiresInSeconds * 1000, agent, brand });
      return 'paired';
    },
    /** Trades the token when its end is near; called by an alarm while the panel is closed. */
    keep: async (): Promise<void> => void (await token()),
    /** Unpairs: tells the hub, then wipes; wipes also when the hub does not answer. */
    async end(): Promise<void> {
      const held = await read();
      if (held) await (await plain(held.token)).call('pairEnd', {}).catch(() => {});
      await wipe();
    },
  };
}
/** What createSession returns. */
export type Session = ReturnType<typeof createSession>;
