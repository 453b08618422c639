import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { profiles } from '../../../server/gate/derive.ts';
import { json, openRecorder } from '../../support/recorder.ts';
import { all, onPage, rulesIn, yesToAll } from './rules-form.ts';
import { type Chat, count, crm, openChat, openPreferences, openStage, type Stage, turnstile } from './stage.ts';

let stage: Stage;
let chat: Chat;
let hold: (() => Promise<void>) | undefined;
beforeEach(async () => {
  hold = undefined;
  stage = await openStage({
    recorder: await openRecorder(),
    egress: { pause: async (point) => (point === 'before-write' ? hold?.() : undefined) },
  });
  chat = await openChat(stage);
});
afterEach(() => stage.close());

const object = async (what: string, want: 'yes' | 'no') =>
  onPage(await openPreferences(stage, chat)).object(what, want);
const lines = async () => {
  const seen = await chat.ada.json<{ entries: Entry[] }>('GET', '/api/chat/entries', undefined, chat.ada.auth);
  return seen.body.entries.filter((e) => e.kind === 'objected');
};

describe('R26 a visitor objects', () => {
  test('R26 one tap without script: D07 for all that rests on a yes, a line in the chat, and back with one tap', async () => {
    await yesToAll(chat);
    const begun = performance.now();
    const page = await object('all', 'yes');
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('Saved: all of this is stopped.');
    expect(html).toContain('You asked us to stop this use.');
    expect(await rulesIn(chat)).toEqual(all('D07'));
    expect((await chat.view()).strip[0]).toMatchObject({ state: 'no' });
    expect((await chat.ask()).status).toBe(409);
    await chat.send();
    expect(await chat.lastShare()).toMatchObject({ state: 'withheld', fields: [] });
    expect(stage.recorder.calls).toEqual([]);
    await object('all', 'no');
    expect(await rulesIn(chat)).toEqual(all('D18'));
    expect(await lines()).toMatchObject([
      { what: 'all', on: true, stopped: 0, alreadyOut: 0 },
      { what: 'all', on: false },
    ]);
    const kinds = stage.door.store.read.hot('select kind, by from statement order by seq').all();
    expect(kinds.map((k) => `${k.kind} ${k.by}`)).toEqual(['objected self', 'objected self']);
  });

  test('R26 a contract with the person goes on (Art. 21)', async () => {
    await stage.close();
    stage = await openStage({ adapters: (l) => l.map((a) => ({ ...a, facts: { ...a.facts, basis: 'contract' } })) });
    chat = await openChat(stage);
    await object('all', 'yes');
    expect(await rulesIn(chat)).toEqual(all('D13'));
  });

  test('GATE-6 what waits is finished in the same commit, and what had left is named', async () => {
    await yesToAll(chat);
    await chat.send();
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '60' }));
    await chat.send();
    expect(count(stage.door, 'share', "state = 'queued'")).toBe(1);
    const html = await (await object('all', 'yes')).text();
    expect(html).toContain('One thing that was waiting was not sent.');
    expect(count(stage.door, 'share', "state = 'queued'")).toBe(0);
    expect((await lines())[0]).toMatchObject({ stopped: 1 });
    expect((await lines())[0]?.alreadyOut).toBeGreaterThan(0);
  });

  test('GATE-9 I3 a request that stands before the socket when the objection comes writes no byte', async () => {
    await yesToAll(chat);
    const gate = turnstile();
    hold = gate.wait;
    await chat.press();
    await gate.held;
    hold = undefined;
    await object('all', 'yes');
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
    expect(await chat.lastShare()).toMatchObject({
      withheld: expect.arrayContaining([{ field: 'email', rule: 'D07', reason: 'objected' }]),
    });
  });

  test('R26 no profiling stops uses that are profiling by their purpose, and leaves the rest', async () => {
    await stage.close();
    stage = await openStage({
      adapters: (l) =>
        l.map((a) => {
          const shares = Object.entries(a.shares as Record<string, { purpose: string }>).map(([field, share]) => [
            field,
            field === 'phone' ? { ...share, purpose: 'Personalisation' } : share,
          ]);
          return { ...a, shares: Object.fromEntries(shares) };
        }),
    });
    chat = await openChat(stage);
    await chat.answer({ email: 'yes', name: 'yes' });
    await chat.answer({ phone: 'yes' }, 'Personalisation');
    await object('profiling', 'yes');
    expect(await rulesIn(chat)).toEqual(['email D18', 'name D18']);
    const { body } = await chat.preview('Personalisation');
    expect(body.rows.map((r) => `${r.field} ${r.rule}`)).toEqual(['phone D07']);
  });

  test('R26 no profiling counts every field of class behaviour, and what judges or targets a person', () => {
    expect(profiles({ class: 'behaviour', purpose: crm })).toBe(true);
    expect(profiles({ class: 'identity', purpose: 'Personalisation' })).toBe(true);
    expect(profiles({ class: 'identity', purpose: 'TargetedAdvertising' })).toBe(true);
    expect(profiles({ class: 'identity', purpose: crm })).toBe(false);
    expect(profiles(undefined)).toBe(false);
  });

  test('a second time changes nothing', async () => {
    await object('all', 'yes');
    await object('all', 'yes');
    expect([count(stage.door, 'statement'), (await lines()).length]).toEqual([1, 1]);
  });

  test('an old page objects too, but takes nothing back; a browser nobody knows objects for itself', async () => {
    const page = await openPreferences(stage, chat);
    const path = '/privacy/harbor-motors/object';
    expect((await page.browser.submit(path, { csrf: '', what: 'all', want: 'yes' })).status).toBe(200);
    expect(await rulesIn(chat)).toEqual(all('D07'));
    const back = await page.browser.submit(path, { csrf: '', what: 'all', want: 'no' });
    expect(back.status).toBe(403);
    expect(await back.text()).toContain('Your change was not saved. Below is what counts now.');
    expect(await rulesIn(chat)).toEqual(all('D07'));
    const stranger = stage.door.client();
    expect((await stranger.submit(path, { csrf: '', what: 'all', want: 'yes' })).status).toBe(200);
    expect(count(stage.door, 'subject', 'objected = 1')).toBe(2);
  });

  test('bad input: another word, a field more, another origin, a brand that is not here', async () => {
    const page = await openPreferences(stage, chat);
    const path = '/privacy/harbor-motors/object';
    const wrong: Record<string, string>[] = [
      { csrf: '', what: 'everything', want: 'yes' },
      { csrf: '', what: 'all', want: 'maybe' },
      { csrf: '', what: 'all', want: 'yes', subject: 'x' },
    ];
    for (const form of wrong) expect((await page.browser.submit(path, form)).status).toBe(400);
    const none = await page.browser.submit('/privacy/none/object', { csrf: '', what: 'all', want: 'yes' });
    expect(none.status).toBe(404);
    const foreign = await fetch(`${stage.door.origin}${path}`, {
      method: 'POST',
      headers: { origin: stage.door.shop, cookie: [...page.browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ') },
      body: new URLSearchParams({ csrf: '', what: 'all', want: 'yes' }),
    });
    expect(foreign.status).toBe(403);
    expect(count(stage.door, 'statement')).toBe(0);
  });

  test('R35 a store that cannot write says so and shows what counts', async () => {
    const page = onPage(await openPreferences(stage, chat));
    stage.door.failWrites(() => true);
    const failed = await page.object('all', 'yes');
    expect(failed.status).toBe(503);
    expect(await failed.text()).toContain('Your change was not saved. Below is what counts now.');
    stage.door.failWrites();
    expect(await rulesIn(chat)).toEqual(all('D20'));
  });
});

test('R26 an add-on without a legal basis cannot be switched on', async () => {
  await stage.close();
  const basis = 'legitimate_interest' as 'consent';
  await expect(openStage({ adapters: (l) => l.map((a) => ({ ...a, facts: { ...a.facts, basis } })) })).rejects.toThrow(
    'connect ended with 400',
  );
  stage = await openStage();
});
