import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formAt, openKeys, right, textOf } from './keys-stage.ts';
import { count, openChat } from './stage.ts';

let keys: Awaited<ReturnType<typeof openKeys>>;
beforeEach(async () => {
  keys = await openKeys();
});
afterEach(() => keys.close());

describe('R6 another key of the same account', () => {
  const { door: opens, typed } = right['acme-key'];
  async function linked() {
    keys.acme.plan.door = opens;
    await keys.connect('acme-key', typed);
    return openChat({ ...keys, integration: keys.door.integration('acme-key') });
  }

  test('R6 takes the place of the old one; id and answers stay, and the old key is used no more', async () => {
    const chat = await linked();
    await chat.answer({ email: 'yes' });
    const before = keys.row();
    const old = keys.sealed();
    keys.acme.plan.door = ['x-acme-key', 'KEY-two-7e7e'];
    expect((await keys.connect('acme-key', { key: 'KEY-two-7e7e' })).status).toBe(303);
    expect(keys.row()).toMatchObject({ id: before?.id, connection: 'active', account_id: 'acme-7' });
    expect(keys.sealed()).not.toBe(old);
    await chat.send();
    expect((await chat.lastShare())?.state).toBe('sent');
    expect(keys.acme.requests.at(-1)?.headers['x-acme-key']).toBe('KEY-two-7e7e');
  });

  test('R6 of another account is refused; the linked one goes on', async () => {
    const chat = await linked();
    await chat.answer({ email: 'yes' });
    const before = keys.row();
    keys.acme.plan.account = { id: 'acme-8', name: 'Somebody else' };
    const kept = keys.sealed();
    const res = await keys.connect('acme-key', typed);
    expect(res.status).toBe(400);
    expect(await res.text()).toContain('different Acme account. Nothing was changed.');
    expect([keys.row(), keys.sealed()]).toEqual([before, kept]);
    await chat.send();
    expect((await chat.lastShare())?.state).toBe('sent');
  });

  test('R6 a token got for another account’s client is handed back', async () => {
    await keys.connect('acme-client', right['acme-client'].typed);
    keys.acme.plan.account = { id: 'acme-8', name: 'Somebody else' };
    keys.acme.requests.length = 0;
    expect((await keys.connect('acme-client', right['acme-client'].typed)).status).toBe(400);
    expect(keys.acme.calls()).toEqual(['POST /token', 'GET /me', 'POST /revoke']);
  });

  test('R6 where the partner names nobody, the linked account keeps its name and is not asked for another', async () => {
    keys.acme.plan.door = right['acme-unnamed'].door;
    await keys.connect('acme-unnamed', right['acme-unnamed'].typed);
    const page = await (await keys.maria.get(formAt('acme-unnamed'))).text();
    expect(page).toContain('Harbor’s line');
    expect(page).not.toContain('id="account"');
    const { account: _, ...again } = right['acme-unnamed'].typed;
    expect((await keys.connect('acme-unnamed', { ...again, account: 'Other' })).status).toBe(303);
    expect(keys.row()).toMatchObject({ account_id: 'Harbor’s line', connection: 'active' });
  });

  test('R2 a wrong key beside a working one changes nothing', async () => {
    await linked();
    const before = [keys.row(), keys.sealed()];
    expect((await keys.connect('acme-key', { key: 'WRONG-9f9f' })).status).toBe(400);
    expect([keys.row(), keys.sealed()]).toEqual(before);
  });
});

describe('R5 a key that the partner turns down later', () => {
  test.each(['acme-key', 'acme-basic'] as const)(
    'R5 %s: an answered 401 needs reconnecting, and a new key ends that',
    async (id) => {
      keys.acme.plan.door = right[id].door;
      await keys.connect(id, right[id].typed);
      const chat = await openChat({ ...keys, integration: keys.door.integration(id) });
      await chat.answer({ email: 'yes' });
      keys.acme.plan.door = ['x-acme-key', 'somebody ended it'];
      keys.acme.requests.length = 0;
      await chat.send();
      expect(keys.acme.calls()).toEqual(['POST /people']); // once: it would not be another key the second time
      expect((await chat.lastShare())?.state).toBe('waiting'); // for the new key
      expect(keys.row()?.trouble).toBe('needs_reconnect');
      expect(await textOf(await keys.maria.get('/console'))).toContain('Acme turned our key down.');
      keys.acme.plan.door = right[id].door;
      expect((await keys.connect(id, right[id].typed)).status).toBe(303);
      expect(keys.row()?.trouble).toBeNull();
      await chat.send();
      expect((await chat.lastShare())?.state).toBe('sent');
    },
  );

  test('R3 a client’s token that is turned down is got anew once, for two shares at a time', async () => {
    await keys.connect('acme-client', right['acme-client'].typed);
    const chats = await Promise.all(
      ['ada@brandt.example', 'noor@haddad.example'].map((email) =>
        openChat({ ...keys, integration: keys.door.integration('acme-client') }, { email }),
      ),
    );
    for (const chat of chats) await chat.answer({ email: 'yes' });
    keys.acme.plan.door = ['authorization', 'Bearer of another time'];
    keys.acme.requests.length = 0;
    await Promise.all(chats.map((chat) => chat.press()));
    await keys.door.hub.deps.runner.idle();
    for (const chat of chats) expect((await chat.lastShare())?.state).toBe('sent');
    expect(keys.acme.calls().filter((call) => call === 'POST /token')).toHaveLength(1);
  });

  test('R5 a client that the partner forgot needs reconnecting; a partner that is down does not', async () => {
    await keys.connect('acme-client', right['acme-client'].typed);
    const chat = await openChat({ ...keys, integration: keys.door.integration('acme-client') });
    await chat.answer({ email: 'yes' });
    keys.acme.plan.door = ['authorization', 'Bearer of another time'];
    const honest = keys.acme.plan.client;
    keys.acme.plan.client = 'nobody:x';
    await chat.send();
    expect(keys.row()?.trouble).toBe('needs_reconnect');
    keys.acme.plan.client = honest;
    expect((await keys.connect('acme-client', right['acme-client'].typed)).status).toBe(303);
    keys.acme.answer((_, reply) => reply.json(503, {}));
    await chat.send();
    expect(keys.row()?.trouble).not.toBe('needs_reconnect');
  });
});

describe('R8 disconnect', () => {
  const end = async () => {
    const id = keys.row()?.id as string;
    const confirm = await textOf(await keys.maria.get(`/console/connections/${id}/disconnect`));
    keys.maria.csrf = /name="csrf" value="([^"]+)"/.exec(await (await keys.maria.get('/console')).text())?.[1] ?? '';
    const res = await keys.maria.submit(`/console/connections/${id}/disconnect`, { csrf: keys.maria.csrf });
    return {
      confirm,
      done: res.headers.get('location') ?? '',
      page: await textOf(await keys.maria.get(res.headers.get('location') ?? '')),
    };
  };

  test('R8 a typed key is wiped, and the words do not say that the partner ended it', async () => {
    keys.acme.plan.door = right['acme-key'].door;
    await keys.connect('acme-key', right['acme-key'].typed);
    keys.acme.requests.length = 0;
    const { confirm, done, page } = await end();
    expect(confirm).toContain('goes on working at Acme until somebody ends it there');
    expect(done).toContain('done=wiped');
    expect(page).toContain('end it there too');
    expect(count(keys.door, 'vault')).toBe(0);
    expect(keys.acme.requests).toHaveLength(0);
  });

  test('R8 a client’s token is handed back', async () => {
    await keys.connect('acme-client', right['acme-client'].typed);
    keys.acme.requests.length = 0;
    expect((await end()).done).toContain('done=disconnected');
    expect(keys.acme.calls()).toEqual(['POST /revoke']);
    expect(count(keys.door, 'vault')).toBe(0);
  });

  test('GATE-k.19 connected again under another name, it is another account: old answers do not count', async () => {
    keys.acme.plan.door = right['acme-unnamed'].door;
    await keys.connect('acme-unnamed', right['acme-unnamed'].typed);
    const chat = await openChat({ ...keys, integration: keys.door.integration('acme-unnamed') });
    await chat.answer({ email: 'yes' });
    await end();
    expect(await (await keys.maria.get(formAt('acme-unnamed'))).text()).toContain('value="Harbor’s line"');
    await keys.connect('acme-unnamed', { ...right['acme-unnamed'].typed, account: 'Another line' });
    expect((await chat.preview()).body.rows.find((r) => r.field === 'email')).toMatchObject({
      leaves: false,
      rule: 'D10',
    });
  });
});
