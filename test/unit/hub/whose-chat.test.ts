import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationView, Question } from '#contract/chat.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await frontDoor();
});
afterAll(() => door.close());

const token = () => randomBytes(32).toString('base64url');
const first = { brand: 'harbor-motors', clientId: 'c1', text: 'Is it still there?', email: 'ada@brandt.example' };

test('R68 GATE-29 nothing an agent can read opens the visitor’s chat: the same first message makes a chat of its own', async () => {
  const maria = await door.owner();
  const ada = await door.visitor({ email: 'ada@brandt.example' });
  const { body: view } = await maria.json<ConversationView>(
    'GET',
    `/api/panel/conversations/${ada.conversation}`,
    undefined,
    { 'x-askfirst': '1' },
  );
  const [said] = view.entries;
  if (said?.kind !== 'message') throw new Error('no first message');
  const replay = { ...first, clientId: said.clientId, text: said.text };
  const { status, body } = await door
    .client()
    .json<{ conversation: string }>('POST', '/api/chat/start', { ...replay, token: token() });
  expect(status).toBe(201);
  expect(body.conversation).not.toBe(ada.conversation);
});

test('R62 DB6 the same start by the same token is one chat; other words or details are a conflict', async () => {
  const body = { ...first, token: token() };
  const start = (b: object) => door.client().json<{ conversation: string }>('POST', '/api/chat/start', b);
  const one = await start(body);
  const again = await start(body);
  expect([one.status, again.status, again.body.conversation]).toEqual([201, 201, one.body.conversation]);
  for (const other of [
    { text: 'Other words' },
    { email: 'bob@brandt.example' },
    { clientId: 'c2' },
    { phone: '+45 20 55 04 18' },
  ])
    expect((await start({ ...body, ...other })).status).toBe(409);
  expect((await start({ ...body, token: 'short' })).status).toBe(400);
});

test('R24 GATE-a the notice a question carries is the one behind the hash in its receipt', async () => {
  const maria = await door.owner();
  await door.connect(maria);
  const ada = await door.visitor({ email: 'ada@brandt.example' });
  const ask = { integration: door.integration(), purpose: 'CustomerRelationshipManagement' };
  const { body: question } = (await ada.say('/api/chat/question', ask)) as { body: Question };
  expect(question.notice).toContain('HubSpot, Inc.');
  const { body: answer } = (await ada.say('/api/chat/answer', {
    nonce: question.nonce,
    answers: { email: 'yes' },
  })) as {
    body: { receipt: string };
  };
  const [one, two] = await Promise.all([1, 2].map(async () => (await door.client().get(answer.receipt)).text()));
  expect(one).toBe(two);
  const payload = JSON.parse(Buffer.from(one?.split('.')[1] ?? '', 'base64url').toString()) as {
    row: { notice: string };
  };
  const page = await door.client().get(`/privacy/harbor-motors/notices/${payload.row.notice}`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain(question.notice);
  expect((await door.client().get('/privacy/harbor-motors/notices/none')).status).toBe(404);
});
