import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { json, openRecorder } from '../../support/recorder.ts';
import { crm, openChat, openPreferences, openStage, type Stage, turnstile, until } from './stage.ts';

let stage: Stage;
let wallMs: number;
let monotonicMs: number;
beforeEach(async () => {
  wallMs = Date.now();
  monotonicMs = 1_000;
  stage = await openStage({
    recorder: await openRecorder(),
    now: () => new Date(wallMs),
    monotonic: () => monotonicMs,
    egress: { totalMs: 90_000 },
  });
});
afterEach(() => stage.close());

const hour = 3_600_000;
const outcomes = () =>
  stage.door.store.read
    .hot('select state from outcome order by seq')
    .all()
    .map((r) => r.state);
const csrf = async () =>
  /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get('/console')).text())?.[1] ?? '';
const taken = { results: [{ id: '7', new: true, createdAt: '2026-11-01T00:00:00Z' }] };
const calls = () => stage.recorder.calls.map((c) => c.path.split('/').at(-1));
const lastLine = () =>
  JSON.parse(
    stage.door.store.read.hot("select body_json from entry where kind = 'share' order by seq desc limit 1").get()
      ?.body_json as string,
  ) as Extract<Entry, { kind: 'share' }>;
async function wake() {
  stage.door.hub.deps.runner.wake();
  await stage.door.hub.deps.runner.idle();
}

test('GATE-10 R25 I6 the partner hangs for a minute: the opt-out is acknowledged before the clock moved, and lists what is out', async () => {
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  const page = await openPreferences(stage, chat);
  let release = () => {};
  stage.recorder.answer((_, res) => {
    release = () => json(res, 500, {});
    return true;
  });
  await chat.press();
  await until('the partner holds it', () => stage.recorder.calls.length === 1);
  await chat.press(crm, 'behind it');
  const { html } = await page.choose('no'); // both clocks stand still: it waited for nobody, not even for a lease
  expect(html).toMatch(/HubSpot already has your\s+e/);
  expect((await chat.view()).entries.at(-1)).toMatchObject({ kind: 'withdrawn', alreadyOut: 1, stopped: 1 });
  expect(outcomes()).toEqual([]);
  monotonicMs += 60_000;
  wallMs += 60_000;
  release();
  await wake();
  expect([calls(), outcomes()]).toEqual([['upsert'], ['sent']]);
});

describe('GATE-47 clocks', () => {
  test('GATE-47 the wall clock goes back an hour: a later no counts, though it bears an earlier time', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    wallMs -= hour;
    await chat.answer({ email: 'no', name: 'no', phone: 'no' });
    const times = stage.door.store.read.hot('select type, received_at as at from consent_event order by seq').all();
    expect(times.map((t) => t.type)).toEqual(['given', 'withdrawn']);
    expect((times[1]?.at as string) < (times[0]?.at as string)).toBe(true);
    expect((await chat.send()).body.entry.withheld).toContainEqual({
      field: 'email',
      rule: 'D09',
      reason: 'withdrawn',
    });
    wallMs -= hour;
    await chat.answer({ email: 'yes' });
    await chat.send();
    expect(lastLine()).toMatchObject({ state: 'sent', fields: ['email'] });
  });

  test.each(['2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z'])(
    'GATE-47 a time of the client’s own (%s) is no input: refused, and nothing changes',
    async (at) => {
      const chat = await openChat(stage);
      const { body } = await chat.question();
      for (const more of [{ at }, { claimedAt: at }, { claimed_at: at }]) {
        const said = await chat.ada.say('/api/chat/answer', { nonce: body.nonce, answers: { email: 'yes' }, ...more });
        expect(said.status).toBe(400);
      }
      const dated = { ...chat.ada.auth, date: new Date(at).toUTCString() };
      const answer = { nonce: body.nonce, answers: { email: 'yes' } };
      expect((await chat.ada.json('POST', '/api/chat/answer', answer, dated)).status).toBe(200);
      expect(stage.door.store.read.hot('select received_at as at from consent_event').all()).toEqual([
        { at: new Date(wallMs).toISOString() },
      ]);
    },
  );

  test.each([
    [-1, 'sent', undefined],
    [0, 'withheld', 'D14'],
  ])('GATE-47 k.25 %i ms from its end a yes that waited: %s, by the server’s clock alone', async (off, state, rule) => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    stage.recorder.answer((_, res) => json(res, 429, {}));
    await chat.send();
    stage.recorder.answer(() => false);
    const end = stage.door.store.read.hot('select valid_until as at from consent_event').get()?.at as string;
    wallMs = Date.parse(end) + off;
    await wake();
    const line = lastLine();
    expect(line.state).toBe(state);
    expect(line.withheld.find((w) => w.field === 'email')?.rule).toBe(rule);
  });
});

test('GATE-50 disconnected and reconnected to another account between two requests of one send: the second goes to nobody', async () => {
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  const gate = turnstile();
  let held = false;
  stage.recorder.answer((request, res) => {
    if (held || !request.path.endsWith('/upsert')) return false;
    held = true;
    void gate.wait().then(() => json(res, 200, taken));
    return true;
  });
  await chat.press();
  await gate.held;
  await stage.maria.submit(`/console/connections/${stage.integration}/disconnect`, { csrf: await csrf() });
  await chat.press(crm, 'while it is off');
  expect(lastLine().withheld).toContainEqual({ field: 'email', rule: 'D01', reason: 'connection_not_active' });
  await stage.door.connect(stage.maria, 'hubspot', '4820000');
  gate.open();
  await wake();
  expect([calls(), outcomes()]).toEqual([['upsert'], ['sent']]);
  expect(lastLine().state).toBe('failed');
  // The new account is another recipient: the old yes says nothing about it, and the first answer is no trouble of its.
  expect((await chat.send()).body.entry.withheld).toContainEqual({
    field: 'email',
    rule: 'D10',
    reason: 'revoked_or_invalidated',
  });
  expect(calls()).toEqual(['upsert']);
  expect(stage.door.store.read.hot('select connection, account_id, trouble from integration').get()).toEqual({
    connection: 'active',
    account_id: '4820000',
    trouble: null,
  });
});
