import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unseal } from '../../../server/store/seal.ts';
import { json } from '../../support/recorder.ts';
import { care, count, crm, openChat, openPreferences, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const jobs = () => stage.door.store.read.hot('select * from propagation_job order by due_at, id').all();

describe('I5 who got something is told, and nobody else', () => {
  test('I5 an opt-out makes one job for the partner that got the data, with its own record under a key of its own', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await chat.send();
    const page = await openPreferences(stage, chat);
    const { html } = await page.choose('no');
    expect(jobs()).toEqual([
      expect.objectContaining({ action: 'suppress', state: 'awaiting_operator', attempts: 0, reason: null }),
    ]);
    const [job] = jobs();
    const kek = stage.door.hub.deps.jobKek;
    const key = unseal(kek, `job-key|${job?.id}`, job?.wrapped_key as string);
    expect(JSON.parse(unseal(key, `job|${job?.id}`, job?.target_enc as string).toString())).toEqual({
      record: expect.any(String),
    });
    expect(Date.parse(job?.due_at as string) - Date.now()).toBeGreaterThan(14 * 86_400_000);
    expect(html).toMatch(/HubSpot already has your\s+e/);
    // Pressed again, and again after a yes without a send: nothing new is out, so nobody is told twice.
    await page.choose('no');
    await page.choose('yes');
    await page.choose('no');
    expect(jobs()).toHaveLength(1);
    await page.choose('yes');
    await chat.send();
    await page.choose('no');
    expect(jobs()).toHaveLength(2);
    expect(count(stage.door, 'propagation_cover')).toBe(2);
  });

  test('I5 a partner that never had the person is told nothing: that would be a disclosure', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await (await openPreferences(stage, chat)).choose('no');
    expect(jobs()).toEqual([]);
  });

  test('I5 a no to one field tells who got that field; a no to another purpose, or to what never left, tells nobody', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes', phone: 'yes' });
    await chat.send();
    await chat.answer({ name: 'no' });
    await chat.answer({ transcript: 'no' }, care);
    expect(jobs()).toEqual([]);
    await chat.answer({ phone: 'no' });
    expect(jobs()).toHaveLength(1);
  });

  test('I5 a browser that asks not to share tells who got something before', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await chat.send();
    await chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, 'sec-gpc': '1' });
    expect(jobs()).toHaveLength(1);
    await chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, 'sec-gpc': '1' });
    expect(jobs()).toHaveLength(1);
  });

  test('I5 the visitor reads that it is to be told; the brand tells it by hand, and what was kept for that is gone', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await chat.send();
    const page = await openPreferences(stage, chat);
    expect((await page.choose('no')).html).toMatch(/It is to be told by .* not to use it any more/);
    const path = `/console/connections/${stage.integration}/follow-ups`;
    const list = await (await stage.maria.get(path)).text();
    expect(list).toContain('Stop using it');
    expect(list).toMatch(/record \d+/);
    const csrf = /name="csrf" value="([^"]+)"/.exec(list)?.[1] ?? '';
    const job = jobs()[0]?.id as string;
    expect((await stage.maria.submit(path, { job })).status).toBe(403);
    expect((await stage.maria.submit(path, { csrf, job: 'another' })).status).toBe(404);
    await stage.maria.submit(path, { csrf, job });
    expect(jobs()).toEqual([
      expect.objectContaining({ state: 'acknowledged', wrapped_key: null, target_enc: null, result: 'by_operator' }),
    ]);
    expect((await stage.maria.submit(path, { csrf, job })).status).toBe(404);
    expect(await page.page()).toContain('It was told not to use it any more.');
    expect(count(stage.door, 'audit', "act = 'followed-up'")).toBe(1);
  });

  test('R25 after a breach every yes is taken back at once: one row, nothing queued leaves, a new yes counts', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    const before = await openChat(stage);
    await before.answer({ email: 'no' });
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '60' }));
    await chat.send();
    const rows = count(stage.door, 'ledger_leaf');
    const path = `/console/connections/${stage.integration}/revoke-all`;
    const csrf = /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get(path)).text())?.[1] ?? '';
    expect((await stage.maria.submit(path, {})).status).toBe(403);
    await stage.maria.submit(path, { csrf });
    expect(count(stage.door, 'ledger_leaf') - rows).toBe(1);
    const leaf = stage.door.store.read.hot('select type, row from ledger_leaf order by idx desc limit 1').get();
    expect(leaf?.type).toBe('revoked_all');
    expect(count(stage.door, 'share', "state = 'denied'")).toBe(1);
    expect((await chat.preview()).body.rows.find((r) => r.field === 'email')).toMatchObject({ rule: 'D10' });
    expect((await before.preview()).body.rows.find((r) => r.field === 'email')).toMatchObject({ rule: 'D08' });
    await chat.answer({ email: 'yes' });
    expect((await chat.preview()).body.rows.find((r) => r.field === 'email')).toMatchObject({ rule: 'D18' });
  });

  test('GATE-23 later found to be a minor: every recipient is to erase what it got', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await chat.answer({ transcript: 'yes' }, care);
    await chat.send();
    await chat.send(care);
    const flag = `/api/panel/conversations/${chat.ada.conversation}/under-age`;
    expect((await stage.maria.json('POST', flag, {}, panel)).status).toBe(200);
    expect(jobs().map((j) => [j.action, j.state, j.purpose])).toEqual(
      expect.arrayContaining([
        ['erase', 'awaiting_operator', crm],
        ['erase', 'awaiting_operator', care],
      ]),
    );
    expect((await chat.preview()).body.rows.every((r) => !r.leaves)).toBe(true);
    await stage.maria.json('POST', flag, {}, panel);
    expect(jobs()).toHaveLength(2);
  });

  test('I5 an objection tells who got something; to profiling alone it tells nobody who does none', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await chat.send();
    const page = await openPreferences(stage, chat);
    const object = async (what: string) => {
      const csrf = /name="csrf" value="([^"]+)"/.exec(await page.page())?.[1] ?? '';
      return page.browser.submit('/privacy/harbor-motors/object', { csrf, what, want: 'yes' });
    };
    expect((await object('profiling')).status).toBe(200);
    expect(jobs()).toEqual([]);
    expect((await object('all')).status).toBe(200);
    expect(jobs()).toEqual([expect.objectContaining({ action: 'suppress' })]);
  });

  test('I5 a connection that is gone leaves the job with its date to the brand', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await chat.send();
    await stage.maria.submit(`/console/connections/${stage.integration}/disconnect`, {
      csrf: stage.maria.csrf,
      sure: 'yes',
    });
    await stage.door.store.write((tx) => tx.exec("update integration set connection = 'revoked'"));
    await (await openPreferences(stage, chat)).choose('no');
    expect(jobs()).toEqual([expect.objectContaining({ state: 'blocked_needs_operator', due_at: expect.any(String) })]);
  });
});
