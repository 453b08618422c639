import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { json, openRecorder } from '../../support/recorder.ts';
import { type Chat, count, crm, openChat, openPreferences, openStage, type Stage, turnstile } from './stage.ts';

let stage: Stage;
let chat: Chat;
let clock: number;
/** Held before each write to a partner's socket, where a test says so. */
let hold: (() => Promise<void>) | undefined;
beforeEach(async () => {
  clock = Date.now();
  hold = undefined;
  stage = await openStage({
    recorder: await openRecorder(),
    now: () => new Date(clock),
    egress: { pause: async (point) => (point === 'before-write' ? hold?.() : undefined) },
  });
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const gpc = { 'sec-gpc': '1' };
const honored = 'Opt-out request honored';
const sql = (...statements: string[]) =>
  stage.door.store.write((tx) => {
    for (const s of statements) tx.exec(s);
  });
const settings = (pair: string) =>
  sql(`update brand set settings_json = json_set(settings_json, ${pair}) where id = 'harbor-motors'`);
const rows = () => stage.door.store.read.hot('select kind, value from signal_seen order by seq').all();
const epoch = () =>
  stage.door.store.read
    .hot('select s.epoch from subject s join conversation c on c.subject_id = s.id where c.id = ?')
    .get(chat.ada.conversation)?.epoch;

/** Any call of Ada's browser after it began to ask. */
const asks = (headers: Record<string, string> = gpc) =>
  chat.ada.json<{ signal?: true }>('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, ...headers });
const rules = async () => (await chat.preview()).body.rows.map((r) => `${r.field} ${r.rule}`).sort();
const methods = () =>
  stage.door.store.read
    .hot('select method from consent_event order by seq')
    .all()
    .map((r) => r.method);

describe('R23 a browser that asks not to share', () => {
  test('GATE-14 a yes given before stays denied, the agent may offer to confirm, and absence re-opens nothing', async () => {
    await chat.answer({ email: 'yes', name: 'yes' });
    expect(await rules()).toContain('email D18');
    const other = await openPreferences(stage, chat);
    expect(await other.page()).not.toContain(honored);
    const there = await fetch(`${stage.door.origin}/privacy/harbor-motors`, {
      headers: { ...gpc, cookie: [...other.browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ') },
    });
    expect(await there.text()).toContain(`${honored}: sharing is off.`);
    expect(await rules()).toEqual(['email D17', 'name D17', 'phone D17']);
    await chat.send();
    expect(await chat.lastShare()).toMatchObject({ state: 'withheld', fields: [] });
    expect(stage.recorder.calls).toEqual([]);
    const { strip, cards } = await chat.view();
    expect(strip[0]).toMatchObject({ state: 'open' });
    expect(strip[0]?.purposes.find((p) => p.purpose === crm)).toMatchObject({ state: 'open', mayAsk: true });
    expect(cards[0]).toMatchObject({ rows: [], empty: 'opt_out_signal' });
    // The first browser never sent the signal, and asks nothing of the kind now.
    expect((await asks({})).body.signal).toBe(true);
    expect(await other.page()).toContain(honored);
    expect((await chat.question()).body.signal).toBe(true);
    expect(await rules()).toContain('email D17');
  });

  test('GATE-15 a yes after the notice counts for this partner, outlives the next request, and can be taken back', async () => {
    expect((await chat.question()).body.signal).toBeUndefined();
    await asks();
    const { body: question } = await chat.question();
    expect(question.signal).toBe(true);
    await chat.answer({ email: 'yes' });
    expect(methods().at(-1)).toBe('question_after_signal');
    await asks();
    expect(await rules()).toEqual(['email D18', 'name D16', 'phone D16']);
    await chat.send();
    expect(await chat.lastShare()).toMatchObject({ state: 'sent', fields: ['email'] });
    await chat.answer({ email: 'no' });
    expect(await rules()).toContain('email D09');
    stage.recorder.calls.length = 0;
    await chat.send();
    expect(await chat.lastShare()).toMatchObject({ state: 'withheld', fields: [] });
    expect(stage.recorder.calls).toEqual([]);
  });

  test('GATE-15 a yes to one field confirms no other that was given in ignorance of the signal', async () => {
    await chat.answer({ email: 'yes', name: 'yes' });
    await asks();
    await chat.answer({ phone: 'no' });
    expect(await rules()).toEqual(['email D17', 'name D17', 'phone D17']);
    await chat.answer({ email: 'yes' });
    expect(await rules()).toEqual(['email D18', 'name D16', 'phone D16']);
    // What was confirmed stays so when another field is answered.
    await chat.answer({ phone: 'no' });
    expect(await rules()).toContain('email D18');
  });

  test('GATE-15 a screen served before the signal answers nothing after it', async () => {
    const { body: question } = await chat.question();
    await asks();
    const late = await chat.ada.say('/api/chat/answer', { nonce: question.nonce, answers: { email: 'yes' } });
    expect(late).toMatchObject({ status: 403, body: { type: '/problems/nonce-dead' } });
    const forged = await chat.ada.say('/api/chat/answer', { nonce: `s.${question.nonce}`, answers: { email: 'yes' } });
    expect(forged.status).toBe(403);
    expect(count(stage.door, 'consent_event')).toBe(0);
  });

  test('GATE-15 the answer that brings the signal itself is not stored', async () => {
    const { body: question } = await chat.question();
    const answer = { nonce: question.nonce, answers: { email: 'yes' } };
    const { status } = await chat.ada.json('POST', '/api/chat/answer', answer, { ...chat.ada.auth, ...gpc });
    expect({ status, stored: count(stage.door, 'consent_event') }).toEqual({ status: 403, stored: 0 });
  });

  test('GATE-15 a yes on the preference page under its notice counts for that partner', async () => {
    await asks();
    const page = await openPreferences(stage, chat);
    expect(await page.page()).toContain(honored);
    expect((await page.choose('yes')).status).toBe(200);
    expect(methods()).toEqual(['preferences_after_signal']);
    expect(await rules()).toContain('email D18');
  });

  test('GATE-6 what is queued dies at the signal, in the same commit', async () => {
    await chat.answer({ email: 'yes' });
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '5' }));
    await chat.send();
    expect(count(stage.door, 'share', "state = 'queued'")).toBe(1);
    stage.recorder.answer(() => false);
    stage.recorder.calls.length = 0;
    await asks();
    expect(count(stage.door, 'share', "state = 'denied'")).toBe(1);
    expect(await chat.lastShare()).toMatchObject({
      state: 'withheld',
      withheld: expect.arrayContaining([{ field: 'email', rule: 'D17', reason: 'opt_out_signal' }]),
    });
    clock += 6_000;
    stage.door.hub.deps.runner.wake();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
  });

  test('GATE-9 I3 a request that stands before the socket when the signal comes writes no byte', async () => {
    await chat.answer({ email: 'yes' });
    const gate = turnstile();
    hold = gate.wait;
    await chat.press();
    await gate.held;
    await asks();
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
    expect(await chat.lastShare()).toMatchObject({
      state: 'withheld',
      withheld: expect.arrayContaining([{ field: 'email', rule: 'D17', reason: 'opt_out_signal' }]),
    });
  });

  test('is stored once, raises the epoch once, and every call of the visitor brings it', async () => {
    const before = epoch() as number;
    for (let i = 0; i < 3; i++) await asks();
    await chat.ada.json('POST', '/api/chat/messages', { clientId: 'm', text: 'Hi' }, { ...chat.ada.auth, ...gpc });
    expect({ rows: rows(), raised: (epoch() as number) - before }).toEqual({
      rows: [{ kind: 'gpc', value: '1' }],
      raised: 1,
    });
  });

  test('a store that cannot write takes no answer with the signal in it, and the page still tells the truth', async () => {
    const page = await openPreferences(stage, chat);
    stage.door.failWrites(() => true);
    expect((await asks()).status).toBe(503);
    const cookie = [...page.browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    const shown = await fetch(`${stage.door.origin}/privacy/harbor-motors`, { headers: { ...gpc, cookie } });
    expect(await shown.text()).toContain(honored);
    stage.door.failWrites();
    expect(rows()).toEqual([]);
  });
});

describe('R23 Do Not Track', () => {
  test('is recorded and changes nothing, until the brand says that it acts', async () => {
    await chat.answer({ email: 'yes' });
    const before = epoch();
    expect((await asks({ dnt: '1' })).body.signal).toBeUndefined();
    expect({ rows: rows(), epoch: epoch() }).toEqual({ rows: [{ kind: 'dnt', value: '1' }], epoch: before });
    expect(await rules()).toContain('email D18');
    await settings(`'$.dntActsLikeGpc', json('true')`);
    expect((await asks({})).body.signal).toBe(true);
    expect(await rules()).toContain('email D17');
  });
  test.each(['0', 'null', 'unspecified'])('%j is ignored', async (dnt) => {
    await asks({ dnt });
    expect(rows()).toEqual([]);
  });
  test('GATE-15 a newer signal of another kind is one the yes did not know of', async () => {
    await settings(`'$.dntActsLikeGpc', json('true')`);
    await asks();
    await chat.answer({ email: 'yes' });
    expect(await rules()).toContain('email D18');
    await asks({ dnt: '1' });
    expect(await rules()).toContain('email D17');
  });
  test('acts from its first request where the brand said so before', async () => {
    await settings(`'$.dntActsLikeGpc', json('true')`);
    await chat.answer({ email: 'yes' });
    await asks({ dnt: '1' });
    expect(await rules()).toContain('email D17');
    await chat.answer({ email: 'yes' });
    expect(await rules()).toContain('email D18');
  });
});
