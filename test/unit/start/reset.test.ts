import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Queue } from '#contract/calls-agent.ts';
import type { Entry, Question } from '#contract/chat.ts';
import { pdfFile, uploadBody } from '../../support/files.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { openStream } from '../../support/open-stream.ts';

let door: FrontDoor;
beforeEach(async () => {
  door = await frontDoor();
});
afterEach(() => door.close());

const crm = 'CustomerRelationshipManagement';
const panel = { 'x-askfirst': '1' };
const about = { name: 'Ada Brandt', email: 'ada@brandt.example' };
const storySteps = async () => (await (await door.client().get('/')).text()).match(/(\d) of 7/)?.[1];

/** Everything of the story that the hub stores, from the first message to the answer at the partner. */
async function story(maria: Awaited<ReturnType<FrontDoor['owner']>>) {
  await door.client(door.shop).get(`${door.shop}/`);
  await door.connect(maria);
  const ada = await door.visitor(about);
  await fetch(`${door.origin}/api/chat/files`, {
    method: 'POST',
    headers: { origin: door.origin, 'content-type': 'application/octet-stream', ...ada.auth },
    body: new Uint8Array(uploadBody('f1', 'a.pdf', pdfFile())),
  });
  expect(door.store.read.hot('select count(*) as n from file').get()?.n).toBe(1);
  const integration = door.integration();
  const chat = `/api/panel/conversations/${ada.conversation}`;
  await maria.json('POST', `${chat}/messages`, { clientId: 'a1', text: 'Yes, it is.' }, panel);
  await maria.json('POST', `${chat}/ask`, { integration, purpose: crm }, panel);
  const { body: question } = (await ada.say('/api/chat/question', { integration, purpose: crm })) as { body: Question };
  await ada.say('/api/chat/answer', { nonce: question.nonce, answers: { email: 'yes', name: 'no' } });
  const shared = await maria.json('POST', `${chat}/shares`, { integration, purpose: crm, clientId: 's1' }, panel);
  expect(shared.status).toBe(202);
  await door.hub.deps.runner.idle();
  return ada;
}
const reset = () => door.client().submit('/start/reset', {});
const atPartner = async () => (await fetch(`${door.shop}/sandbox/hubspot/`)).text();

test('R87 reset puts everything back, keeps the owner signed in, and the story runs again', async () => {
  const maria = await door.owner();
  const ada = await story(maria);
  expect(await storySteps()).toBe('6');
  expect(await atPartner()).toContain('ada@brandt.example');

  expect((await reset()).status).toBe(303);
  expect(await storySteps()).toBe('0');
  expect(await atPartner()).not.toContain('ada@brandt.example');
  for (const table of ['subject', 'value', 'entry', 'file', 'integration', 'vault', 'consent_event', 'disclosure'])
    expect([table, door.store.read.hot(`select count(*) as n from ${table}`).get()?.n]).toEqual([table, 0]);
  // A ledger of its own begins, with the row of its key.
  expect(door.store.read.hot('select type from ledger_leaf').all()).toEqual([{ type: 'key' }]);
  await door.hub.checkpoints.sign();
  expect(door.store.read.hot('select size from checkpoint').all()).toEqual([{ size: 1 }]);
  expect(door.logged()).not.toContain('checkpoint');
  expect((await ada.say('/api/chat/messages', { clientId: 'm2', text: 'Hello?' })).status).toBe(401);
  expect((await maria.get('/console')).status).toBe(200);
  const { body } = await maria.json<Queue>('GET', '/api/panel/queue', undefined, panel);
  expect(body).toMatchObject({ me: { name: 'Maria' }, rows: [] });

  await story(maria);
  expect(await storySteps()).toBe('6');
  expect(await atPartner()).toContain('ada@brandt.example');
  expect(door.store.read.hot('select state from outcome').all()).toEqual([{ state: 'sent' }]);
  expect(door.logged()).toBe('');
});

test('R87 at a reset the visitor’s stream says it is gone; the panel’s comes again and shows what is new', async () => {
  const maria = await door.owner();
  const ada = await door.visitor(about);
  const visitor = await openStream(`${door.origin}/api/chat/stream`, ada.auth);
  const cookie = [...maria.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const agent = await openStream(`${door.origin}/api/panel/stream`, { cookie, ...panel });
  await visitor.until((e) => e.id === '1');
  await agent.until((e) => e.id === '1');

  await reset();
  await visitor.until((e) => e.event === 'gone');
  await visitor.ended;
  await agent.ended;
  expect(agent.events.map((e) => e.event)).not.toContain('gone');

  // Its last event is unknown now: it is told so, and reads everything afresh.
  const again = await fetch(`${door.origin}/api/panel/stream`, { headers: { cookie, ...panel, 'last-event-id': '1' } });
  expect(again.status).toBe(404);
  const fresh = await openStream(`${door.origin}/api/panel/stream`, { cookie, ...panel });
  const next = await door.visitor({}, 'A new chat');
  const seen = await fresh.until((e) => e.data.includes('A new chat'));
  expect((JSON.parse(seen.data) as Entry).conversation).toBe(next.conversation);
  // No number is used twice: a panel that missed the reset cannot take a new line for an old one.
  expect(Number(seen.id)).toBeGreaterThan(1);
  fresh.close();
});

test('R87 a reset in the middle of a slow send does not wait for the partner, and that send changes nothing', async () => {
  const maria = await door.owner();
  await story(maria);
  await door.client(door.shop).submit(`${door.shop}/sandbox/hubspot/mode`, { mode: 'slow' });
  const grant = door.store.read.hot('select conversation_id as c from share').get()?.c;
  const body = { integration: door.integration(), purpose: crm, clientId: 's2' };
  expect((await maria.json('POST', `/api/panel/conversations/${grant}/shares`, body, panel)).status).toBe(202);
  await expect.poll(() => door.store.read.hot("select 1 as n from share where state = 'sending'").get()?.n).toBe(1);
  expect((await reset()).status).toBe(303); // the partner would answer after 20 s, the test ends after 5
  expect(await storySteps()).toBe('0');
  expect(door.store.read.hot('select count(*) as n from outcome').get()?.n).toBe(0);
  await story(await door.owner());
  expect(await storySteps()).toBe('6');
});
