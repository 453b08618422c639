import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProblemBody } from '#contract/problem.ts';
import { previewShare } from '../../../server/egress/preview.ts';
import { type Chat, count, crm, openChat, openStage, panel, type Stage, stored } from './stage.ts';

let stage: Stage;
let clock: number;
beforeEach(async () => {
  clock = Date.now();
  stage = await openStage({ now: () => new Date(clock) });
});
afterEach(() => stage.close());

const record = (chat: Chat, more: Record<string, unknown>) =>
  stage.maria.json<{ validUntil: string | null } & ProblemBody>(
    'POST',
    `/api/panel/conversations/${chat.ada.conversation}/recorded`,
    { integration: stage.integration, purpose: crm, answer: 'yes', fields: ['email'], evidence: '1', ...more },
    panel,
  );
/** What the gate says now; straight from the hub, because an agent's session does not outlive the days of these tests. */
function ruleOf(chat: Chat, field = 'email') {
  const { store, keys } = stage.door.hub.deps;
  const row = store.read
    .hot('select subject_id as subjectId from conversation where id = ?')
    .get(chat.ada.conversation) as { subjectId: string };
  const share = { ...row, brandId: 'harbor-motors', integrationId: stage.integration, purpose: crm } as const;
  const { rows } = previewShare(store.read, keys, { ...share, conversationId: chat.ada.conversation }, new Date(clock));
  return rows.find((r) => r.field === field)?.rule;
}
const age = (word: string) => stage.door.store.write((tx) => tx.exec(`update subject set age_class = '${word}'`));
const spoken = { by: 'agent_attested' };
const guardian = { by: 'guardian', evidence: 'signed form of 3 November, file 12' };

describe('answers given on somebody’s behalf', () => {
  test('R17 a spoken yes counts for a day, names the line it was said in, and the visitor reads who said it', async () => {
    const chat = await openChat(stage);
    const { status, body } = await record(chat, spoken);
    expect(status).toBe(201);
    expect(Date.parse(body.validUntil ?? '') - clock).toBe(24 * 3_600_000);
    expect(ruleOf(chat)).toBe('D18');
    expect((await chat.view()).entries.at(-1)).toMatchObject({
      kind: 'answered',
      by: 'agent_attested',
      yes: ['email'],
    });
    const event = stage.door.store.read.hot('select by, method, evidence_hash from consent_event').get();
    expect(event).toEqual({ by: 'agent_attested', method: 'recorded', evidence_hash: expect.any(String) });
    expect(count(stage.door, 'audit', "act = 'recorded-answer'")).toBe(1);
    clock += 24 * 3_600_000;
    expect(ruleOf(chat)).toBe('D14');
  });

  test('R17 the visitor’s own click makes a spoken yes a lasting one', async () => {
    const chat = await openChat(stage);
    await record(chat, spoken);
    await chat.answer({ email: 'yes' });
    expect((await record(chat, spoken)).body.type).toBe('/problems/asked-already');
    clock += 48 * 3_600_000;
    expect(ruleOf(chat)).toBe('D18');
  });

  test('GATE-22 a child: the own yes is denied, the guardian’s with its proof allowed, a spoken one never', async () => {
    const chat = await openChat(stage);
    await age('below_consent_age');
    await chat.answer({ email: 'yes' });
    expect(ruleOf(chat)).toBe('D11');
    expect((await record(chat, spoken)).body.detail).toContain('adults only');
    expect((await record(chat, { ...guardian, evidence: 'yes' })).body.detail).toContain('stands on');
    expect((await record(chat, guardian)).status).toBe(201);
    expect(ruleOf(chat)).toBe('D18');
    await chat.send();
    expect(await chat.lastShare()).toMatchObject({ state: 'sent', fields: ['email'] });
    expect(stage.door.logged()).not.toContain('file 12');
  });

  test('GATE-c nobody turns a person’s own no into a yes for them; a no on their behalf needs nothing', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'no' });
    for (const who of [spoken, guardian, { ...guardian, by: 'authorised_agent' }])
      expect((await record(chat, who)).body.type).toBe('/problems/asked-already');
    const other = await openChat(stage);
    await other.answer({ email: 'yes' });
    const done = await record(other, { by: 'authorised_agent', answer: 'no', fields: [], evidence: '' });
    expect(done.status).toBe(201);
    expect(ruleOf(other)).toBe('D09');
    const last = stage.door.store.read.hot('select type, by from consent_event order by seq desc limit 1').get();
    expect(last).toEqual({ type: 'withdrawn', by: 'authorised_agent' });
  });

  test.each([
    [
      'a field the partner does not declare',
      { ...guardian, fields: ['company', 'transcript'] },
      'A field is not one this partner declares for this purpose.',
    ],
    ['no field', { ...guardian, fields: [] }, 'A field is not one this partner declares for this purpose.'],
    [
      'a line of an agent as evidence',
      { ...spoken, evidence: '2' },
      'evidence must be the number of the visitor’s line in this chat.',
    ],
    [
      'a line that is not there',
      { ...spoken, evidence: '99' },
      'evidence must be the number of the visitor’s line in this chat.',
    ],
    [
      'words instead of a line',
      { ...spoken, evidence: 'she said so' },
      'evidence must be the number of the visitor’s line in this chat.',
    ],
    ['a word nobody knows', { by: 'operator' }, 'by: invalid_value'],
    ['a field nobody knows', { ...guardian, fields: ['shoe size'] }, 'fields.0: invalid_value'],
  ])('R68 %s is refused in words, and nothing is stored', async (_, more, words) => {
    const chat = await openChat(stage);
    await stage.maria.json(
      'POST',
      `/api/panel/conversations/${chat.ada.conversation}/messages`,
      { clientId: 'm-1', text: 'May we?' },
      panel,
    );
    const before = stored(stage.door);
    const { status, body } = await record(chat, more);
    expect(status).toBe(400);
    expect(body.detail).toBe(words);
    expect(stored(stage.door)).toEqual(before);
  });
});
