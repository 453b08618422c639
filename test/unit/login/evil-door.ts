import { expect } from 'vitest';
import { openEvilProvider } from '../../support/evil-provider.ts';
import { frontDoor } from '../../support/front-door.ts';
import { count } from '../hub/stage.ts';
import { begun, turnOn } from './door.ts';

/** A hub whose visitors sign in at a provider that misbehaves as told; its clocks move when they are told to. */
export async function openEvilDoor() {
  const clock = Date.now();
  let ticks = 0;
  const seconds = () => Math.floor(clock / 1000);
  const provider = await openEvilProvider(seconds);
  const now = () => new Date(clock);
  const door = await frontDoor({ provider, now, monotonic: () => performance.now() + ticks });
  const integration = await turnOn(door);

  /** One whole sign-in under the plan as it stands. */
  async function signIn(change: (query: URLSearchParams) => void = () => {}) {
    const one = await begun(door, integration);
    const query = provider.visit(one.to);
    change(query);
    return { ...one, res: await one.browser.get(`/oauth/callback/openid?${query}`) };
  }
  return {
    door,
    provider,
    integration,
    seconds,
    signIn,
    /** Lets monotonic time pass, milliseconds: metadata and keys are read again after five minutes. */
    pass(ms: number) {
      ticks += ms;
    },
    taken: async () => expect((await signIn()).res.status).toBe(303),
    /** Refused: a plain page, nothing kept, nothing stored, an audit row, no word of the provider's in log or page. */
    async refused(code: string, change?: (query: URLSearchParams) => void) {
      const before = count(door, 'audit', "act = 'login-refused'");
      const { res, result, browser } = await signIn(change);
      expect(res.status).toBe(400);
      expect(await res.text()).toContain('Nothing was filled in.');
      expect(await result()).toEqual({ state: 'over' });
      expect((await browser.get('/login/pick')).status).toBe(400);
      expect([count(door, 'value'), count(door, 'subject'), count(door, 'vault')]).toEqual([0, 0, 0]);
      expect(count(door, 'login_transaction', 'sealed is not null')).toBe(0);
      expect(count(door, 'audit', "act = 'login-refused'")).toBe(before + 1);
      const said = door.store.read.hot("select detail from audit where act = 'login-refused' order by seq desc").get();
      expect(said?.detail).toBe(`openid (sandbox): ${code}`);
      expect(door.logged()).not.toMatch(/live-access-token|Ada|a-code/);
    },
    async close() {
      await door.close();
      await provider.close();
    },
  };
}
/** What openEvilDoor returns. */
export type EvilDoor = Awaited<ReturnType<typeof openEvilDoor>>;
