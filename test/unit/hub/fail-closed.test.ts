import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { json } from '../../support/recorder.ts';
import { type Damaged, damage, openDamaged } from './damage.ts';
import {
  about,
  type Chat,
  count,
  crm,
  openChat,
  openPreferences,
  panel,
  type Stage,
  turnstile,
  until,
} from './stage.ts';

let stage: Stage;
let chat: Chat;
let sql: Damaged['sql'];
let queued: Damaged['queued'];
let due: Damaged['due'];
beforeEach(async () => {
  ({ stage, chat, sql, queued, due } = await openDamaged());
});
afterEach(() => stage.close());

const alarms = () =>
  stage.door
    .logged()
    .split('\n')
    .filter((line) => line.includes('"alarm"'))
    .map((line) => JSON.parse(line));

describe('R16 an unreadable record', () => {
  test.each(Object.entries(damage))(
    'R16 %s: nothing leaves, the waiting send ends in plain words, a new one is refused',
    async (_, statements) => {
      await queued();
      await sql(...statements);
      await due();
      expect(stage.recorder.calls).toEqual([]);
      const share = stage.door.store.read.hot('select state from share').get();
      expect(share).toEqual({ state: 'failed' });
      const line = stage.door.store.read
        .hot("select body_json from entry where kind = 'share' order by seq desc")
        .get();
      expect(JSON.parse(line?.body_json as string)).toMatchObject({
        state: 'failed',
        cause: 'A record of this person or partner cannot be read, so nothing was sent.',
      });
      expect(stage.door.logged()).toContain('a record cannot be read; its send is over');
      expect((await chat.press()).status).toBe(500);
      await due();
      expect(stage.recorder.calls).toEqual([]);
      // An alarm each time, in one shape; an auditor's row the first time of a minute.
      const alarm = { level: 50, alarm: 'record-unreadable', kind: expect.any(String), brand: 'harbor-motors' };
      expect(alarms()).toEqual([expect.objectContaining(alarm), expect.objectContaining(alarm)]);
      expect(stage.door.store.read.hot("select brand_id, detail from audit where act = 'alarm'").all()).toEqual([
        { brand_id: 'harbor-motors', detail: 'record-unreadable' },
      ]);
    },
  );

  test('R16 the decision it was queued with is no JSON: nothing leaves, it ends with an alarm, the next one goes', async () => {
    await queued();
    await sql("update share set allowed_json = '{'");
    await due();
    expect(stage.recorder.calls).toEqual([]);
    expect(stage.door.store.read.hot('select state from share').all()).toEqual([{ state: 'failed' }]);
    expect(alarms()).toEqual([expect.objectContaining({ level: 50, alarm: 'record-unreadable' })]);
    await chat.send();
    expect(await chat.lastShare()).toMatchObject({ state: 'sent' });
  });

  test.each([
    ['the words of the chat', "update entry set text_enc = substr(text_enc, 1, length(text_enc) - 4) || 'AAAA'"],
    [
      'a value that may not leave',
      "update value set value_enc = substr(value_enc, 1, length(value_enc) - 4) || 'AAAA' where field = 'phone'",
    ],
  ])('R16 %s cannot be read: the byte check cannot be made, so nothing leaves, with an alarm', async (_, statement) => {
    await queued();
    await sql(statement);
    await due();
    expect(stage.recorder.calls).toEqual([]);
    expect(stage.door.store.read.hot('select state from outcome order by seq desc').get()).toEqual({ state: 'failed' });
    const line = stage.door.store.read.hot("select body_json from entry where kind = 'share' order by seq desc").get();
    expect(JSON.parse(line?.body_json as string)).toMatchObject({
      state: 'failed',
      cause: 'A record of this person or partner cannot be read, so nothing was sent.',
    });
    expect(alarms()).toEqual([expect.objectContaining({ level: 50, alarm: 'record-unreadable' })]);
  });

  test('R16 R31 the same while it is being sent: the outcome is stored all the same', async () => {
    const gate = turnstile();
    stage.recorder.answer((_, res) => {
      void gate.wait().then(() => json(res, 500, {}));
      return true;
    });
    await chat.press();
    await gate.held;
    await sql("update share set allowed_json = '{'");
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.door.store.read.hot('select state from outcome').all()).toEqual([{ state: 'sent' }]);
    expect(stage.door.store.read.hot('select state from share').all()).toEqual([{ state: 'failed' }]);
  });

  test.each(Object.entries(damage).filter(([what]) => !what.includes('key') && !what.includes('value')))(
    'R16 %s: the chat goes on, in the widget and in the panel',
    async (_, statements) => {
      await sql(...statements);
      expect((await chat.message('Still there?')).status).toBe(201);
      const view = await chat.view();
      expect(view.entries.at(-1)).toMatchObject({ kind: 'message', text: 'Still there?' });
      const reply = await stage.maria.json(
        'POST',
        `/api/panel/conversations/${chat.ada.conversation}/messages`,
        { clientId: 'r', text: 'Yes.' },
        panel,
      );
      expect(reply.status).toBe(201);
      expect((await (await openPreferences(stage, chat)).page()).length).toBeGreaterThan(500);
    },
  );

  test('R16 the key of one person is gone: everybody else is answered as before', async () => {
    const jane = await openChat(stage, { ...about, email: 'other@brandt.example' }, 'And the red one?');
    await sql(
      `delete from subject_key where subject_id = (select subject_id from conversation where id = '${chat.ada.conversation}')`,
    );
    const queue = await stage.maria.json<{ rows: { conversation: string; lastLine: string }[] }>(
      'GET',
      '/api/panel/queue',
      undefined,
      panel,
    );
    expect(queue.body.rows.find((r) => r.conversation === jane.ada.conversation)?.lastLine).toBe('And the red one?');
    expect(queue.body.rows).toHaveLength(2);
    expect((await jane.view()).entries).toHaveLength(1);
  });

  test('R16 an adapter that is not installed any more: the send ends, nothing hangs', async () => {
    await queued();
    await sql("update integration set provider = 'vanished'");
    await due();
    expect(stage.recorder.calls).toEqual([]);
    expect(stage.door.store.read.hot('select state from share').get()).toEqual({ state: 'failed' });
    expect(count(stage.door, 'disclosure d', 'not exists (select 1 from outcome o where o.disclosure_id = d.id)')).toBe(
      0,
    );
  });
});

describe('R16 the store fails', () => {
  test.each(['once', 'commit'] as const)(
    'R16 at the claim (%s): no row, no byte, an alarm; the share waits and leaves once the store is well',
    async (at) => {
      await queued();
      const rows = count(stage.door, 'disclosure');
      stage.door.failWrites(() => true, at);
      await due();
      expect(stage.recorder.calls).toEqual([]);
      expect(count(stage.door, 'disclosure')).toBe(rows);
      expect(alarms()).toContainEqual(expect.objectContaining({ level: 50, alarm: 'delivery-broke' }));
      expect((await chat.message('Hello?')).status).toBe(503);
      expect((await chat.ada.json('GET', '/api/chat/entries', undefined, chat.ada.auth)).status).toBe(200);
      stage.door.failWrites();
      await until('the share has left', async () => {
        const share = stage.door.store.read.hot('select state from share').get();
        return share?.state === 'done';
      });
      expect(stage.recorder.calls.filter((c) => c.path.endsWith('/upsert'))).toHaveLength(1);
    },
  );

  test.each(['once', 'commit'] as const)(
    'R16 R31 after the first byte (%s): nothing is repeated, and the row reads unknown as soon as the store is well',
    async (at) => {
      const gate = turnstile();
      stage.recorder.answer((request, res) => {
        if (!request.path.endsWith('/upsert')) return false;
        void gate
          .wait()
          .then(() => json(res, 200, { results: [{ id: '7', new: true, createdAt: '2026-11-01T00:00:00Z' }] }));
        return true;
      });
      await chat.press();
      await gate.held;
      stage.door.failWrites(() => true, at);
      gate.open();
      await stage.door.hub.deps.runner.idle();
      expect(count(stage.door, 'outcome')).toBe(0);
      expect(alarms()).toContainEqual(expect.objectContaining({ level: 50, alarm: 'delivery-broke' }));
      // No second request without a new lease, and the lease could not be written.
      expect(stage.recorder.calls.map((c) => c.path.split('/').at(-1))).toEqual(['upsert']);
      stage.door.failWrites();
      await until('the row is settled', () => count(stage.door, 'outcome') === 1);
      expect(stage.door.store.read.hot('select state from outcome').get()).toEqual({ state: 'unknown' });
      expect(await chat.lastShare()).toMatchObject({ state: 'unknown' });
      expect(stage.recorder.calls).toHaveLength(1);
    },
  );

  test('R16 R35 a no that could not be stored says so, shows the true state, and is not in force', async () => {
    const page = await openPreferences(stage, chat);
    const html = await page.page();
    const nonce = /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? '';
    stage.door.failWrites(() => true);
    const res = await page.browser.submit('/privacy/harbor-motors/choose', {
      integration: stage.integration,
      purpose: 'all',
      want: 'no',
      nonce,
    });
    const shown = await res.text();
    expect(res.status).toBe(503);
    expect(shown).toMatch(/role="switch" aria-checked="true"|aria-checked(="true")? role="switch"/);
    expect(shown.replace(/<[^>]+>/g, ' ')).toMatch(/not saved|could not be saved|Nothing (was )?changed/i);
    stage.door.failWrites();
    expect((await chat.preview()).body.rows.find((r) => r.field === 'email')?.rule).toBe('D18');
    expect((await page.choose('no')).status).toBe(200);
    expect((await chat.preview()).body.rows.find((r) => r.field === 'email')?.rule).toBe('D09');
  });

  test('R16 a yes that could not be stored is no yes: 503, no event, and the nonce still works', async () => {
    const other = await openChat(stage, { email: 'other@brandt.example' });
    const { body } = await other.question();
    const events = count(stage.door, 'consent_event');
    stage.door.failWrites(() => true);
    const failed = (await other.ada.say('/api/chat/answer', { nonce: body.nonce, answers: { email: 'yes' } })) as {
      status: number;
      body: unknown;
    };
    expect(failed).toMatchObject({ status: 503, body: { type: '/problems/store-failed' } });
    expect((await other.press(crm)).status).toBe(503);
    stage.door.failWrites();
    expect(count(stage.door, 'consent_event')).toBe(events);
    expect(
      (
        (await other.ada.say('/api/chat/answer', { nonce: body.nonce, answers: { email: 'yes' } })) as {
          status: number;
        }
      ).status,
    ).toBe(200);
  });
});
