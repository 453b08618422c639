import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectionOf } from '../../../server/connect/catalogue.ts';
import { revocationWords } from '../../../server/web/console/connection-end.tsx';
import { type Answer, json, openRecorder } from '../../support/recorder.ts';
import { count, openStage, type Stage } from './stage.ts';

const start = Date.UTC(2026, 10, 22, 14, 2);
const hour = 3_600_000;
let clock: number;
let stage: Stage;
beforeEach(async () => {
  clock = start;
  const recorder = await openRecorder();
  stage = await openStage({ recorder, now: () => new Date(clock), egress: { totalMs: 400 } });
});
afterEach(() => stage.close());

const isRevoke = (path: string) => path.includes('revoke');
const tries = () => stage.recorder.tokenCalls.filter((c) => isRevoke(c.path));
const down: Answer = (request, res) => isRevoke(request.path) && json(res, 503, {});
const up: Answer = () => false;
const row = () =>
  stage.door.store.read.hot('select state, sealed, attempts, late from revocation order by begun_ms desc').get();
const alarms = () => [...stage.door.logged().matchAll(/"alarm":"([^"]+)"/g)].map(([, name]) => name);
const page = async () =>
  (await (await stage.maria.get(`/console/connections/${stage.integration}`)).text()).replace(/<[^>]+>/g, ' ');
const disconnect = async () =>
  stage.maria.submit(`/console/connections/${stage.integration}/disconnect`, {
    csrf: await stage.door.csrfOf(stage.maria),
  });
/** The hub's clock moves and what is due is tried, as its timer would. */
async function later(ms: number) {
  clock += ms;
  await stage.door.hub.deps.connector.revoke();
}
const audited = (act: string) => count(stage.door, 'audit', `act = '${act}'`);

describe('R8 P4 a disconnect', () => {
  test('revokes at the partner at once, keeps nothing of the key, and says when it was', async () => {
    const done = await disconnect();
    expect(done.headers.get('location')).toContain('done=disconnected');
    expect(tries()).toHaveLength(1);
    expect(row()).toMatchObject({ state: 'revoked', sealed: null });
    expect(count(stage.door, 'vault')).toBe(0);
    expect(await page()).toContain('Revoked at HubSpot on 22 November');
    expect(alarms()).toEqual([]);
  });

  test('with the partner down: pending with its time, an alarm after a minute, revoked when it is back', async () => {
    stage.recorder.answer(down);
    const done = await disconnect();
    expect(done.headers.get('location')).toContain('done=pending');
    expect(count(stage.door, 'vault')).toBe(0);
    expect(row()).toMatchObject({ state: 'pending', attempts: 1 });
    expect(await page()).toContain('Revocation pending since 22 November');
    expect(await page()).toContain('It is tried again until 25 November');
    await later(30_000);
    expect(alarms()).toEqual([]);
    expect(tries().length).toBe(2);
    await later(30_000);
    expect(alarms()).toEqual(['revocation-late']);
    await later(60_000);
    expect(alarms()).toEqual(['revocation-late']);
    stage.recorder.answer(up);
    await later(hour);
    expect(row()).toMatchObject({ state: 'revoked', sealed: null });
    expect(audited('revoked-at-partner')).toBe(1);
    expect(await page()).toContain('Revoked at HubSpot on 22 November');
    const before = tries().length;
    await later(72 * hour);
    expect(tries().length).toBe(before);
  });

  test('never confirmed: after 72 hours the copy is destroyed, with an alarm and what is left to do', async () => {
    stage.recorder.answer(down);
    await disconnect();
    await later(72 * hour - 1);
    expect(row()?.state).toBe('pending');
    await later(1);
    expect(row()).toMatchObject({ state: 'unconfirmed', sealed: null });
    expect(alarms()).toEqual(['revocation-late', 'revocation-given-up']);
    const shown = connectionOf(stage.door.hub.deps, 'harbor-motors', stage.integration);
    expect(revocationWords(shown, new Date(clock))).toContain('remove askfirst there by hand');
    const before = tries().length;
    stage.recorder.answer(up);
    await later(hour);
    expect(tries().length).toBe(before);
  });

  test('waits as long as the partner asks', async () => {
    stage.recorder.answer((request, res) => isRevoke(request.path) && json(res, 429, {}, { 'retry-after': '600' }));
    await disconnect();
    await later(599_000);
    expect(tries()).toHaveLength(1);
    await later(1_000);
    expect(tries()).toHaveLength(2);
  });

  test('a commit that fails changes nothing: connected, its key in place, no copy', async () => {
    let commits = 0;
    stage.door.failWrites(() => commits++ === 0, 'commit');
    expect((await disconnect()).status).toBeGreaterThanOrEqual(500);
    stage.door.failWrites();
    expect(count(stage.door, 'vault')).toBe(1);
    expect(count(stage.door, 'revocation')).toBe(0);
    expect(tries()).toHaveLength(0);
  });

  test('a hub that died right after the commit revokes when it starts again', async () => {
    stage.recorder.answer(down);
    await disconnect();
    const before = tries().length;
    stage.recorder.answer(up);
    clock += hour;
    await stage.door.upgrade((list) => list);
    await stage.door.hub.deps.connector.revoke();
    expect(tries().length).toBe(before + 1);
    expect(row()).toMatchObject({ state: 'revoked', sealed: null });
  });

  test('connected again meanwhile: the old grant ends, the new one works', async () => {
    stage.recorder.answer(down);
    await disconnect();
    await stage.door.connect(stage.maria);
    stage.recorder.answer(up);
    await later(hour);
    expect(row()).toMatchObject({ state: 'revoked', sealed: null });
    expect(await page()).toContain('The key before');
    const token = await fetch(`${stage.door.shop}/sandbox/hubspot/`);
    expect(token.status).toBe(200);
    expect(count(stage.door, 'vault')).toBe(1);
    expect(await page()).toContain('Connected; nothing was sent yet.');
  });

  test('a partner that gives the very same grant again: it is not revoked under the new connection', async () => {
    stage.recorder.answer(down);
    const before = stage.door.store.read.hot('select * from vault').get();
    await disconnect();
    stage.door.store.read
      .hot('insert into vault (brand_id, integration_id, sealed, version, updated_at) values (?, ?, ?, ?, ?)')
      .run(...(Object.values(before ?? {}) as string[] as [string, string, string, string, string]));
    const tried = tries().length;
    stage.recorder.answer(up);
    await later(hour);
    expect(tries().length).toBe(tried);
    expect(row()).toMatchObject({ state: 'kept', sealed: null });
  });

  test('the copy opens as a revocation and as nothing else', async () => {
    stage.recorder.answer(down);
    await disconnect();
    const { door, integration, recorder } = stage;
    await door.connect(stage.maria);
    const other = door.store.read.hot('select sealed from vault').get()?.sealed as string;
    const sealed = row()?.sealed as string;
    door.store.read.hot('update vault set sealed = ?').run(sealed);
    door.store.read.hot('update revocation set sealed = ?').run(other);
    recorder.answer(up);
    const tried = tries().length;
    await later(hour);
    // Moved into each other's place neither opens: nothing is revoked by mistake, and nothing is sent with it.
    expect(tries().length).toBe(tried);
    expect(row()).toMatchObject({ state: 'unconfirmed', sealed: null });
    expect(alarms()).toContain('revocation-given-up');
    expect(integration).toBe(door.integration());
  });

  test('the marked token stands in clear nowhere', async () => {
    stage.recorder.answer(down);
    await disconnect();
    const sent = new URLSearchParams(tries()[0]?.body).get('token') ?? '';
    expect(sent.length).toBeGreaterThan(10);
    const tables = ['revocation', 'integration', 'audit', 'vault', 'ledger_leaf'];
    const rows = JSON.stringify(tables.map((t) => stage.door.store.read.hot(`select * from ${t}`).all()));
    expect(rows + stage.door.logged() + (await page())).not.toContain(sent);
  });
});
