import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { json } from '../../support/recorder.ts';
import { about, type Chat, count, crm, openChat, openPreferences, openStage, panel, type Stage } from './stage.ts';

const brand = 'harbor-motors';
let stage: Stage;
let clock: number;
beforeEach(async () => {
  clock = Date.now();
  stage = await openStage({ now: () => new Date(clock) });
});
afterEach(() => stage.close());

/** The brand's own server says who is here. */
const proof = (
  account: string,
  with_: { key?: Uint8Array; aud?: string; life?: number; alg?: string; age?: number } = {},
) => {
  const at = Math.floor(clock / 1000) - (with_.age ?? 0);
  return new SignJWT({})
    .setProtectedHeader({ alg: with_.alg ?? 'HS256' })
    .setSubject(account)
    .setAudience(with_.aud ?? brand)
    .setIssuedAt(at)
    .setExpirationTime(at + (with_.life ?? 300))
    .sign(with_.key ?? stage.door.hub.deps.identityKey(brand));
};
const identify = async (chat: Chat, account: string) =>
  chat.ada.say('/api/chat/identify', { identity: await proof(account) }) as Promise<{ status: number; body: unknown }>;
const rules = async (chat: Chat) => (await chat.preview()).body.rows.map((r) => `${r.field} ${r.rule}`).sort();
const links = () =>
  stage.door.store.read
    .hot('select action, heads_json from link order by seq')
    .all()
    .map((r) => ({ action: r.action, heads: JSON.parse(r.heads_json as string) as unknown[] }));

describe('R28 who is the same person', () => {
  test('GATE-24 anonymous said no, the person signed in said yes: the no wins, and the row shows both', async () => {
    const first = await openChat(stage);
    expect((await identify(first, 'ada-1')).status).toBe(200);
    await first.answer({ email: 'yes' });
    expect(await rules(first)).toContain('email D18');
    const second = await openChat(stage);
    await second.answer({ email: 'no' });
    await identify(second, 'ada-1');
    expect(await rules(first)).toContain('email D08');
    expect(await rules(second)).toContain('email D08');
    expect(links().at(-1)).toEqual({
      action: 'link',
      heads: [{ integrationId: stage.integration, purpose: crm, merged: 'refused', root: 'given' }],
    });
    expect(count(stage.door, 'audit', "act = 'merged'")).toBe(2);
    await first.send();
    expect(stage.recorder.calls).toEqual([]);
    // A new answer of the person themselves is later than both.
    await second.answer({ email: 'yes' });
    expect(await rules(first)).toContain('email D18');
  });

  test('R28 a yes said before signing in does not come along, and is not lost where the merge is taken back', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    expect(await rules(chat)).toContain('email D18');
    await identify(chat, 'ada-2');
    expect(await rules(chat)).toContain('email D20');
    const undone = await stage.maria.json(
      'POST',
      `/api/panel/conversations/${chat.ada.conversation}/unmerge`,
      {},
      panel,
    );
    expect(undone.status).toBe(200);
    expect(await rules(chat)).toContain('email D18');
    expect(links().map((l) => l.action)).toEqual(['link', 'unlink']);
    // What the brand took apart is not put together again by the next page view.
    expect((await identify(chat, 'ada-2')).status).toBe(409);
    expect(await rules(chat)).toContain('email D18');
    const again = await stage.maria.json(
      'POST',
      `/api/panel/conversations/${chat.ada.conversation}/unmerge`,
      {},
      panel,
    );
    expect(again.status).toBe(404);
  });

  test('R28 what a signed-in person said holds on another device, and nothing is written to restore it', async () => {
    const first = await openChat(stage);
    await identify(first, 'ada-3');
    await first.answer({ email: 'yes', name: 'no' });
    const before = count(stage.door, 'consent_event');
    const phone = await openChat(stage, { name: 'Ada' }, 'From my phone');
    await identify(phone, 'ada-3');
    expect(await rules(phone)).toEqual(['email D18', 'name D16', 'phone D16']);
    expect(count(stage.door, 'consent_event')).toBe(before);
    expect((await phone.view()).facts.find((f) => f.field === 'email')?.value).toBe(about.email);
    await phone.send();
    expect(await phone.lastShare()).toMatchObject({ state: 'sent', fields: ['email'] });
    // One page for one person: what left from either chat stands there.
    const page = await openPreferences(stage, first);
    expect(await page.page()).toContain('Sent');
    await page.choose('no');
    expect(await rules(phone)).toContain('email D09');
  });

  test('GATE-14 a signal seen in one browser binds the person in every other', async () => {
    const first = await openChat(stage);
    await identify(first, 'ada-4');
    await first.answer({ email: 'yes' });
    const other = await openChat(stage);
    await other.ada.json('GET', '/api/chat/entries', undefined, { ...other.ada.auth, 'sec-gpc': '1' });
    await identify(other, 'ada-4');
    expect(await rules(first)).toContain('email D17');
  });

  test('R28 two people who sign in on one device are never merged; signing out leaves nothing behind', async () => {
    const chat = await openChat(stage);
    await identify(chat, 'ada-5');
    await chat.answer({ email: 'yes' });
    const other = await identify(chat, 'bo-5');
    expect(other).toMatchObject({ status: 409, body: { type: '/problems/signed-in-as-other' } });
    expect(await rules(chat)).toContain('email D18');
    expect(count(stage.door, 'link')).toBe(1);
    const page = await openPreferences(stage, chat);
    const { body: question } = await chat.question();
    expect((await chat.ada.say('/api/chat/sign-out', {})).status).toBe(200);
    const late = await chat.ada.say('/api/chat/answer', { nonce: question.nonce, answers: { phone: 'yes' } });
    expect(late.status).toBe(401);
    expect(await page.page()).toContain('We do not know this browser');
    // The next one in this browser is somebody new.
    expect(await rules(await openChat(stage))).toContain('email D20');
  });

  test.each([
    ['signed with another key', { key: new Uint8Array(32) }],
    ['for another brand', { aud: 'other-brand' }],
    ['too old', { age: 700 }],
    ['with too long a life', { life: 3600 }],
    ['of the future', { age: -120 }],
    ['under another algorithm', { alg: 'HS512' }],
  ])('R28 a claim %s is refused, and nothing is stored', async (_, how) => {
    const chat = await openChat(stage);
    const identity = await proof('ada-6', how);
    const res = await chat.ada.say('/api/chat/identify', { identity });
    expect(res).toMatchObject({ status: 403, body: { type: '/problems/identity-refused' } });
    expect(count(stage.door, 'link') + count(stage.door, 'identifier', "kind = 'account'")).toBe(0);
  });

  test('R28 the owner reads line and key on one page, and a token made with that key is taken; an admin sees no key', async () => {
    const html = await (await stage.maria.get('/console/website')).text();
    expect(html).toContain('data-brand=&quot;harbor-motors&quot;');
    const key = /<pre class="letter code">([\w-]{43})<\/pre>/.exec(html)?.[1] ?? '';
    const chat = await openChat(stage);
    const identity = await proof('ada-8', { key: Buffer.from(key, 'base64url') });
    expect((await chat.ada.say('/api/chat/identify', { identity })).status).toBe(200);
    expect(count(stage.door, 'audit', "act = 'read-identity-key'")).toBe(1);
    await stage.door.store.write((tx) => tx.exec(`update "member" set role = 'admin'`));
    const seen = await (await stage.maria.get('/console/website')).text();
    expect(seen).toContain('An owner reads the key here');
    expect(seen).not.toContain(key);
  });

  test('R28 an unsigned claim is refused', async () => {
    const chat = await openChat(stage);
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const at = Math.floor(clock / 1000);
    const identity = `${part({ alg: 'none' })}.${part({ sub: 'ada', aud: brand, iat: at, exp: at + 60 })}.`;
    expect((await chat.ada.say('/api/chat/identify', { identity })).status).toBe(403);
    expect(count(stage.door, 'link')).toBe(0);
  });

  test('GATE-6 what is queued is decided again when somebody is merged', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '60' }));
    await chat.send();
    expect(count(stage.door, 'share', "state = 'queued'")).toBe(1);
    await identify(chat, 'ada-7');
    expect(count(stage.door, 'share', "state = 'denied'")).toBe(1);
    expect(await chat.lastShare()).toMatchObject({ state: 'withheld' });
  });
});

describe('R28 an address that opted out before anybody knew it', () => {
  const stop = (address: string, headers: Record<string, string> = {}) =>
    stage.door.client().submit(`/privacy/${brand}/stop`, { address, ...headers });

  test('GATE-26 turned off on the public page without a sign-in: the first chat is opted out from the start', async () => {
    const res = await stop('  ADA@Brandt.example ');
    expect(res.status).toBe(200);
    expect(await res.text()).toContain('Saved: whoever chats with this address');
    const chat = await openChat(stage);
    expect(await rules(chat)).toEqual(['email D09', 'name D09', 'phone D09']);
    expect((await chat.view()).strip[0]).toMatchObject({ state: 'no' });
    expect((await chat.view()).cards[0]?.empty).toBe('refused');
    expect((await chat.ask()).status).toBe(409);
    await chat.send();
    expect(stage.recorder.calls).toEqual([]);
    // The person may always open the page and say yes themselves.
    await chat.answer({ email: 'yes' });
    expect(await rules(chat)).toContain('email D18');
  });

  test('GATE-26 a phone number is the same in every spelling', async () => {
    await stop('0045 20 55 04 18');
    expect(await rules(await openChat(stage))).toContain('phone D09');
  });

  test('GATE-26 whoever is known by the address is opted out at once, with a row and a follow-up', async () => {
    const chat = await openChat(stage);
    await chat.answer({ email: 'yes' });
    await chat.send();
    await stop(about.email);
    expect(await rules(chat)).toContain('email D09');
    expect(stage.door.store.read.hot('select type, method from consent_event order by seq desc limit 1').get()).toEqual(
      {
        type: expect.stringMatching(/withdrawn|refused/),
        method: 'address',
      },
    );
    expect(count(stage.door, 'propagation_job', "action = 'suppress'")).toBe(1);
  });

  test('GATE-26 the answer is the same for an address nobody knows, and the address stands nowhere', async () => {
    await openChat(stage);
    const [known, unknown] = [
      await (await stop(about.email)).text(),
      await (await stop('nobody@nowhere.example')).text(),
    ];
    const plain = (html: string) => html.replace(/nonce="[^"]*"/g, '');
    expect(plain(known)).toBe(plain(unknown));
    const rows = JSON.stringify(stage.door.store.read.hot('select * from suppression').all());
    expect(rows).not.toContain('nowhere');
    expect(stage.door.logged()).not.toContain('nowhere');
  });

  test.each(['', 'hello', 'a@b', '12', '+1'])('R35 %j is no address: plain words, nothing stored', async (address) => {
    const res = await stop(address);
    expect(res.status).toBe(400);
    expect(await res.text()).toContain('nothing was saved');
    expect(count(stage.door, 'suppression')).toBe(0);
  });
});
