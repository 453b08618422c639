import { afterEach, describe, expect, test } from 'vitest';
import { count, crm, openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const any = '{ safeParse: (data) => ({ success: true, data }) }';
const upsert = `await partner.post('/crm/v3/objects/contacts/batch/upsert', { body: { inputs: [{ id: visitor.email,
  idProperty: 'email', properties: {} }] }, returns: ${any} });`;
/** A whole script of an adapter whose handler is `body`. */
const script = (body: string) =>
  `globalThis.adapter = { on: { ${crm}: async (visitor, partner) => { ${body} } },
    webhook: () => ({ kind: 'erased', record: '1', send: 'Hello' }) };`;

/** Ada said yes, the agent pressed Send, and the adapter did what it does. */
async function sent(body: string) {
  stage = await openStage({ code: { hubspot: script(body) } });
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  const before = count(stage.door, 'entry', "kind = 'message'");
  await chat.send();
  return { chat, messages: () => count(stage.door, 'entry', "kind = 'message'") - before };
}
const cardOf = async (chat: Awaited<ReturnType<typeof sent>>['chat']) => (await chat.view()).cards[0];

test('R72 what an add-on offers stands on its card; nothing of it is sent, and numbers in it are dots', async () => {
  const { chat, messages } = await sent(
    `${upsert} return { record: '1', drafts: [{ label: 'Hello', text: 'Good day.\\nYour card 4111 1111 1111 1111.' }] };`,
  );
  expect((await chat.lastShare())?.state).toBe('sent');
  expect(await cardOf(chat)).toMatchObject({
    rows: [],
    drafts: [{ label: 'Hello', text: 'Good day.\nYour card •••• •••• •••• ••••.' }],
  });
  expect(messages()).toBe(0);
  // Stored with the person's key alone, logged nowhere.
  const kept = stage.door.store.read.hot('select * from outcome').all();
  expect(JSON.stringify(kept) + stage.door.logged()).not.toContain('Good day');
});

test('R72 the demo’s CRM offers a reference, and it goes with the yes', async () => {
  stage = await openStage();
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes' });
  await chat.send();
  const card = await cardOf(chat);
  const record = card?.rows[0]?.value.split(',')[0];
  expect(card?.drafts).toEqual([
    { label: 'Reference', text: `Your details are with our team, under reference ${record}.` },
  ]);
  await chat.answer({ email: 'no' });
  expect((await cardOf(chat))?.drafts).toBeUndefined();
});

describe('R72 an add-on that tries to send is refused, and the ledger and the connection say so', () => {
  const tried = 'The add-on tried to do more than fill a card and a reply; it was stopped.';
  const address = 'The add-on asked for an address it did not declare; it was stopped.';
  const drawn = 'The add-on gave something we could not draw.';
  const ways: Record<string, [body: string, cause: string]> = {
    'a member `send`': [`${upsert} return { record: '1', send: 'Hello Ada' };`, tried],
    'a member `message` beside a draft': [
      `${upsert} return { drafts: [{ label: 'a', text: 'b' }], message: { text: 'Hello Ada' } };`,
      tried,
    ],
    'the hub’s own path': [
      `${upsert} await partner.post('/api/panel/conversations/1/messages', { body: { clientId: 'x', text: 'Hello Ada' }, returns: ${any} });`,
      address,
    ],
    'its own hook': [
      `${upsert} await partner.post('/hooks/hubspot', { body: { send: 'Hello Ada' }, returns: ${any} });`,
      address,
    ],
    'a draft that is no text': [`${upsert} return { drafts: [{ label: 'a', text: { html: '<b>x</b>' } }] };`, drawn],
    'too many drafts': [`${upsert} return { drafts: Array(6).fill({ label: 'a', text: 'b' }) };`, drawn],
    'a draft of 1,001 characters': [`${upsert} return { drafts: [{ label: 'a', text: 'x'.repeat(1001) }] };`, drawn],
    'words that hide what they say': [`${upsert} return { drafts: [{ label: 'a', text: 'x\\u202Ey' }] };`, drawn],
  };
  test.each(Object.entries(ways))('%s', async (_, [body, cause]) => {
    const { chat, messages } = await sent(body);
    expect(await chat.lastShare()).toMatchObject({ state: 'failed', cause });
    expect(messages()).toBe(0);
    expect((await cardOf(chat))?.drafts).toBeUndefined();
    expect(count(stage.door, 'ledger_leaf')).toBeGreaterThan(0);
    expect(count(stage.door, 'outcome')).toBe(1);
    expect(await (await stage.maria.get(`/console/connections/${stage.integration}`)).text()).toContain(cause);
    expect(JSON.stringify((await chat.view()).entries)).not.toContain('Hello Ada');
  });

  test('there is nothing to call: no name in its world sends a message', async () => {
    const { chat, messages } = await sent(
      `const names = []; for (const k of ['fetch', 'send', 'postMessage', 'hub', 'panel', 'XMLHttpRequest', 'WebSocket'])
       if (k in globalThis || k in partner) names.push(k); ${upsert}
       return { record: '1', card: [{ label: 'Found', value: names.join(' ') || 'nothing' }, { label: 'Client', value: Object.keys(partner).join(' ') }] };`,
    );
    expect((await cardOf(chat))?.rows).toEqual([
      { label: 'Found', value: 'nothing' },
      { label: 'Client', value: 'get post put patch delete record chat key' },
    ]);
    expect(messages()).toBe(0);
  });
});

test('R69 each trouble of a card is told apart; trying again asks through the gate, with a row of its own', async () => {
  const { chat } = await sent(`${upsert} return { card: Array(21).fill({ label: 'a', value: 'b' }) };`);
  expect(await chat.lastShare()).toMatchObject({ state: 'failed', why: 'unreadable' });
  expect((await chat.message('Are you there?')).status).toBe(201);
  expect(count(stage.door, 'disclosure')).toBe(1);
  await chat.send();
  expect(count(stage.door, 'disclosure')).toBe(2);
  expect((await stage.maria.json('GET', '/api/panel/queue', undefined, panel)).status).toBe(200);
});
