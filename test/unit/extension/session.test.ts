import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { hubOrigin, hubPolicy } from '../../../extension/lib/hub-address.ts';
import type { Area } from '../../../extension/lib/secret.ts';
import { createSession, rotateAheadMs, type Session } from '../../../extension/lib/session.ts';
import { type FakeHub, fakeHub } from '../../support/fake-hub.ts';

const local = fakeBrowser.storage.local as unknown as Area;
const managed = fakeBrowser.storage.managed as unknown as Area;
const memory = fakeBrowser.storage.session as unknown as Area;
let hub: FakeHub;
let now = 0;
/** Every bearer and token that went to the hub, in clear: what must not be found at rest. */
let tokens: Set<string>;
/** The bearers among them, in the order they were sent. */
let bearers: string[];

const locks = new Map<string, Promise<unknown>>();
const lock = <T>(name: string, act: () => Promise<T>): Promise<T> => {
  const turn = (locks.get(name) ?? Promise.resolve()).then(act, act);
  locks.set(name, turn);
  return turn;
};

/** `meanwhile` runs while the hub's answer to a call of this address is under way. */
function openSession(meanwhile = async (_address: string): Promise<void> => {}): Session {
  const seen = async (input: string, init?: RequestInit): Promise<Response> => {
    const sent = (init?.headers as Record<string, string> | undefined)?.authorization;
    if (sent) bearers.push(sent.replace('Bearer ', ''));
    for (const bearer of bearers) tokens.add(bearer);
    const res = await fetch(input, init);
    await meanwhile(input);
    if (/pair\/(poll|rotate)$/.test(input) && res.ok) {
      const { token } = (await res.clone().json()) as { token?: string };
      if (token) tokens.add(token);
    }
    return res;
  };
  return createSession({ local, session: memory, fetch: seen, now: () => now, lock, policy: () => hubPolicy(managed) });
}

async function paired(): Promise<Session> {
  const session = openSession();
  await session.setHub(hub.origin);
  const { code, secret } = await session.start('Chrome side panel');
  expect(await session.poll(secret)).toBe('waiting');
  hub.confirm(code);
  expect(await session.poll(secret)).toBe('paired');
  return session;
}
const atRest = async (): Promise<string> => JSON.stringify(await local.get(null));
const rotations = (): number => hub.calls.filter((c) => c.endsWith('/pair/rotate')).length;

beforeEach(async () => {
  fakeBrowser.reset();
  now = Date.now();
  tokens = new Set();
  bearers = [];
  hub = await fakeHub();
});
afterEach(() => hub.down());

describe('pairing and token', () => {
  it('sec-E04 keeps the token encrypted at rest, through pairing and rotation', async () => {
    const session = await paired();
    await session.token();
    now += 900_000 - rotateAheadMs;
    await session.token();
    expect(tokens.size).toBe(2);
    const kept = await atRest();
    expect(kept).toContain('"pairing"');
    for (const token of tokens) expect(kept).not.toContain(token);
    expect(kept).not.toContain('Jens');
    expect(JSON.stringify(await memory.get(null))).not.toContain([...tokens][0]);
  });

  it('sec-E04 finds nothing after a restart of the browser, and wipes what it cannot open', async () => {
    const session = await paired();
    expect(await session.who()).toEqual({ agent: 'Jens', brand: 'Harbor Motors' });
    await memory.remove(Object.keys(await memory.get(null)));
    expect(await session.who()).toBeUndefined();
    expect(await session.token()).toBeUndefined();
    expect(await atRest()).toBe(JSON.stringify({ hub: hub.origin }));
  });

  it('sec-E04 does not open a token that was moved to another hub', async () => {
    const session = await paired();
    await local.set({ hub: 'https://evil.example' });
    expect(await session.token()).toBeUndefined();
    expect(await atRest()).not.toContain('pairing');
  });

  it('R76 rotates once for many callers, ahead of the end', async () => {
    const session = await paired();
    const first = await session.token();
    now += 900_000 - rotateAheadMs;
    const got = await Promise.all(Array.from({ length: 20 }, () => session.token()));
    expect(new Set(got).size).toBe(1);
    expect(got[0]).not.toBe(first);
    expect(rotations()).toBe(1);
  });

  it('retries with the same token when the answer of a rotation was lost', async () => {
    const session = await paired();
    const first = await session.token();
    now += 900_000 - rotateAheadMs;
    hub.loseAnswer('/pair/rotate');
    expect(await session.token()).toBe(first);
    const second = await session.token();
    expect(second).not.toBe(first);
    expect(rotations()).toBe(2);
    const queue = await (await session.client()).call('panelQueue', {});
    expect(queue.brands[0]?.name).toBe('Harbor Motors');
  });

  it('meets a 401 once with a fresh token, and a second page takes the token of the first', async () => {
    const session = await paired();
    const other = openSession();
    const client = await session.client();
    for (const p of hub.pairings) p.expiresAt = 0;
    expect((await client.call('panelQueue', {})).me.name).toBe('Jens');
    expect(rotations()).toBe(1);
    expect((await (await other.client()).call('panelQueue', {})).me.name).toBe('Jens');
    expect(rotations()).toBe(1);
  });

  it('sec-E09 wipes everything when a traded token comes up again', async () => {
    const session = await paired();
    const stolen = await session.token();
    now += 900_000 - rotateAheadMs;
    await (await session.client()).call('panelQueue', {});
    const thief = await fetch(`${hub.origin}/api/pair/rotate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: stolen }),
    });
    expect(thief.status).toBe(401);
    await expect((await session.client()).call('panelQueue', {})).rejects.toMatchObject({ status: 401 });
    expect(await session.who()).toBeUndefined();
    expect(await atRest()).toBe(JSON.stringify({ hub: hub.origin }));
  });

  it('sec-E04 unpairing tells the hub and wipes token, drafts and outbox, also when the hub is down', async () => {
    const session = await paired();
    await memory.set({ 'draft/a': 'Half a reply', 'outbox/b': { text: 'unsent' } });
    await session.end();
    expect(hub.pairings.map((p) => p.state)).toEqual(['ended']);
    expect(await memory.get(null)).toEqual({});
    expect(await atRest()).toBe(JSON.stringify({ hub: hub.origin }));

    const again = await paired();
    await hub.down();
    await again.end();
    expect(await memory.get(null)).toEqual({});
    await hub.up();
  });

  it('sec-E09 keeps nothing of a code that was refused or used twice', async () => {
    const session = openSession();
    await session.setHub(hub.origin);
    const { code, secret } = await session.start('Chrome side panel');
    for (const p of hub.pairings) if (p.code === code) p.state = 'refused';
    expect(await session.poll(secret)).toBe('refused');
    expect(await atRest()).not.toContain('pairing');
    const { secret: mine, code: second } = await session.start('Chrome side panel');
    hub.confirm(second);
    expect(await session.poll(mine)).toBe('paired');
    await expect(openSession().poll(mine)).rejects.toMatchObject({ status: 410 });
  });
});

describe('the address of the hub', () => {
  it('takes https, and http on this computer only', () => {
    expect(hubOrigin(' http://localhost:8787/panel ')).toBe('http://localhost:8787');
    expect(hubOrigin('https://hub.example/x?y')).toBe('https://hub.example');
    for (const bad of ['http://hub.example', 'ftp://localhost', 'javascript:alert(1)', 'hub', ''])
      expect(() => hubOrigin(bad)).toThrow();
  });

  it('another hub ends the pairing with the old one', async () => {
    const session = await paired();
    await session.setHub('https://other.example');
    expect(await session.who()).toBeUndefined();
    expect(hub.pairings.map((p) => p.state)).toEqual(['ended']);
    expect(await session.hub()).toBe('https://other.example');
  });
});

describe('R77 the address by an organisation’s policy', () => {
  const elsewhere = 'https://hub.example.org';

  it('moves to its hub and ends the pairing with the old one, as a change by hand does', async () => {
    const session = await paired();
    await memory.set({ 'draft/a': 'Half a reply' });
    await managed.set({ hub: ` ${elsewhere}/panel ` });
    expect(await session.follow()).toEqual({ origin: elsewhere });
    expect(await session.hub()).toBe(elsewhere);
    expect(await session.who()).toBeUndefined();
    expect(hub.pairings.map((p) => p.state)).toEqual(['ended']);
    expect(await memory.get(null)).toEqual({});
    expect(await atRest()).toBe(JSON.stringify({ hub: elsewhere }));
  });

  it('moves again when it changes, from several pages at once, and keeps the pairing while it does not', async () => {
    await managed.set({ hub: elsewhere });
    const session = openSession();
    await session.follow();
    await managed.set({ hub: hub.origin });
    await Promise.all([session.follow(), openSession().follow(), openSession().follow()]);
    expect(await session.hub()).toBe(hub.origin);
    const { code, secret } = await session.start('Chrome side panel');
    hub.confirm(code);
    expect(await session.poll(secret)).toBe('paired');
    await session.follow();
    expect(await session.who()).toEqual({ agent: 'Jens', brand: 'Harbor Motors' });
    await managed.set({ hub: elsewhere });
    await session.follow();
    expect(await session.who()).toBeUndefined();
    expect(hub.pairings.map((p) => p.state)).toEqual(['ended']);
  });

  it('nobody changes it by hand; without a policy any more the address stays and can be changed', async () => {
    await managed.set({ hub: elsewhere });
    const session = openSession();
    await session.follow();
    await expect(session.setHub(hub.origin)).rejects.toThrow('Your organisation has set this address.');
    expect(await session.hub()).toBe(elsewhere);
    await managed.remove('hub');
    expect(await session.follow()).toBeUndefined();
    expect(await session.hub()).toBe(elsewhere);
    await session.setHub(hub.origin);
    expect(await session.hub()).toBe(hub.origin);
  });

  it('one that will not do is not followed and not passed over', async () => {
    const session = await paired();
    for (const wrong of ['http://hub.example.org', 'hub', 17]) {
      await managed.set({ hub: wrong });
      expect(await session.follow()).toMatchObject({ wrong: String(wrong) });
      await expect(session.setHub(elsewhere)).rejects.toThrow('Your organisation');
    }
    expect(await session.hub()).toBe(hub.origin);
    expect(await session.who()).toEqual({ agent: 'Jens', brand: 'Harbor Motors' });
  });

  it('an empty one is none, nor is what Firefox refuses to answer', async () => {
    await managed.set({ hub: '' });
    expect(await hubPolicy(managed)).toBeUndefined();
    expect(await hubPolicy({ get: () => Promise.reject(new Error('Managed storage manifest not found')) })).toBe(
      undefined,
    );
  });

  it('a token that arrives from the old hub after the move is not kept for the new one', async () => {
    const session = openSession(async (address) => {
      if (!address.endsWith('/pair/poll')) return;
      await managed.set({ hub: elsewhere });
      await openSession().follow();
    });
    await session.setHub(hub.origin);
    const { code, secret } = await session.start('Chrome side panel');
    hub.confirm(code);
    expect(await session.poll(secret)).toBe('waiting');
    expect(await session.token()).toBeUndefined();
    expect(await atRest()).toBe(JSON.stringify({ hub: elsewhere }));
  });

  it('unpairing while a token is traded waits for the new one, ends that and leaves nothing behind', async () => {
    const old = await (await paired()).token();
    now += 900_000 - rotateAheadMs;
    let ending: Promise<void> | undefined;
    const session = openSession(async (address) => {
      if (address.endsWith('/pair/rotate')) ending = session.end();
    });
    const fresh = await session.token();
    await ending;
    expect(fresh).not.toBe(old);
    expect(bearers).toEqual([fresh]);
    expect(await session.who()).toBeUndefined();
    expect(await atRest()).toBe(JSON.stringify({ hub: hub.origin }));
  });
});
