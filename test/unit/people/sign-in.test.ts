import { afterEach, beforeEach, expect, it } from 'vitest';
import { cookieOf, type Desk, dump, mailedToken, openDesk, slugOf } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.store.close());

const mails = async (email: string) => {
  desk.people.signIn.requestLink(email);
  await desk.people.signIn.settled();
  return desk.people.outbox.list();
};
const rows = (sql: string) => desk.store.read.hot(sql).all();

it('sec-H19 BA2 a mailed link is looked at as often as one likes, and signs in once', async () => {
  await mails(' Maria@Harbor.Example ');
  const token = await mailedToken(desk);
  for (let i = 0; i < 3; i++) expect(desk.people.signIn.openLink(token)).toEqual({ email: 'maria@harbor.example' });
  expect(rows('select id from "session"')).toEqual([]);
  const cookie = cookieOf(await desk.people.signIn.useLink(token, new Headers()));
  expect(await desk.people.whoIs(cookie)).toMatchObject({ name: 'Maria Lund', role: 'owner', kind: 'console' });
  expect(desk.people.signIn.openLink(token)).toBeUndefined();
  expect(await slugOf(() => desk.people.signIn.useLink(token, new Headers()))).toBe('link-used');
});

it('sec-H19 BA2 of two uses at the same time one wins', async () => {
  await mails('maria@harbor.example');
  const token = await mailedToken(desk);
  const both = await Promise.all([1, 2].map(() => slugOf(() => desk.people.signIn.useLink(token, new Headers()))));
  expect(both.filter((r) => r === 'link-used')).toHaveLength(1);
  expect(rows('select id from "session"')).toHaveLength(1);
});

it('sec-H19 BA2 a mailed link is dead after ten minutes', async () => {
  await mails('maria@harbor.example');
  const token = await mailedToken(desk);
  desk.push(599_000);
  expect(desk.people.signIn.openLink(token)).toBeDefined();
  desk.push(2000);
  expect(desk.people.signIn.openLink(token)).toBeUndefined();
  expect(await slugOf(() => desk.people.signIn.useLink(token, new Headers()))).toBe('link-used');
});

it('sec-H19 BA2 a stranger gets the same answer, no mail, no row and no account', async () => {
  expect(desk.people.signIn.requestLink('eve@elsewhere.example')).toBe(
    desk.people.signIn.requestLink('maria@harbor.example'),
  );
  await desk.people.signIn.settled();
  expect((await desk.people.outbox.list()).map((m) => m.to)).toEqual(['maria@harbor.example']);
  expect(rows('select id from "verification"')).toHaveLength(1);
  expect(rows('select id from "user"')).toHaveLength(2);
  expect(desk.failures).toEqual([]);
});

it('sec-H19 the answer comes before any work, so its time tells nothing', () => {
  const before = dump(desk.store);
  desk.people.signIn.requestLink('maria@harbor.example');
  expect(dump(desk.store)).toBe(before);
});

it('sec-H19 the address in the mail comes from the configuration, not from a request', async () => {
  const [mail] = await mails('maria@harbor.example');
  const { body } = await desk.people.outbox.open(mail?.id ?? '');
  expect(body).toContain('\nhttp://localhost:8787/sign-in/');
});

it('sec-H19 a link asked for before the person left is dead', async () => {
  await mails('jens@harbor.example');
  const token = await mailedToken(desk);
  await desk.store.write((tx) => tx.hot('delete from "member" where "userId" = ?').run(desk.jens));
  expect(desk.people.signIn.openLink(token)).toBeUndefined();
  expect(await slugOf(() => desk.people.signIn.useLink(token, new Headers()))).toBe('link-used');
});

it('BA6 mails per address are limited, in silence', async () => {
  desk.store.close();
  desk = await openDesk({ points: 2 });
  for (let i = 0; i < 4; i++) desk.people.signIn.requestLink('maria@harbor.example');
  await desk.people.signIn.settled();
  expect(await desk.people.outbox.list()).toHaveLength(2);
  expect(desk.failures).toHaveLength(2);
});

it('refuses what is no address', async () => {
  for (const typed of ['', 'maria', 'a b@c.d', `${'a'.repeat(250)}@b.example`])
    expect(await slugOf(() => desk.people.signIn.requestLink(typed))).toBe('bad-input');
});

it('the printed link works once, ends with a newer one, and is in no table', async () => {
  const first = desk.people.signIn.printedLink('maria@harbor.example').replace('/sign-in/', '');
  const second = desk.people.signIn.printedLink('maria@harbor.example').replace('/sign-in/', '');
  expect(desk.people.signIn.openLink(first)).toBeUndefined();
  desk.push(3_600_000);
  expect(desk.people.signIn.openLink(second)).toEqual({ email: 'maria@harbor.example' });
  desk.push(-3_600_000);
  const both = await Promise.all([1, 2].map(() => slugOf(() => desk.people.signIn.useLink(second, new Headers()))));
  expect(both.filter((r) => r === 'link-used')).toHaveLength(1);
  const stranger = desk.people.signIn.printedLink('eve@elsewhere.example').replace('/sign-in/', '');
  expect(desk.people.signIn.openLink(stranger)).toBeUndefined();
});

it('BA4 the cookie is __Host-, Secure, HttpOnly, Strict, for the whole host, without a domain', async () => {
  const token = desk.people.signIn.printedLink('maria@harbor.example').replace('/sign-in/', '');
  const cookies = (await desk.people.signIn.useLink(token, new Headers())).getSetCookie();
  expect(cookies).toHaveLength(1);
  const [pair, ...attributes] = cookies[0]?.split('; ') ?? [];
  expect(pair).toMatch(/^__Host-askfirst\.session_token=/);
  expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Strict', 'Secure']);
});

it('sec-O10 BA4 each sign-in and each connect makes a new session id, and the old one is dead', async () => {
  const first = await desk.signIn();
  const { sessionId } = await desk.agent(first);
  const token = desk.people.signIn.printedLink('maria@harbor.example').replace('/sign-in/', '');
  const second = cookieOf(await desk.people.signIn.useLink(token, first));
  expect(await desk.people.whoIs(first)).toBeUndefined();
  const ended: unknown[] = [];
  desk.people.onEnded((e) => ended.push(e));
  const again = await desk.agent(second);
  const third = cookieOf(await desk.people.signIn.renew(second));
  const last = await desk.agent(third);
  expect(new Set([sessionId, again.sessionId, last.sessionId]).size).toBe(3);
  expect(last.brandId).toBe(again.brandId);
  expect(await desk.people.whoIs(second)).toBeUndefined();
  expect(ended).toEqual([{ what: 'session', sessionId: again.sessionId }]);
  expect(await slugOf(() => desk.people.signIn.renew(second))).toBe('not-signed-in');
});

it('a session ends twelve hours after the sign-in, used or not', async () => {
  const cookie = await desk.signIn();
  desk.push(12 * 3_600_000 - 5000);
  expect(await desk.people.whoIs(cookie)).toBeDefined();
  desk.push(6000);
  expect(await desk.people.whoIs(cookie)).toBeUndefined();
});

it('R54 signing out ends session, cookie and streams', async () => {
  const cookie = await desk.signIn();
  const { sessionId } = await desk.agent(cookie);
  const ended: unknown[] = [];
  desk.people.onEnded((e) => ended.push(e));
  const answer = await desk.people.signIn.signOut(cookie);
  expect(answer.getSetCookie().some((c) => /^__Host-askfirst\.session_token=;.*Max-Age=0/.test(c))).toBe(true);
  expect(await desk.people.whoIs(cookie)).toBeUndefined();
  expect(ended).toEqual([{ what: 'session', sessionId }]);
  expect((await desk.people.signIn.signOut(new Headers())).getSetCookie()[0]).toMatch(/^__Host-.*Max-Age=0/);
});

it('BA3 what signs somebody in stands in no column, and what stands there signs nobody in', async () => {
  await mails('maria@harbor.example');
  const token = await mailedToken(desk);
  expect(dump(desk.store)).not.toContain(token);
  const printed = desk.people.signIn.printedLink('maria@harbor.example').replace('/sign-in/', '');
  expect(dump(desk.store)).not.toContain(printed);
  const cookie = await desk.signIn();
  const value = decodeURIComponent(cookie.get('cookie')?.split('=').slice(1).join('=') ?? '');
  const signature = value.split('.')[1] ?? '';
  expect(signature.length).toBeGreaterThan(40);
  expect(dump(desk.store)).not.toContain(signature);
  const stored = String(rows('select token from "session"')[0]?.token);
  const tries: [string, string][] = [
    ['cookie', `__Host-askfirst.session_token=${stored}`],
    ['cookie', `__Host-askfirst.session_token=${stored}.${Buffer.alloc(32).toString('base64')}`],
    ['authorization', `Bearer ${stored}`],
  ];
  for (const header of tries) expect(await desk.people.whoIs(new Headers([header]))).toBeUndefined();
  expect(await desk.people.whoIs(cookie)).toBeDefined();
});
