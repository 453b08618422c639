import { afterEach, expect, test, vi } from 'vitest';
import { createHttp } from '../../../server/egress/http.ts';
import { createTally, type Errand } from '../../../server/egress/tally.ts';
import { openStore } from '../../../server/store/open.ts';
import { openEvil } from '../../support/evil.ts';
import { count, openChat, openStage } from '../hub/stage.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of open.splice(0)) await close();
});

async function scene() {
  const store = openStore(':memory:');
  const alarms: unknown[] = [];
  const tally = createTally({ read: store.read, alarm: (name, facts) => void alarms.push([name, facts]) });
  const partner = await openEvil((_, reply) => reply.json(200, {}));
  const http = createHttp({ allow: [partner.host], monotonic: () => performance.now(), tally: tally.written });
  open.push(http.close, partner.close, tally.stop, store.close);
  const call = (errand?: Errand, fence?: () => void) =>
    http.dispatch({
      origin: partner.origin,
      method: 'GET',
      path: '/',
      headers: {},
      ...(errand ? { errand } : {}),
      ...(fence ? { fence } : {}),
    });
  const row = (idx: number, integration: string, type = 'disclosure') =>
    store.read
      .hot("insert into ledger_leaf (idx, brand_id, type, row, leaf_hash) values (?, 'b', ?, ?, '')")
      .run(idx, type, JSON.stringify({ integration }));
  return { tally, alarms, call, row, partner };
}

test('control 7 a call that names no row and nothing else raises the alarm in the tick of its write', async () => {
  const s = await scene();
  await s.call();
  expect(s.partner.requests).toHaveLength(1);
  expect(s.alarms).toEqual([['call-without-row', undefined]]);
});

test('control 7 calls with their row, and those without a visitor, are counted and quiet', async () => {
  const s = await scene();
  s.row(4, 'crm');
  s.row(5, 'crm', 'propagation');
  for (const leaf of [4, 4, 5]) await s.call({ integrationId: 'crm', leaf });
  for (const errand of ['token', 'sign-in', 'revocation'] as const) await s.call(errand);
  s.tally.reconcile();
  expect(s.alarms).toEqual([]);
  expect([...s.tally.counts().connections]).toEqual([['crm', 3]]);
  expect([...s.tally.counts().others.values()]).toEqual([1, 1, 1]);
});

test.each([
  ['no row at all', 9],
  ['the row of another connection', 4],
  ['a row of another kind', 6],
])('control 7 a call that names %s raises the alarm within a minute, once', async (_, leaf) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const s = await scene();
  s.row(4, 'mail');
  s.row(6, 'crm', 'consent');
  await s.call({ integrationId: 'crm', leaf });
  expect(s.alarms).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(s.alarms).toEqual([['call-without-row', { integration: 'crm' }]]);
});

test('control 7 a call that the fence stopped left nothing and is not counted', async () => {
  const s = await scene();
  const stop = () => {
    throw new Error('stopped');
  };
  expect((await s.call(undefined, stop)).kind).toBe('aborted');
  expect(s.alarms).toEqual([]);
  expect(s.tally.counts().connections.size).toBe(0);
});

test('P3 control 7 through the front door: connect, send, disconnect make no call without its row', async () => {
  const stage = await openStage();
  open.push(stage.close);
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
  await chat.send();
  const { tally } = stage.door.hub;
  tally.reconcile();
  const csrf = await stage.door.csrfOf(stage.maria);
  await stage.maria.submit(`/console/connections/${stage.integration}/disconnect`, { csrf });
  expect([...tally.counts().connections]).toEqual([[stage.integration, stage.recorder.calls.length]]);
  expect(tally.counts().others.get('revocation')).toBe(1);
  expect(count(stage.door, 'disclosure')).toBe(1);
  expect(stage.door.logged()).not.toContain('call-without-row');
});
