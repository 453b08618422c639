import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Question } from '#contract/chat.ts';
import { type HubBehind, runHubBehind } from '../support/hub-behind.ts';
import { type Client, peopleAt } from '../support/people-at.ts';
import type { Answer } from '../support/recorder.ts';
import { startUntilEnd } from '../support/refused.ts';

const crm = 'CustomerRelationshipManagement';
const panel = { 'x-askfirst': '1' };
let behind: HubBehind;
let people: ReturnType<typeof peopleAt>;
let maria: Client;
beforeEach(async () => {
  behind = await runHubBehind();
  people = peopleAt(behind.hub);
  maria = await signIn();
});
afterEach(() => behind.close());

async function signIn(): Promise<Client> {
  const client = people.client();
  await client.submit(behind.hub.signIn, { token: behind.hub.signIn.split('/').at(-1) ?? '' });
  return client;
}
/** One column of the file as it is on the disk now, read from a copy. */
function stored(sql: string): unknown[] {
  const { data } = behind.hub;
  const folder = mkdtempSync(join(data, 'copy-'));
  for (const end of ['', '-wal'])
    if (existsSync(join(data, `hub.db${end}`))) copyFileSync(join(data, `hub.db${end}`), join(folder, `hub.db${end}`));
  const db = new DatabaseSync(join(folder, 'hub.db'));
  try {
    return db.prepare(sql).all().flatMap(Object.values);
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}
const integration = () => stored('select id from integration')[0] as string;
const connections = async () => (await (await maria.get('/console')).text()).replace(/<[^>]+>/g, ' ');
const tokenCalls = (grant: string) =>
  behind.recorder.tokenCalls.filter((c) => c.body.includes(`grant_type=${grant}`)).length;
const revocations = () => behind.recorder.tokenCalls.filter((c) => c.path.endsWith('/revoke')).length;

/** Ada in a chat, who says yes. */
async function ada() {
  const visitor = await people.visitor({ name: 'Ada Brandt', email: 'ada@brandt.example' }, 'Hello');
  const asked = await visitor.say('/api/chat/question', { integration: integration(), purpose: crm });
  const { nonce } = asked.body as Question;
  await visitor.say('/api/chat/answer', { nonce, answers: { email: 'yes', name: 'yes' } });
  return visitor.conversation;
}
let presses = 0;
const send = (conversation: string) =>
  maria.json(
    'POST',
    `/api/panel/conversations/${conversation}/shares`,
    { integration: integration(), purpose: crm, clientId: `press-${++presses}` },
    panel,
  );
const shares = () => stored('select state from share order by seq');
const waiting = () => stored("select id from share where state in ('queued', 'sending')");

/** Lets no answer of these calls come back; `reaches` says whether the partner gets them. Resolves when one is held. */
function hold(which: (path: string, body: string) => boolean, reaches: boolean): Promise<void> {
  return new Promise((held) => {
    const answer: Answer = ({ method, path, headers, body }) => {
      if (!which(path, body)) return false;
      const type = String(headers['content-type']);
      const forwarded = reaches
        ? fetch(behind.hub.shop + path, { method, headers: { 'content-type': type }, body }).then((r) => r.text())
        : Promise.resolve();
      void forwarded.then(() => held());
      return true;
    };
    behind.recorder.answer(answer);
  });
}
const isRefresh = (_: string, body: string) => body.includes('grant_type=refresh_token');
const nothingHeld = () => behind.recorder.answer(() => false);
async function killAndStart(preload?: string) {
  await behind.hub.stop('SIGKILL');
  nothingHeld();
  await behind.again(preload);
}

test('R4 OA14 killed before the server saw the refresh: the next start renews, and the send that waited goes', async () => {
  await people.connect(maria);
  const chat = await ada();
  await behind.hub.stop();
  await behind.again(); // a token of another process is renewed at first use
  const held = hold(isRefresh, false);
  await send(chat);
  await held;
  await killAndStart();
  await expect.poll(shares).toEqual(['done']);
  expect(tokenCalls('refresh_token')).toBe(2);
  expect(await connections()).not.toContain('Needs you');
  expect(behind.hub.output()).toContain('a token refresh was cut off');
});

test('R4 OA14 killed with the new pair on its way: one more try with the old one, then a person is asked, over every start', async () => {
  await people.connect(maria);
  const chat = await ada();
  await behind.hub.stop();
  await behind.again();
  const held = hold(isRefresh, true); // oidc-provider has rotated, and ends the family at the second use
  await send(chat);
  await held;
  await killAndStart();
  await expect.poll(connections).toContain('Needs you');
  expect(tokenCalls('refresh_token')).toBe(2);
  await killAndStart();
  await send(chat);
  expect(waiting()).toHaveLength(2); // for the new key
  expect(tokenCalls('refresh_token')).toBe(2);
  expect(behind.recorder.calls).toEqual([]);
  await people.connect(maria);
  await expect.poll(waiting).toEqual([]);
  await expect.poll(() => behind.recorder.calls.length).toBeGreaterThan(0);
  expect(await connections()).not.toContain('Needs you');
});

test('OA8 killed while the code was traded: nothing is connected, the callback is used up, and connecting again works', async () => {
  const held = hold((_, body) => body.includes('grant_type=authorization_code'), true);
  const begun = await maria.submit('/console/add/hubspot', { csrf: await people.csrfOf(maria) });
  const back = await people.allow(begun.headers.get('location') ?? '');
  const calling = maria.get(back).catch(() => undefined);
  await held;
  await killAndStart();
  await calling;
  expect(stored('select count(*) from integration')).toEqual([0]);
  expect(stored('select count(*) from vault')).toEqual([0]);
  const before = behind.recorder.tokenCalls.length;
  expect((await maria.get(back)).status).toBe(400);
  expect(behind.recorder.tokenCalls.length).toBe(before);
  await people.connect(maria);
  expect(stored('select connection from integration')).toEqual(['active']);
});

test('OA8 killed between the callback and the confirmation: what waits, sealed, can still be confirmed and works', async () => {
  const begun = await maria.submit('/console/add/hubspot', { csrf: await people.csrfOf(maria) });
  const back = await people.allow(begun.headers.get('location') ?? '');
  const confirm = /\/console\/confirm\/[\w-]+/.exec(await (await maria.get(back)).text())?.[0] ?? '';
  await killAndStart();
  await maria.submit(confirm, { csrf: await people.csrfOf(maria), answer: 'connect' });
  await send(await ada());
  await expect.poll(shares).toEqual(['done']);
  await expect.poll(() => behind.recorder.calls.length).toBeGreaterThan(0);
});

test('P4 R8 killed while the partner was told of a disconnect: it stays off, and the next start tells again', async () => {
  await people.connect(maria);
  const chat = await ada();
  const held = hold((path) => path.endsWith('/revoke'), false);
  const path = `/console/connections/${integration()}`;
  const leaving = maria.submit(`${path}/disconnect`, { csrf: await people.csrfOf(maria) }).catch(() => undefined);
  await held;
  await killAndStart();
  await leaving;
  expect(stored('select connection from integration')).toEqual(['revoked']);
  await expect.poll(() => stored('select count(*) from vault')).toEqual([0]);
  expect(revocations()).toBe(2);
  await send(chat);
  expect(behind.recorder.calls).toEqual([]);
  await killAndStart();
  expect(revocations()).toBe(2);
});

/** Kills the process in the n-th commit after a new key lies there: before it, or after it. */
const atCommit = (n: number, when: 'before' | 'after', next: string) => `
  import { DatabaseSync } from 'node:sqlite';
  import { existsSync } from 'node:fs';
  const die = () => process.kill(process.pid, 'SIGKILL');
  const exec = DatabaseSync.prototype.exec;
  let n = 0;
  DatabaseSync.prototype.exec = function (sql) {
    const now = sql === 'commit' && existsSync(${JSON.stringify(next)}) && ++n === ${n};
    if (now && '${when}' === 'before') die();
    exec.call(this, sql);
    if (now) die();
  };`;
/** Kills it when the new key is to take the old one's place. */
const atRename = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const rename = fs.renameSync;
  fs.renameSync = (from, to) => to.endsWith('hub.key') ? process.kill(process.pid, 'SIGKILL') : rename(from, to);
  syncBuiltinESMExports();`;

test('R88 killed at each step of a change of the key: the next start finishes it, and the partner’s tokens open', async () => {
  await people.connect(maria);
  const chat = await ada();
  const { data } = behind.hub;
  const [file, next] = [join(data, 'hub.key'), join(data, 'hub.key.next')];
  const steps = [
    ...[1, 2].flatMap((n) => (['before', 'after'] as const).map((when) => atCommit(n, when, next))),
    atRename,
  ];
  const spent: string[] = [];
  let changed = 0;
  for (const step of steps) {
    const old = readFileSync(file, 'utf8');
    await behind.hub.stop();
    const hub = await behind.again(step);
    writeFileSync(next, `${Buffer.alloc(32, ++changed).toString('base64url')}\n`, { mode: 0o600 });
    await hub.ended;
    await behind.again();
    await expect.poll(() => existsSync(next)).toBe(false);
    expect(readFileSync(file, 'utf8')).not.toBe(old);
    await send(chat);
    await expect.poll(() => shares().filter((state) => state === 'done').length).toBe(changed);
    expect(stored("select count(*) from outcome where state = 'sent'")).toEqual([changed]);
    spent.push(old.trim());
  }
  expect(stored("select count(*) from audit where act = 'key-changed'")).toEqual([steps.length]);
  await behind.hub.stop();
  for (const old of spent) {
    const refused = await startUntilEnd({ ASKFIRST_PORT: '0', ASKFIRST_DATA: data, ASKFIRST_KEY: old });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^This is not the key of the data/) });
  }
}, 120_000);
