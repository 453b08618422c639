import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Acme, acmeCode, acmes, openAcme, type WayId, ways } from '../../support/acme.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { count, openChat, stored } from './stage.ts';

let door: FrontDoor;
let acme: Acme;
let maria: Awaited<ReturnType<FrontDoor['owner']>>;
beforeEach(async () => {
  acme = await openAcme();
  const code = Object.fromEntries(Object.keys(ways).map((id) => [id, acmeCode]));
  door = await frontDoor({ adapters: (list) => [...list, ...acmes], code, standIn: acme.standIn });
  maria = await door.owner();
});
afterEach(async () => {
  await door.close();
  await acme.close();
});

/** What each way is let in by at the partner, and what the admin types for it. */
const right: Record<Exclude<WayId, 'acme-hook'>, { door: [string, string]; typed: Record<string, string> }> = {
  'acme-key': { door: ['x-acme-key', 'KEY-one-1f1f'], typed: { key: ' KEY-one-1f1f ' } },
  'acme-scheme': { door: ['authorization', 'Token KEY-one-1f1f'], typed: { key: 'KEY-one-1f1f' } },
  'acme-basic': {
    door: ['authorization', `Basic ${Buffer.from('harbor:pass wörd:4c4c ').toString('base64')}`],
    typed: { user: 'harbor', password: 'pass wörd:4c4c ' },
  },
  'acme-unnamed': {
    door: ['authorization', `Basic ${Buffer.from('AC12:AUTH-5b5b').toString('base64')}`],
    typed: { user: 'AC12', password: 'AUTH-5b5b', account: 'Harbor’s line' },
  },
  'acme-client': { door: ['x', 'x'], typed: { id: 'harbor', secret: 'CLIENT-secret-2e2e' } },
};
const trials = Object.entries(right) as [keyof typeof right, (typeof right)[keyof typeof right]][];

const formAt = (id: string) => `/console/add/${id}/key`;
const connect = async (id: string, typed: Record<string, string>) => {
  maria.csrf = /name="csrf" value="([^"]+)"/.exec(await (await maria.get('/console')).text())?.[1] ?? '';
  return maria.submit(formAt(id), { csrf: maria.csrf, ...typed });
};
const row = () =>
  door.store.read
    .hot('select id, connection, account_id, account_name, sandbox, trouble, conn_epoch from integration')
    .get();
const audits = (act: string) =>
  door.store.read
    .hot('select detail from audit where act = ? order by seq')
    .all(act)
    .map((one) => one.detail);
const sealed = () => JSON.stringify(door.store.read.hot('select * from vault').all());
/** Everything the store holds, as text: what a stolen database would say. */
const dump = () =>
  door.store.read
    .hot("select name from sqlite_master where type = 'table'")
    .all()
    .map(({ name }) => JSON.stringify(door.store.read.hot(`select * from "${name}"`).all()))
    .join('\n');
const textOf = async (res: Response) => (await res.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('R2 a key is typed, tried and sealed', () => {
  test.each(trials)(
    'R2 %s: tried by its check, sealed, and a share goes out with it',
    async (id, { door: let_in, typed }) => {
      acme.plan.door = let_in;
      const res = await connect(id, typed);
      expect([res.status, res.headers.get('location')]).toEqual([303, '/console?done=connected']);
      expect(acme.calls().at(-1)).toBe('GET /me');
      expect(acme.requests.at(-1)?.headers['user-agent']).toMatch(/^askfirst\//);
      const name = id === 'acme-unnamed' ? 'Harbor’s line' : 'Harbor at Acme';
      expect(row()).toMatchObject({ connection: 'active', sandbox: 1, account_name: name });
      expect(count(door, 'vault')).toBe(1);
      for (const word of Object.values(typed).filter((w) => /-\w{4}$|4c4c/.test(w.trim())))
        expect(dump() + door.logged()).not.toContain(word.trim());

      const chat = await openChat({ door, maria, integration: door.integration(id) });
      await chat.answer({ email: 'yes' });
      await chat.send();
      expect((await chat.lastShare())?.state).toBe('sent');
      expect(acme.requests.at(-1)).toMatchObject({ method: 'POST', path: '/people' });
      expect(JSON.parse(acme.requests.at(-1)?.body ?? '')).toEqual({ email: 'ada@brandt.example' });
    },
  );

  test('R14 the data sheet comes first; it leads to a form with nothing in it and nothing to complete', async () => {
    const sheet = await (await maria.get('/console/add/acme-key')).text();
    expect(sheet).toContain('Acme: data sheet');
    expect(sheet).toContain(`href="${formAt('acme-key')}"`);
    const page = await maria.get(formAt('acme-key'));
    expect(page.headers.get('cache-control')).toBe('no-store');
    const html = await page.text();
    const field = /<input[^>]*id="key"[^>]*>/.exec(html)?.[0];
    expect(field).toContain('type="password"');
    expect(field).toContain('autocomplete="off"');
    expect(field).not.toContain('value=');
    expect(html).toContain('In Acme: Settings, API keys.');
    expect(html).toContain('people.write');
    expect(html).not.toContain('id="account"'); // the partner says whose it is
    expect(await (await maria.get(formAt('acme-unnamed'))).text()).toContain('id="account"');
    // An old page's button starts nothing at the partner.
    const old = await maria.submit('/console/add/acme-key', { csrf: maria.csrf });
    expect(old.headers.get('location')).toBe(formAt('acme-key'));
    expect(acme.requests).toHaveLength(0);
  });

  test('sec-O10 BA4 the session id changes with the connect', async () => {
    const before = maria.cookies.get('__Host-askfirst.session_token');
    acme.plan.door = right['acme-key'].door;
    await connect('acme-key', right['acme-key'].typed);
    expect(before).toBeTruthy();
    expect(maria.cookies.get('__Host-askfirst.session_token')).not.toBe(before);
    expect((await maria.get('/console')).status).toBe(200);
  });

  test('R2 webhook only: nobody is asked, the secret is sealed, and the page says that nothing is sent', async () => {
    const res = await connect('acme-hook', { secret: 'HOOK-secret-6a6a', account: 'Acme notes' });
    expect(res.status).toBe(303);
    expect(acme.requests).toHaveLength(0);
    expect(row()).toMatchObject({ connection: 'active', account_name: 'Acme notes' });
    expect(dump()).not.toContain('HOOK-secret-6a6a');
    const { brand_id, id } = door.store.read.hot('select brand_id, id from integration').get() ?? {};
    const text = await textOf(await maria.get(`/console/connections/${id}`));
    expect(text).toContain('It only sends.');
    expect(text).toContain('It gets nothing from askfirst.');
    expect(text).not.toContain('Last good call');
    expect(brand_id).toBe('harbor-motors');
    expect(await textOf(await maria.get('/console'))).toContain('Waits for what it sends.');
  });
});

describe('R2 a wrong key is refused in plain words, kept nowhere and never echoed', () => {
  const wrong: Record<string, Record<string, string>> = {
    'acme-key': { key: 'WRONG-9f9f' },
    'acme-scheme': { key: 'WRONG-9f9f' },
    'acme-basic': { user: 'WRONG-user', password: 'WRONG-9f9f' },
    'acme-unnamed': { user: 'WRONG-user', password: 'WRONG-9f9f', account: 'WRONG-label' },
    'acme-client': { id: 'WRONG-id', secret: 'WRONG-9f9f' },
  };
  /** Refused: one plain sentence on the same form, nothing stored, an audit row, not a letter of it anywhere. */
  async function refused(id: string, typed: Record<string, string>, words: string) {
    const before = stored(door);
    const seen = audits('connect-refused').length;
    const res = await connect(id, typed);
    expect(res.status).toBe(400);
    const html = await res.text();
    expect(html).toContain(words);
    expect(html).toContain('Nothing was stored.');
    expect(html).toContain('role="alert"');
    expect(html).not.toMatch(/WRONG|PARTNER-TEXT/);
    expect(stored(door)).toEqual(before);
    expect(audits('connect-refused').slice(seen)).toEqual([id]);
    expect(dump() + door.logged()).not.toMatch(/WRONG|PARTNER-TEXT/);
  }

  test.each(Object.entries(wrong))('R2 %s', (id, typed) => refused(id, typed, 'Acme did not accept the '));

  test.each<[string, () => void, string]>([
    ['is busy', () => (acme.plan.status = 429), 'Acme is busy or has a fault.'],
    ['has a fault', () => (acme.plan.status = 503), 'Acme is busy or has a fault.'],
    ['sends us on', () => (acme.plan.status = 302), 'Acme answered in a way we cannot read.'],
    ['has no such call', () => (acme.plan.status = 404), 'Acme answered in a way we cannot read.'],
    ['forbids it', () => (acme.plan.status = 403), 'Acme did not accept the API key.'],
    ['does not say whose it is', () => (acme.plan.account = { name: 'x' }), 'Acme did not say whose account this is.'],
    ['sends a list', () => (acme.plan.account = ['PARTNER-TEXT']), 'Acme did not say whose account this is.'],
    ['hangs up', () => acme.answer((_, reply) => reply.hangUp()), 'Acme could not be reached.'],
    [
      'sends no JSON',
      () => acme.answer((_, reply) => reply.text(200, 'text/html', 'PARTNER-TEXT')),
      'Acme answered in a way we cannot read.',
    ],
  ])('R2 the partner %s', async (_, spoil, words) => {
    acme.plan.door = ['x-acme-key', 'WRONG-9f9f'];
    spoil();
    await refused('acme-key', { key: 'WRONG-9f9f' }, words);
  });

  test.each<[string, string, Record<string, string>, string]>([
    ['empty', 'acme-key', { key: '  ' }, 'API key is empty.'],
    ['missing', 'acme-key', {}, 'API key is empty.'],
    ['with a line in it', 'acme-key', { key: 'WRONG\r\nx-evil: 1' }, 'API key has a form that cannot be used.'],
    ['too long', 'acme-key', { key: 'WRONG'.repeat(1_601) }, 'API key has a form that cannot be used.'],
    ['a colon in a user name', 'acme-basic', { user: 'WRONG:a', password: 'x' }, 'User name has a form'],
    ['a line in a password', 'acme-basic', { user: 'a', password: 'WRONG\nb' }, 'Password has a form'],
  ])('R2 %s: nobody is asked', async (_, id, typed, words) => {
    await refused(id, typed, words);
    expect(acme.requests).toHaveLength(0);
  });

  test('R2 a name for the account is asked for only where the partner gives none', async () => {
    acme.plan.door = right['acme-unnamed'].door;
    const { account: _, ...typed } = right['acme-unnamed'].typed;
    await refused('acme-unnamed', typed, 'Give the account a name');
    await refused('acme-unnamed', { ...typed, account: 'WRONG'.repeat(17) }, 'Give the account a name');
  });

  test('OA11 more rights than the data sheet names: refused and handed back', async () => {
    acme.plan.scope = 'people.write people.delete';
    await refused('acme-client', right['acme-client'].typed, 'more rights than the data sheet names');
    expect(acme.calls()).toEqual(['POST /token', 'POST /revoke']);
  });

  test('sec-H08 another page, a missing csrf field, a GET, a large body: nobody is asked', async () => {
    const typed = right['acme-key'].typed;
    expect((await maria.submit(formAt('acme-key'), typed)).status).toBe(403);
    expect((await maria.submit(formAt('acme-key'), { ...typed, csrf: 'x' })).status).toBe(403);
    expect((await maria.get(`${formAt('acme-key')}?key=KEY-one-1f1f`)).status).toBe(200);
    const large = await connect('acme-key', { key: 'x'.repeat(17_000) });
    expect(large.status).toBe(413);
    expect((await connect('hubspot', { key: 'x' })).status).toBe(404);
    expect((await connect('openid', { key: 'x' })).status).toBe(404);
    const stranger = door.client();
    expect((await stranger.submit(formAt('acme-key'), typed)).status).toBe(401);
    expect(acme.requests).toHaveLength(0);
    expect(count(door, 'integration')).toBe(0);
  });

  test('sec-H17 tries are limited per brand', async () => {
    let last = 0;
    for (let n = 0; n < 21; n++) last = (await connect('acme-key', { key: '' })).status;
    expect(last).toBe(429);
  });
});

describe('R6 another key of the same account', () => {
  const { door: opens, typed } = right['acme-key'];
  async function linked() {
    acme.plan.door = opens;
    await connect('acme-key', typed);
    return openChat({ door, maria, integration: door.integration('acme-key') });
  }

  test('R6 takes the place of the old one; id and answers stay, and the old key is used no more', async () => {
    const chat = await linked();
    await chat.answer({ email: 'yes' });
    const before = row();
    const old = sealed();
    acme.plan.door = ['x-acme-key', 'KEY-two-7e7e'];
    expect((await connect('acme-key', { key: 'KEY-two-7e7e' })).status).toBe(303);
    expect(row()).toMatchObject({ id: before?.id, connection: 'active', account_id: 'acme-7' });
    expect(sealed()).not.toBe(old);
    await chat.send();
    expect((await chat.lastShare())?.state).toBe('sent');
    expect(acme.requests.at(-1)?.headers['x-acme-key']).toBe('KEY-two-7e7e');
  });

  test('R6 of another account is refused; the linked one goes on', async () => {
    const chat = await linked();
    await chat.answer({ email: 'yes' });
    const before = row();
    acme.plan.account = { id: 'acme-8', name: 'Somebody else' };
    const kept = sealed();
    const res = await connect('acme-key', typed);
    expect(res.status).toBe(400);
    expect(await res.text()).toContain('different Acme account. Nothing was changed.');
    expect([row(), sealed()]).toEqual([before, kept]);
    await chat.send();
    expect((await chat.lastShare())?.state).toBe('sent');
  });

  test('R6 a token got for another account’s client is handed back', async () => {
    await connect('acme-client', right['acme-client'].typed);
    acme.plan.account = { id: 'acme-8', name: 'Somebody else' };
    acme.requests.length = 0;
    expect((await connect('acme-client', right['acme-client'].typed)).status).toBe(400);
    expect(acme.calls()).toEqual(['POST /token', 'GET /me', 'POST /revoke']);
  });

  test('R6 where the partner names nobody, the linked account keeps its name and is not asked for another', async () => {
    acme.plan.door = right['acme-unnamed'].door;
    await connect('acme-unnamed', right['acme-unnamed'].typed);
    const page = await (await maria.get(formAt('acme-unnamed'))).text();
    expect(page).toContain('Harbor’s line');
    expect(page).not.toContain('id="account"');
    const { account: _, ...again } = right['acme-unnamed'].typed;
    expect((await connect('acme-unnamed', { ...again, account: 'Other' })).status).toBe(303);
    expect(row()).toMatchObject({ account_id: 'Harbor’s line', connection: 'active' });
  });

  test('R2 a wrong key beside a working one changes nothing', async () => {
    await linked();
    const before = [row(), sealed()];
    expect((await connect('acme-key', { key: 'WRONG-9f9f' })).status).toBe(400);
    expect([row(), sealed()]).toEqual(before);
  });
});

describe('R5 a key that the partner turns down later', () => {
  test.each(['acme-key', 'acme-basic'] as const)(
    'R5 %s: an answered 401 needs reconnecting, and a new key ends that',
    async (id) => {
      acme.plan.door = right[id].door;
      await connect(id, right[id].typed);
      const chat = await openChat({ door, maria, integration: door.integration(id) });
      await chat.answer({ email: 'yes' });
      acme.plan.door = ['x-acme-key', 'somebody ended it'];
      acme.requests.length = 0;
      await chat.send();
      expect(acme.calls()).toEqual(['POST /people']); // once: it would not be another key the second time
      expect((await chat.lastShare())?.state).toBe('failed');
      expect(row()?.trouble).toBe('needs_reconnect');
      expect(await textOf(await maria.get('/console'))).toContain('Acme turned our key down.');
      acme.plan.door = right[id].door;
      expect((await connect(id, right[id].typed)).status).toBe(303);
      expect(row()?.trouble).toBeNull();
      await chat.send();
      expect((await chat.lastShare())?.state).toBe('sent');
    },
  );

  test('R3 a client’s token that ran out is got anew once, whoever waits', async () => {
    await connect('acme-client', right['acme-client'].typed);
    const chat = await openChat({ door, maria, integration: door.integration('acme-client') });
    await chat.answer({ email: 'yes' });
    acme.plan.door = ['authorization', 'Bearer of another time'];
    acme.requests.length = 0;
    await chat.send();
    expect(acme.calls()).toEqual(['POST /people', 'POST /token', 'POST /people']);
    expect((await chat.lastShare())?.state).toBe('sent');
  });

  test('R5 a client that the partner forgot needs reconnecting; a partner that is down does not', async () => {
    await connect('acme-client', right['acme-client'].typed);
    const chat = await openChat({ door, maria, integration: door.integration('acme-client') });
    await chat.answer({ email: 'yes' });
    acme.plan.door = ['authorization', 'Bearer of another time'];
    const honest = acme.plan.client;
    acme.plan.client = 'nobody:x';
    await chat.send();
    expect(row()?.trouble).toBe('needs_reconnect');
    acme.plan.client = honest;
    expect((await connect('acme-client', right['acme-client'].typed)).status).toBe(303);
    acme.answer((_, reply) => reply.json(503, {}));
    await chat.send();
    expect(row()?.trouble).not.toBe('needs_reconnect');
  });
});

describe('R8 disconnect', () => {
  const end = async () => {
    const id = row()?.id as string;
    const confirm = await textOf(await maria.get(`/console/connections/${id}/disconnect`));
    maria.csrf = /name="csrf" value="([^"]+)"/.exec(await (await maria.get('/console')).text())?.[1] ?? '';
    const res = await maria.submit(`/console/connections/${id}/disconnect`, { csrf: maria.csrf });
    return {
      confirm,
      done: res.headers.get('location') ?? '',
      page: await textOf(await maria.get(res.headers.get('location') ?? '')),
    };
  };

  test('R8 a typed key is wiped, and the words do not say that the partner ended it', async () => {
    acme.plan.door = right['acme-key'].door;
    await connect('acme-key', right['acme-key'].typed);
    acme.requests.length = 0;
    const { confirm, done, page } = await end();
    expect(confirm).toContain('goes on working at Acme until somebody ends it there');
    expect(done).toContain('done=wiped');
    expect(page).toContain('end it there too');
    expect(count(door, 'vault')).toBe(0);
    expect(acme.requests).toHaveLength(0);
  });

  test('R8 a client’s token is handed back', async () => {
    await connect('acme-client', right['acme-client'].typed);
    acme.requests.length = 0;
    expect((await end()).done).toContain('done=disconnected');
    expect(acme.calls()).toEqual(['POST /revoke']);
    expect(count(door, 'vault')).toBe(0);
  });

  test('GATE-k.19 connected again under another name, it is another account: old answers do not count', async () => {
    acme.plan.door = right['acme-unnamed'].door;
    await connect('acme-unnamed', right['acme-unnamed'].typed);
    const chat = await openChat({ door, maria, integration: door.integration('acme-unnamed') });
    await chat.answer({ email: 'yes' });
    await end();
    expect(await (await maria.get(formAt('acme-unnamed'))).text()).toContain('value="Harbor’s line"');
    await connect('acme-unnamed', { ...right['acme-unnamed'].typed, account: 'Another line' });
    expect((await chat.preview()).body.rows.find((r) => r.field === 'email')).toMatchObject({
      leaves: false,
      rule: 'D10',
    });
  });
});
