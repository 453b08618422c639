import { type HubClient, hubClient, panelRoutes } from '#contract/client.ts';
import type { OutputOf } from '#contract/endpoints.ts';
import { type HubPolicy, hubOrigin } from './hub-address.ts';
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
  /** What the organisation set, read again at each call. */
  policy: () => Promise<HubPolicy | undefined>;
}

/** A token is traded this long (milliseconds) before it ends; it lives 15 minutes (SECURITY.md BA8). */
export const rotateAheadMs = 6 * 60_000;

/** A hub that says nothing to a call about the pairing is given up on after this long (milliseconds). */
const pairingCallMs = 10_000;

/** The extension's session with one hub: pairing, the token at rest, its rotation, and its end. */
export function createSession(deps: SessionDeps) {
  const { local, session, now } = deps;
  const hub = async (): Promise<string> => String((await local.get('hub')).hub ?? defaultHub);
  const kept = secret(deps, 'pairing', hub);
  const read = (): Promise<Pairing | undefined> => kept.read() as Promise<Pairing | undefined>;

  /** Whatever writes the pairing or moves to another hub takes its turn: no token of one hub is ever kept for another. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => deps.lock('askfirst-pairing', act);

  /** A client that sends `bearer` and never renews it, for calls about the pairing. */
  const plain = async (bearer?: string): Promise<HubClient> =>
    hubClient({
      routes: panelRoutes,
      base: await hub(),
      fetch: (input, init) => deps.fetch(input, { ...init, signal: AbortSignal.timeout(pairingCallMs) }),
      token: async () => bearer,
    });

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
    inTurn(async () => {
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

  /** Tells the hub, then wipes; wipes also when the hub does not answer. */
  async function unpair(): Promise<void> {
    const held = await read();
    if (held) await (await plain(held.token)).call('pairEnd', {}).catch(() => {});
    await wipe();
  }

  /** Changes the hub; a pairing with another one ends here first. */
  const moveTo = (origin: string): Promise<void> =>
    inTurn(async () => {
      if (origin === (await hub())) return;
      await unpair();
      await local.set({ hub: origin });
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
    /** Changes the hub by hand. Throws a sentence for an address that will not do, and where the organisation set it. */
    async setHub(text: string): Promise<string> {
      if (await deps.policy()) throw new Error('Your organisation has set this address.');
      const origin = hubOrigin(text);
      await moveTo(origin);
      return origin;
    },
    /**
     * Moves to the hub the organisation set, as a change by hand does, and returns what it set (R77). Guess: without a
     * policy any more the address stays until somebody changes it by hand.
     */
    async follow(): Promise<HubPolicy | undefined> {
      const policy = await deps.policy();
      if (policy && 'origin' in policy) await moveTo(policy.origin);
      return policy;
    },
    /** Asks for a code; nothing is kept until the console confirmed. Rejects with HubError. */
    async start(browser: string): Promise<OutputOf<'pairStart'>> {
      return (await plain()).call('pairStart', { browser });
    },
    /** One look whether the console confirmed; keeps the token when it did. Rejects with HubError (410: too old). */
    async poll(secretOfCode: string): Promise<OutputOf<'pairPoll'>['state']> {
      const asked = await hub();
      const said = await (await plain()).call('pairPoll', { secret: secretOfCode });
      if (said.state !== 'paired') return said.state;
      const { token: first, expiresInSeconds, agent, brand } = said;
      return inTurn(async () => {
        if ((await hub()) !== asked) return 'waiting'; // moved meanwhile: the token is not for the new hub
        await kept.write({ token: first, expiresAt: now() + expiresInSeconds * 1000, agent, brand });
        return 'paired';
      });
    },
    /** Trades the token when its end is near; called by an alarm while the panel is closed. */
    keep: async (): Promise<void> => void (await token()),
    /** Unpairs: tells the hub, then wipes; wipes also when the hub does not answer. */
    end: (): Promise<void> => inTurn(unpair),
  };
}
/** What createSession returns. */
export type Session = ReturnType<typeof createSession>;
