import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { json, openRecorder } from '../../support/recorder.ts';
import { onPage, saveRules } from './rules-form.ts';
import { type Chat, count, openChat, openPreferences, openStage, type Stage, turnstile } from './stage.ts';

let stage: Stage;
let chat: Chat;
let hold: (() => Promise<void>) | undefined;
let clock: number;
beforeEach(async () => {
  hold = undefined;
  clock = Date.now();
  stage = await openStage({
    recorder: await openRecorder(),
    now: () => new Date(clock),
    egress: { pause: async (point) => (point === 'before-write' ? hold?.() : undefined) },
  });
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const rules = async () => (await chat.preview()).body.rows.map((r) => `${r.field} ${r.rule}`).sort();
const sql = (s: string) => stage.door.store.write((tx) => tx.exec(s));

describe('GATE.md I2, I8: a change counts for what is under way', () => {
  test('GATE-6 what waits and is denied now is finished in the same commit', async () => {
    await saveRules(stage, {}, ['US-CA']);
    await chat.answer({ email: 'yes' });
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '5' }));
    await chat.send();
    expect(count(stage.door, 'share', "state = 'queued'")).toBe(1);
    await chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, dnt: '1' });
    expect(count(stage.door, 'share', "state = 'queued'")).toBe(1);
    stage.recorder.calls.length = 0;
    await saveRules(stage, { dntActsLikeGpc: 'yes' });
    expect(count(stage.door, 'share', "state = 'denied'")).toBe(1);
    expect((await chat.lastShare())?.withheld).toContainEqual({
      field: 'email',
      rule: 'D17',
      reason: 'opt_out_signal',
    });
    clock += 6_000;
    stage.door.hub.deps.runner.wake();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
  });

  test('GATE-9 I3 a request that stands before the socket when a rule gets stricter writes no byte', async () => {
    await chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, dnt: '1' });
    await chat.answer({ email: 'yes' });
    await chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, dnt: '1' });
    const gate = turnstile();
    hold = gate.wait;
    await chat.press();
    await gate.held;
    hold = undefined;
    await saveRules(stage, { childDirected: 'yes' });
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
    expect(await chat.lastShare()).toMatchObject({
      state: 'withheld',
      withheld: expect.arrayContaining([{ field: 'email', rule: 'D11', reason: 'minor_needs_guardian' }]),
    });
  });

  test('what is still allowed leaves after the change, once', async () => {
    await chat.answer({ email: 'yes' });
    const gate = turnstile();
    hold = gate.wait;
    await chat.press();
    await gate.held;
    hold = undefined;
    await saveRules(stage, { dntActsLikeGpc: 'yes' });
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(await chat.lastShare()).toMatchObject({ state: 'sent', fields: ['email'] });
  });

  test('an open question dies with a change: its yes was asked under other rules', async () => {
    const { body: question } = await chat.question();
    await saveRules(stage, { dntActsLikeGpc: 'yes' });
    const late = await chat.ada.say('/api/chat/answer', { nonce: question.nonce, answers: { email: 'yes' } });
    expect(late).toMatchObject({ status: 403, body: { type: '/problems/nonce-dead' } });
  });
});

describe('GATE.md d: what a loosened rule lets go, and what it never does', () => {
  const given = async (who: Chat) => {
    await who.answer({ email: 'yes', name: 'yes', phone: 'yes' });
    return who;
  };
  test('R19 askedMeansWait and optOutDefaultEnabled: a question alone stops nothing where the law asks only for a no', async () => {
    await saveRules(stage, { optOutDefaultEnabled: 'yes' }, ['US-CA']);
    await chat.ask();
    expect(await rules()).toEqual(['email D19', 'name D19', 'phone D19']);
    await saveRules(stage, { askedMeansWait: 'no' });
    // D22: nothing was told before the values were typed, so not even the default lets them go.
    expect(await rules()).toEqual(['email D22', 'name D22', 'phone D22']);
    await saveRules(stage, { optOutDefaultEnabled: 'no', askedMeansWait: 'no' }, ['DK']);
    expect(await rules()).toEqual(['email D20', 'name D20', 'phone D20']);
  });
  test('signalStopsAllConsentSharing: a yes from before the signal counts again', async () => {
    await given(chat);
    await chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, 'sec-gpc': '1' });
    expect(await rules()).toEqual(['email D17', 'name D17', 'phone D17']);
    await saveRules(stage, { signalStopsAllConsentSharing: 'no' });
    expect(await rules()).toEqual(['email D18', 'name D18', 'phone D18']);
  });
  test('refusalStopsProcessors: no partner that rests on a yes gets past a no', async () => {
    await chat.answer({ email: 'no', name: 'no', phone: 'no' });
    await saveRules(stage, { refusalStopsProcessors: 'no' });
    expect(await rules()).toEqual(['email D08', 'name D08', 'phone D08']);
  });
});

describe('GATE-27 the law that counts', () => {
  /** Ada's rules in every state a person can be in, as one list. */
  async function walk(): Promise<string[][]> {
    const seen: string[][] = [];
    chat = await openChat(stage);
    const look = async () => seen.push(await rules());
    await look();
    await chat.ask();
    await look();
    await chat.answer({ email: 'yes' });
    await look();
    await chat.answer({ email: 'no' });
    await look();
    chat = await openChat(stage);
    await chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, 'sec-gpc': '1' });
    await look();
    await chat.answer({ email: 'yes' });
    await look();
    return seen;
  }
  test('GATE-27 unknown equals opt_in row by row; places whose laws differ, and a place nobody knows, are unknown', async () => {
    await saveRules(stage, { optOutDefaultEnabled: 'yes', askedMeansWait: 'no' });
    const optIn = await walk();
    expect(optIn[0]).toEqual(['email D20', 'name D20', 'phone D20']);
    for (const served of [[], ['DK', 'US-CA']]) {
      await saveRules(stage, {}, served);
      expect(await walk()).toEqual(optIn);
    }
    await saveRules(stage, {}, ['US-CA']);
    expect(await walk()).not.toEqual(optIn);
    const regimes = stage.door.store.read.hot('select distinct regime from consent_event order by regime').all();
    expect(regimes.map((r) => r.regime)).toEqual(['opt_in', 'opt_out', 'unknown']);
  });

  test('R16 the place a visitor names counts from then on, can be taken back, and never loosens', async () => {
    await saveRules(stage, { optOutDefaultEnabled: 'yes' }, ['US-CA']);
    const page = await openPreferences(stage, chat);
    const { about } = onPage(page);
    // Served after the value was typed, so the default may not let it go either (D22): no rule here allows.
    expect(await rules()).toEqual(['email D22', 'name D22', 'phone D22']);
    expect((await about('DE', '')).status).toBe(200);
    expect(await rules()).toEqual(['email D20', 'name D20', 'phone D20']);
    expect(await page.page()).toMatch(/<option value="DE" selected/);
    await about('elsewhere', '');
    expect(await rules()).toEqual(['email D20', 'name D20', 'phone D20']);
    await about('', '');
    expect(await rules()).toEqual(['email D22', 'name D22', 'phone D22']);
    const kinds = stage.door.store.read.hot('select kind, by, value_enc from statement order by seq').all();
    expect(kinds.map((k) => `${k.kind} ${k.by}`)).toEqual(['place self', 'place self', 'place self']);
    expect(JSON.stringify(kinds)).not.toContain('elsewhere');
    await expect(sql("delete from statement where kind = 'place'")).rejects.toThrow('append-only');
  });
});
