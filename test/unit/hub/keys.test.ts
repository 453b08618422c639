import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formAt, openKeys, right, textOf } from './keys-stage.ts';
import { count, openChat, stored } from './stage.ts';

let keys: Awaited<ReturnType<typeof openKeys>>;
beforeEach(async () => {
  keys = await openKeys();
});
afterEach(() => keys.close());
const trials = Object.entries(right) as [keyof typeof right, (typeof right)[keyof typeof right]][];

describe('R2 a key is typed, tried and sealed', () => {
  test.each(trials)(
    'R2 %s: tried by its check, sealed, and a share goes out with it',
    async (id, { door: let_in, typed }) => {
      keys.acme.plan.door = let_in;
      const res = await keys.connect(id, typed);
      expect([res.status, res.headers.get('location')]).toEqual([303, '/console?done=connected']);
      expect(keys.acme.calls().at(-1)).toBe('GET /me');
      expect(keys.acme.requests.at(-1)?.headers['user-agent']).toMatch(/^askfirst\//);
      const name = id === 'acme-unnamed' ? 'Harbor’s line' : 'Harbor at Acme';
      expect(keys.row()).toMatchObject({ connection: 'active', sandbox: 1, account_name: name });
      expect(count(keys.door, 'vault')).toBe(1);
      for (const word of Object.values(typed).filter((w) => /-\w{4}$|4c4c/.test(w.trim())))
        expect(keys.dump() + keys.door.logged()).not.toContain(word.trim());

      const chat = await openChat({ ...keys, integration: keys.door.integration(id) });
      await chat.answer({ email: 'yes' });
      await chat.send();
      expect((await chat.lastShare())?.state).toBe('sent');
      expect(keys.acme.requests.at(-1)).toMatchObject({ method: 'POST', path: '/people' });
      expect(JSON.parse(keys.acme.requests.at(-1)?.body ?? '')).toEqual({ email: 'ada@brandt.example' });
    },
  );

  test('R14 the data sheet comes first; it leads to a form with nothing in it and nothing to complete', async () => {
    const sheet = await (await keys.maria.get('/console/add/acme-key')).text();
    expect(sheet).toContain('Acme: data sheet');
    expect(sheet).toContain(`href="${formAt('acme-key')}"`);
    const page = await keys.maria.get(formAt('acme-key'));
    expect(page.headers.get('cache-control')).toBe('no-store');
    const html = await page.text();
    const field = /<input[^>]*id="key"[^>]*>/.exec(html)?.[0];
    expect(field).toContain('type="password"');
    expect(field).toContain('autocomplete="off"');
    expect(field).not.toContain('value=');
    expect(html).toContain('In Acme: Settings, API keys.');
    expect(html).toContain('people.write');
    expect(html).not.toContain('id="account"'); // the partner says whose it is
    expect(await (await keys.maria.get(formAt('acme-unnamed'))).text()).toContain('id="account"');
    // An old page's button starts nothing at the partner.
    const old = await keys.maria.submit('/console/add/acme-key', { csrf: keys.maria.csrf });
    expect(old.headers.get('location')).toBe(formAt('acme-key'));
    expect(keys.acme.requests).toHaveLength(0);
  });

  test('sec-O10 BA4 the session id changes with the connect', async () => {
    const before = keys.maria.cookies.get('__Host-askfirst.session_token');
    keys.acme.plan.door = right['acme-key'].door;
    await keys.connect('acme-key', right['acme-key'].typed);
    expect(before).toBeTruthy();
    expect(keys.maria.cookies.get('__Host-askfirst.session_token')).not.toBe(before);
    expect((await keys.maria.get('/console')).status).toBe(200);
  });

  test('R2 webhook only: nobody is asked, the secret is sealed, and the page says that nothing is sent', async () => {
    const res = await keys.connect('acme-hook', { secret: 'HOOK-secret-6a6a', account: 'Acme notes' });
    expect(res.status).toBe(303);
    expect(keys.acme.requests).toHaveLength(0);
    expect(keys.row()).toMatchObject({ connection: 'active', account_name: 'Acme notes' });
    expect(keys.dump()).not.toContain('HOOK-secret-6a6a');
    const { brand_id, id } = keys.door.store.read.hot('select brand_id, id from integration').get() ?? {};
    const text = await textOf(await keys.maria.get(`/console/connections/${id}`));
    expect(text).toContain('It only sends.');
    expect(text).toContain('It gets nothing from askfirst.');
    expect(text).not.toContain('Last good call');
    expect(brand_id).toBe('harbor-motors');
    expect(await textOf(await keys.maria.get('/console'))).toContain('Waits for what it sends.');
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
    const before = stored(keys.door);
    const seen = keys.audits('connect-refused').length;
    const res = await keys.connect(id, typed);
    expect(res.status).toBe(400);
    const html = await res.text();
    expect(html).toContain(words);
    expect(html).toContain('Nothing was stored.');
    expect(html).toContain('role="alert"');
    expect(html).not.toMatch(/WRONG|PARTNER-TEXT/);
    expect(stored(keys.door)).toEqual(before);
    expect(keys.audits('connect-refused').slice(seen)).toEqual([id]);
    expect(keys.dump() + keys.door.logged()).not.toMatch(/WRONG|PARTNER-TEXT/);
  }

  test.each(Object.entries(wrong))('R2 %s', (id, typed) => refused(id, typed, 'Acme did not accept the '));

  test.each<[string, () => void, string]>([
    ['is busy', () => (keys.acme.plan.status = 429), 'Acme is busy or has a fault.'],
    ['has a fault', () => (keys.acme.plan.status = 503), 'Acme is busy or has a fault.'],
    ['sends us on', () => (keys.acme.plan.status = 302), 'Acme answered in a way we cannot read.'],
    ['has no such call', () => (keys.acme.plan.status = 404), 'Acme answered in a way we cannot read.'],
    ['forbids it', () => (keys.acme.plan.status = 403), 'Acme did not accept the API key.'],
    [
      'does not say whose it is',
      () => (keys.acme.plan.account = { name: 'x' }),
      'Acme did not say whose account this is.',
    ],
    ['sends a list', () => (keys.acme.plan.account = ['PARTNER-TEXT']), 'Acme did not say whose account this is.'],
    ['hangs up', () => keys.acme.answer((_, reply) => reply.hangUp()), 'Acme could not be reached.'],
    [
      'sends no JSON',
      () => keys.acme.answer((_, reply) => reply.text(200, 'text/html', 'PARTNER-TEXT')),
      'Acme answered in a way we cannot read.',
    ],
  ])('R2 the partner %s', async (_, spoil, words) => {
    keys.acme.plan.door = ['x-acme-key', 'WRONG-9f9f'];
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
    expect(keys.acme.requests).toHaveLength(0);
  });

  test('R2 a name for the account is asked for only where the partner gives none', async () => {
    keys.acme.plan.door = right['acme-unnamed'].door;
    const { account: _, ...typed } = right['acme-unnamed'].typed;
    await refused('acme-unnamed', typed, 'Give the account a name');
    await refused('acme-unnamed', { ...typed, account: 'WRONG'.repeat(17) }, 'Give the account a name');
  });

  test('OA11 more rights than the data sheet names: refused and handed back', async () => {
    keys.acme.plan.scope = 'people.write people.delete';
    await refused('acme-client', right['acme-client'].typed, 'more rights than the data sheet names');
    expect(keys.acme.calls()).toEqual(['POST /token', 'POST /revoke']);
  });

  test('sec-H08 another page, a missing csrf field, a GET, a large body: nobody is asked', async () => {
    const typed = right['acme-key'].typed;
    expect((await keys.maria.submit(formAt('acme-key'), typed)).status).toBe(403);
    expect((await keys.maria.submit(formAt('acme-key'), { ...typed, csrf: 'x' })).status).toBe(403);
    expect((await keys.maria.get(`${formAt('acme-key')}?key=KEY-one-1f1f`)).status).toBe(200);
    const large = await keys.connect('acme-key', { key: 'x'.repeat(17_000) });
    expect(large.status).toBe(413);
    expect((await keys.connect('hubspot', { key: 'x' })).status).toBe(404);
    expect((await keys.connect('openid', { key: 'x' })).status).toBe(404);
    const stranger = keys.door.client();
    expect((await stranger.submit(formAt('acme-key'), typed)).status).toBe(401);
    expect(keys.acme.requests).toHaveLength(0);
    expect(count(keys.door, 'integration')).toBe(0);
  });

  test('sec-H17 tries are limited per brand', async () => {
    let last = 0;
    for (let n = 0; n < 21; n++) last = (await keys.connect('acme-key', { key: '' })).status;
    expect(last).toBe(429);
  });
});
