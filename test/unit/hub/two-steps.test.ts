import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { count, openChat, openPreferences, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const regime = (word: string) =>
  stage.door.store.write((tx) =>
    tx.exec(
      `update brand set settings_json = json_set(settings_json, '$.places', json('["${word}"]')) where id = 'harbor-motors'`,
    ),
  );
const types = () =>
  stage.door.store.read
    .hot('select type from consent_event order by seq')
    .all()
    .map((r) => r.type);
type Confirm = { confirm?: string };

describe('a yes after an opt-out, where silence can mean yes', () => {
  test('GATE-c it takes two steps: the first is no answer, the no holds until the second', async () => {
    await regime('US-CA');
    const chat = await openChat(stage);
    await chat.answer({ email: 'no' });
    const { body } = await chat.answer({ email: 'yes', phone: 'yes' });
    const { confirm = '' } = body as Confirm;
    expect(types()).toEqual(['refused', 'given_pending_confirm']);
    expect((await chat.preview()).body.rows.map((r) => r.rule)).toEqual(['D08', 'D08', 'D08']);
    // The second step answers for what was said yes to, and for nothing else.
    const more = await chat.ada.say('/api/chat/answer', { nonce: confirm, answers: { name: 'yes' } });
    expect(more.status).toBe(400);
    const { body: again } = await chat.answer({ email: 'yes' });
    const second = (again as Confirm).confirm ?? '';
    const done = await chat.ada.say('/api/chat/answer', { nonce: second, answers: { email: 'yes' } });
    expect(done).toMatchObject({ status: 200, body: { entry: { kind: 'answered', yes: ['email'] } } });
    expect(types().at(-1)).toBe('given');
    expect((await chat.preview()).body.rows.find((r) => r.field === 'email')).toMatchObject({ rule: 'D18' });
    expect(count(stage.door, 'receipt')).toBe(2);
  });

  test('GATE-c a no between the two steps kills the second, and a letter put before a nonce makes none', async () => {
    await regime('US-CA');
    const chat = await openChat(stage);
    await chat.answer({ email: 'no' });
    const { body } = await chat.answer({ email: 'yes' });
    const { confirm = '' } = body as Confirm;
    const { body: open } = await chat.question();
    await chat.answer({ phone: 'no' });
    const late = await chat.ada.say('/api/chat/answer', { nonce: confirm, answers: { email: 'yes' } });
    expect(late).toMatchObject({ status: 403, body: { type: '/problems/nonce-dead' } });
    const forged = await chat.ada.say('/api/chat/answer', { nonce: `c.${open.nonce}`, answers: { email: 'yes' } });
    expect(forged.status).toBe(403);
    expect(types()).not.toContain('given');
  });

  test('GATE-c on the page without script: the first tap saves nothing and says so, the second saves', async () => {
    await regime('US-CA');
    const chat = await openChat(stage);
    const page = await openPreferences(stage, chat);
    await page.choose('no');
    const first = await page.choose('yes');
    expect(first.html).toContain('you said no to HubSpot before, so we ask twice');
    expect(first.html).toContain('aria-checked="false"');
    const nonce = /name="nonce" value="(c\.[^"]+)"/.exec(first.html)?.[1] ?? '';
    const res = await page.browser.submit('/privacy/harbor-motors/choose', {
      integration: stage.integration,
      purpose: 'CustomerRelationshipManagement',
      want: 'yes',
      nonce,
    });
    expect(await res.text()).toContain('Saved: HubSpot may get your');
    expect(types().at(-1)).toBe('given');
  });

  test('GATE-c where silence means no, one tap is enough, as for the first yes', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'no' });
    await chat.answer({ email: 'yes' });
    expect(types()).toEqual(['refused', 'given']);
    await regime('US-CA');
    const other = await openChat(stage);
    expect((await other.answer({ email: 'yes' })).body).not.toHaveProperty('confirm');
  });
});
