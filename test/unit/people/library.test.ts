import { DatabaseSync } from 'node:sqlite';
import { getMigrations } from 'better-auth/db/migration';
import { afterAll, expect, it } from 'vitest';
import { type AuthDeps, authOptions, createAuth } from '../../../server/people/auth.ts';
import { openStore } from '../../../server/store/open.ts';
import { baseUrl } from './desk.ts';

const store = openStore(':memory:');
afterAll(() => store.close());
const deps: AuthDeps = { store, secret: 'Z3VhcmRlZC1ieS10aGUtaGFyYm9yLW1hc3Rlci0wMTIz', baseUrl, now: Date.now };

it('the pinned tables are the ones better-auth wants for our options', async () => {
  const empty = new DatabaseSync(':memory:');
  empty.exec(await (await getMigrations({ ...authOptions(deps), database: empty })).compileMigrations());
  const wanted = empty.prepare("select name from sqlite_master where type = 'table' order by name").all();
  expect(wanted.map((t) => t.name)).toContain('twoFactor');
  for (const { name } of wanted) {
    const here = (sql: string) => store.read.hot(sql).all();
    const there = (sql: string) => empty.prepare(sql).all();
    // Columns by name, since a later step adds at the end; a default is the library's own business, it writes all.
    const columns = `select name, type, "notnull", pk from pragma_table_info('${name}') order by name`;
    expect(here(columns), String(name)).toEqual(there(columns));
    const keys = `select "table", "from", "to", on_delete from pragma_foreign_key_list('${name}') order by "from"`;
    expect(here(keys), String(name)).toEqual(there(keys));
    const indices = `select sql from sqlite_master where type = 'index' and sql is not null and tbl_name = '${name}' and name <> 'member_once' order by name`;
    expect(here(indices), String(name)).toEqual(there(indices));
    const unique = `select count(*) as n from pragma_index_list('${name}') where "unique" = 1 and name <> 'member_once'`;
    expect(here(unique), String(name)).toEqual(there(unique));
  }
  const ours = await getMigrations(authOptions(deps));
  expect([ours.toBeCreated, ours.toBeAdded, ours.toBeAddedIndexes, ours.schemaProblems]).toEqual([[], [], [], []]);
});

const paths = () =>
  Object.values(createAuth(deps).api)
    .map((endpoint) => (endpoint as { path?: string }).path ?? '(no path)')
    .sort();

it('BA2 the paths of the library are the ones we know: an upgrade that adds one shows here', () => {
  expect(paths()).toMatchSnapshot();
});

it('BA2 BA7 no path of the library answers over HTTP, by any method', async () => {
  const { handler } = createAuth(deps);
  let caller = 0;
  for (const path of [...new Set(paths()), '/anything'])
    for (const method of ['GET', 'POST']) {
      const headers = { 'x-askfirst-client': `192.0.2.${++caller}`, origin: baseUrl };
      const url = `${baseUrl}/api/auth${path.replace(/:\w+/, 'x')}`;
      const answer = await handler(new Request(url, { method, headers, body: method === 'POST' ? '{}' : undefined }));
      expect(answer.status).toBe(404);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
});

it('SECURITY 4.2 options that must not drift', () => {
  const options = authOptions(deps);
  expect(options.plugins.map((p) => p.id)).toEqual(['shut', 'renew', 'magic-link', 'organization', 'two-factor']);
  expect(options.trustedOrigins).toEqual(['http://localhost:8787']);
  expect(options.session.cookieCache.enabled).toBe(false);
  expect(options.session.additionalFields.mfaAt.input).toBe(false);
  expect(options.plugins[4].options).toEqual({ allowPasswordless: true });
  expect(options.rateLimit).toEqual({ enabled: true, storage: 'database' });
  expect(options.advanced.ipAddress.ipAddressHeaders).toEqual(['x-askfirst-client']);
  expect(Object.keys(options.advanced)).not.toContain('crossSubDomainCookies');
  expect(JSON.stringify(options.advanced)).not.toMatch(/disable(Origin|CSRF)Check/);
  expect(options.plugins[3].options).toMatchObject({
    allowUserToCreateOrganization: false,
    requireEmailVerificationOnInvitation: true,
  });
  expect(options.plugins[3].options.membershipLimit).toBeGreaterThan(101);
});

it('BA2 the library itself makes no account for an address without an invitation', async () => {
  const auth = createAuth(deps);
  const tokens: string[] = [];
  const metadata = { hand: (token: string) => tokens.push(token) };
  const headers = new Headers();
  await auth.api.signInMagicLink({ body: { email: 'eve@elsewhere.example', metadata }, headers });
  expect(tokens).toHaveLength(1);
  await expect(auth.api.magicLinkVerify({ query: { token: tokens[0] ?? '' }, headers })).rejects.toThrow();
  expect(store.read.hot('select * from "user"').all()).toEqual([]);
  expect(store.read.hot('select * from "session"').all()).toEqual([]);
});

it('BA2 without our own hand to take it, a token goes nowhere', async () => {
  const auth = createAuth(deps);
  const body = { email: 'eve@elsewhere.example', metadata: { hand: 'a word from the wire' } };
  expect(await auth.api.signInMagicLink({ body, headers: new Headers() })).toEqual({ status: true });
});
