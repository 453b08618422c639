import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVault } from '../../../server/egress/vault.ts';
import { openStore } from '../../../server/store/open.ts';
import { deriveKey } from '../../../server/store/seal.ts';
import { type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { json, openRecorder, type Recorder } from '../../support/recorder.ts';
import { withAuth } from '../../support/with-auth.ts';
import { openChat, type Setting, until } from './stage.ts';

const MARK = 'LIVE5f2c';
const key = randomBytes(32);
let folder: string;
let door: FrontDoor;
let recorder: Recorder;
let maria: Awaited<ReturnType<FrontDoor['owner']>>;
let ticks: number;
let clock: number;
let made: number;
/** Every secret that was ever on the way, and everything a person could come to see. */
let secrets: Set<string>;
let seen: string[];

/** HubSpot as it would be with bound tokens: then there is a private key to lose too. */
const bound = withAuth({ dpop: true });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'marked-'));
  [ticks, made, secrets, seen] = [0, 0, new Set(), []];
  clock = Date.now();
  recorder = await openRecorder();
  door = await frontDoor({
    recorder,
    key,
    store: openStore(join(folder, 'hub.db')),
    adapters: bound,
    monotonic: () => performance.now() + ticks,
    now: () => new Date(clock),
    egress: { totalMs: 300 },
  });
  maria = await door.owner();
});
afterEach(async () => {
  await door.close();
  await recorder.close();
  rmSync(folder, { recursive: true });
});

const secret = (what: string) => {
  const value = `${MARK}-${what}-${++made}`;
  secrets.add(value);
  return value;
};
/** What a person is shown; where a browser is sent on is theirs alone. */
async function look(res: Response): Promise<Response> {
  const { location: _, 'set-cookie': __, ...headers } = Object.fromEntries(res.headers);
  seen.push(JSON.stringify(headers), await res.clone().text());
  return res;
}
const pages = async () => {
  for (const path of ['/console', `/console/connections/${door.integration() ?? 'none'}`, '/console/ledger'])
    await look(await maria.get(path));
};
const good = () => ({
  access_token: secret('access'),
  refresh_token: secret('refresh'),
  token_type: 'DPoP',
  expires_in: 1800,
  hub_id: 4810000,
  hub_domain: 'harbor.example',
});
type Turn = (res: ServerResponse) => void;
/** The partner's OAuth endpoints, each as told; all else goes to the sandbox. */
function partner(on: Partial<Record<'token' | 'introspect' | 'revoke', Turn>>): void {
  recorder.answer((request, res) => {
    if (!request.path.includes('/oauth/')) return false;
    const what = request.path.split('/').at(-1) as 'token' | 'introspect' | 'revoke';
    const sent = new URLSearchParams(request.body);
    for (const name of ['client_secret', 'code_verifier', 'code', 'refresh_token'])
      for (const value of sent.getAll(name)) secrets.add(value);
    const account = { active: true, hub_id: 4810000, hub_domain: 'harbor.example' };
    const usual: Record<typeof what, Turn> = {
      token: (r) => json(r, 200, good()),
      introspect: (r) => json(r, 200, account),
      revoke: (r) => void r.writeHead(204).end(),
    };
    (on[what] ?? usual[what])(res);
    return true;
  });
}
/** Tokens are over and waits too; what waited is tried again. */
async function later(): Promise<void> {
  ticks += 2_000_000;
  clock += 700_000;
  door.hub.deps.runner.wake();
  await door.hub.deps.runner.idle();
}
/** Begins a connect and comes back with a code: the callback's answer. */
async function callback(spoil: (back: URL) => void = () => {}): Promise<Response> {
  // how often somebody may connect is not what is tested here
  for (const of of ['harbor-motors', '127.0.0.1', '::1', '']) await door.hub.deps.limits.connect.delete(of);
  const page = await (await look(await maria.get('/console'))).text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const res = await maria.submit('/console/add/hubspot', { csrf });
  const back = new URL(`${door.origin}/oauth/callback/hubspot`);
  const state = new URL(res.headers.get('location') ?? '').searchParams.get('state') ?? '';
  secrets.add(state);
  back.search = new URLSearchParams({ code: secret('code'), state }).toString();
  spoil(back);
  return look(await maria.get(back.href));
}
async function confirm(res: Response, answer = 'connect'): Promise<number> {
  const to = /\/console\/confirm\/[\w-]+/.exec(await res.text())?.[0] ?? '';
  const page = await (await look(await maria.get(to))).text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  return (await look(await maria.submit(to, { csrf, answer }))).status;
}

/** Answers that print live tokens where nobody looks (SECURITY.md OA1), each with everything said back. */
const spoilt = (): [string, Turn][] => {
  const said = () => ({ error: 'invalid_grant', error_description: secret('said'), message: secret('said') });
  return [
    ['odd type', (r) => json(r, 200, { ...good(), token_type: secret('type') })],
    ['unbound', (r) => json(r, 200, { ...good(), token_type: 'bearer' })],
    ['negative life', (r) => json(r, 200, { ...good(), expires_in: -1 })],
    ['empty refresh token', (r) => json(r, 200, { ...good(), refresh_token: '' })],
    ['token as object', (r) => json(r, 200, { ...good(), access_token: { a: secret('access') } })],
    ['token with a line end', (r) => json(r, 200, { ...good(), access_token: `${secret('access')}\r\nx: 1` })],
    ['token of 17 kB', (r) => json(r, 200, { ...good(), access_token: secret('access').padEnd(17_000, 'x') })],
    ['scopes that are none', (r) => json(r, 200, { ...good(), scopes: [{ a: secret('scope') }] })],
    ['more scopes', (r) => json(r, 200, { ...good(), scopes: ['oauth', secret('scope')] })],
    ['a list', (r) => json(r, 200, [good()])],
    ['half an answer', (r) => void r.end(JSON.stringify(good()).slice(0, -9))],
    ['HTML', (r) => void r.end(`<p>${secret('access')}</p>`)],
    ['400', (r) => json(r, 400, said())],
    ['401', (r) => json(r, 401, said(), { 'www-authenticate': `Basic realm="${secret('said')}"` })],
    ['429', (r) => json(r, 429, said(), { 'retry-after': secret('said') })],
    ['500', (r) => json(r, 500, said())],
    ['redirect', (r) => void r.writeHead(302, { location: `http://127.0.0.1:1/${secret('said')}` }).end()],
    ['silence', () => {}],
    ['hang-up', (r) => void r.destroy()],
  ];
};

/** Where a secret stands in clear: log, pages, errors, every column, the very bytes of the files. */
function found(errors: readonly unknown[] = []): string[] {
  const tables = door.store.read.hot("select name from sqlite_master where type = 'table'").all();
  const rows = tables.map(({ name }) => JSON.stringify(door.store.read.hot(`select * from "${name}"`).all()));
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
  const thrown = errors.flatMap((e) => [
    inspect(e, { depth: 20, showHidden: true }),
    JSON.stringify(e),
    String((e as Error).stack),
  ]);
  const places = { log: [door.logged()], pages: seen, columns: rows, files, errors: thrown };
  return Object.entries(places).flatMap(([place, texts]) =>
    [...secrets]
      .filter((s) => [s, Buffer.from(s).toString('base64url')].some((form) => texts.some((t) => t.includes(form))))
      .map((s) => `${place}: ${s}`),
  );
}

test('R90 OA1 control 1 no failure of a connect leaves a secret in log, page, error, column or file', async () => {
  const errors: unknown[] = [];
  for (const [, turn] of spoilt()) {
    partner({ token: turn });
    expect((await callback()).status).toBe(400);
  }
  for (const [name, turn] of spoilt().filter(([n]) => /^(list|HTML|4|5|half|silence|hang)/.test(n))) {
    partner({ introspect: turn, revoke: turn });
    expect([name, (await callback()).status]).toEqual([name, 400]);
  }
  partner({});
  for (const spoil of [
    (u: URL) => u.searchParams.set('state', secret('state')),
    (u: URL) => u.searchParams.append('code', secret('code')),
    (u: URL) => u.searchParams.set('iss', `https://${MARK}.example`),
    (u: URL) => u.searchParams.set('id_token', secret('id')),
    (u: URL) => u.searchParams.set('error', secret('error')),
  ])
    expect((await callback(spoil)).status).toBe(400);
  await pages();

  // The errors themselves, as whoever catches them sees them; and a store that fails as the tokens are to be kept.
  const { connector } = door.hub.deps;
  const who = { brandId: 'harbor-motors', userId: 'u', sessionId: 's' };
  for (const [, turn] of [...spoilt(), ['broken store', (r) => json(r, 200, good())] as [string, Turn]]) {
    const begun = await connector.begin(who, 'hubspot');
    const state = new URL(begun.url).searchParams.get('state') ?? '';
    let calls = 0;
    partner({
      token: (r) => {
        if (calls++ === 0 && turn.toString().includes('200, good()')) door.failWrites(() => true);
        turn(r);
      },
    });
    const params = new URLSearchParams({ code: secret('code'), state });
    const e = await connector.callback('hubspot', params, begun.cookie).catch((thrown: unknown) => thrown);
    door.failWrites();
    expect(e).toBeInstanceOf(Error);
    errors.push(e);
  }
  expect(secrets.size).toBeGreaterThan(150);
  expect(found(errors)).toEqual([]);
});

test('R90 R4 no failure of a connected partner leaves one either, and what is kept is sealed', async () => {
  partner({});
  expect(await confirm(await callback())).toBe(303);
  expect(await confirm(await callback(), 'discard')).toBe(303);
  const chat = await openChat({ door, maria, integration: door.integration() } as Setting);
  await chat.answer({ email: 'yes' });
  for (const [, turn] of spoilt().filter(([name]) => !/400|unbound|more/.test(name))) {
    partner({ token: turn });
    await later();
    await chat.send();
    await look(await maria.get(`/console/connections/${door.integration()}`));
  }
  // the partner says the token back
  partner({});
  await later();
  await chat.send();
  recorder.answer((request, res) => {
    const said = { message: request.headers.authorization, proof: request.headers.dpop };
    secrets.add(String(request.headers.authorization).slice(5));
    secrets.add(String(request.headers.dpop));
    return json(res, 401, said, { 'www-authenticate': String(request.headers.authorization) });
  });
  await later();
  await chat.send();
  seen.push(JSON.stringify(await chat.view()));

  const row = door.store.read.hot('select wrapped_key, sealed from vault v join brand b on b.id = v.brand_id').get();
  const place = { brand: 'harbor-motors', integration: door.integration(), field: 'tokens' };
  const vault = createVault(deriveKey(key, 'vault'));
  const sealed = JSON.parse(vault.open(row?.wrapped_key as string, place, row?.sealed as string)) as {
    access: string;
    dpop: { d: string };
  };
  expect(secrets).toContain(sealed.access);
  secrets.add(sealed.dpop.d);

  partner({ token: (r) => json(r, 400, { error: 'invalid_grant', error_description: secret('said') }) });
  await later();
  await chat.send();
  await until(
    'the key is turned down',
    () => door.store.read.hot('select trouble from integration').get()?.trouble === 'needs_reconnect',
  );
  partner({ revoke: (r) => json(r, 500, { message: secret('said') }) });
  await pages();
  const page = await (await maria.get('/console')).text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  await look(await maria.submit(`/console/connections/${door.integration()}/disconnect`, { csrf }));
  await pages();
  expect(secrets.size).toBeGreaterThanOrEqual(40);
  expect(found()).toEqual([]);
});

test('the search can fail: a secret planted in each of the places is found there', async () => {
  partner({});
  await callback();
  const planted = secret('planted');
  expect(found()).toEqual([]);
  door.hub.deps.log.warn({ planted }, 'planted');
  seen.push(planted);
  await door.store.write((tx) => tx.hot("insert into meta (key, value) values ('planted', ?)").run(planted));
  expect(found([new Error('x', { cause: { planted } })])).toEqual(
    ['log', 'pages', 'columns', 'files', 'errors'].map((place) => `${place}: ${planted}`),
  );
});
