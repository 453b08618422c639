import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { QueueRow } from '#contract/chat.ts';
import type { VisitFact } from '#contract/visit.ts';
import { unmerge } from '../../../server/consent/merge.ts';
import { openStore } from '../../../server/store/open.ts';
import { openRecorder } from '../../support/recorder.ts';
import { eraseNow, subjectOf } from './person.ts';
import { onPage } from './rules-form.ts';
import {
  about,
  type Chat,
  care,
  count,
  openChat,
  openPreferences,
  openStage,
  panel,
  type Stage,
  until,
} from './stage.ts';

const firefox = 'Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0';
let stage: Stage;
let chat: Chat;
let folder: string;
let clock: number;
beforeEach(async () => {
  clock = Date.parse('2026-11-22T14:00:00Z');
  folder = mkdtempSync(join(tmpdir(), 'visit-'));
  stage = await openStage({
    recorder: await openRecorder(),
    store: openStore(join(folder, 'hub.sqlite')),
    now: () => new Date(clock),
  });
  chat = await openChat(stage, about, undefined, { 'user-agent': firefox });
});
afterEach(() => stage.close());

const page = (path: string, title = '', of = chat) =>
  of.ada.say('/api/chat/page', { address: `${stage.door.shop}${path}`, title }) as unknown as Promise<{
    status: number;
    body: { detail?: string };
  }>;
async function fact<K extends VisitFact['kind']>(kind: K, of = chat) {
  const found = (await of.view()).visit.find((f) => f.kind === kind);
  return found as Extract<VisitFact, { kind: K }>;
}
const host = () => new URL(stage.door.shop).host;
const path = (p: { address: string }) => p.address.replace(host(), '');
const trail = async (of = chat) => (await fact('trail', of)).value?.map(path);
/** Every byte of the database and its log. */
const file = () =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');

describe('R67 the page and the trail', () => {
  test('R67 the page of now with its source and time, the ones before it newest first', async () => {
    expect(await fact('page')).toEqual({ kind: 'page', source: 'your site' });
    expect((await fact('trail')).value).toBeUndefined();
    await page('/', 'Harbor Motors');
    expect(await fact('trail')).toMatchObject({ value: [] });
    clock += 60_000;
    await page('/cars', 'Our cars');
    clock += 60_000;
    await page('/cars/marlin', 'Marlin 1.6 Estate');
    const at = new Date(clock).toISOString();
    expect(await fact('page')).toEqual({
      kind: 'page',
      source: 'your site',
      at,
      value: { address: `${host()}/cars/marlin`, title: 'Marlin 1.6 Estate', at },
    });
    expect(await trail()).toEqual(['/cars', '/']);
  });

  test('R67 an agent’s panel is told at once that a page came', async () => {
    const seen: string[] = [];
    const off = stage.door.hub.deps.live.subscribe({ brandId: 'harbor-motors' }, (news) => {
      if ('strip' in news) seen.push(news.strip);
    });
    await page('/cars');
    await page('/cars'); // the same page is no news
    off();
    expect(seen).toEqual([chat.ada.conversation]);
  });

  test('R67 what stands behind ? and # is never kept, nor a step of the path with an address in it', async () => {
    await page('/reset/ada@brandt.example?token=s3cret-token&utm_source=mail#ada%40brandt.example', 'Reset');
    await page('/u/ada%40brandt.example/orders', 'Orders');
    expect(path((await fact('page')).value ?? { address: '' })).toBe('/u/…/orders');
    expect(await trail()).toEqual(['/reset/…']);
    expect(JSON.stringify((await chat.view()).visit)).not.toMatch(/s3cret|utm_|brandt\.example/);
  });

  test('R67 twenty pages are kept, the newest; the same one again is no new one, its title may change', async () => {
    for (let i = 0; i < 30; i++) await page(`/cars/${i}`, `Car ${i}`);
    await page('/cars/29', 'Car 29, sold');
    expect((await fact('page')).value?.title).toBe('Car 29, sold');
    expect(await trail()).toEqual(Array.from({ length: 20 }, (_, i) => `/cars/${28 - i}`));
  });

  test('R67 long ones are cut, lines become one, and no mark turns the direction of writing', async () => {
    await page(`/${'a'.repeat(1000)}`, '\u202Eevil\u2066\n\tname <script>alert(1)</script>');
    const kept = (await fact('page')).value;
    expect(kept?.address).toHaveLength(300);
    expect(kept?.title).toBe('evil name <script>alert(1)</script>');
    await page('/long', '😀'.repeat(150));
    expect((await fact('page')).value?.title.isWellFormed()).toBe(true);
    expect((await page('/x', 'x'.repeat(301))).status).toBe(400);
    expect((await page(`/${'x'.repeat(3000)}`)).status).toBe(400);
  });

  test('R52 a card number in a title is taken out before it is stored', async () => {
    await page('/pay', 'Paid with 4111 1111 1111 1111');
    expect((await fact('page')).value?.title).not.toContain('4111 1111');
  });

  test('R67 only pages of the brand’s own sites are kept', async () => {
    for (const address of [
      'https://evil.example/',
      'javascript:alert(1)',
      'no address',
      `${stage.door.shop}.evil.example/`,
    ])
      expect(((await chat.ada.say('/api/chat/page', { address, title: '' })) as { status: number }).status).toBe(400);
    expect(count(stage.door, 'visit', 'page_enc is not null')).toBe(0);
  });
});

describe('R67 R26 what a visitor stopped', () => {
  const object = async (what: 'profiling' | 'all', want: 'yes' | 'no') =>
    onPage(await openPreferences(stage, chat)).object(what, want);

  test.each(['profiling', 'all'] as const)(
    'R26 after an objection (%s) no trail is kept, the page of now is',
    async (what) => {
      await page('/');
      await page('/cars');
      await object(what, 'yes');
      expect(await fact('trail')).toEqual({ kind: 'trail', source: 'your site', stopped: true });
      expect(count(stage.door, 'visit', 'trail_enc is not null')).toBe(0);
      await page('/cars/marlin');
      expect(count(stage.door, 'visit', 'trail_enc is not null')).toBe(0);
      expect(path((await fact('page')).value ?? { address: '' })).toBe('/cars/marlin');
      await object(what, 'no');
      await page('/service');
      expect(await trail()).toEqual(['/cars/marlin']); // what was not kept does not come back
    },
  );

  test('R23 a browser that asks not to share still shows its agent the trail: none of it is shared', async () => {
    chat = await openChat(stage, about, undefined, { 'sec-gpc': '1' });
    await page('/');
    await page('/cars');
    expect(await trail()).toEqual(['/']);
  });
});

describe('R67 the device', () => {
  test.each([
    [firefox, 'Firefox on Android'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Microsoft Edge on Windows',
    ],
    ['nobody knows/1', undefined],
    ['<script>ada@brandt.example</script>/1.0 (X11; Linux x86_64) made/up', 'Linux'],
    [`Firefox ${'x'.repeat(5000)}`, undefined],
  ])('R67 %s is %s', async (agent, words) => {
    chat = await openChat(stage, about, undefined, { 'user-agent': agent });
    expect((await fact('device')).value).toBe(words);
    expect((await fact('device')).source).toBe('browser');
  });
});

describe('R67 earlier chats', () => {
  const identity = (account: string) =>
    new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(account)
      .setAudience('harbor-motors')
      .setIssuedAt(Math.floor(clock / 1000))
      .setExpirationTime(Math.floor(clock / 1000) + 300)
      .sign(stage.door.hub.deps.identityKey('harbor-motors'));

  test('R67 none where there is none; those of the same person with number, time, first words and whether they ended', async () => {
    expect(await fact('earlier')).toEqual({ kind: 'earlier', source: 'chats here', value: [] });
    const stranger = await openChat(stage, { name: 'Grace Holm' }, 'Not of Ada');
    const second = await openChat(stage, about, 'Do you\n take part exchange?');
    const token = await identity('ada-1');
    for (const one of [chat, second]) await one.ada.say('/api/chat/identify', { identity: token });
    await stage.door.store.write((tx) =>
      tx
        .hot('update conversation set closed_at = ? where id = ?')
        .run(new Date(clock).toISOString(), chat.ada.conversation),
    );
    const at = new Date(clock).toISOString();
    expect((await fact('earlier', second)).value).toEqual([
      { conversation: chat.ada.conversation, number: 1, at, open: false, words: 'Is the blue Marlin still there?' },
    ]);
    expect((await fact('earlier', chat)).value).toMatchObject([
      { number: 3, open: true, words: 'Do you take part exchange?' },
    ]);
    expect((await fact('earlier', stranger)).value).toEqual([]);
    // Taken back, each is alone again.
    await unmerge(stage.door.hub.deps, { brandId: 'harbor-motors', subjectId: subjectOf(stage.door, second) }, 'test');
    expect((await fact('earlier', second)).value).toEqual([]);
  });

  test('R51 an address that the first words are cut in the middle of leaves no half of it for an agent', async () => {
    const first = await openChat(stage, about, `${'So. '.repeat(18)}I, ada@brandt.example, ask`);
    const token = await identity('ada-1');
    for (const one of [chat, first]) await one.ada.say('/api/chat/identify', { identity: token });
    const words = async () => (await fact('earlier')).value?.[0]?.words;
    expect(await words()).toMatch(/I, ada@…$/);
    await stage.door.store.write((tx) => tx.hot("update member set role = 'agent'").run());
    expect(await words()).toMatch(/I, a•••…$/);
  });

  test('DB4 a chat with another brand is never among them', async () => {
    const id = subjectOf(stage.door, chat);
    await stage.door.store.write((tx) =>
      tx
        .hot(
          `insert into conversation (id, brand_id, subject_id, number, opened_at, closed_at, last_n, last_seq, seen_n)
         values ('chat-other', 'other', ?, 1, '2026-11-22T14:00:00.000Z', null, 0, 0, 0)`,
        )
        .run(id),
    );
    expect((await fact('earlier')).value).toEqual([]);
    expect((await stage.maria.json('GET', '/api/panel/conversations/chat-other', undefined, panel)).status).toBe(404);
  });
});

describe('R67 what is kept, and for whom', () => {
  test('R90 nothing of the visit stands in the file, and no user agent at all', async () => {
    await page('/cars/blue-whale-42', 'A title like no other');
    await page('/cars/next', 'Another title');
    await chat.ada.say('/api/chat/typing', { text: 'words-never-sent' });
    await stage.door.store.write((tx) => tx.exec("insert into meta values ('mark', 'found-in-the-file')"));
    const bytes = file();
    expect(bytes).toContain('found-in-the-file'); // what is written is searched
    for (const word of ['blue-whale', 'no other', 'Another title', 'Firefox', 'Android', 'Gecko', 'words-never-sent'])
      expect(bytes.includes(word), word).toBe(false);
    expect(stage.door.logged()).not.toMatch(/blue-whale|no other|Gecko/);
  });

  test('R13 a partner never gets any of it', async () => {
    await page('/cars/blue-whale-42', 'A title like no other');
    await page('/cars/next', 'Another title');
    await chat.answer({ email: 'yes', name: 'yes', phone: 'yes' });
    await chat.answer({ transcript: 'yes' }, care);
    await chat.send();
    await chat.send(care);
    expect(stage.recorder.calls.length).toBeGreaterThan(0);
    expect(stage.recorder.calls.map((c) => c.path + c.body).join('\n')).not.toMatch(/blue-whale|title|Firefox|\/cars/);
  });

  test('I9 it goes with the person, and comes back for nobody', async () => {
    await page('/cars');
    await eraseNow(stage, subjectOf(stage.door, chat));
    expect(count(stage.door, 'visit')).toBe(0);
    expect((await page('/cars/marlin')).status).toBe(401);
    expect(count(stage.door, 'visit')).toBe(0);
  });

  test('reset demo takes it too', async () => {
    await page('/cars');
    const html = await (await stage.maria.get('/')).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    await stage.maria.submit('/start/reset', { csrf });
    await until('the demo is new', () => count(stage.door, 'conversation') === 0);
    expect(count(stage.door, 'visit')).toBe(0);
  });

  test('R16 a damaged record shows unknown, the queue is whole, and the next page is kept', async () => {
    await page('/cars');
    await stage.door.store.write((tx) => tx.exec("update visit set page_enc = 'damaged', device_enc = 'damaged'"));
    expect(await fact('page')).toEqual({ kind: 'page', source: 'your site' });
    expect((await fact('trail')).value).toBeUndefined();
    expect((await fact('device')).value).toBeUndefined();
    const { body } = await stage.maria.json<{ rows: QueueRow[] }>('GET', '/api/panel/queue', undefined, panel);
    expect(body.rows.map((r) => r.title)).toEqual(['Ada Brandt']);
    expect((await page('/cars/marlin', 'Marlin')).status).toBe(200);
    expect((await fact('page')).value?.title).toBe('Marlin');
  });
});
