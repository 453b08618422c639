import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Found, RecordSite } from '#contract/calls-find.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { eraseNow, subjectOf } from './person.ts';
import { about, type Chat, count, openChat, openPreferences, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const find = (record: unknown, integration: unknown = stage.integration) =>
  stage.maria.json<Found & ProblemBody>('POST', '/api/panel/find', { integration, record }, panel);
const found = async (record: string) => (await find(record)).body;
const sites = async () =>
  (await stage.maria.json<{ sites: RecordSite[] }>('GET', '/api/panel/sites', undefined, panel)).body.sites;
/** The contact’s number at the partner, as its card shows it. */
async function recordOf(of: Chat): Promise<string> {
  const value = (await of.view()).cards[0]?.rows.find((r) => r.label === 'Contact')?.value ?? '';
  return value.split(',')[0] ?? '';
}
async function sent(of = chat): Promise<string> {
  await of.answer({ email: 'yes', name: 'yes', phone: 'no' });
  await of.send();
  return recordOf(of);
}

test('R78 the record that a send came to finds the chat, and nothing leaves for it', async () => {
  const record = await sent();
  expect(record).toMatch(/^\d+$/);
  stage.recorder.calls.length = 0;
  const before = count(stage.door, 'ledger_leaf');
  expect(await found(record)).toEqual({ found: 'one', conversation: chat.ada.conversation });
  expect(await found('999999')).toEqual({ found: 'none' });
  expect(stage.recorder.calls).toEqual([]);
  expect(stage.recorder.tokenCalls.filter((c) => !c.path.endsWith('/token'))).toEqual([]);
  expect(count(stage.door, 'ledger_leaf')).toBe(before);
});

test('R78 two people with one record: nobody is picked', async () => {
  const record = await sent();
  const other = await openChat(stage, { ...about, name: 'A. Brandt' });
  expect(await sent(other)).toBe(record);
  expect(await found(record)).toEqual({ found: 'many' });
});

test('R78 the site of the partner’s pages names the account that is connected', async () => {
  expect(await sites()).toEqual([
    {
      integration: stage.integration,
      partner: 'HubSpot',
      sandbox: true,
      origin: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      paths: [
        '/sandbox/hubspot/contacts/4810000/record/0-1/{record}',
        '/sandbox/hubspot/contacts/4810000/contact/{record}',
      ],
    },
  ]);
});

test('R78 who said no to the partner, and who was forgotten, is not found', async () => {
  const record = await sent();
  const { choose } = await openPreferences(stage, chat);
  await choose('no');
  expect(await found(record)).toEqual({ found: 'none' });
  await eraseNow(stage, subjectOf(stage.door, chat));
  expect(await found(record)).toEqual({ found: 'none' });
  expect(count(stage.door, 'outcome', 'record_mac is not null')).toBe(0);
});

test('sec-DB4 R78 another brand’s connection is not there; a wrong body is refused; the look is in the audit without the record', async () => {
  const record = await sent();
  expect((await find(record, 'not-there')).status).toBe(404);
  for (const wrong of ['', 'x'.repeat(201), 7, null]) expect((await find(wrong)).status).toBe(400);
  const rows = stage.door.store.read.hot("select actor, detail from audit where act = 'find-by-record'").all();
  expect(rows).toEqual([]);
  await find(record);
  const [row] = stage.door.store.read.hot("select actor, detail from audit where act = 'find-by-record'").all();
  expect(row).toEqual({ actor: expect.stringMatching(/^user:/), detail: `${stage.integration} one` });
  expect(
    (await stage.door.client().json('POST', '/api/panel/find', { integration: 'a', record: 'b' }, panel)).status,
  ).toBe(401);
});

test('R78 at most 30 looks a minute for one agent', async () => {
  for (let i = 0; i < 30; i++) expect((await find('1')).status).toBe(200);
  expect((await find('1')).status).toBe(429);
});
