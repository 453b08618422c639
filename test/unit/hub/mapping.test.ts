import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Manifest } from '#contract/connection.ts';
import { publishManifest } from '../../../server/consent/notices.ts';
import { jcsHash } from '../../../server/gate/digest.ts';
import { manifestHash } from '../../../server/gate/manifest.ts';
import { demoPeople } from '../../../server/people/seed.ts';
import { json } from '../../support/recorder.ts';
import {
  care,
  crm,
  openChat,
  openPreferences,
  openStage,
  count as rowsOf,
  type Stage,
  stored,
  turnstile,
} from './stage.ts';

let stage: Stage;
let clock = 0;
let hold = async () => {};
beforeEach(async () => {
  clock = Date.now();
  hold = async () => {};
  stage = await openStage({
    now: () => new Date(clock),
    egress: { pause: async (point) => (point === 'before-write' ? hold() : undefined) },
  });
});
afterEach(() => stage.close());

const key = (field: string) => `on.${field === 'transcript' ? 'CustomerCare' : crm}.${field}`;
const everything = ['name', 'email', 'phone', 'transcript'];
const address = () => `/console/connections/${stage.integration}`;
const pageText = async () => (await stage.maria.get(address())).text();
const versionOf = (html: string) => /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
const csrfOf = (html: string) => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
const ticked = (html: string) =>
  [...html.matchAll(/<input type="checkbox" name="on\.\w+\.(\w+)" checked/g)].map(([, field]) => field);

/** Saves the fields that stay on, as the form of the page does without script. */
async function keepOn(fields: readonly string[], more: Record<string, string> = {}) {
  const ticks = Object.fromEntries(fields.map((field) => [key(field), 'on']));
  const csrf = csrfOf(await pageText());
  return stage.maria.submit(`${address()}/fields`, { csrf, version: versionOf(await pageText()), ...ticks, ...more });
}
const published = () => {
  const row = stage.door.store.read
    .hot('select m.hash, m.body_json from integration i join manifest m on m.hash = i.manifest_hash')
    .get();
  return { hash: row?.hash as string, manifest: JSON.parse(row?.body_json as string) as Manifest };
};
const count = (table: string, where?: string) => rowsOf(stage.door, table, where);

describe('R13 mapped and classed', () => {
  test('R13 the page lists each declared field with class, purpose, reason and the property it goes to', async () => {
    const html = await pageText();
    const rows = [...html.matchAll(/<tr.*?<\/tr>/gs)].map(([tr]) => tr.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' '));
    const row = (word: string) => rows.find((r) => r.includes(word)) ?? '';
    expect(row('find or create')).toMatch(/E-.?mail .*For keeping your customer record Contact HubSpot: email Needed/);
    expect(row('put your name')).toContain('HubSpot: firstname and lastname Optional');
    expect(row('call you back')).toContain('HubSpot: phone');
    expect(row('what was said')).toMatch(/Transcript .*Content, free text.*HubSpot: a note \(hs_note_body\)/);
    expect(ticked(html)).toEqual(everything);
  });

  test('R13 GATE-k.2 off: a new version is published, the old one stays, the field is asked, shown and sent no more', async () => {
    const before = published();
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes', name: 'yes', phone: 'yes' });
    expect((await keepOn(['name', 'email', 'transcript'])).status).toBe(303);

    const after = published();
    expect(after.hash).not.toBe(before.hash);
    expect(after.hash).toBe(manifestHash(after.manifest));
    expect(after.hash).toBe(jcsHash(after.manifest));
    expect(after.manifest.fields.map((f) => f.name)).toEqual(['name', 'email', 'transcript']);
    expect(count('manifest', `hash = '${before.hash}'`)).toBe(1);
    const setting = stage.door.store.read.hot("select row from ledger_leaf where type = 'setting'").all();
    expect(setting.map((r) => JSON.parse(r.row as string))).toEqual([
      {
        v: 1,
        t: 'setting',
        setting: 'fields',
        integration: stage.integration,
        manifest: after.hash,
        minute: expect.any(String),
      },
    ]);
    expect(stage.door.store.read.hot("select actor, detail from audit where act = 'fields'").all()).toEqual([
      { actor: expect.stringMatching(/^user:/), detail: 'hubspot, version 1' },
    ]);
    expect(ticked(await pageText())).toEqual(['name', 'email', 'transcript']);

    const rows = (await chat.preview()).body.rows;
    expect(rows.map((r) => [r.field, r.leaves, r.rule])).toEqual([
      ['name', true, 'D18'],
      ['email', true, 'D18'],
    ]);
    expect((await chat.question()).body.fields.map((f) => f.field)).toEqual(['name', 'email']);
    expect(await (await openPreferences(stage, chat)).page()).not.toContain('to call you back');
    await chat.send();
    expect(stage.recorder.calls.map((c) => c.body).join()).toContain('ada@brandt.example');
    expect(stage.recorder.calls.map((c) => c.path + c.body).join()).not.toContain('20 55 04 18');
  });

  test('R13 GATE-2 k.2 on again after an answer: a new field, denied D16 until it is asked for', async () => {
    await keepOn(['name', 'email', 'transcript']);
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes', name: 'no' });
    expect((await keepOn(everything)).status).toBe(303);
    expect((await chat.preview()).body.rows.map((r) => [r.field, r.leaves, r.rule])).toEqual([
      ['email', true, 'D18'],
      ['name', false, 'D16'],
      ['phone', false, 'D16'],
    ]);
    expect((await chat.view()).strip[0]?.purposes[0]).toMatchObject({ state: 'yes', mayAsk: true });
    await chat.ask();
    await chat.answer({ phone: 'yes' });
    expect((await chat.preview()).body.rows.filter((r) => r.leaves).map((r) => r.field)).toEqual(['email', 'phone']);
  });

  test('R13 D03 a share that waits is decided again: what was turned off stays, the rest leaves', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes', phone: 'yes' });
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '5' }));
    await chat.send();
    stage.recorder.answer(() => false);
    stage.recorder.calls.length = 0;
    await keepOn(['name', 'email', 'transcript']);
    clock += 6_000;
    stage.door.hub.deps.runner.wake();
    await stage.door.hub.deps.runner.idle();
    const bytes = stage.recorder.calls.map((c) => c.path + c.body).join();
    expect(bytes).toContain('ada@brandt.example');
    expect(bytes).not.toContain('20 55 04 18');
    const decided = stage.door.store.read.hot('select denied_json from decision order by seq desc').get();
    expect(decided).toEqual({ denied_json: '{"name":"D16","phone":"D03"}' });
  });

  test('R13 I3 a request that stands before the socket when its field is turned off writes no byte of it', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes', phone: 'yes' });
    const gate = turnstile();
    hold = gate.wait;
    await chat.press();
    await gate.held;
    await keepOn(['name', 'email', 'transcript']);
    hold = async () => {};
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls.map((c) => c.path + c.body).join()).not.toContain('20 55 04 18');
    expect(await chat.lastShare()).toMatchObject({ state: 'sent', fields: ['email'] });
  });

  test('R13 turned off between two calls of one share: the second is never written, and the chat says so', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes', phone: 'yes' });
    const gate = turnstile();
    stage.recorder.answer((_, res) => {
      const results = [{ id: '7', new: true, createdAt: '2026-01-02T00:00:00Z' }];
      void gate.wait().then(() => json(res, 200, { results }));
      return true;
    });
    await chat.press();
    await gate.held;
    await keepOn(['name', 'email', 'transcript']);
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toHaveLength(1);
    expect(await chat.lastShare()).toMatchObject({
      state: 'failed',
      cause: 'What may be sent changed meanwhile; only a part of it was sent.',
    });
  });

  test('R13 a needed field cannot be off alone: said in words, with the ticks as they were, and nothing is stored', async () => {
    const before = stored(stage.door);
    const res = await keepOn(['name', 'transcript']);
    const html = await res.text();
    expect(res.status).toBe(400);
    expect(html.replaceAll('\u2060', '')).toContain(
      'HubSpot needs the e-mail for keeping your customer record. Leave it on, or turn the name off too. Nothing was saved.',
    );
    expect(ticked(html)).toEqual(['name', 'transcript']);
    const none = await keepOn([]);
    expect(none.status).toBe(400);
    expect(await none.text()).toContain('With every field off HubSpot gets nothing. Leave one on, or disconnect it.');
    expect(stored(stage.door)).toEqual(before);
    expect(count('mapping')).toBe(0);

    // The whole share off is a choice: its question is gone, the other one goes on.
    expect((await keepOn(['transcript'])).status).toBe(303);
    const chat = await openChat(stage);
    expect((await chat.question()).status).toBe(404);
    expect((await chat.press()).body).toMatchObject({
      status: 400,
      detail: 'This partner declares nothing for this purpose.',
    });
    expect((await chat.view()).strip[0]?.purposes.map((p) => p.purpose)).toEqual([care]);
  });

  test('R13 two tabs: the older one is refused in words and overwrites nothing', async () => {
    const old = versionOf(await pageText());
    await keepOn(['name', 'email', 'transcript']);
    const late = await keepOn(['email', 'phone', 'transcript'], { version: old });
    expect(late.status).toBe(409);
    expect(await late.text()).toContain('Somebody changed this meanwhile.');
    expect(published().manifest.fields.map((f) => f.name)).toEqual(['name', 'email', 'transcript']);
  });

  test('R13 an open question dies when its field is turned off, and is asked anew without it', async () => {
    const chat = await openChat(stage);
    const { nonce } = (await chat.question()).body;
    await keepOn(['email', 'transcript']);
    const late = await chat.ada.say('/api/chat/answer', { nonce, answers: { email: 'yes', phone: 'yes' } });
    expect(late.status).toBe(403);
    expect(count('consent_event')).toBe(0);
  });

  test.each([
    ['a field nobody declares', { 'on.CustomerRelationshipManagement.company': 'on' }, 400],
    ['a field nobody knows', { 'on.CustomerRelationshipManagement.shoe_size': 'on' }, 400],
    ['a purpose it is not for', { 'on.DirectMarketing.email': 'on' }, 400],
    ['a purpose nobody knows', { 'on.Gossip.email': 'on' }, 400],
    ['a word of no kind', { email: 'on' }, 400],
    ['a version that is none', { version: 'new' }, 400],
    ['no token of the session', { csrf: '' }, 403],
  ])('R13 %s in the form: refused in plain words, nothing is saved', async (_, more, status) => {
    const before = { ...stored(stage.door), audit: count('audit'), manifest: count('manifest') };
    const res = await keepOn(everything, more as Record<string, string>);
    expect(res.status).toBe(status);
    expect(await res.text()).toMatch(/wrong form|own page/);
    expect({ ...stored(stage.door), audit: count('audit'), manifest: count('manifest') }).toEqual(before);
  });

  test('R13 an agent may read nothing of it and change nothing; another brand’s connection is not there', async () => {
    const jens = stage.door.client();
    const link = stage.door.hub.deps.people.signIn.printedLink(demoPeople.jens.email);
    await jens.submit(link, { token: link.split('/').at(-1) ?? '' });
    const csrf = csrfOf(await (await jens.get('/console/agents')).text());
    expect(csrf).not.toBe('');
    for (const what of ['fields', 'changes'])
      expect((await jens.submit(`${address()}/${what}`, { csrf, version: '0' })).status).toBe(403);
    const own = csrfOf(await pageText());
    for (const what of ['fields', 'changes'])
      expect(
        (await stage.maria.submit(`/console/connections/of-somebody/${what}`, { csrf: own, version: '0' })).status,
      ).toBe(404);
    expect((await stage.maria.get('/console/connections/of-somebody/changes')).status).toBe(404);
  });

  test.each([
    ['a field the hub does not know', { name: 'shoe_size' }],
    ['a class the hub did not give', { class: 'behaviour' }],
    ['no class', { class: undefined }],
  ])('R13 D03 %s in a stored manifest: that field is never sent, the others are', async (_, change) => {
    const { manifest } = published();
    const body = {
      ...manifest,
      fields: manifest.fields.map((f) => (f.name === 'phone' ? ({ ...f, ...change } as typeof f) : f)),
    };
    await stage.door.store.write((tx) => {
      expect(() => publishManifest(tx, 'harbor', body, '2026-11-22T12:00:00Z')).toThrow('class of each field');
      const row = tx.hot('select brand_id, provider from manifest').get();
      tx.hot(
        "insert into manifest (hash, brand_id, provider, body_json, published_at) values ('odd', ?, ?, ?, '')",
      ).run(row?.brand_id as string, row?.provider as string, JSON.stringify(body));
      tx.hot("update integration set manifest_hash = 'odd'").run();
    });
    // Asked and answered under that manifest: its class alone keeps the field here.
    const chat = await openChat(stage);
    const asked = (await chat.question()).body.fields.map((f) => f.field);
    await chat.answer(Object.fromEntries(asked.map((field) => [field, 'yes'])));
    await chat.send();
    const bytes = stage.recorder.calls.map((c) => c.path + c.body).join();
    expect(bytes).toContain('ada@brandt.example');
    expect(bytes).not.toContain('20 55 04 18');
  });
});
