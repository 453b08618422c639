import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stopOrResume } from '../../../server/commands/stop-sending.ts';
import { readStopFile } from '../../../server/egress/stop-file.ts';
import { type Chat, count, openChat, openStage, type Stage, turnstile, until } from './stage.ts';

const gate = { current: turnstile(), at: '' };
let folder: string;
let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  gate.at = '';
  gate.current = turnstile();
  folder = mkdtempSync(join(tmpdir(), 'stops-'));
  stage = await openStage({
    stopFile: readStopFile(folder),
    egress: { pause: async (point) => (point === gate.at ? gate.current.wait() : undefined) },
  });
  chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
});
afterEach(async () => {
  gate.current.open();
  await stage.close();
});

const upserts = () => stage.recorder.calls.filter((c) => c.path.endsWith('/batch/upsert')).length;
const post = async (path: string, fields: Record<string, string>, who = stage.maria) =>
  who.submit(path, { csrf: await stage.door.csrfOf(who), ...fields });
const stop = (what = 'all', why = 'A breach at HubSpot is in the news') => post('/console/stop', { what, why });
const resume = (what = 'all', why = 'HubSpot says that it is over') => post('/console/stop/resume', { what, why });
const operator = (provider: string, on = false) =>
  stopOrResume(folder, { provider, resume: on }, new Date('2026-11-22T14:02:00Z'));
const settled = () => stage.door.hub.deps.runner.idle();
const words = async (path: string) => (await (await stage.maria.get(path)).text()).replace(/<[^>]+>/g, ' ');
const settings = () =>
  stage.door.store.read
    .hot("select row from ledger_leaf where type = 'setting' order by idx")
    .all()
    .map((r) => JSON.parse(r.row as string) as Record<string, unknown>);

describe('control 8 P4 the kill switch', () => {
  test.each([
    ['one connection', () => stop(stage.integration), () => resume(stage.integration)],
    ['all of a brand', () => stop(), () => resume()],
    ['one adapter, by the operator', async () => operator('hubspot'), async () => operator('hubspot', true)],
    ['everything, by the operator', async () => operator(''), async () => operator('', true)],
  ])('%s: a send waits, says so, and leaves when it goes on', async (_, halt, go) => {
    await halt();
    expect((await chat.preview()).body).toMatchObject({ stopped: true });
    expect((await chat.send()).status).toBe(202);
    expect(await chat.lastShare()).toMatchObject({ state: 'waiting', cause: expect.stringContaining('is stopped') });
    expect(upserts()).toBe(0);
    expect(count(stage.door, 'disclosure')).toBe(0);
    expect(stage.recorder.tokenCalls).toHaveLength(0);
    await go();
    await until('it left', () => upserts() === 1);
    await settled();
    expect(await chat.lastShare()).toMatchObject({ state: 'sent' });
    expect((await chat.preview()).body).not.toHaveProperty('stopped');
  });

  test('another adapter’s stop holds nobody else up', async () => {
    operator('openid');
    await chat.send();
    expect(upserts()).toBe(1);
  });

  test.each(['before-write', 'after-claim'])(
    'thrown while a send stands at %s: no byte leaves, it waits',
    async (at) => {
      gate.at = at;
      await chat.press();
      await gate.current.held;
      await stop();
      gate.current.open();
      await settled();
      expect(stage.recorder.calls).toHaveLength(0);
      expect(count(stage.door, 'outcome', "state = 'aborted'")).toBe(1);
      expect(await chat.lastShare()).toMatchObject({ state: 'waiting' });
      gate.at = '';
      await resume();
      await until('it left', () => upserts() === 1);
      await settled();
    },
  );

  test('the operator’s stop needs no turn of the hub: it counts at the very next write', async () => {
    gate.at = 'before-write';
    await chat.press();
    await gate.current.held;
    operator('');
    gate.current.open();
    await settled();
    expect(stage.recorder.calls).toHaveLength(0);
  });

  test('what is decided again: a no given meanwhile ends what waited', async () => {
    await stop();
    await chat.send();
    await chat.answer({ email: 'no', name: 'no' });
    await resume();
    await settled();
    expect(upserts()).toBe(0);
    expect(await chat.lastShare()).toMatchObject({ state: 'withheld' });
  });

  test('nothing new is connected while it is on', async () => {
    await stop();
    const begun = await post('/console/add/hubspot', {});
    expect(begun.status).toBe(400);
    expect(await begun.text()).toContain('is stopped here');
    expect(stage.recorder.tokenCalls).toHaveLength(0);
  });

  test('visitors are led nowhere while it is on', async () => {
    await post('/console/add/openid', {});
    operator('openid');
    const integration = stage.door.integration('openid');
    const asked = await stage.door
      .client()
      .json('POST', '/api/chat/login', { brand: 'harbor-motors', integration, pick: 'p'.repeat(43) });
    expect(asked).toMatchObject({ status: 400, body: { type: '/problems/login-over' } });
  });

  test('it stands in ledger, audit and on the page, without the person’s words in the ledger', async () => {
    await stop(stage.integration, 'Jens saw something odd');
    expect(await words('/console/stop')).toContain('Jens saw something odd');
    expect(await words('/console')).toContain('Stopped');
    expect(await words(`/console/connections/${stage.integration}`)).toContain('Sending is stopped');
    await resume(stage.integration, 'It was a test of ours');
    expect(await words('/console/stop')).toContain('It was a test of ours');
    const mine = settings().filter((s) => s.setting === 'sending');
    expect(mine).toMatchObject([
      { integration: stage.integration, old: 'on', new: 'stopped' },
      { integration: stage.integration, old: 'stopped', new: 'on' },
    ]);
    expect(JSON.stringify(mine)).not.toContain('Jens');
    expect(count(stage.door, 'audit', "act in ('stop-sending', 'resume-sending') and actor like 'user:%'")).toBe(2);
  });

  test('the operator’s stop is written down for each brand, and only they end it', async () => {
    operator('hubspot');
    await until('the hub saw it', () => count(stage.door, 'stop') === 1);
    expect(await words('/console/stop')).toContain('Only whoever runs the hub can let it go on');
    await resume();
    await chat.send();
    expect(upserts()).toBe(0);
    expect(settings().filter((s) => s.setting === 'sending')).toMatchObject([{ adapter: 'hubspot', new: 'stopped' }]);
    operator('hubspot', true);
    await until('it left', () => upserts() === 1);
    await settled();
    expect(count(stage.door, 'audit', "act = 'resume-sending' and actor = 'operator'")).toBe(1);
  });

  test('a stop that was set while the hub was off holds from its first look', async () => {
    await stop();
    await chat.send();
    operator('');
    await resume();
    await stage.door.upgrade((list) => list);
    await settled();
    expect(upserts()).toBe(0);
    expect(count(stage.door, 'stop', "cause = 'operator' and resumed_at is null")).toBe(1);
  });

  test('a reason is needed, another brand’s connection is not there, an agent may not', async () => {
    const bare = await stop('all', ' ');
    expect(bare.status).toBe(400);
    expect(await bare.text()).toContain('Nothing was changed');
    expect((await stop('int-other')).status).toBe(404);
    expect((await stage.maria.submit('/console/stop', { what: 'all', why: 'no csrf field' })).status).toBe(403);
    expect(count(stage.door, 'stop')).toBe(0);
    expect((await stop()).headers.get('location')).toContain('done=stopped');
    expect((await stop()).headers.get('location')).toContain('done=already');
    expect(count(stage.door, 'stop')).toBe(1);
  });

  test('a disconnect under a stop revokes all the same: no grant is kept alive by it', async () => {
    operator('');
    await post(`/console/connections/${stage.integration}/disconnect`, {});
    expect(stage.recorder.tokenCalls.filter((c) => c.path.includes('revoke'))).toHaveLength(1);
    expect(stage.recorder.tokenCalls).toHaveLength(1);
  });

  test('control 3 the page warns until the brand says that its partner takes calls from the hub’s address alone', async () => {
    const path = `/console/connections/${stage.integration}`;
    expect(await words(path)).toContain('Not confirmed:');
    expect((await post(`${path}/allow-list`, { confirmed: 'yes' })).status).toBe(303);
    expect(await words(path)).not.toContain('Not confirmed:');
    expect(await words(path)).toContain('alone, says this brand since');
    expect(count(stage.door, 'audit', "act = 'allow-list-confirmed'")).toBe(1);
    expect((await post(`${path}/allow-list`, { confirmed: 'maybe' })).status).toBe(400);
    expect((await post('/console/connections/int-other/allow-list', { confirmed: 'yes' })).status).toBe(404);
    await post(`${path}/allow-list`, { confirmed: 'no' });
    expect(await words(path)).toContain('Not confirmed:');
  });

  test('a folder that cannot be looked into stops everything', async () => {
    const broken = readStopFile(`${folder}/${'x'.repeat(300)}`);
    expect(broken.holds('hubspot')).toBe(true);
    expect(readStopFile(`${folder}/none`).holds('hubspot')).toBe(false);
  });
});
