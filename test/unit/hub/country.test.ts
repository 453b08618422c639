import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unmerge } from '../../../server/consent/merge.ts';
import { openStore, type Store } from '../../../server/store/open.ts';
import { json, openRecorder } from '../../support/recorder.ts';
import { onPage, saveRules } from './rules-form.ts';
import { type Chat, count, openChat, openPreferences, openStage, type Stage, turnstile } from './stage.ts';

// Networks whose country test/unit/chat/country.test.ts asks of the data itself.
const germany = '134.76.10.47';
const germany6 = '2001:638:700:1::5';
const belgium = '193.190.130.1';
const denmark = '130.225.1.1';
const japan = '133.11.0.1';
const usa = '18.26.0.1';

let stage: Stage;
let chat: Chat;
let hold: (() => Promise<void>) | undefined;
let store: Store;
let folder: string;
let clock: number;
beforeEach(async () => {
  hold = undefined;
  clock = Date.now();
  folder = mkdtempSync(join(tmpdir(), 'country-'));
  store = openStore(join(folder, 'hub.sqlite'));
  stage = await openStage({
    recorder: await openRecorder(),
    store,
    proxies: ['127.0.0.1', '::1'],
    now: () => new Date(clock),
    egress: { pause: async (point) => (point === 'before-write' ? hold?.() : undefined) },
  });
});
afterEach(() => stage.close());

const from = (address: string) => ({ 'x-forwarded-for': address });
/** Any call of Ada's, from this address. */
const calls = (address: string) =>
  chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, ...from(address) });
const begin = async (address?: string) => {
  chat = await openChat(stage, undefined, undefined, address === undefined ? undefined : from(address));
  return chat;
};
const rules = async () => (await chat.preview()).body.rows.map((r) => `${r.field} ${r.rule}`).sort();
const all = (rule: string) => ['email', 'name', 'phone'].map((f) => `${f} ${rule}`);
const seen = async () => (await chat.view()).visit.filter((fact) => fact.kind === 'country');
const about = async (place: string, age: string) => onPage(await openPreferences(stage, chat)).about(place, age);
const statements = () => count(stage.door, 'statement', "kind = 'country'");
const subjectOf = ({ ada }: Chat) =>
  stage.door.store.read
    .hot('select s.* from subject s join conversation c on c.subject_id = s.id where c.id = ?')
    .get(ada.conversation) as { id: string; epoch: number };

describe('R26 R67 GATE.md d: the country of the network address is a candidate', () => {
  test('R67 the card shows it with its source, and unknown where it is unknown', async () => {
    await begin(germany);
    expect(await seen()).toEqual([
      { kind: 'country', value: ['DE'], source: 'network address', at: new Date(clock).toISOString() },
    ]);
    await begin();
    expect(await seen()).toEqual([{ kind: 'country', source: 'network address' }]);
    await begin(germany6);
    expect((await seen())[0]?.value).toEqual(['DE']);
  });

  test('R26 it makes the law stricter from the very request on, and the demo without one stays as it was', async () => {
    await saveRules(stage, { optOutDefaultEnabled: 'yes' }, ['US-CA']);
    await begin();
    expect(await rules()).toEqual(all('D22'));
    await calls('127.0.0.1');
    await calls('192.168.1.1');
    await calls('::ffff:10.0.0.1');
    await calls('nonsense');
    expect([await rules(), statements()]).toEqual([all('D22'), 0]);
    await calls(usa);
    expect(await rules()).toEqual(all('D22'));
    await calls(japan);
    expect(await rules()).toEqual(all('D20'));
    await begin(germany);
    expect(await rules()).toEqual(all('D20'));
  });

  test('GATE-27 every country seen stays a candidate: going home re-opens nothing, nor does a word', async () => {
    await saveRules(stage, { optOutDefaultEnabled: 'yes' }, ['US-CA']);
    await begin(usa);
    expect(await rules()).toEqual(all('D22'));
    await calls(germany);
    await calls(usa);
    await calls(germany6);
    expect(await rules()).toEqual(all('D20'));
    expect((await seen())[0]?.value).toEqual(['DE', 'US']);
    await about('US-CA', '');
    expect(await rules()).toEqual(all('D20'));
    expect(statements()).toBe(2);
    chat = await begin(usa);
    expect(await rules()).toEqual(all('D22'));
  });

  test('what a stranger writes into the header left of our proxy counts for nothing (HO4)', async () => {
    await begin(`${japan}, ${germany}`);
    expect((await seen())[0]?.value).toEqual(['DE']);
    await calls(`${denmark}, 127.0.0.1`);
    expect((await seen())[0]?.value).toEqual(['DK', 'DE']);
  });

  test('an opened question dies with a new country, and not with one that is known', async () => {
    await begin(denmark);
    const { body: first } = await chat.question();
    await calls(denmark);
    const kept = await chat.ada.say('/api/chat/answer', { nonce: first.nonce, answers: { email: 'yes' } });
    expect(kept).toMatchObject({ status: 200 });
    const { body: second } = await chat.question();
    await calls(germany);
    const late = await chat.ada.say('/api/chat/answer', { nonce: second.nonce, answers: { name: 'yes' } });
    expect(late).toMatchObject({ status: 403, body: { type: '/problems/nonce-dead' } });
  });
});

/** 14 years old where 13 is enough, with a yes to all: what leaves until another country raises the age. */
async function youngBelgian() {
  await saveRules(stage, {}, ['BE']);
  await begin(belgium);
  await about('BE', '13_to_15');
  await chat.answer({ email: 'yes', name: 'yes', phone: 'yes' });
  expect(await rules()).toEqual(all('D18'));
}

describe('R18 I2 GATE-9: a new country counts for what is under way', () => {
  test('R27 the highest age of all candidates: what waits is decided again and finished, the epoch rises once', async () => {
    await youngBelgian();
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '5' }));
    await chat.send();
    expect(count(stage.door, 'share', "state = 'queued'")).toBe(1);
    const before = subjectOf(chat).epoch;
    stage.recorder.calls.length = 0;
    await calls(germany);
    expect(count(stage.door, 'share', "state = 'denied'")).toBe(1);
    expect(await rules()).toEqual(all('D11'));
    await calls(germany);
    expect(subjectOf(chat).epoch).toBe(before + 1);
    clock += 6_000;
    stage.door.hub.deps.runner.wake();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
    // It is the law that changed and not what they said: the yes is not declared void.
    expect(count(stage.door, 'consent_event', "type = 'invalidated'")).toBe(0);
  });

  test('I3 a request that stands before the socket when it comes writes no byte', async () => {
    await youngBelgian();
    const gate = turnstile();
    hold = gate.wait;
    await chat.press();
    await gate.held;
    hold = undefined;
    await calls(germany);
    gate.open();
    await stage.door.hub.deps.runner.idle();
    expect(stage.recorder.calls).toEqual([]);
    expect(await chat.lastShare()).toMatchObject({ state: 'withheld', fields: [] });
  });

  test('k.5 who is below the age by a country alone and then says they are younger is a minor found', async () => {
    await youngBelgian();
    await calls(germany);
    await about('BE', 'under_13');
    expect(count(stage.door, 'consent_event', "type = 'invalidated'")).toBe(1);
  });
});

describe('the whole person, their page, and what is kept', () => {
  test('GATE.md k.10 a merge brings the countries along, and taken back takes them back', async () => {
    await saveRules(stage, { optOutDefaultEnabled: 'yes' }, ['US-CA']);
    const first = await begin(usa);
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('ada-1')
      .setAudience('harbor-motors')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(stage.door.hub.deps.identityKey('harbor-motors'));
    await first.ada.say('/api/chat/identify', { identity: token });
    const second = await begin(germany);
    await second.ada.say('/api/chat/identify', { identity: token });
    chat = first;
    expect(await rules()).toEqual(all('D20'));
    expect((await seen())[0]?.value?.toSorted()).toEqual(['DE', 'US']);
    await unmerge(stage.door.hub.deps, { brandId: 'harbor-motors', subjectId: subjectOf(second).id }, 'test');
    expect(await rules()).toEqual(all('D22'));
    expect((await seen())[0]?.value).toEqual(['US']);
  });

  test('the preference page says which country was taken into account, and hears a new one itself', async () => {
    await begin(denmark);
    const page = await openPreferences(stage, chat);
    expect(await page.page()).toContain('We also go by your network address (Denmark)');
    const cookie = [...page.browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    await fetch(`${stage.door.origin}/privacy/harbor-motors`, { headers: { cookie, ...from(germany) } });
    expect(await page.page()).toContain('We also go by your network address (Germany and Denmark)');
    await begin();
    expect(await (await openPreferences(stage, chat)).page()).not.toContain('network address');
  });

  test('R16 a record that cannot be read keeps nobody from writing, shows unknown, and lets nothing leave', async () => {
    await begin(germany);
    await chat.answer({ email: 'yes' });
    await store.write((tx) => {
      tx.exec('drop trigger statement_no_update');
      tx.exec("update statement set value_enc = substr(value_enc, 1, length(value_enc) - 4) || 'AAAA'");
    });
    expect((await calls(japan)).status).toBe(200);
    expect((await chat.message('Still here?')).status).toBe(201);
    expect(statements()).toBe(1);
    await chat.send();
    expect(stage.recorder.calls).toEqual([]);
  });

  test('R90 the address is nowhere: not in the database, not in the log; the country is sealed', async () => {
    await begin(germany);
    await calls(germany6);
    await chat.message('Where am I?');
    await chat.answer({ email: 'yes' });
    await chat.send();
    await (await openPreferences(stage, chat)).page();
    expect((await seen())[0]?.value).toEqual(['DE']);
    const files = [folder, stage.door.data].flatMap((at) =>
      readdirSync(at, { recursive: true, withFileTypes: true })
        .filter((f) => f.isFile())
        .map((f) => readFileSync(join(f.parentPath, f.name)).toString('latin1')),
    );
    const written = files.join('\n') + stage.door.logged();
    expect(written).toContain('harbor-motors');
    for (const trace of [germany, '2001:638', 'x-forwarded-for']) expect(written).not.toContain(trace);
    const rows = store.read.hot("select by, value_enc from statement where kind = 'country'").all();
    expect(rows.map((r) => r.by)).toEqual(['network']);
    expect(JSON.stringify(rows)).not.toContain('"DE"');
  });
});
