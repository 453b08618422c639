import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { demoPeople } from '../../../server/people/seed.ts';
import type { Client } from '../../support/people-at.ts';
import { json, openRecorder } from '../../support/recorder.ts';
import { all, onPage, rulesIn, saveRules, yesToAll } from './rules-form.ts';
import { type Chat, count, openChat, openPreferences, openStage, panel, type Stage, turnstile } from './stage.ts';

let stage: Stage;
let chat: Chat;
let hold: (() => Promise<void>) | undefined;
beforeEach(async () => {
  hold = undefined;
  stage = await openStage({
    recorder: await openRecorder(),
    egress: { pause: async (point) => (point === 'before-write' ? hold?.() : undefined) },
  });
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const about = async (place: string, age: string) => onPage(await openPreferences(stage, chat)).about(place, age);
const events = () =>
  stage.door.store.read
    .hot('select type, by, method from consent_event order by seq')
    .all()
    .map((e) => `${e.type} ${e.by} ${e.method}`);
const at = (what = '') => `/api/panel/conversations/${chat.ada.conversation}/under-age${what}`;
const flag = (who: Client = stage.maria) => who.json<{ type?: string }>('POST', at(), {}, panel);
const clear = (reason: unknown, who: Client = stage.maria) =>
  who.json<{ type?: string }>('POST', at('/clear'), { reason }, panel);
const audit = () =>
  stage.door.store.read
    .hot("select act, detail from audit where act like '%under-age' order by seq")
    .all()
    .map((a) => `${a.act} ${a.detail}`);
const lines = async () => {
  const seen = await chat.ada.json<{ entries: Entry[] }>('GET', '/api/chat/entries', undefined, chat.ada.auth);
  return seen.body.entries.filter((e) => e.kind === 'under_age');
};
async function jens() {
  const client = stage.door.client();
  const link = stage.door.hub.deps.people.signIn.printedLink(demoPeople.jens.email);
  await client.submit(link, { token: link.split('/').at(-1) ?? '' });
  return client;
}

describe('GATE-21 GATE-22 what a visitor says about their age', () => {
  test('GATE-21 14 in California: without a yes D21, with a yes of their own allowed', async () => {
    await saveRules(stage, { optOutDefaultEnabled: 'yes' }, ['US-CA']);
    await about('US-CA', '13_to_15');
    expect(await rulesIn(chat)).toEqual(all('D21'));
    await yesToAll(chat);
    expect(await rulesIn(chat)).toEqual(all('D18'));
    await chat.send();
    expect((await chat.lastShare())?.state).toBe('sent');
  });

  test('GATE-22 under 13: an own yes is no yes, and nothing leaves', async () => {
    await about('DK', 'under_13');
    await yesToAll(chat);
    expect(await rulesIn(chat)).toEqual(all('D11'));
    await chat.send();
    expect(await chat.lastShare()).toMatchObject({ state: 'withheld', fields: [] });
    expect(stage.recorder.calls).toEqual([]);
  });

  test('GATE-23 k.5 a yes from before is declared void, tells the chat, and does not come back with another age', async () => {
    await yesToAll(chat);
    await about('', 'under_13');
    expect(events()).toEqual(['given self question', 'invalidated self preferences']);
    expect(await rulesIn(chat)).toEqual(all('D10'));
    expect(await lines()).toMatchObject([{ on: true, stopped: 0, alreadyOut: 0 }]);
    expect((await lines())[0]).not.toHaveProperty('by');
    await about('', '16_or_over');
    expect(await rulesIn(chat)).toEqual(all('D10'));
  });

  test('k.6 who once said younger is no grown-up by a later word, nor by silence', async () => {
    await saveRules(stage, { optOutDefaultEnabled: 'yes' }, ['US-CA']);
    await about('', 'under_13');
    expect(await rulesIn(chat)).toEqual(all('D11'));
    for (const age of ['16_or_over', '']) {
      await about('', age);
      expect(await rulesIn(chat), age).toEqual(all('D21'));
    }
    await yesToAll(chat);
    expect(await rulesIn(chat)).toEqual(all('D18'));
  });

  test('a child-directed brand: who says nothing is below the age, who is 16 is not', async () => {
    await saveRules(stage, { childDirected: 'yes' });
    await yesToAll(chat);
    expect(await rulesIn(chat)).toEqual(all('D11'));
    await about('', '16_or_over');
    expect(await rulesIn(chat)).toEqual(all('D18'));
    expect(events()).toEqual(['given self question']);
  });

  test('GATE-9 a word about age counts before the next byte: what stands before the socket is not written', async () => {
    await yesToAll(chat);
    const gate = turnstile();
    hold = gate.wait;
    await chat.press();
    await gate.held;
    hold = undefined;
    await about('', 'under_13');
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
    expect(await chat.lastShare()).toMatchObject({ state: 'withheld', fields: [] });
  });

  test.each<[string, Record<string, string>, number]>([
    ['a birth date', { place: '', age: '2012-03-04' }, 400],
    ['a place nobody knows', { place: 'XX', age: '' }, 400],
    ['a field more', { place: '', age: '', birthday: '2012' }, 400],
    ['a field less', { place: 'DE' }, 400],
    ['no token', { place: 'DE', age: '', csrf: '' }, 403],
  ])('bad input: %s is refused and nothing is stored', async (_, form, status) => {
    const page = await openPreferences(stage, chat);
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page.page())?.[1] ?? '';
    expect((await page.browser.submit('/privacy/harbor-motors/about', { csrf, ...form })).status).toBe(status);
    expect(count(stage.door, 'statement')).toBe(0);
  });

  test('a browser nobody knows may say it too, for itself alone', async () => {
    const before = count(stage.door, 'subject');
    const stranger = stage.door.client();
    const form = { csrf: '', place: 'FR', age: '13_to_15' };
    expect((await stranger.submit('/privacy/harbor-motors/about', form)).status).toBe(200);
    expect(count(stage.door, 'subject')).toBe(before + 1);
    expect(await (await stranger.get('/privacy/harbor-motors')).text()).toMatch(/<option value="13_to_15" selected/);
    expect(await rulesIn(chat)).toEqual(all('D20'));
  });

  test('R16 a word that cannot be read lets nothing leave', async () => {
    await yesToAll(chat);
    await about('DK', '');
    await stage.door.store.write((tx) => {
      tx.exec('drop trigger statement_no_update');
      tx.exec("update statement set value_enc = substr(value_enc, 1, length(value_enc) - 4) || 'AAAA'");
    });
    expect((await chat.preview()).status).toBe(500);
    expect((await chat.press()).status).toBe(500);
    expect(stage.recorder.calls).toEqual([]);
  });
});

describe('R27 an agent finds a person under age', () => {
  test('R27 all sharing stops at once: yes void, what waits finished, audit row, line in the chat, shown in the panel', async () => {
    await yesToAll(chat);
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '60' }));
    await chat.send();
    expect(count(stage.door, 'share', "state = 'queued'")).toBe(1);
    stage.recorder.calls.length = 0;
    expect(await flag()).toMatchObject({ status: 200, body: { flagged: true } });
    expect(events()).toEqual(['given self question', 'invalidated operator agent']);
    expect(count(stage.door, 'share', "state = 'queued'")).toBe(0);
    expect(audit()).toEqual(['flag-under-age chat 1']);
    expect(await lines()).toMatchObject([{ kind: 'under_age', on: true, by: 'Maria', stopped: 1 }]);
    expect((await chat.view()).underAge).toMatchObject({ mayClear: true });
    expect(await rulesIn(chat)).toEqual(all('D10'));
    expect((await chat.ask()).status).toBe(409);
    await yesToAll(chat);
    expect(await rulesIn(chat)).toEqual(all('D11'));
    await chat.send();
    expect(stage.recorder.calls).toEqual([]);
    const rows = stage.door.store.read.hot("select row from ledger_leaf where row like '%invalidated%'").all();
    expect(rows).toHaveLength(1);
  });

  test('R27 a partner under contract, whom no rule about yes and age would stop, gets nothing either', async () => {
    await stage.close();
    stage = await openStage({ adapters: (l) => l.map((a) => ({ ...a, facts: { ...a.facts, basis: 'contract' } })) });
    chat = await openChat(stage);
    expect(await rulesIn(chat)).toEqual(all('D13'));
    await flag();
    expect(await rulesIn(chat)).toEqual(all('D06'));
    await chat.send();
    expect(stage.recorder.calls).toEqual([]);
    await clear('Passport shown at the counter');
    expect(await rulesIn(chat)).toEqual(all('D13'));
  });

  test('GATE-9 what stands before the socket when the flag comes is not written', async () => {
    await yesToAll(chat);
    const gate = turnstile();
    hold = gate.wait;
    await chat.press();
    await gate.held;
    hold = undefined;
    await flag();
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
    expect(await chat.lastShare()).toMatchObject({ state: 'withheld', fields: [] });
  });

  test('a second time changes nothing; the chat goes on', async () => {
    await flag();
    expect((await flag()).status).toBe(200);
    expect([audit().length, (await lines()).length]).toEqual([1, 1]);
    expect((await chat.message('Why?')).status).toBe(201);
  });

  test('R27 an agent may flag, only an owner may clear, and only with a reason', async () => {
    const agent = await jens();
    expect((await flag(agent)).status).toBe(200);
    const { body: view } = await agent.json<{ underAge: unknown }>(
      'GET',
      `/api/panel/conversations/${chat.ada.conversation}`,
      undefined,
      panel,
    );
    expect(view.underAge).toMatchObject({ mayClear: false });
    expect((await clear('Trust me', agent)).status).toBe(403);
    await stage.door.store.write((tx) => tx.exec(`update "member" set role = 'admin' where role = 'agent'`));
    expect((await clear('Trust me', agent)).status).toBe(403);
    for (const reason of ['', '  ', 'x'.repeat(501), 7, undefined]) expect((await clear(reason)).status).toBe(400);
    expect((await chat.view()).underAge).toBeDefined();
    expect((await clear('Passport of Ada seen')).status).toBe(200);
    expect((await chat.view()).underAge).toBeUndefined();
    expect(audit()).toEqual(['flag-under-age chat 1', 'clear-under-age chat 1']);
    // The reason may name things about a person: sealed with their key, in no log and no audit row.
    expect(JSON.stringify(stage.door.store.read.hot('select * from statement').all())).not.toContain('Passport');
    expect(stage.door.logged()).not.toContain('Passport');
    expect((await clear('Once more')).status).toBe(409);
  });

  test('R27 what was declared void stays void after the flag is cleared: the person is asked anew', async () => {
    await yesToAll(chat);
    await flag();
    await clear('A mistake of mine');
    expect(await rulesIn(chat)).toEqual(all('D10'));
    expect(await lines()).toMatchObject([{ on: true }, { on: false, by: 'Maria' }]);
    const html = await (await openPreferences(stage, chat)).page();
    expect(html).toContain('That yes does not count.');
    expect(html).not.toContain('We will not ask again before');
    expect((await chat.ask()).status).toBe(201);
    await yesToAll(chat);
    expect(await rulesIn(chat)).toEqual(all('D18'));
  });

  test('a flag outweighs what the person says, and a record that cannot be read does not stop it', async () => {
    await yesToAll(chat);
    await about('', '16_or_over');
    await stage.door.store.write((tx) => {
      tx.exec('drop trigger manifest_no_update');
      tx.exec("update manifest set body_json = '{'");
    });
    expect((await flag()).status).toBe(200);
    expect(events().at(-1)).toBe('invalidated operator agent');
  });

  test('DB4 another brand’s chat, no token, another body', async () => {
    const other = await stage.maria.json('POST', '/api/panel/conversations/none/under-age', {}, panel);
    expect(other.status).toBe(404);
    expect((await stage.maria.json('POST', at(), {})).status).toBe(403);
    expect((await stage.door.client().json('POST', at(), {}, panel)).status).toBe(401);
    expect((await stage.maria.json('POST', at(), { age: 9 }, panel)).status).toBe(400);
    expect(count(stage.door, 'statement')).toBe(0);
  });
});
