import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isOauth, type SharingAdapter } from '#sdk';
import { conversationView } from '../../../server/chat/views.ts';
import { json } from '../../support/recorder.ts';
import { type Chat, care, count, crm, openChat, openPreferences, openStage, type Stage, stored } from './stage.ts';

/** The purpose of adding what a partner knows. */
const add = 'Personalisation';
/** What the partner knows of Ada: it may be shown, and leaves for nobody. */
const mark = 'Canarycorp Nordwind';
const any = '{ safeParse: (data) => ({ success: true, data }) }';
const path = '/crm/v3/objects/contacts/batch/upsert';
/** An add-on that upserts and reports what the partner answered; `then` may do more with it. */
const script = (properties: string, then = '') => `globalThis.adapter = { on: { ${crm}: async (v, partner) => {
  const send = (properties) => partner.post('${path}', {
    body: { inputs: [{ id: v.email, idProperty: 'email', properties }] }, returns: ${any} });
  const { results: [contact] } = await send(${properties});
  const { company } = contact.properties; ${then}
  return { record: contact.id, card: [{ label: 'Known since', value: '2026-01-02' }],
    values: { company, phone: '+45 00 00 00 00' } };
} } };`;

/** HubSpot as an add-on that says what comes back, and a second one that would like the company too. */
function two([hubspot]: readonly SharingAdapter[]): readonly SharingAdapter[] {
  if (!hubspot || !isOauth(hubspot.facts)) throw new Error('no adapter');
  const receives = { ...hubspot.receives, Company: { because: 'to show the agent where you work', field: 'company' } };
  const company = { company: { purpose: crm, because: 'to put your record beside your colleagues’' } } as const;
  const first = {
    ...hubspot,
    receives: receives as SharingAdapter['receives'],
    shares: { ...hubspot.shares, ...company },
  };
  const { auth } = hubspot.facts;
  const at = (url: string) => url.replace(/\.hub\w+\.com/, '.other.example');
  const facts = {
    ...hubspot.facts,
    id: 'other',
    name: 'Other CRM',
    api: 'https://api.other.example',
    hosts: ['api.other.example', 'app.other.example'],
    auth: {
      ...auth,
      authorize: at(auth.authorize),
      token: at(auth.token),
      revoke: at(auth.revoke),
      account: at(auth.account),
    },
  };
  return [first, { ...hubspot, facts, shares: { ...hubspot.shares, ...company } }];
}

let stage: Stage;
let chat: Chat;
let clock: number;
beforeEach(async () => {
  clock = Date.parse('2026-11-22T12:00:00Z');
  stage = await openStage({
    now: () => new Date(clock),
    adapters: two,
    code: { hubspot: script('v.company ? { company: v.company } : {}'), other: script('{ company: v.company }') },
  });
  stage.recorder.answer(
    (request, res) =>
      request.path.endsWith(path) && json(res, 200, { results: [{ id: '7', properties: { company: mark } }] }),
  );
  chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
});
afterEach(() => stage.close());

const fact = async (field: string) => (await chat.view()).facts.find((f) => f.field === field);
const supplied = () => count(stage.door, 'value', `source = 'partner:${stage.integration}'`);
const arrived = () => stage.recorder.calls.map((c) => c.path + c.body + JSON.stringify(c.headers)).join('\n');

describe('R22 what comes back', () => {
  test('R22 without a yes of its own it stands on that partner’s card, with source and date, and nowhere else', async () => {
    await chat.send();
    const [card] = (await chat.view()).cards;
    expect(card).toMatchObject({ partner: 'HubSpot', at: '2026-11-22T12:00:00.000Z' });
    expect(card?.rows).toEqual([
      { label: 'Known since', value: '2026-01-02' },
      { field: 'company', label: 'company', value: mark },
    ]);
    expect(await fact('company')).toEqual({ field: 'company', label: 'company' });
    expect(supplied()).toBe(0);
    // What the add-on did not announce is dropped: the phone it reported is nowhere.
    expect(JSON.stringify(await chat.view())).not.toContain('00 00 00 00');
  });

  test('R22 the question is its own: what it says, what it asks, and a yes to sharing does not count for it', async () => {
    const { body } = await chat.question(add);
    expect(body).toMatchObject({ receives: true, purpose: add, because: 'to show the agent where you work' });
    expect(body.fields.map((f) => f.field)).toEqual(['company']);
    expect(body.notice).toContain('may be added to what Harbor Motors knows');
    expect(body.notice).toContain('never sent on');
    const strip = (await chat.view()).strip[0];
    expect(strip?.purposes.find((p) => p.purpose === add)).toMatchObject({
      receives: true,
      state: 'open',
      mayAsk: true,
    });
    expect((await chat.ask(add)).body.entry).toMatchObject({ kind: 'asked', receives: true });
    const page = await (await openPreferences(stage, chat)).page();
    expect(page.replace(/<[^>]+>/g, '')).toContain('Your company, as HubSpot has it');
    expect(page).toContain('Would be added: your company');
  });

  test('R22 k.15 a yes adds it with source and date; taking it back removes it in the same commit', async () => {
    await chat.send();
    const { status, body } = await chat.answer({ company: 'yes' }, add);
    expect({ status, entry: body.entry }).toMatchObject({ status: 200, entry: { kind: 'answered', receives: true } });
    expect(await fact('company')).toEqual({
      field: 'company',
      label: 'company',
      value: mark,
      partner: 'HubSpot',
      at: '2026-11-22T12:00:00.000Z',
    });
    clock += 3_600_000;
    await chat.send();
    expect(await fact('company')).toMatchObject({ value: mark, at: '2026-11-22T13:00:00.000Z' });

    const page = await openPreferences(stage, chat);
    expect((await page.choose('no', add)).status).toBe(200);
    expect(supplied()).toBe(0);
    expect(await fact('company')).toEqual({ field: 'company', label: 'company' });
    // The card is the partner's own, and the yes to sharing stands.
    await chat.send();
    expect((await chat.view()).cards[0]?.rows).toContainEqual({ field: 'company', label: 'company', value: mark });
    expect(supplied()).toBe(0);
  });

  test('R22 a no to everything of this partner un-combines too, and a no in the chat adds nothing', async () => {
    await chat.answer({ company: 'yes' }, add);
    await chat.send();
    expect(supplied()).toBe(1);
    await (await openPreferences(stage, chat)).choose('no');
    expect(supplied()).toBe(0);
    const other = await openChat(stage);
    await other.answer({ email: 'yes' });
    await other.answer({ company: 'no' }, add);
    await other.send();
    expect(supplied()).toBe(0);
  });

  test('R22 what the person gave is not written over', async () => {
    const { subject_id: subject } = stage.door.store.read.hot('select subject_id from conversation').get() as {
      subject_id: string;
    };
    await chat.answer({ company: 'yes' }, add);
    await chat.send();
    await stage.door.store.write((tx) =>
      tx.hot("update value set source = 'visitor' where subject_id = ? and field = 'company'").run(subject),
    );
    await chat.send();
    expect(await fact('company')).toMatchObject({ source: 'typed' });
  });

  test('R22 a yes that ran out and the browser’s signal hide it, and nothing new is added', async () => {
    await chat.answer({ company: 'yes' }, add);
    await chat.send();
    expect(await fact('company')).toHaveProperty('value');
    const { deps } = stage.door.hub;
    const later = { ...deps, now: () => new Date(clock + 370 * 86_400_000) };
    const brand = stage.door.store.read.hot('select brand_id from conversation').get()?.brand_id as string;
    const ranOut = conversationView(later, brand, chat.ada.conversation, false, undefined).facts.find(
      (f) => f.field === 'company',
    );
    expect(ranOut).not.toHaveProperty('value');
    await chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, 'sec-gpc': '1' });
    expect(await fact('company')).not.toHaveProperty('value');
    await stage.door.store.write((tx) => tx.exec("delete from value where source like 'partner:%'"));
    await chat.send();
    expect(supplied()).toBe(0);
  });

  test('R22 k.15 canary: combined or not, it is sent neither back nor to another partner, nor asked for as one’s own', async () => {
    await stage.door.connect(stage.maria, 'other');
    const other = stage.door.integration('other');
    await chat.answer({ company: 'yes' }, add);
    await chat.send();
    expect(supplied()).toBe(1);
    const question = (await chat.question()).body;
    expect(question.fields.map((f) => f.field)).not.toContain('company');
    expect(JSON.stringify(question)).not.toContain(mark);

    // Even a yes to the company itself: it is a yes to what the person gives, and they gave none.
    const say = (integration: string) => async () => {
      const q = (await chat.ada.say('/api/chat/question', { integration, purpose: crm })) as unknown as {
        body: { nonce: string; fields: { field: string }[] };
      };
      return chat.ada.say('/api/chat/answer', { nonce: q.body.nonce, answers: { email: 'yes' } });
    };
    await say(other)();
    await stage.door.store.write((tx) => {
      tx.exec('drop trigger consent_event_no_update');
      tx.exec(`update consent_event set fields_json = '["name","email","company"]',
        terms_json = (select json_set(terms_json, '$.company', json_extract(terms_json, '$.email')))`);
    });
    stage.recorder.calls.length = 0;
    const preview = (await chat.preview()).body;
    expect(preview.rows.find((r) => r.field === 'company')).toMatchObject({
      leaves: false,
      rule: 'D03',
      from: 'HubSpot',
    });
    expect(JSON.stringify(preview)).not.toContain(mark);
    await chat.send();
    const body = { integration: other, purpose: crm, clientId: 'to-the-other' };
    const panel = { 'x-askfirst': '1' };
    await stage.maria.json('POST', `/api/panel/conversations/${chat.ada.conversation}/shares`, body, panel);
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls.length).toBeGreaterThanOrEqual(2);
    expect(arrived()).toContain('ada@brandt.example');
    expect(arrived()).not.toMatch(/Canarycorp|Nordwind/);
    const rows = JSON.stringify(stage.door.store.read.hot('select row from ledger_leaf').all());
    expect(rows + stage.door.logged()).not.toMatch(/Canarycorp|Nordwind/);
  });

  test('R22 k.15 an add-on that writes it into a request is stopped before the socket', async () => {
    await chat.answer({ company: 'yes' }, add);
    await chat.send();
    await stage.door.upgrade(two, {
      hubspot: script('{}', 'await send({ note: company.toUpperCase().toLowerCase() });'),
    });
    stage.recorder.calls.length = 0;
    await chat.send();
    expect(stage.recorder.calls).toHaveLength(1);
    expect(arrived()).not.toMatch(/canarycorp/i);
    expect(await chat.lastShare()).toMatchObject({
      cause: 'The add-on tried to send the company, which stays; it was stopped.',
    });
  });

  test('R22 there is nothing to send for it: send and preview say so, and nothing is stored', async () => {
    await chat.answer({ company: 'yes' }, add);
    const before = stored(stage.door);
    expect((await chat.press(add)).body).toMatchObject({ status: 400 });
    expect((await chat.preview(add)).body).toMatchObject({ status: 400 });
    expect(stored(stage.door)).toEqual(before);
  });

  test('R22 k.19 after another account was connected, what the old one knew is in no record', async () => {
    await chat.answer({ company: 'yes' }, add);
    await chat.send();
    expect(supplied()).toBe(1);
    const path = `/console/connections/${stage.integration}/disconnect`;
    const csrf = /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get(path)).text())?.[1] ?? '';
    await stage.maria.submit(path, { csrf });
    expect(await fact('company')).not.toHaveProperty('value');
    await stage.door.connect(stage.maria, 'hubspot', '4820000');
    expect(supplied()).toBe(0);
  });

  test('R22 R13 turned off by the brand: asked no more, taken out of every record', async () => {
    await chat.answer({ company: 'yes' }, add);
    await chat.send();
    const page = await (await stage.maria.get(`/console/connections/${stage.integration}`)).text();
    expect(page.replace(/<[^>]+>/g, ' ')).toContain('Company, as HubSpot has it');
    const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? '';
    const saved = await stage.maria.submit(`/console/connections/${stage.integration}/fields`, {
      csrf: hidden('csrf'),
      version: hidden('version'),
      [`on.${crm}.email`]: 'on',
      [`on.${care}.transcript`]: 'on',
    });
    expect(saved.status).toBe(303);
    expect(supplied()).toBe(0);
    expect((await chat.question(add)).status).toBe(404);
  });
});
