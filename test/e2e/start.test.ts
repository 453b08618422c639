import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { type RunningHub, runHub } from '../support/hub.ts';
import { type Ended, startUntilEnd } from '../support/refused.ts';

const root = mkdtempSync(join(tmpdir(), 'askfirst-start-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
/** A path that is not there yet. */
const fresh = () => join(root, `data-${count++}`);
const key = Buffer.alloc(32, 7).toString('base64url');

/** A chat begun through the hub's own frame, and how its words are read again. */
async function begin(hub: RunningHub, text: string) {
  const headers = { origin: hub.origin, 'content-type': 'application/json' };
  const token = randomBytes(32).toString('base64url');
  const body = JSON.stringify({ brand: 'harbor-motors', token, clientId: 'c1', text });
  const res = await fetch(`${hub.origin}/api/chat/start`, { method: 'POST', headers, body });
  expect(res.status).toBe(201);
  return token;
}
async function wordsOf(hub: RunningHub, token: string): Promise<string[]> {
  const res = await fetch(`${hub.origin}/api/chat/entries`, { headers: { authorization: `Bearer ${token}` } });
  const { entries } = (await res.json()) as { entries: { text: string }[] };
  return entries.map((e) => e.text);
}

/** One plain sentence or two on stderr, nothing else, and the exit code 1. */
function plain(ended: Ended, words: RegExp): void {
  expect(ended).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(words) });
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  expect(ended.stderr).not.toMatch(/\bat \S+ \(|Error:|node:/);
}
/** Every file with a hash of its content; SQLite's helper files, which hold nothing here, are left out. */
const everything = (folder: string) =>
  readdirSync(folder)
    .filter((name) => !/-(wal|shm|journal)$/.test(name))
    .sort()
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]);

test('R87 R88 the first start makes a key beside the database and says where; the second has the same data', async () => {
  const data = fresh();
  const first = await runHub({ data });
  const file = join(data, 'hub.key');
  expect(first.output()).toContain(`Made an encryption key: ${file}.`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  expect(existsSync(join(data, 'hub.db'))).toBe(true);
  const made = readFileSync(file, 'utf8');
  const token = await begin(first, 'Is the blue Marlin still there?');
  await first.stop();
  const began = performance.now();
  const second = await runHub({ data });
  console.log(`second start: ${Math.round(performance.now() - began)} ms to its printed address`);
  expect(second.output()).not.toContain('Made an encryption key');
  expect(readFileSync(file, 'utf8')).toBe(made);
  expect(await wordsOf(second, token)).toEqual(['Is the blue Marlin still there?']);
  expect((await fetch(`${second.origin}/`)).status).toBe(200);
  expect((await fetch(`${second.shop}/`)).status).toBe(200);
  await second.stop();
});

test('R87 a second hub on the same data is refused, as long as the first one lives and however it dies', async () => {
  const data = fresh();
  const first = await runHub({ data });
  plain(await startUntilEnd({ ASKFIRST_PORT: '0', ASKFIRST_DATA: data }), /^Another hub already uses /);
  const token = await begin(first, 'Still there?');
  await first.stop('SIGKILL');
  const next = await runHub({ data });
  expect(await wordsOf(next, token)).toEqual(['Still there?']);
  await next.stop();
});

test('R87 sec-H19 a Host that is not the hub’s own gets 421, whatever it asks for', async () => {
  const hub = await runHub({ data: fresh() });
  const { port } = new URL(hub.origin);
  const ask = (host: string, path: string) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, headers: { host } }, (res) => {
        let text = '';
        res.on('data', (chunk) => {
          text += chunk;
        });
        res.on('end', () => resolve({ status: res.statusCode, text }));
      }).on('error', reject);
    });
  for (const host of ['evil.example', `evil.example:${port}`, 'localhost', `localhost.evil.example:${port}`])
    for (const path of ['/', '/sign-in', '/api/panel/queue'])
      expect(await ask(host, path)).toEqual({ status: 421, text: 'Open the hub under the address it printed.' });
  expect((await ask(`localhost:${port}`, '/healthz')).status).toBe(200);
  await hub.stop();
});

test('R87 the printed sign-in link works once; after its use the terminal shows the next one', async () => {
  const hub = await runHub({ data: fresh() });
  const use = (link: string) =>
    fetch(link, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: hub.origin, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ token: link.split('/').at(-1) ?? '' }),
    });
  expect((await use(hub.signIn)).status).toBe(303);
  expect((await use(hub.signIn)).status).toBe(410);
  await expect.poll(() => hub.output(), { timeout: 10_000 }).toMatch(/The next one:\s+http/);
  const next = /The next one:\s+(http\S+)/.exec(hub.output())?.[1] ?? '';
  expect(next).not.toBe(hub.signIn);
  expect((await use(next)).status).toBe(303);
  await hub.stop();
});

test('R87 SIGTERM ends the hub within seconds though streams are open', async () => {
  const hub = await runHub({ data: fresh() });
  const token = await begin(hub, 'Hello');
  const stream = await fetch(`${hub.origin}/api/chat/stream`, { headers: { authorization: `Bearer ${token}` } });
  const reader = stream.body?.getReader();
  await reader?.read();
  const began = performance.now();
  await hub.stop('SIGTERM');
  expect(performance.now() - began).toBeLessThan(10_000);
  await expect(reader?.read().then(() => reader.read())).rejects.toThrow();
});

describe('R87 R88 refused in one sentence, exit code 1, and nothing made', () => {
  test.for([
    ['a port that is none', { ASKFIRST_PORT: '87a' }, /^ASKFIRST_PORT must be a port number, not "87a"\.$/m],
    ['a port out of range', { ASKFIRST_PORT: '70000' }, /^ASKFIRST_PORT must be a port number/],
    ['an address that is none', { ASKFIRST_ORIGIN: 'hub.example.org' }, /^ASKFIRST_ORIGIN must be an https origin/],
    ['an address with a path', { ASKFIRST_ORIGIN: 'https://hub.example.org/x' }, /^ASKFIRST_ORIGIN must be/],
    ['an address without TLS', { ASKFIRST_ORIGIN: 'http://hub.example.org' }, /^ASKFIRST_ORIGIN must be/],
    ['a public address without a key', { ASKFIRST_ORIGIN: 'https://hub.example.org' }, /needs a key: set ASKFIRST_KEY/],
    ['a key that is too short', { ASKFIRST_KEY: 'c2hvcnQ' }, /^The key in ASKFIRST_KEY is damaged/],
    ['a key with a strange letter', { ASKFIRST_KEY: `${key}!` }, /^The key in ASKFIRST_KEY is damaged/],
    ['a proxy that is no address', { ASKFIRST_PROXIES: '10.0.0.1, proxy' }, /^ASKFIRST_PROXIES must be .* "proxy"/],
  ] as const)('%s', async ([, settings, words]) => {
    const data = fresh();
    plain(await startUntilEnd({ ASKFIRST_PORT: '0', ASKFIRST_DATA: data, ...settings }), words);
    expect(existsSync(data)).toBe(false);
  });

  test('a taken port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const data = fresh();
    plain(
      await startUntilEnd({ ASKFIRST_PORT: String(port), ASKFIRST_DATA: data }),
      new RegExp(`^Port ${port} is taken`),
    );
    expect(existsSync(data)).toBe(false);
    other.close();
  });

  test('a data folder that cannot be written', async () => {
    const file = fresh();
    writeFileSync(file, 'a file');
    for (const data of [join(file, 'data'), file, '/proc/askfirst/data'])
      plain(await startUntilEnd({ ASKFIRST_PORT: '0', ASKFIRST_DATA: data }), /^The data folder .* cannot be written/);
    expect(readFileSync(file, 'utf8')).toBe('a file');
  });

  test('a lock file that is none', async () => {
    const data = fresh();
    mkdirSync(join(data, 'hub.lock'), { recursive: true });
    plain(await startUntilEnd({ ASKFIRST_PORT: '0', ASKFIRST_DATA: data }), /^The lock file .* cannot be used/);
    expect(readdirSync(data)).toEqual(['hub.lock']);
  });

  test('data with a wrong key, no key, or a damaged key', async () => {
    const data = fresh();
    const hub = await runHub({ data });
    const token = await begin(hub, 'Kept');
    await hub.stop();
    const file = join(data, 'hub.key');
    const right = readFileSync(file, 'utf8');
    const before = everything(data);
    const start = { ASKFIRST_PORT: '0', ASKFIRST_DATA: data };

    plain(await startUntilEnd({ ...start, ASKFIRST_KEY: key }), /^This is not the key of the data in /);
    writeFileSync(file, `${key}\n`);
    plain(await startUntilEnd(start), /^This is not the key of the data in /);
    writeFileSync(file, right.slice(0, 20));
    plain(await startUntilEnd(start), /^The key in .*hub\.key is damaged/);
    rmSync(file);
    plain(await startUntilEnd(start), /^There is data in .* but no key: put the key file back as .*hub\.key/);
    expect(existsSync(file)).toBe(false);

    writeFileSync(file, right, { mode: 0o600 });
    expect(everything(data)).toEqual(before);
    const again = await runHub({ data });
    expect(await wordsOf(again, token)).toEqual(['Kept']);
    await again.stop();
  });

  test('a database that is damaged, another program’s, or a newer askfirst’s stays as it is', async () => {
    const made = (sql: string) => (file: string) => {
      const db = new DatabaseSync(file);
      db.exec(sql);
      db.close();
    };
    const cases: [(file: string) => void, RegExp][] = [
      [(file) => writeFileSync(file, 'x'.repeat(8192)), /cannot be opened: it is damaged or no database/],
      [made('create table notes (t text)'), /cannot be opened: it belongs to another program/],
      [made('create table notes (t text); pragma user_version = 1'), /cannot be opened: it belongs to another program/],
    ];
    for (const [make, words] of cases) {
      const data = fresh();
      mkdirSync(data);
      make(join(data, 'hub.db'));
      writeFileSync(join(data, 'hub.key'), `${key}\n`);
      const before = everything(data);
      plain(await startUntilEnd({ ASKFIRST_PORT: '0', ASKFIRST_DATA: data }), words);
      expect(everything(data)).toEqual(before);
    }
    const data = fresh();
    await (await runHub({ data })).stop();
    made('pragma user_version = 99')(join(data, 'hub.db'));
    const before = everything(data);
    plain(await startUntilEnd({ ASKFIRST_PORT: '0', ASKFIRST_DATA: data }), /a newer askfirst wrote it/);
    expect(everything(data)).toEqual(before);
  });

  test('a damaged file of the sandbox partners', async () => {
    const data = fresh();
    await (await runHub({ data })).stop();
    for (const end of ['-wal', '-shm']) rmSync(join(data, `sandbox.db${end}`), { force: true });
    writeFileSync(join(data, 'sandbox.db'), 'x'.repeat(8192));
    plain(
      await startUntilEnd({ ASKFIRST_PORT: '0', ASKFIRST_DATA: data }),
      /^The sandbox partners' file .* move it away/,
    );
  });
});

test('R88 a hub killed between key and database, or while it wrote the key, starts again', async () => {
  const data = fresh();
  mkdirSync(data);
  writeFileSync(join(data, 'hub.key.new'), 'half a k');
  const first = await runHub({ data });
  expect(first.output()).toContain('Made an encryption key');
  await first.stop();
  for (const name of readdirSync(data)) if (name !== 'hub.key') rmSync(join(data, name));
  chmodSync(join(data, 'hub.key'), 0o400);
  const second = await runHub({ data });
  expect(second.output()).not.toContain('Made an encryption key');
  await second.stop();
});
