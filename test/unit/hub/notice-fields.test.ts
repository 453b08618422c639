import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Manifest } from '#contract/connection.ts';
import { english, openEditor, redeclare, rulesOf } from './notice-stage.ts';
import { type Chat, crm, openChat, openPreferences, openStage, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeEach(async () => {
  stage = await openStage();
  chat = await openChat(stage);
  // A text of the brand's own: none of this may depend on the hub's words.
  const editor = openEditor(stage);
  await editor.write({ en: english });
  await editor.publish();
});
afterEach(() => stage.close());

const sent = () => stage.recorder.calls.map((c) => c.path + c.body).join();
const without = (m: Manifest, name: string) => ({ ...m, fields: m.fields.filter((f) => f.name !== name) });
const phoneOf = (m: Manifest, need: boolean): Manifest => ({
  ...without(m, 'phone'),
  fields: [
    ...without(m, 'phone').fields,
    { name: 'phone', class: 'contact', purpose: crm, need, because: 'to ring', special: false, freeText: false },
  ],
});

describe('GATE-k what a newer declaration does to a yes under a brand’s own text', () => {
  test('GATE-k.2 R24 a field is added: the old ones keep flowing, the new one is out until asked; needed, all is out', async () => {
    await redeclare(stage, (m) => without(m, 'phone'));
    await chat.answer({ email: 'yes', name: 'yes' });
    await redeclare(stage, (m) => phoneOf(m, false));
    expect(await rulesOf(chat)).toEqual({ name: 'D18', email: 'D18', phone: 'D16' });
    await chat.send();
    expect(sent()).toContain('ada@brandt.example');
    expect(sent()).not.toContain('20 55 04 18');
    expect((await chat.view()).strip[0]?.purposes.find((p) => p.purpose === crm)).toMatchObject({
      state: 'yes',
      mayAsk: true,
    });
    // The question says so, and that the rest still holds (UI.md 5).
    expect((await chat.question()).body.changed).toEqual({ fields: ['phone'] });
    await redeclare(stage, (m) => phoneOf(m, true));
    stage.recorder.calls.length = 0;
    expect(new Set(Object.values(await rulesOf(chat)))).toEqual(new Set(['D16']));
    await chat.send();
    expect(stage.recorder.calls).toEqual([]);
    await chat.answer({ phone: 'yes' });
    expect((await rulesOf(chat)).phone).toBe('D18');
  });

  test('GATE-k.4 another country: new terms, so stale, though not a word of the text changed', async () => {
    expect((await chat.question()).body.changed).toBeUndefined();
    await chat.answer({ email: 'yes' });
    expect((await chat.question()).body.changed).toBeUndefined(); // what was left open is not new
    await redeclare(stage, (m) => ({ ...m, recipient: { ...m.recipient, countries: ['US', 'IN'] } }));
    expect((await rulesOf(chat)).email).toBe('D15');
    expect((await chat.question()).body).toMatchObject({
      changed: { words: true },
      notice: english,
      noticeFacts: { countries: ['US', 'IN'] },
    });
  });

  test('GATE-k.26 one purpose is withdrawn, another shares the same field: the other is unaffected', async () => {
    const own = { need: true, because: 'to write to you', special: false, freeText: false } as const;
    await redeclare(stage, (m) => ({
      ...m,
      fields: [...m.fields, { name: 'email', class: 'contact', purpose: 'DirectMarketing', ...own }],
    }));
    await chat.answer({ email: 'yes' });
    await chat.answer({ email: 'yes' }, 'DirectMarketing');
    await (await openPreferences(stage, chat)).choose('no', 'DirectMarketing');
    expect(await rulesOf(chat, 'DirectMarketing')).toEqual({ email: 'D09' });
    expect((await rulesOf(chat)).email).toBe('D18');
    await chat.send();
    expect(sent()).toContain('ada@brandt.example');
  });
});
