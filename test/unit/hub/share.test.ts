import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConversationView, Entry, Preview, Question } from '#contract/chat.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';

let door: FrontDoor;
beforeEach(async () => {
  door = await frontDoor();
});
afterEach(() => door.close());

const crm = 'CustomerRelationshipManagement';
const panel = { 'x-askfirst': '1' };
const about = { name: 'Ada Brandt', email: 'ada@brandt.example', phone: '+45 20 55 04 18' };

async function asked() {
  const maria = await door.owner();
  await door.connect(maria);
  const ada = await door.visitor(about);
  const integration = door.integration();
  const call = <T>(what: string, body: unknown) =>
    maria.json<T>('POST', `/api/panel/conversations/${ada.conversation}/${what}`, body, panel);
  return { maria, ada, integration, call };
}

test('R16 R32 with no decision nothing leaves: the preview says so, a send is withheld with its rule', async () => {
  const { integration, call } = await asked();
  const { body: preview } = await call<Preview>('preview', { integration, purpose: crm });
  expect(preview.rows.map((r) => [r.field, r.leaves, r.rule])).toEqual([
    ['name', false, 'D20'],
    ['email', false, 'D20'],
    ['phone', false, 'D20'],
  ]);
  const sent = await call<{ entry: Entry }>('shares', { integration, purpose: crm, clientId: 'c1' });
  expect(sent.body.entry).toMatchObject({ kind: 'share', state: 'withheld', fields: [] });
  await door.hub.deps.runner.idle();
  expect(await (await fetch(`${door.shop}/sandbox/hubspot/`)).text()).not.toContain('ada@brandt.example');
  expect(door.store.read.hot('select count(*) as n from disclosure').get()).toEqual({ n: 0 });
});

test('GATE-2 R17 R71 yes to e-mail and no to phone: the e-mail leaves, the phone does not', async () => {
  const { ada, integration, call } = await asked();
  await call('ask', { integration, purpose: crm });
  const { body: question } = (await ada.say('/api/chat/question', { integration, purpose: crm })) as { body: Question };
  expect(question.fields.map((f) => f.field)).toEqual(['name', 'email', 'phone']);
  const answer = await ada.say('/api/chat/answer', { nonce: question.nonce, answers: { email: 'yes', phone: 'no' } });
  expect({ ...answer, log: door.logged() }).toMatchObject({
    log: '',
    status: 200,
    body: { entry: { kind: 'answered', yes: ['email'], no: ['phone'] } },
  });
  const shared = await call<{ entry: Entry }>('shares', { integration, purpose: crm, clientId: 'c1' });
  expect(shared.status).toBe(202);
  await door.hub.deps.runner.idle();
  const outcome = door.store.read.hot('select state, http_status from outcome').get();
  expect({ outcome, log: door.logged() }).toEqual({
    outcome: { state: 'sent', http_status: expect.any(Number) },
    log: '',
  });
  const held = await (await fetch(`${door.shop}/sandbox/hubspot/`)).text();
  expect(held).toContain('ada@brandt.example');
  expect(held).not.toContain('20 55 04 18');
  const decision = door.store.read.hot('select allowed_json, denied_json from decision order by seq desc').get();
  expect(decision).toEqual({ allowed_json: '{"email":"D18"}', denied_json: '{"name":"D16","phone":"D16"}' });
});

test('R31 the ledger row stands before the send, the card shows what the partner gave, and the row is provable', async () => {
  const { maria, ada, integration, call } = await asked();
  const { body: question } = (await ada.say('/api/chat/question', { integration, purpose: crm })) as { body: Question };
  await ada.say('/api/chat/answer', { nonce: question.nonce, answers: { email: 'yes', name: 'yes' } });
  await call('shares', { integration, purpose: crm, clientId: 'c1' });
  await door.hub.deps.runner.idle();
  const { body: view } = await maria.json<ConversationView>(
    'GET',
    `/api/panel/conversations/${ada.conversation}`,
    undefined,
    panel,
  );
  expect(view.entries.at(-1)).toMatchObject({ kind: 'share', state: 'sent', fields: ['name', 'email'] });
  expect(view.cards).toMatchObject([
    { partner: 'HubSpot', sandbox: true, rows: expect.arrayContaining([expect.anything()]) },
  ]);
});
