import { randomBytes, randomInt } from 'node:crypto';
import { connect as dial } from 'node:net';
import { Agent, fetch } from 'undici';
import { afterEach, beforeEach, expect, onTestFailed, test } from 'vitest';
import type { Entry, QueueRow } from '#contract/chat.ts';
import { chatRoutes, hubClient, panelRoutes } from '#contract/client.ts';
import type { PanelStorage } from '../../../extension/panel/outbox.ts';
import { createPanel, type Panel } from '../../../extension/panel/panel.ts';
import { createKeep } from '../../../server/web/widget/keep.ts';
import { type Chat, createChat } from '../../../server/web/widget/session.ts';
import { cuttingProxy, seeded } from '../../support/cutting-proxy.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { panel as panelHeaders, until } from './stage.ts';

/** How often the network is cut, and from which seed: CUTS=2000 CUT_SEED=7 has a failure again. */
const wanted = Number(process.env.CUTS ?? 200);
const seed = Number(process.env.CUT_SEED ?? randomInt(2 ** 31));
/** Messages each side writes at most; how many of them go out is up to the cuts. */
const most = 60;

let door: FrontDoor;
let proxy: Awaited<ReturnType<typeof cuttingProxy>>;
let chat: Chat;
let panel: Panel;
let random: () => number;
let wires: Agent;
/** A browser that knows the hub by its own address, and whose network is the proxy. */
const through = (input: string, init: RequestInit) =>
  fetch(input, { ...(init as object), dispatcher: wires }) as unknown as Promise<Response>;
beforeEach(async () => {
  random = seeded(seed);
  door = await frontDoor();
  for (const limit of Object.values(door.hub.deps.limits)) limit.points = 1_000_000;
  proxy = await cuttingProxy({ port: Number(new URL(door.origin).port), random, most: 60_000 });
  wires = new Agent({
    connect: (_, done) => {
      const socket = dial(proxy.port, '127.0.0.1');
      socket.once('connect', () => done(null, socket));
      socket.once('error', (error) => done(error, null));
    },
  });
});
afterEach(async () => {
  chat?.stop();
  panel?.stop();
  await wires.destroy();
  await proxy.close();
  await door.close();
});

/** The visitor's frame, as main.tsx makes it, behind the proxy; its waits are two hundred times shorter. */
function openWidget(): Chat {
  let ids = 0;
  return createChat({
    page: { brand: { slug: 'harbor-motors', name: 'Harbor Motors' }, sites: [], notice: '', logins: [] },
    client: (token) =>
      hubClient({
        routes: chatRoutes,
        base: door.origin,
        token,
        fetch: (input, init = {}) => through(input, { ...init, headers: { ...init.headers, origin: door.origin } }),
      }),
    keep: createKeep(() => {
      throw new Error('SecurityError');
    }, 'harbor-motors'),
    now: () => new Date(),
    newId: () => `visitor-${++ids}`,
    newToken: () => randomBytes(32).toString('base64url'),
    random,
    after: (ms, act) => {
      const timer = setTimeout(act, ms / 200);
      return () => clearTimeout(timer);
    },
  });
}

/** The agent's panel behind the proxy; what it keeps is in memory. */
async function openPanel(): Promise<Panel> {
  const maria = await door.owner();
  const cookie = [...maria.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const kept = new Map<string, unknown>();
  const storage: PanelStorage = {
    all: async (prefix) => Object.fromEntries([...kept].filter(([key]) => key.startsWith(prefix))),
    get: async (key) => kept.get(key),
    set: async (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
  };
  let ids = 0;
  return createPanel({
    client: hubClient({
      routes: panelRoutes,
      base: door.origin,
      token: async () => undefined,
      fetch: (input, init = {}) => through(input, { ...init, headers: { ...init.headers, ...panelHeaders, cookie } }),
    }),
    storage,
    now: Date.now,
    newId: () => `agent-${++ids}`,
    random,
    retryMs: 15,
    stallMs: 2_000,
  });
}

const said = (entries: readonly Entry[]): string[] => entries.flatMap((e) => (e.kind === 'message' ? [e.text] : []));
const by = (letter: string, texts: readonly string[]): string[] => texts.filter((t) => t.startsWith(letter));
const counted = (letter: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${letter}${i}`);

test(`R62 P5 the network is cut ${wanted} times at random bytes, under both sides at once: every message is there once and in order`, async () => {
  onTestFailed(() => console.error(`CUT_SEED=${seed} CUTS=${wanted} has it again, after ${proxy.cuts()} cuts`));
  chat = openWidget();
  chat.open();
  await until(
    'the first message is taken',
    async () => {
      if (chat.get().phase === 'form') await chat.begin({ text: 'v0', name: '', email: '', phone: '' });
      return chat.get().phase === 'chat';
    },
    30_000,
  );
  panel = await openPanel();
  await panel.start();
  await until(
    'the queue is read',
    async () => {
      if (panel.state().phase === 'failed') await panel.retry();
      return panel.state().selected !== undefined;
    },
    30_000,
  );
  const id = panel.state().selected ?? '';

  let [visitors, agents] = [1, 0];
  panel.seeing(true); // what was read is told through the same cuts
  await until(
    `${wanted} cuts`,
    async () => {
      // One more from each side whenever the last one of that side got through, so that they meet in every order.
      if (visitors < most && chat.get().log.sending.length < 2) chat.say(`v${visitors++}`);
      if (agents < most && panel.state().outbox.length < 2) await panel.send(id, `a${agents++}`);
      chat.wake();
      panel.wake();
      await new Promise<void>((next) => setTimeout(next, 1)); // a turn of the network
      return proxy.cuts() >= wanted;
    },
    110_000,
  );
  proxy.heal();
  chat.wake();
  panel.wake();
  const all = visitors + agents;
  const seen = () => [said(chat.get().log.entries).length, said(panel.state().talks[id]?.entries ?? []).length];
  await until(
    'everything has arrived',
    () => seen().every((n) => n >= all) && chat.get().log.sending.length === 0,
    30_000,
  );
  await until('nothing waits any more', () => panel.state().outbox.length === 0, 30_000);

  const rows = door.store.read.hot('select n, client_key from entry where n > 0 order by seq').all();
  expect(rows.map((r) => r.n)).toEqual(Array.from({ length: all }, (_, i) => i + 1));
  expect(new Set(rows.map((r) => r.client_key)).size).toBe(all);
  const texts = said(chat.get().log.entries);
  expect(by('v', texts)).toEqual(counted('v', visitors));
  expect(by('a', texts)).toEqual(counted('a', agents));
  expect(said(panel.state().talks[id]?.entries ?? [])).toEqual(texts);
  expect(chat.get().log.entries.map((e) => e.n)).toEqual(rows.map((r) => r.n));

  // And what was read came to the same on both sides.
  await until(
    'both know how far it was read',
    () => {
      const [ours, theirs] = [panel.state().talks[id]?.view?.marks, chat.get().marks];
      const last = (letter: string) => texts.findLastIndex((t) => t.startsWith(letter)) + 1;
      return ours?.read.n === last('a') && theirs !== undefined && theirs.seen.n >= last('v');
    },
    30_000,
  );
  const { body } = await (await door.owner()).json<{ rows: QueueRow[] }>(
    'GET',
    '/api/panel/queue',
    undefined,
    panelHeaders,
  );
  expect(body.rows.map((r) => r.unread)).toEqual([0]);
}, 240_000);
