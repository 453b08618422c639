import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDataFolder } from '../../server/data-folder.ts';
import { certificate } from '../support/certificate.ts';
import { type FrontDoor, frontDoor } from '../support/front-door.ts';
import { runHub } from '../support/hub.ts';
import { caller, type Naming, openTlsProxy } from '../support/tls-proxy.ts';

const dayMs = 86_400_000;
const valid = (days: number, host = 'localhost') =>
  certificate(host, { from: new Date(Date.now() - dayMs), until: new Date(Date.now() + (days + 0.5) * dayMs) });
const good = valid(90);
const key = randomBytes(32);
const password = 'a-password-of-the-mail-server';

let ends: (() => unknown)[] = [];
let folder: string;
let trusting: FrontDoor;
let plain: FrontDoor;
let mail: SMTPServer;
let smtp: string;
beforeAll(async () => {
  trusting = await frontDoor({ key, proxies: ['127.0.0.1'] });
  plain = await frontDoor({ key });
  mail = new SMTPServer({
    ...good,
    secure: true,
    onAuth: (auth, _session, done) =>
      auth.password === password ? done(null, { user: auth.username }) : done(new Error('not you')),
  });
  mail.on('error', () => {}); // a client that does not trust the certificate hangs up
  await new Promise<void>((resolve) => void mail.listen(0, '127.0.0.1', resolve));
  smtp = `localhost:${(mail.server.address() as { port: number }).port}`;
});
afterAll(async () => {
  await trusting.close();
  await plain.close();
  await new Promise<void>((resolve) => mail.close(() => resolve()));
});
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  ends = [];
});

/** A port nobody has, for the hub that does not run. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

type Settings = Record<string, string>;
/** Runs the built command with these settings and no others of ours; its lines by name, and how it ended. */
async function doctor(settings: Settings = {}) {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const own = Object.entries(process.env).filter(([name]) => !/^(ASKFIRST_|NODE_OPTIONS)/.test(name));
  const env = {
    ...Object.fromEntries(own),
    ASKFIRST_DATA: join(folder, 'data'),
    ASKFIRST_PORT: String(await freePort()),
    ...settings,
  };
  const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
    execFile(process.execPath, ['dist/server/doctor.js'], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, text: stdout + stderr }),
    );
  });
  const lines = [...text.matchAll(/^(ok|fix|unknown) +(.+?) {2,}(.+)$/gm)].map(([, mark, name, says]) => ({
    mark,
    name,
    says,
  }));
  return {
    code,
    text,
    line: (name: string) => lines.find((l) => l.name === name),
    fixes: lines.filter((l) => l.mark === 'fix'),
  };
}

/** A public hub as it should be: behind a TLS proxy, with its key and a mail server; `change` makes one thing wrong. */
async function publicHub(
  o: { behind?: string; cert?: ReturnType<typeof valid>; trusted?: boolean; naming?: Naming; date?: Date } = {},
): Promise<Settings> {
  const authority = mkdtempSync(join(tmpdir(), 'doctor-ca-'));
  ends.push(() => rmSync(authority, { recursive: true, force: true }));
  const known = join(authority, 'ca.pem');
  writeFileSync(known, good.cert + (o.cert && o.trusted !== false ? o.cert.cert : ''));
  const proxy = await openTlsProxy({ behind: trusting.origin, cert: good, ...o });
  ends.push(() => proxy.close());
  return {
    NODE_EXTRA_CA_CERTS: known,
    ASKFIRST_ORIGIN: proxy.origin,
    ASKFIRST_KEY: key.toString('base64url'),
    ASKFIRST_SMTP: `smtps://hub:${password}@${smtp}`,
    ASKFIRST_MAIL_FROM: 'hub@example.org',
  };
}
/** A program that is no hub, and answers 404 in clear text. */
async function otherProgram(): Promise<number> {
  const server = createServer((_req, res) => void res.writeHead(404).end('not here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return (server.address() as { port: number }).port;
}

describe('R87 npm run doctor on a set-up that is right', () => {
  test('with no settings at all: nothing to fix, what a public hub needs, and nothing is made', async () => {
    const { code, text, fixes } = await doctor();
    expect([code, fixes]).toEqual([0, []]);
    for (const name of ['ORIGIN', 'KEY', 'PROXIES', 'SMTP', 'MAIL_FROM'])
      expect(text).toContain(`\n  ASKFIRST_${name} `);
    expect(text).toContain('Nothing to fix.');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('beside a demo that runs it says so and leaves it alone; when it stopped, that', async () => {
    const hub = await runHub();
    ends.push(() => hub.close());
    const { port } = new URL(hub.origin);
    const settings = { ASKFIRST_DATA: hub.data, ASKFIRST_PORT: port };
    const running = await doctor(settings);
    expect([running.code, running.fixes]).toEqual([0, []]);
    expect(running.line('hub')?.says).toContain('One hub runs');
    expect(running.line('key')?.says).toContain(join(hub.data, 'hub.key'));
    expect((await fetch(`${hub.origin}/healthz`)).status).toBe(200);
    await hub.stop();
    expect((await doctor(settings)).line('hub')).toMatchObject({ mark: 'ok', says: expect.stringContaining('No hub') });
  });

  test('HO4 a public hub behind a proxy: address, TLS, proxy trust, clock, mail, and no secret is printed', async () => {
    const { code, text, line, fixes } = await doctor(await publicHub());
    expect(fixes).toEqual([]);
    expect(code).toBe(0);
    // From this machine alone nobody can tell what the internet sees.
    expect(line('address')).toMatchObject({ mark: 'unknown', says: expect.stringContaining('leads to this hub') });
    expect(line('TLS')).toEqual({ mark: 'ok', name: 'TLS', says: 'The certificate is valid for 90 more days.' });
    expect(line('proxy trust')).toMatchObject({ mark: 'ok', says: expect.stringContaining(caller) });
    expect(line('clock')?.mark).toBe('ok');
    expect(line('mail')?.mark).toBe('ok');
    expect(line('disk')?.mark).toBe('ok');
    for (const secret of [password, key.toString('base64url')]) expect(text).not.toContain(secret);
    expect(trusting.logged() + plain.logged()).not.toContain(caller);
  });

  test('requests that come straight from their callers need no proxy', async () => {
    const settings = await publicHub({ behind: plain.origin, naming: 'never' });
    expect((await doctor(settings)).line('proxy trust')).toMatchObject({ mark: 'ok' });
  });
});

describe('R87 it names the one fix', () => {
  const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);
  test.each<[string, string, RegExp, () => Promise<Settings>]>([
    ['a proxy nobody believes', 'proxy trust', /add it to ASKFIRST_PROXIES/, () => publicHub({ behind: plain.origin })],
    ['a proxy that names nobody', 'proxy trust', /let it send X-Forwarded-For/, () => publicHub({ naming: 'never' })],
    ['a proxy that hands on lies', 'proxy trust', /hands on what callers write/, () => publicHub({ naming: 'keep' })],
    ['a clock behind', 'clock', /is 10 minutes behind localhost/, () => publicHub({ date: later(10.2) })],
    ['a clock ahead', 'clock', /is 3 minutes ahead of localhost/, () => publicHub({ date: later(-3) })],
    ['another name', 'TLS', /for another name/, () => publicHub({ cert: valid(90, 'elsewhere.example') })],
    ['another authority', 'TLS', /self-signed/, () => publicHub({ cert: valid(90), trusted: false })],
    ['13 days left', 'TLS', /valid for 13 more days: renew it/, () => publicHub({ cert: valid(13) })],
    ['one day left', 'TLS', /valid for 1 more day: renew it/, () => publicHub({ cert: valid(1) })],
    ['a certificate that has run out', 'TLS', /has run out/, () => publicHub({ cert: valid(-0.6) })],
    ['another key', 'address', /another key/, async () => ({ ...(await publicHub()), ASKFIRST_KEY: 'A'.repeat(43) })],
    [
      'another program',
      'address',
      /does not lead to a hub/,
      async () => publicHub({ behind: `http://127.0.0.1:${await otherProgram()}` }),
    ],
    [
      'nobody there',
      'address',
      /Nothing listens there/,
      async () => ({ ...(await publicHub()), ASKFIRST_ORIGIN: `https://localhost:${await freePort()}` }),
    ],
    [
      'no TLS there',
      'TLS',
      /speaks no TLS/,
      async () => ({ ...(await publicHub()), ASKFIRST_ORIGIN: `https://localhost:${await otherProgram()}` }),
    ],
    [
      'no mail',
      'mail',
      /set ASKFIRST_SMTP and ASKFIRST_MAIL_FROM/,
      async () => ({ ...(await publicHub()), ASKFIRST_SMTP: '', ASKFIRST_MAIL_FROM: '' }),
    ],
    [
      'a wrong password',
      'mail',
      /refused name and password/,
      async () => ({ ...(await publicHub()), ASKFIRST_SMTP: `smtps://hub:wrong@${smtp}` }),
    ],
    [
      'no mail server there',
      'mail',
      /does not answer/,
      async () => ({ ...(await publicHub()), ASKFIRST_SMTP: `smtp://localhost:${await freePort()}` }),
    ],
    [
      'a mail server by a name its certificate is not for',
      'mail',
      /no certificate we can trust/,
      async () => ({
        ...(await publicHub()),
        ASKFIRST_SMTP: `smtps://hub:${password}@127.0.0.1:${smtp.split(':')[1]}`,
      }),
    ],
    [
      'no mail address',
      'settings',
      /^ASKFIRST_SMTP must be like smtps:/,
      async () => ({ ...(await publicHub()), ASKFIRST_SMTP: 'mail.example.org' }),
    ],
    [
      'a mail server without a sender',
      'settings',
      /^ASKFIRST_SMTP needs ASKFIRST_MAIL_FROM/,
      async () => ({ ...(await publicHub()), ASKFIRST_MAIL_FROM: '' }),
    ],
    [
      'half an app',
      'HubSpot',
      /ASKFIRST_HUBSPOT_CLIENT_SECRET is missing/,
      async () => ({ ASKFIRST_HUBSPOT_CLIENT_ID: 'app' }),
    ],
    ['a wrong setting', 'settings', /ASKFIRST_PORT must be a port number/, async () => ({ ASKFIRST_PORT: 'x' })],
    ['a taken port', 'hub', /another program has port/, async () => ({ ASKFIRST_PORT: String(await otherProgram()) })],
    ['a damaged key', 'data', /is damaged/, async () => ({ ASKFIRST_KEY: 'short' })],
    [
      'a file for a folder',
      'data',
      /cannot be written/,
      async () => ({ ASKFIRST_DATA: join(import.meta.filename, 'data') }),
    ],
  ])('%s', async (_, name, says, settings) => {
    const { code, fixes } = await doctor(await settings());
    expect(fixes).toEqual([{ mark: 'fix', name, says: expect.stringMatching(says) }]);
    expect(code).toBe(1);
  });

  test('R88 the data’s own key: another one, and one that others may read', async () => {
    const data = mkdtempSync(join(tmpdir(), 'doctor-data-'));
    ends.push(() => rmSync(data, { recursive: true, force: true }));
    openDataFolder(data, undefined, true).close();
    const file = join(data, 'hub.key');
    const before = readFileSync(join(data, 'hub.db'));
    chmodSync(file, 0o644);
    expect((await doctor({ ASKFIRST_DATA: data })).line('key')).toMatchObject({
      mark: 'fix',
      says: `Others on this machine may read ${file}: chmod 600 it.`,
    });
    chmodSync(file, 0o600);
    expect((await doctor({ ASKFIRST_DATA: data })).fixes).toEqual([]);
    const wrong = await doctor({ ASKFIRST_DATA: data, ASKFIRST_KEY: key.toString('base64url') });
    expect(wrong.line('data')?.says).toContain('This is not the key of the data');
    expect(readFileSync(join(data, 'hub.db')).equals(before)).toBe(true);
  });

  test('EG1 a provider at an address inside is never asked', async () => {
    const port = await otherProgram();
    const { line } = await doctor({
      ...(await publicHub()),
      ASKFIRST_OPENID_ISSUER: `https://localhost:${port}`,
      ASKFIRST_OPENID_CLIENT_ID: 'hub',
      ASKFIRST_OPENID_CLIENT_SECRET: 'a-secret-of-the-provider',
      ASKFIRST_OPENID_NAME: 'Harbor ID',
      ASKFIRST_OPENID_LEGAL_NAME: 'Harbor ApS',
      ASKFIRST_OPENID_ADDRESS: 'Nordre Kaj 4, 8000 Aarhus',
      ASKFIRST_OPENID_COUNTRIES: 'DK',
      ASKFIRST_OPENID_RETENTION: 'a year',
      ASKFIRST_OPENID_POLICY: 'https://id.example.org/privacy',
    });
    expect(line('Harbor ID')).toMatchObject({ mark: 'fix', says: expect.stringContaining('is an address inside') });
    expect(line('Harbor ID callback')?.says).toMatch(/https:\/\/localhost:\d+\/oauth\/callback\/openid$/);
  });
});
