import { afterEach, expect, test } from 'vitest';
import { count, openChat, openStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const any = '{ safeParse: (data) => ({ success: true, data }) }';
const upsert = '/crm/v3/objects/contacts/batch/upsert';
const one = `partner.post('${upsert}', { body: { inputs: [{ id: visitor.email, idProperty: 'email', properties: {} }] }, returns: ${any} })`;
const script = `globalThis.adapter = { on: { CustomerRelationshipManagement: async (visitor, partner) => {
  await Promise.all([${Array(6).fill(one).join(', ')}]); return { record: '1' }; } } };`;

test('GATE-e.2.5 calls an adapter makes side by side each get a lease of their own, and each goes once', async () => {
  stage = await openStage({ code: { hubspot: script } });
  const ada = await openChat(stage);
  await ada.answer({ email: 'yes' });
  await ada.send();
  expect((await ada.lastShare())?.state).toBe('sent');
  expect(stage.recorder.calls).toHaveLength(6);
  expect(count(stage.door, 'disclosure')).toBe(1);
});
