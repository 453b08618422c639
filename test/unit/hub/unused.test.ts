import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectionOf } from '../../../server/connect/catalogue.ts';
import { endUnused } from '../../../server/connect/unused.ts';
import { count, openChat, openStage, type Stage } from './stage.ts';

const start = Date.UTC(2026, 10, 22, 14);
const day = 86_400_000;
let clock: number;
let stage: Stage;
beforeEach(async () => {
  clock = start;
  stage = await openStage({ now: () => new Date(clock) });
});
afterEach(() => stage.close());

const shown = (id = stage.integration) => connectionOf(stage.door.hub.deps, 'harbor-motors', id);
const at = async (days: number) => {
  clock = start + days * day;
  await endUnused(stage.door.hub.deps);
};
const revokes = () => stage.recorder.tokenCalls.filter((c) => c.path.includes('revoke')).length;

test('control 8 unused for 30 days: warned a week before, then disconnected and revoked, and said so', async () => {
  await at(22.9);
  expect(shown().health).toEqual({ state: 'ok', cause: 'Connected; nothing was sent yet.' });
  await at(23);
  expect(shown().health.cause).toContain('revoked, on 2026-12-22 unless something is sent');
  expect(shown().state).toBe('active');
  await at(29.99);
  expect([shown().state, revokes()]).toEqual(['active', 0]);
  await at(30);
  expect(shown()).toMatchObject({ state: 'revoked', revocation: { state: 'revoked' } });
  expect(shown().health.cause).toContain('Not used for 30 days');
  expect([revokes(), count(stage.door, 'vault')]).toEqual([1, 0]);
  expect(count(stage.door, 'audit', "act = 'unused-disconnected' and actor = 'hub'")).toBe(1);
  await at(31);
  expect(count(stage.door, 'audit', "act = 'unused-disconnected'")).toBe(1);
});

test('control 8 a good call begins the count anew, and ends the warning', async () => {
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  await at(23);
  expect(shown().health.state).toBe('degraded');
  stage.door.store.read
    .hot('update integration set last_good_at = ?, trouble = null')
    .run(new Date(clock).toISOString());
  await at(31);
  expect(shown()).toMatchObject({ state: 'active', health: { state: 'ok' } });
  await at(53);
  expect(shown().state).toBe('revoked');
});

test('control 8 a sign-in of visitors holds no key, and does not count', async () => {
  const csrf = await stage.door.csrfOf(stage.maria);
  await stage.maria.submit('/console/add/openid', { csrf });
  await at(400);
  expect(shown(stage.door.integration('openid')).state).toBe('active');
});

test('control 8 a hub that was off looks when it starts', async () => {
  clock = start + 30 * day;
  await stage.door.upgrade((list) => list);
  expect(shown().state).toBe('revoked');
});
