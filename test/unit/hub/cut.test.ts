import { afterEach, expect, test } from 'vitest';
import type { SharingAdapter } from '#sdk';
import * as catalogue from '../../../integrations/index.ts';
import type { Sandbox } from '../../../server/egress/sandbox.ts';
import { runNatively } from '../../../server/egress/sandbox-native.ts';
import { openSimulator } from '../../support/simulator.ts';
import { care, openChat, openPreferences, setStage, until } from './stage.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** An adapter whose one call is larger than any kernel buffers, its personal value at the end. */
const filler = 'x'.repeat(48_000_000);
const adapter = {
  ...(Object.values(catalogue)[0] as SharingAdapter),
  on: {
    async CustomerRelationshipManagement(visitor: { email: string }, partner: { post(p: string, o: object): unknown }) {
      await partner.post('/crm/v3/objects/contacts/batch/upsert', { body: { filler, last: visitor.email } });
      return {};
    },
  },
} as unknown as SharingAdapter;
const native: Sandbox = {
  run: (job) => runNatively({ ...job, adapter }),
  hear: async () => undefined,
  close: async () => {},
  stats: { workers: 0, running: 0, waiting: 0, done: 0, ended: 0 },
};

async function halfOut(idempotent = false) {
  const partner = await openSimulator();
  open.push(partner.close);
  partner.faults.push('stop reading');
  const stage = await setStage({
    recorder: partner,
    sandbox: native,
    // A body of this size is checked for a second and more on a busy machine: no lease ends for that here.
    monotonic: () => performance.now() / 20,
    adapters: (list) => list.map((a) => ({ ...a, facts: { ...a.facts, idempotent } })),
  });
  open.unshift(stage.door.close);
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  const page = await openPreferences(stage, chat);
  await chat.press();
  await until('the partner has its head', () => partner.calls === 1);
  const outcome = () => stage.door.store.read.hot('select state from outcome').all();
  return { partner, stage, chat, page, outcome };
}

test('GATE-e.2 R25 an opt-out ends a request that is still going out: outcome unknown, listed, the value at its end never arrives', async () => {
  const { partner, stage, chat, page, outcome } = await halfOut();
  expect(outcome()).toEqual([]);
  const { html } = await page.choose('no');
  expect(html).toMatch(/HubSpot already has your\s+e/);
  await stage.door.hub.deps.runner.idle(); // the partner never answers, and nothing waits for it
  expect(outcome()).toEqual([{ state: 'unknown' }]);
  partner.read();
  let before = -1;
  await until('what the kernel held is in', async () => {
    const now = partner.received;
    const same = now === before;
    before = now;
    for (let i = 0; i < 50; i++) await new Promise((done) => setImmediate(done));
    return same;
  });
  expect(before).toBeLessThan(filler.length);
  expect(partner.raw().join('')).not.toContain('ada@brandt.example');
  expect(await chat.lastShare()).toMatchObject({
    state: 'unknown',
    cause: expect.stringContaining('meanwhile; only a part of it was sent.'),
  });
  // The partner did nothing wrong, and its connection says so.
  expect(stage.door.store.read.hot('select trouble from integration').get()).toEqual({ trouble: null });
});

test('GATE-e.2.8 the same with an adapter that may repeat itself: decided again at once, and withheld', async () => {
  const { partner, stage, chat, page, outcome } = await halfOut(true);
  await page.choose('no');
  await stage.door.hub.deps.runner.idle();
  expect(outcome()).toEqual([{ state: 'unknown' }]);
  expect(await chat.lastShare()).toMatchObject({ state: 'withheld' });
  expect(partner.calls).toBe(1);
});

test('GATE-e.2 a no to another purpose, a signal and a disconnect end it too', async () => {
  const ways: Record<string, (s: Awaited<ReturnType<typeof halfOut>>) => Promise<unknown>> = {
    'another purpose': ({ chat }) => chat.answer({ transcript: 'no' }, care),
    'a signal': ({ chat }) =>
      chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, 'sec-gpc': '1' }),
    'a disconnect': async ({ stage }) => {
      const csrf = /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get('/console')).text())?.[1] ?? '';
      return stage.maria.submit(`/console/connections/${stage.integration}/disconnect`, { csrf });
    },
  };
  for (const [name, way] of Object.entries(ways)) {
    const scene = await halfOut();
    await way(scene);
    await scene.stage.door.hub.deps.runner.idle();
    expect([name, scene.outcome()]).toEqual([name, [{ state: 'unknown' }]]);
  }
});
