import { afterEach, describe, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import type { Manifest } from '#contract/connection.ts';
import { publishManifest, publishNotice } from '../../../server/consent/notices.ts';
import { mayAsk } from '../../../server/consent/standing.ts';
import { readShareFacts } from '../../../server/store/share-facts.ts';
import { json } from '../../support/recorder.ts';
import { subjectOf } from './person.ts';
import { care, count, crm, openChat, openPreferences, openStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const rules = async (chat: Awaited<ReturnType<typeof openChat>>, purpose = crm) =>
  (await chat.preview(purpose)).body.rows.map((r) => [r.field, r.rule]);
/** Publishes a changed manifest for HubSpot, as an update of its adapter would. */
const republish = (change: (m: Manifest) => Manifest) =>
  stage.door.store.write((tx) => {
    const row = tx.hot('select m.body_json from integration i join manifest m on m.hash = i.manifest_hash').get();
    const at = new Date().toISOString();
    const hash = publishManifest(tx, 'harbor-motors', change(JSON.parse(row?.body_json as string)), at);
    tx.hot('update integration set manifest_hash = ?').run(hash);
    publishNotice(tx, 'harbor-motors', at);
  });

describe('the decision at send time', () => {
  test('GATE-1 R16 no decision: denied by D20, no socket opened, one decision row', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    const before = stage.recorder.connections();
    const { body } = await chat.send();
    expect(body.entry).toMatchObject({
      state: 'withheld',
      withheld: expect.arrayContaining([{ field: 'email', rule: 'D20', reason: 'no_consent' }]),
    });
    expect([stage.recorder.connections() - before, stage.recorder.calls.length]).toEqual([0, 0]);
    expect([count(stage.door, 'decision'), count(stage.door, 'disclosure')]).toEqual([1, 0]);
  });

  test('GATE-3 the needed field was not granted: the whole share is denied', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    await chat.answer({ name: 'yes', phone: 'yes' });
    const { body } = await chat.send();
    expect(body.entry).toMatchObject({ state: 'withheld', fields: [] });
    expect(new Set(body.entry.withheld.map((w) => w.rule))).toEqual(new Set(['D16']));
    expect(stage.recorder.calls).toEqual([]);
  });

  test('GATE-5 granted, withdrawn, then sent: D09; asked for the transcript, the yes to the contact does not count (R17)', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    expect(await rules(chat, care)).toEqual([['transcript', 'D20']]);
    const page = await openPreferences(stage, chat);
    expect((await page.choose('no')).status).toBe(200);
    const { body } = await chat.send();
    expect(body.entry.withheld.map((w) => w.rule)).toEqual(['D09', 'D09', 'D09']);
    expect(stage.recorder.calls).toEqual([]);
  });

  test('GATE-6 R18 R25 withdrawn while it waits to be tried again: never sent, finished as withheld, in force when acknowledged', async () => {
    let clock = Date.now();
    stage = await openStage({ now: () => new Date(clock) });
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '5' }));
    await chat.send();
    const page = await openPreferences(stage, chat);
    const started = performance.now();
    await page.choose('no');
    expect(performance.now() - started).toBeLessThan(1_000);
    // In force at the acknowledgement: the line stands before anything else is asked.
    expect(await chat.lastShare()).toMatchObject({
      state: 'withheld',
      withheld: expect.arrayContaining([{ field: 'email', rule: 'D09', reason: 'withdrawn' }]),
    });
    stage.recorder.answer(() => false);
    clock += 3_600_000;
    stage.door.hub.deps.runner.wake();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toHaveLength(1);
    // A later yes wakes no old share (GATE.md d).
    await page.choose('yes');
    stage.door.hub.deps.runner.wake();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toHaveLength(1);
  });

  test('R18 Change: a yes to less stops the field that was dropped in what still waits', async () => {
    let clock = Date.now();
    stage = await openStage({ now: () => new Date(clock) });
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes', name: 'yes', phone: 'yes' });
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '5' }));
    await chat.send();
    await chat.answer({ email: 'yes', name: 'yes', phone: 'no' });
    stage.recorder.answer(() => false);
    stage.recorder.calls.length = 0;
    clock += 6_000;
    stage.door.hub.deps.runner.wake();
    await stage.door.hub.deps.runner.idle();
    const arrived = stage.recorder.calls.map((c) => c.path + c.body).join();
    expect(arrived).toContain('ada@brandt.example');
    expect(arrived).not.toContain('20 55 04 18');
    expect(await chat.lastShare()).toMatchObject({ state: 'sent', fields: ['name', 'email'] });
  });

  test('R20 R68 a yes that grows while something waits adds nothing to it: captured fields only', async () => {
    let clock = Date.now();
    stage = await openStage({ now: () => new Date(clock) });
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes', phone: 'no' });
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '5' }));
    await chat.send();
    await chat.answer({ email: 'yes', phone: 'yes', name: 'yes' });
    stage.recorder.answer(() => false);
    clock += 6_000;
    stage.door.hub.deps.runner.wake();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls.map((c) => c.body).join()).not.toContain('20 55 04 18');
    expect((await chat.lastShare())?.fields).toEqual(['email']);
  });
});

describe('a changed notice', () => {
  test('GATE-18 a purpose is added: the old one still leaves, the new one asks', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await republish((m) => ({
      ...m,
      fields: [
        ...m.fields,
        {
          name: 'email',
          class: 'contact',
          purpose: 'DirectMarketing',
          need: true,
          because: 'to write to you',
          special: false,
          freeText: false,
        },
      ],
    }));
    expect(await rules(chat)).toContainEqual(['email', 'D18']);
    expect(await rules(chat, 'DirectMarketing')).toEqual([['email', 'D20']]);
  });

  test('GATE-20 other terms: the yes is stale (D15) however long the chat goes on, and only then may be asked again', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    expect((await chat.ask()).status).toBe(409);
    await republish((m) => ({ ...m, retention: 'twenty years' }));
    await chat.message('Still there?');
    const { body } = await chat.send();
    expect(body.entry.withheld).toContainEqual({ field: 'email', rule: 'D15', reason: 'policy_version_stale' });
    expect(stage.recorder.calls).toEqual([]);
    expect((await chat.view()).strip[0]).toMatchObject({
      state: 'open',
      purposes: expect.arrayContaining([expect.objectContaining({ purpose: crm, mayAsk: true })]),
    });
    expect((await chat.ask()).status).toBe(201);
    await chat.answer({ email: 'yes' });
    expect(await rules(chat)).toContainEqual(['email', 'D18']);
  });
});

describe('who may change a decision', () => {
  test('GATE-29 R20 an agent who asks makes a question and nothing else: D19 until the visitor answers', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    expect((await chat.ask()).status).toBe(201);
    expect(stage.door.store.read.hot('select type, by from consent_event').all()).toEqual([
      { type: 'requested', by: 'operator' },
    ]);
    expect((await chat.send()).body.entry.withheld.map((w) => w.rule)).toEqual(['D19', 'D19', 'D19']);
    expect(await chat.ask()).toMatchObject({ status: 409, body: { type: '/problems/asked-already' } });
    await chat.answer({ email: 'yes' });
    expect((await chat.send()).body.entry.state).toBe('waiting');
  });

  test.each([
    ['no', { answers: { email: 'no', name: 'no', phone: 'no' } }],
    ['Not now', { answers: {}, later: true }],
    ['an empty answer', { answers: {} }],
  ])('R20 R68 after %s this chat is not asked again, and the strip does not offer it', async (_, said) => {
    stage = await openStage();
    const chat = await openChat(stage);
    await chat.ask();
    const { body } = await chat.question();
    await chat.ada.say('/api/chat/answer', { nonce: body.nonce, ...said });
    expect(await chat.ask()).toMatchObject({ status: 409 });
    const cell = (await chat.view()).strip[0];
    expect(cell?.purposes.find((p) => p.purpose === crm)?.mayAsk).toBe(false);
    expect((await chat.send()).body.entry.state).toBe('withheld');
  });

  test('R20 R68 a not now reads so at the desk and on My data in every language; another chat may ask again', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    const { body } = await chat.question();
    await chat.ada.say('/api/chat/answer', { nonce: body.nonce, answers: {}, later: true });
    const { strip, cards } = await chat.view();
    expect(strip[0]).toMatchObject({ state: 'later', mark: 'open', since: expect.any(String) });
    expect(strip[0]?.purposes.find((p) => p.purpose === crm)).toMatchObject({ state: 'later', mayAsk: false });
    expect(cards[0]?.empty).toBe('not_now');
    const { store, hub } = stage.door;
    const of = { subjectId: subjectOf(stage.door, chat), integrationId: stage.integration, purpose: crm } as const;
    const facts = readShareFacts(store.read, hub.deps.keys, { brandId: 'harbor-motors', ...of });
    expect(mayAsk(store.read, facts, 'another chat', new Date())).toBe(true);
    const { browser } = await openPreferences(stage, chat);
    for (const [lang, word, sentence] of [
      ['en', 'Not now', /You said not now on .*, so HubSpot gets nothing\./],
      ['da', 'Ikke nu', /Du sagde “ikke nu” den .*, så HubSpot får intet\./],
      ['de', 'Nicht jetzt', /Sie haben am .* „Nicht jetzt“ gesagt, deshalb .*HubSpot.*\./],
      ['fr', 'Pas maintenant', /Vous avez dit « pas maintenant » le .*HubSpot.*\./],
    ] as const) {
      const page = await (await browser.get(`/privacy/harbor-motors?lang=${lang}`)).text();
      const words = page.replace(/<[^>]+>/g, ' ').replace(/[\u00a0\u202f\s]+/g, ' ');
      expect(words).toContain(word);
      expect(words).toMatch(sentence);
    }
  });

  test("R68 no agent's call changes a decision, not even with the visitor's own nonce", async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    const { body } = await chat.question();
    for (const path of ['/api/chat/answer', '/api/chat/question'])
      for (const auth of ['', `Bearer ${body.nonce}`]) {
        const headers = { 'x-askfirst': '1', ...(auth && { authorization: auth }) } as Record<string, string>;
        const input = path.endsWith('answer')
          ? { nonce: body.nonce, answers: { email: 'yes' } }
          : { integration: stage.integration, purpose: crm };
        expect((await stage.maria.json('POST', path, input, headers)).status).toBe(401);
      }
    expect(count(stage.door, 'consent_event')).toBe(0);
    expect(await rules(chat)).toContainEqual(['email', 'D20']);
  });

  test('GATE-51 refused, a processor on contract, asked again: still D08; before the no it was needed for the service', async () => {
    stage = await openStage({
      adapters: (list) => list.map((a) => ({ ...a, facts: { ...a.facts, basis: 'contract' } })),
    });
    const chat = await openChat(stage);
    expect(await rules(chat)).toContainEqual(['email', 'D13']);
    await chat.answer({ email: 'no', name: 'no', phone: 'no' });
    expect((await chat.ask()).status).toBe(409);
    expect((await chat.send()).body.entry.withheld.map((w) => w.rule)).toEqual(['D08', 'D08', 'D08']);
    expect(stage.recorder.calls).toEqual([]);
  });

  test('GATE-42 R19 with everything refused the chat is the same: messages both ways, questions, page, no strip asks', async () => {
    stage = await openStage();
    const chat = await openChat(stage);
    for (const purpose of [crm, care]) {
      const { body } = await chat.question(purpose);
      await chat.ada.say('/api/chat/answer', {
        nonce: body.nonce,
        answers: Object.fromEntries(body.fields.map((f) => [f.field, 'no'])),
      });
    }
    expect((await chat.message('Hello?')).status).toBe(201);
    const reply = await stage.maria.json(
      'POST',
      `/api/panel/conversations/${chat.ada.conversation}/messages`,
      { clientId: 'r1', text: 'Yes, it is.' },
      { 'x-askfirst': '1' },
    );
    expect(reply.status).toBe(201);
    const seen = (await chat.ada.json<{ entries: Entry[] }>('GET', '/api/chat/entries', undefined, chat.ada.auth)).body;
    expect(seen.entries.filter((e) => e.kind === 'message').map((e) => e.kind === 'message' && e.text)).toEqual([
      'Is the blue Marlin still there?',
      'Hello?',
      'Yes, it is.',
    ]);
    expect((await chat.question()).status).toBe(200);
  });
});
