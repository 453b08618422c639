import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Chat, count, crm, openChat, openStage, panel, type Stage, stored } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeAll(async () => {
  stage = await openStage();
  chat = await openChat(stage);
});
afterAll(() => stage.close());

/** Nothing was stored or sent, and the chat goes on. */
async function untouched(act: () => Promise<void>) {
  const before = stored(stage.door);
  await act();
  await stage.door.hub.deps.runner.idle();
  expect(stored(stage.door)).toEqual(before);
  expect(stage.recorder.calls).toEqual([]);
  expect((await chat.message('Still there?')).status).toBe(201);
}

describe('DB4 R64 ids of another brand', () => {
  test('an id of another brand answers like one that is not there, in every place', async () => {
    const { door } = stage;
    await door.store.write((tx) => {
      tx.hot(
        `insert into brand select 'other', 'other', legal_name, 'Other Brand', address, contact, country, settings_json, wrapped_key, created_at from brand`,
      ).run();
      tx.hot(
        `insert into integration (id, brand_id, provider, sandbox, account_id, account_name, connection, conn_epoch, revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble) select 'int-other', 'other', provider, sandbox, account_id, account_name, connection, conn_epoch, revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble from integration`,
      ).run();
      tx.hot(`insert into manifest select hash, 'other', provider, body_json, published_at from manifest`).run();
    });
    const start = await door.client().json<{ conversation: string }>('POST', '/api/chat/start', {
      brand: 'other',
      clientId: 'c1',
      token: randomBytes(32).toString('base64url'),
      text: 'Hello',
    });
    expect(start.status).toBe(201);
    await untouched(async () => {
      const same = async (call: (id: string) => Promise<{ status: number; body: unknown }>, foreign: string) => {
        const [a, b] = [await call(foreign), await call('not-there-at-all')];
        expect(a.status).toBe(404);
        expect(a).toEqual(b);
      };
      const agent = (method: string, what: string, body?: unknown) => (id: string) =>
        stage.maria.json(method, `/api/panel/conversations/${id}${what}`, body, panel);
      await same(agent('GET', ''), start.body.conversation);
      const find = (integration: string) =>
        stage.maria.json('POST', '/api/panel/find', { integration, record: '101' }, panel);
      await same(find, 'int-other');
      for (const what of ['messages', 'notes'])
        await same(agent('POST', `/${what}`, { clientId: 'x', text: 'hi' }), start.body.conversation);
      await same(agent('POST', '/tags', { tag: 'refund', on: true }), start.body.conversation);
      const self = (await stage.maria.json<{ me: { id: string } }>('GET', '/api/panel/queue', undefined, panel)).body.me
        .id;
      await same(agent('POST', '/assign', { to: self, from: null }), start.body.conversation);
      for (const what of ['ask', 'preview'])
        await same(
          agent('POST', `/${what}`, { integration: stage.integration, purpose: crm }),
          start.body.conversation,
        );
      await same(
        agent('POST', '/shares', { clientId: 'x', integration: stage.integration, purpose: crm }),
        start.body.conversation,
      );
      const own = `/api/panel/conversations/${chat.ada.conversation}`;
      for (const what of ['ask', 'preview'])
        await same(
          (integration) => stage.maria.json('POST', `${own}/${what}`, { integration, purpose: crm }, panel),
          'int-other',
        );
      await same(
        (integration) => stage.maria.json('POST', `${own}/shares`, { clientId: 'y', integration, purpose: crm }, panel),
        'int-other',
      );
      await same(
        (integration) => chat.ada.say('/api/chat/question', { integration, purpose: crm }) as never,
        'int-other',
      );
      const page = async (res: Promise<Response>) => ({ status: (await res).status, body: undefined });
      await same((id) => page(stage.maria.get(`/console/connections/${id}`)), 'int-other');
      await same((id) => page(stage.maria.get(`/console/connections/${id}/disconnect`)), 'int-other');
      const csrf = /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get('/console')).text())?.[1] ?? '';
      await same((id) => page(stage.maria.submit(`/console/connections/${id}/disconnect`, { csrf })), 'int-other');
      await same(
        (integration) =>
          page(
            door
              .client()
              .submit('/privacy/harbor-motors/choose', { integration, purpose: 'all', want: 'no', nonce: '' }),
          ),
        'int-other',
      );
    });
    const queue = await stage.maria.json<{ rows: { conversation: string }[] }>(
      'GET',
      '/api/panel/queue',
      undefined,
      panel,
    );
    expect(queue.body.rows.map((r) => r.conversation)).not.toContain(start.body.conversation);
    expect(await (await stage.maria.get('/console')).text()).not.toContain('Other Brand');
  });

  test('a visitor’s token opens one conversation: another’s entries cannot be named at all', async () => {
    const other = await openChat(stage, {}, 'another person');
    const seen = await chat.ada.json<{ entries: { conversation: string }[] }>(
      'GET',
      `/api/chat/entries?conversation=${other.ada.conversation}`,
      undefined,
      chat.ada.auth,
    );
    expect(new Set(seen.body.entries.map((e) => e.conversation))).toEqual(new Set([chat.ada.conversation]));
    expect(count(stage.door, 'visitor_token', `conversation_id = '${other.ada.conversation}'`)).toBe(1);
  });
});
