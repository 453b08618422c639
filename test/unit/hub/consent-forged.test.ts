import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publishNotice } from '../../../server/consent/notices.ts';
import { about, type Chat, count, openChat, openPreferences, openStage, type Stage, stored } from './stage.ts';

let stage: Stage;
let chat: Chat;
let clock: number;
beforeEach(async () => {
  clock = Date.now();
  stage = await openStage({ now: () => new Date(clock) });
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const answer = (who: Chat, nonce: string) =>
  who.ada.say('/api/chat/answer', { nonce, answers: { email: 'yes' } }) as unknown as Promise<{
    status: number;
    body: unknown;
  }>;
const dead = { status: 403, body: { type: '/problems/nonce-dead' } };
/** The answer is refused, and nothing at all was stored. */
async function refused(act: () => Promise<{ status: number; body: unknown }>) {
  const before = stored(stage.door);
  expect(await act()).toMatchObject(dead);
  expect(stored(stage.door)).toEqual(before);
  expect((await chat.preview()).body.rows.find((r) => r.field === 'email')?.leaves).toBe(false);
}

describe('GATE c: a yes without the hub’s own live nonce is no yes', () => {
  test.each(['', 'x', 'A'.repeat(43), createHash('sha256').update('guess').digest('base64url')])(
    'forged: %j',
    (nonce) => refused(() => answer(chat, nonce)),
  );

  test('used twice', async () => {
    const { body } = await chat.question();
    expect(
      (await chat.ada.say('/api/chat/answer', { nonce: body.nonce, answers: { name: 'yes' } })) as unknown,
    ).toMatchObject({ status: 200 });
    await refused(() => answer(chat, body.nonce));
    expect(count(stage.door, 'consent_event')).toBe(1);
  });

  test('twice at once: one event', async () => {
    const { body } = await chat.question();
    const both = await Promise.all([answer(chat, body.nonce), answer(chat, body.nonce)]);
    expect(both.map((b) => b.status).sort()).toEqual([200, 403]);
    expect([count(stage.door, 'consent_event'), count(stage.door, 'receipt')]).toEqual([1, 1]);
  });

  test('after 15 minutes; a millisecond before it still works', async () => {
    const { body } = await chat.question();
    clock += 15 * 60_000;
    await refused(() => answer(chat, body.nonce));
    const again = await chat.question();
    clock += 15 * 60_000 - 1;
    expect((await answer(chat, again.body.nonce)).status).toBe(200);
  });

  test('of another session, of another person', async () => {
    const { body } = await chat.question();
    const other = await openChat(stage, about, 'another chat');
    await refused(() => answer(other, body.nonce));
    const page = await openPreferences(stage, chat);
    const res = await page.browser.submit('/privacy/harbor-motors/choose', {
      integration: stage.integration,
      purpose: 'CustomerRelationshipManagement',
      want: 'yes',
      nonce: body.nonce,
    });
    expect(res.status).toBe(403);
    expect(count(stage.door, 'consent_event')).toBe(0);
  });

  test('after a no: a delayed yes cannot beat it', async () => {
    const delayed = await chat.question();
    await chat.answer({ email: 'no', name: 'no', phone: 'no' });
    await refused(() => answer(chat, delayed.body.nonce));
  });

  test('after a no on the preference page, and an old page’s nonce after the no', async () => {
    const delayed = await chat.question();
    const page = await openPreferences(stage, chat);
    const nonce = /name="nonce" value="([^"]+)"/.exec(await page.page())?.[1] ?? '';
    await page.choose('no');
    await refused(() => answer(chat, delayed.body.nonce));
    const res = await page.browser.submit('/privacy/harbor-motors/choose', {
      integration: stage.integration,
      purpose: 'CustomerRelationshipManagement',
      want: 'yes',
      nonce,
    });
    expect(res.status).toBe(403);
  });

  test('after the notice changed', async () => {
    const { body } = await chat.question();
    await stage.door.store.write((tx) => {
      tx.hot("update brand set name = 'Harbor Motors Group'").run();
      publishNotice(tx, 'harbor-motors', new Date(clock).toISOString());
    });
    await refused(() => answer(chat, body.nonce));
  });

  test('a field that did not stand on the screen: 400, and the nonce is not used up by it', async () => {
    const { body } = await chat.question();
    for (const field of ['transcript', 'company', 'constructor', 'nonsense', '__proto__']) {
      const before = stored(stage.door);
      const res = (await chat.ada.say(
        '/api/chat/answer',
        `{"nonce":"${body.nonce}","answers":{"${field}":"yes"}}`,
      )) as unknown as { status: number };
      expect([400, 200]).toContain(res.status);
      if (field !== '__proto__') {
        expect(res.status).toBe(400);
        expect(stored(stage.door)).toEqual(before);
      }
    }
    expect(count(stage.door, 'consent_event', "type = 'given'")).toBe(0);
  });
});

describe('R35 the preference page, by plain forms', () => {
  test('R25 R35 off, off again, on again: each one tap, one event a change, the true state shown', async () => {
    await chat.answer({ email: 'yes' });
    const page = await openPreferences(stage, chat);
    const on = () => stage.door.store.read.hot('select count(*) as n from consent_event').get()?.n;
    expect((await page.choose('no')).status).toBe(200);
    const once = on();
    expect((await page.choose('no')).status).toBe(200);
    expect(on()).toBe(once);
    expect((await page.choose('yes')).status).toBe(200);
    expect((await chat.preview()).body.rows.find((r) => r.field === 'email')).toMatchObject({
      leaves: true,
      rule: 'D18',
    });
  });

  test('a stranger’s no holds for that browser alone, and a look stores nothing (R57)', async () => {
    await chat.answer({ email: 'yes' });
    const before = stored(stage.door);
    const stranger = stage.door.client();
    expect((await stranger.get('/privacy/harbor-motors')).status).toBe(200);
    const frame = await stranger.get('/widget/frame?brand=harbor-motors');
    expect([frame.status, frame.headers.getSetCookie()]).toEqual([200, []]);
    expect(stored(stage.door)).toEqual(before);
    expect(stranger.cookies.size).toBe(0);
    const res = await stranger.submit('/privacy/harbor-motors/choose', {
      integration: stage.integration,
      purpose: 'all',
      want: 'no',
      nonce: '',
    });
    expect(res.status).toBe(200);
    expect((await chat.preview()).body.rows.find((r) => r.field === 'email')?.rule).toBe('D18');
  });

  test('a stranger’s form without a real choice leaves nothing behind', async () => {
    const before = stored(stage.door);
    const send = async (form: Record<string, string>) =>
      (await stage.door.client().submit('/privacy/harbor-motors/choose', form)).status;
    const good = { integration: stage.integration, purpose: 'all', want: 'no', nonce: '' };
    expect(await send({ ...good, want: 'maybe' })).toBe(400);
    expect(await send({ ...good, purpose: 'Anything' })).toBe(400);
    expect(await send({ ...good, purpose: 'SellDataToThirdParties' })).toBe(404);
    expect(await send({ ...good, integration: 'none' })).toBe(404);
    expect(stored(stage.door)).toEqual(before);
    // A yes from an unknown browser asks once more, and is no yes yet.
    expect(await send({ ...good, want: 'yes', purpose: 'CustomerRelationshipManagement' })).toBe(200);
    expect(count(stage.door, 'consent_event')).toBe(0);
  });

  test('a code opens the page once, for two minutes, at its own brand', async () => {
    const code = async () =>
      ((await chat.ada.say('/api/chat/my-data', {})) as unknown as { body: { code: string } }).body.code;
    const open = async (c: string) =>
      (await stage.door.client().submit('/privacy/harbor-motors/open', { code: c })).status;
    const first = await code();
    expect([await open(first), await open(first), await open('x')]).toEqual([303, 410, 410]);
    const late = await code();
    clock += 120_000;
    expect(await open(late)).toBe(410);
  });
});
