import { afterEach, describe, expect, test } from 'vitest';
import { json } from '../../support/recorder.ts';
import { care, count, openChat, openPreferences, openStage, type Stage, turnstile, until } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

/** The hidden field of Maria's session as it is now: connecting renewed it. */
const csrf = async () =>
  /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get('/console')).text())?.[1] ?? '';
const outcomes = () =>
  stage.door.store.read
    .hot('select state from outcome order by seq')
    .all()
    .map((r) => r.state);

describe('the tick of the write', () => {
  test('GATE-9 paused past its lease: the request aborts itself with zero bytes and makes a new claim', async () => {
    const gate = turnstile();
    let jump = 0;
    let armed = false;
    stage = await openStage({
      monotonic: () => performance.now() + jump,
      egress: {
        async pause(point) {
          if (point !== 'before-write' || !armed) return;
          armed = false;
          await gate.wait();
        },
      },
    });
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    armed = true;
    await chat.press();
    await gate.held;
    jump = 2_000;
    gate.open();
    await until('the first attempt is settled', () => outcomes().length > 0);
    expect(outcomes()[0]).toBe('aborted');
    await stage.door.hub.deps.runner.idle();
    expect(outcomes()).toEqual(['aborted', 'sent']);
    expect(stage.recorder.calls.filter((c) => c.path.endsWith('/upsert'))).toHaveLength(1);
    expect(count(stage.door, 'disclosure')).toBe(2);
  });

  test('GATE-9 I3 an opt-out while the request stands before the socket: zero bytes, and it says so', async () => {
    const gate = turnstile();
    let armed = false;
    stage = await openStage({
      egress: {
        async pause(point) {
          if (point === 'before-write' && armed) await gate.wait();
        },
      },
    });
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    const page = await openPreferences(stage, chat);
    armed = true;
    await chat.press();
    await gate.held;
    const { html } = await page.choose('no');
    expect(html).not.toContain('already has your');
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
    expect(outcomes()).toEqual(['aborted']);
    expect(await chat.lastShare()).toMatchObject({
      state: 'withheld',
      withheld: expect.arrayContaining([{ field: 'email', rule: 'D09', reason: 'withdrawn' }]),
    });
  });

  test.each([
    ['of this partner', 'all'],
    ['of another purpose', care],
  ])(
    'GATE-52 an opt-out %s between two requests: the second is never written, the first is listed, none goes twice',
    async (_, purpose) => {
      stage = await openStage();
      const chat = await openChat(stage);
      await chat.answer({ email: 'yes' });
      const page = await openPreferences(stage, chat);
      const gate = turnstile();
      let held = false;
      stage.recorder.answer((request, res) => {
        if (held || !request.path.endsWith('/upsert')) return false;
        held = true;
        void gate
          .wait()
          .then(() => json(res, 200, { results: [{ id: '7', new: true, createdAt: '2026-11-01T00:00:00Z' }] }));
        return true;
      });
      await chat.press();
      await gate.held;
      if (purpose === 'all') expect((await page.choose('no')).html).toMatch(/already has your\s+e/);
      else await chat.answer({ transcript: 'no' }, care);
      gate.open();
      await stage.door.hub.deps.runner.idle();
      expect(stage.recorder.calls.map((c) => c.path.split('/').at(-1))).toEqual(['upsert']);
      expect(outcomes()).toEqual(['sent']);
      expect(await chat.lastShare()).toMatchObject({
        state: 'failed',
        cause: 'What may be sent changed meanwhile; only a part of it was sent.',
      });
    },
  );

  test.each([
    ['after-claim', [], 'aborted'],
    ['before-write', [], 'aborted'],
    ['after-write', ['upsert'], 'sent'],
    ['before-outcome', ['upsert', 'notes', '7'], 'sent'],
  ] as const)('GATE-l seam %s: an opt-out there leaves these calls, and lists them', async (where, calls, outcome) => {
    const gate = turnstile();
    let armed = false;
    stage = await openStage({
      egress: {
        async pause(point) {
          if (point !== where || !armed) return;
          armed = false;
          await gate.wait();
        },
      },
    });
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    const page = await openPreferences(stage, chat);
    stage.recorder.answer(
      (request, res) =>
        request.path.endsWith('/upsert') &&
        json(res, 200, { results: [{ id: '7', new: true, createdAt: '2026-11-01T00:00:00Z' }] }),
    );
    armed = true;
    await chat.press();
    await gate.held;
    const { html } = await page.choose('no');
    expect(html.includes('already has your')).toBe(outcome === 'sent');
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls.map((c) => c.path.split('/').at(-1))).toEqual(calls);
    expect(outcomes()).toEqual([outcome]);
  });

  test.each([
    ['the person’s epoch', 'update subject set epoch = epoch + 1'],
    ['the connection’s epoch', 'update integration set conn_epoch = conn_epoch + 1'],
    ['the connection', "update integration set connection = 'revoked'"],
  ])('GATE-9 I3 %s changed in the store alone: the check in the tick of the write sees it', async (_, statement) => {
    const gate = turnstile();
    let armed = false;
    stage = await openStage({
      egress: {
        async pause(point) {
          if (point !== 'before-write' || !armed) return;
          armed = false;
          await gate.wait();
        },
      },
    });
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    armed = true;
    await chat.press();
    await gate.held;
    await stage.door.store.write((tx) => tx.exec(statement));
    gate.open();
    await until('the attempt is settled', () => outcomes().length > 0);
    expect(outcomes()[0]).toBe('aborted');
    await stage.door.hub.deps.runner.idle();
  });

  test('GATE-50 P4 disconnected while the request stands before the socket: zero bytes, D01', async () => {
    const gate = turnstile();
    let armed = false;
    stage = await openStage({
      egress: {
        async pause(point) {
          if (point === 'before-write' && armed) {
            armed = false;
            await gate.wait();
          }
        },
      },
    });
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    armed = true;
    await chat.press();
    await gate.held;
    const bye = await stage.maria.submit(`/console/connections/${stage.integration}/disconnect`, {
      csrf: await csrf(),
    });
    expect(bye.status).toBe(303);
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
    expect(await chat.lastShare()).toMatchObject({
      state: 'withheld',
      withheld: expect.arrayContaining([{ field: 'email', rule: 'D01', reason: 'connection_not_active' }]),
    });
  });

  test('GATE-50 reconnected to another account: the old yes does not revive, its record is not used, and may be asked again', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await chat.answer({ transcript: 'yes' }, care);
    await chat.send();
    expect((await chat.view()).cards[0]?.rows.length).toBeGreaterThan(0);
    await stage.maria.submit(`/console/connections/${stage.integration}/disconnect`, { csrf: await csrf() });
    await stage.door.connect(stage.maria, 'hubspot', '4820000');
    expect(stage.door.store.read.hot('select account_id from integration').get()).toEqual({ account_id: '4820000' });
    stage.recorder.calls.length = 0;
    expect((await chat.send()).body.entry.withheld).toContainEqual({
      field: 'email',
      rule: 'D10',
      reason: 'revoked_or_invalidated',
    });
    expect((await chat.view()).cards[0]?.rows).toEqual([]);
    expect((await chat.view()).strip[0]).toMatchObject({ state: 'open' });
    expect((await chat.ask()).status).toBe(201);
    await chat.answer({ transcript: 'yes' }, care);
    await chat.send(care);
    // No record in this account: the transcript must not land on whoever has the old number here.
    expect(stage.recorder.calls).toEqual([]);
    expect((await chat.lastShare())?.cause).toBe('HubSpot has no record of this person yet: send the contact first.');
  });
});

describe('the row before the byte', () => {
  test('R31 GATE I1 at the arrival of the first byte the disclosure, its leaf and its lease stand already', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    const leaves = count(stage.door, 'ledger_leaf');
    const seen: number[][] = [];
    stage.recorder.answer(() => {
      seen.push([
        count(stage.door, 'disclosure'),
        count(stage.door, 'ledger_leaf') - leaves,
        count(stage.door, 'outcome'),
      ]);
      return false;
    });
    await chat.send();
    expect(seen[0]).toEqual([1, 1, 0]);
    expect(outcomes()).toEqual(['sent']);
  });

  test('R31 sec-R04 the hub dies between row and answer: at the next start the row reads unknown and nobody repeats it', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    const gate = turnstile();
    stage.recorder.answer((_, res) => {
      void gate.wait().then(() => res.destroy());
      return true;
    });
    await chat.press();
    await gate.held;
    const next = await stage.door.startHub();
    expect(outcomes()).toEqual(['unknown']);
    expect(await chat.lastShare()).toMatchObject({
      state: 'unknown',
      cause: 'The hub stopped while this was being sent.',
    });
    await next.deps.runner.idle();
    expect(stage.recorder.calls).toHaveLength(1);
    await next.close();
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(outcomes()).toEqual(['unknown']);
  });
});
