import { afterEach, beforeEach, expect, it } from 'vitest';
import { concerns, type Ended } from '../../../server/people/ended.ts';
import type { Agent } from '../../../server/people/who.ts';
import { addBrand, type Desk, dump, openDesk, slugOf } from './desk.ts';

let desk: Desk;
let maria: Agent;
let jens: Agent;
beforeEach(async () => {
  desk = await openDesk();
  maria = await desk.agent(await desk.signIn());
  jens = await desk.agent(await desk.signIn('jens@harbor.example'));
});
afterEach(() => desk.store.close());

const pairing = () => desk.people.pairing;
const bearer = (token: string) => new Headers({ authorization: `Bearer ${token}` });
const who = (token: string) => desk.people.whoIs(bearer(token));
async function pair(agent = jens): Promise<string> {
  const { code, secret } = await pairing().start('Firefox on Linux');
  await pairing().approve(code, agent);
  const polled = await pairing().poll(secret);
  if (polled.state !== 'paired') throw new Error(polled.state);
  return polled.token;
}
const listen = () => {
  const ended: Ended[] = [];
  desk.people.onEnded((e) => ended.push(e));
  return ended;
};

it('sec-E09 R54 a code that is compared and approved gives one token, once', async () => {
  const { code, secret, expiresInSeconds } = await pairing().start('Firefox on Linux');
  expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  expect(expiresInSeconds).toBe(300);
  expect(await pairing().poll(secret)).toEqual({ state: 'waiting' });
  const shown = await pairing().describe(code.toLowerCase().replace('-', ' '), jens);
  expect(shown).toMatchObject({ code, browser: 'Firefox on Linux' });
  expect(await pairing().poll(secret)).toEqual({ state: 'waiting' });
  await pairing().approve(code, jens);
  const polled = await pairing().poll(secret);
  expect(polled).toMatchObject({ state: 'paired', agent: 'Jens', brand: 'Harbor Motors', expiresInSeconds: 900 });
  expect(await slugOf(() => pairing().poll(secret))).toBe('link-used');
  const token = polled.state === 'paired' ? polled.token : '';
  expect(await who(token)).toMatchObject({ name: 'Jens', role: 'agent', kind: 'extension', operator: false });
});

it('sec-E09 of ten polls at the same time one gets the token', async () => {
  const { code, secret } = await pairing().start('Chrome');
  await pairing().approve(code, jens);
  const all = await Promise.all(Array.from({ length: 10 }, () => slugOf(() => pairing().poll(secret))));
  expect(all.filter((p) => p !== 'link-used')).toHaveLength(1);
});

it('sec-E09 a phished code: refused, used twice, after five minutes, or guessed, gives nothing', async () => {
  const no = await pairing().start('Chrome');
  await pairing().refuse(no.code, jens);
  expect(await pairing().poll(no.secret)).toEqual({ state: 'refused' });
  expect(await slugOf(() => pairing().approve(no.code, jens))).toBe('link-used');

  const twice = await pairing().start('Chrome');
  await pairing().approve(twice.code, jens);
  expect(await slugOf(() => pairing().approve(twice.code, maria))).toBe('link-used');
  expect(await slugOf(() => pairing().describe(twice.code, maria))).toBe('link-used');
  expect(await pairing().poll(twice.secret)).toMatchObject({ agent: 'Jens' });

  const [late, unheard] = [await pairing().start('Chrome'), await pairing().start('Chrome')];
  await pairing().approve(unheard.code, jens);
  desk.push(301_000);
  expect(await slugOf(() => pairing().describe(late.code, jens))).toBe('link-used');
  expect(await slugOf(() => pairing().approve(late.code, jens))).toBe('link-used');
  expect(await slugOf(() => pairing().poll(late.secret))).toBe('link-used');
  expect(await slugOf(() => pairing().poll(unheard.secret))).toBe('link-used');
  expect(await slugOf(() => pairing().approve('BCDF-GHJK', jens))).toBe('link-used');
  expect(await slugOf(() => pairing().poll('x'))).toBe('link-used');
});

it('sec-E09 from another device: the code alone is not the secret, and only a console says yes', async () => {
  const { code } = await pairing().start('Chrome');
  expect(await slugOf(() => pairing().poll(code))).toBe('link-used');
  const token = await pair();
  const extension = await desk.agent(bearer(token));
  expect(await slugOf(() => pairing().describe(code, extension))).toBe('not-allowed');
  expect(await slugOf(() => pairing().approve(code, extension))).toBe('not-allowed');
});

it('sec-E09 guesses of codes are limited per agent', async () => {
  desk.store.close();
  desk = await openDesk({ points: 5 });
  jens = await desk.agent(await desk.signIn('jens@harbor.example'));
  maria = await desk.agent(await desk.signIn());
  const { code } = await pairing().start('Chrome');
  for (let i = 0; i < 5; i++) expect(await slugOf(() => pairing().describe('BBBB-BBBB', jens))).toBe('link-used');
  expect(await slugOf(() => pairing().approve(code, jens))).toBe('too-many');
  expect(await pairing().describe(code, maria)).toMatchObject({ code });
});

it('codes that nobody answers are capped, and swept when they are over', async () => {
  for (let i = 0; i < 200; i++) await pairing().start('Chrome');
  expect(await slugOf(() => pairing().start('Chrome'))).toBe('too-many');
  desk.push(301_000);
  await pairing().start('Chrome');
  expect(desk.store.read.hot('select count(*) as n from pairing').get()).toMatchObject({ n: 1 });
});

it('BA3 BA8 code, secret and token stand in no column', async () => {
  const { code, secret } = await pairing().start('Chrome');
  await pairing().approve(code, jens);
  const before = dump(desk.store);
  const polled = await pairing().poll(secret);
  const token = polled.state === 'paired' ? polled.token : 'none';
  const next = (await pairing().rotate(token)).token;
  await who(next);
  const all = before + dump(desk.store);
  expect(all).toContain('Chrome');
  for (const secretText of [code, code.replace('-', ''), secret, ...token.split('.'), ...next.split('.')])
    expect(all).not.toContain(secretText);
});

it('BA8 a token works for fifteen minutes and can be traded after that, until the pairing slept twelve hours', async () => {
  const token = await pair();
  expect(await who(token)).toBeDefined();
  desk.push(901_000);
  expect(await who(token)).toBeUndefined();
  const next = await pairing().rotate(token);
  expect(next.expiresInSeconds).toBe(900);
  expect(await who(next.token)).toMatchObject({ name: 'Jens' });
  expect(await who(token)).toBeUndefined();
  desk.push(12 * 3_600_000 + 1000);
  expect(await slugOf(() => pairing().rotate(next.token))).toBe('token-ended');
});

it('BA8 a token that was traded, and whose successor was used, ends the pairing', async () => {
  const ended = listen();
  const first = await pair();
  const paired = await desk.agent(bearer(first));
  const second = (await pairing().rotate(first)).token;
  expect(await who(second)).toBeDefined();
  expect(await slugOf(() => pairing().rotate(first))).toBe('token-ended');
  expect(await who(second)).toBeUndefined();
  expect(await slugOf(() => pairing().rotate(second))).toBe('token-ended');
  expect(ended).toEqual([{ what: 'pairing', pairingId: paired.sessionId }]);
  expect(ended.every((e) => concerns(e, paired) && !concerns(e, maria))).toBe(true);
  expect(await pairing().list(jens.brandId)).toEqual([]);
  expect(dump(desk.store)).toContain('pairing-token-reused');
});

it('BA8 a token of two trades ago ends the pairing too', async () => {
  const first = await pair();
  const second = (await pairing().rotate(first)).token;
  const third = (await pairing().rotate(second)).token;
  expect(await slugOf(() => pairing().rotate(first))).toBe('token-ended');
  expect(await who(third)).toBeUndefined();
});

it('BA8 a lost answer: the old token asks again while nobody used the new one, and the lost one is worth nothing', async () => {
  const first = await pair();
  await who(first);
  const lost = (await pairing().rotate(first)).token;
  const again = (await pairing().rotate(first)).token;
  expect(await who(lost)).toBeUndefined();
  expect(await who(again)).toMatchObject({ name: 'Jens' });
  expect(await slugOf(() => pairing().rotate(lost))).toBe('token-ended');
  expect(await who(again)).toBeUndefined();
});

it('BA8 a made-up token ends nothing', async () => {
  const token = await pair();
  for (const wrong of ['', '.', 'x.y', token.split('.')[1] ?? '', `${token}x`.slice(1)])
    expect(await slugOf(() => pairing().rotate(wrong))).toBe('token-ended');
  expect(await who(token)).toBeDefined();
  for (const header of ['', 'Bearer', `Basic ${token}`, `Bearer ${token} x`])
    expect(await desk.people.whoIs(new Headers({ authorization: header }))).toBeUndefined();
});

it('sec-E09 R54 unpaired from the console or the panel: dead at once, and streams are told', async () => {
  const ended = listen();
  for (const end of ['console', 'panel'] as const) {
    const token = await pair();
    const extension = await desk.agent(bearer(token));
    await pairing().end(end === 'console' ? maria : extension, extension.sessionId);
    expect(await who(token)).toBeUndefined();
    expect(await slugOf(() => pairing().rotate(token))).toBe('token-ended');
    expect(concerns(ended.at(-1) as Ended, extension)).toBe(true);
    expect(await slugOf(() => pairing().end(maria, extension.sessionId))).toBe('not-found');
  }
  expect(ended).toHaveLength(2);
});

it('DB4 pairings of others are not found: an agent ends only their own, nobody one of another brand', async () => {
  await addBrand(desk.store, { id: 'brand-two', name: 'Harbor Boats', slug: 'harbor-boats' });
  const { sessionId } = await desk.agent(bearer(await pair(maria)));
  expect(await slugOf(() => pairing().end(jens, sessionId))).toBe('not-found');
  expect(await slugOf(() => pairing().end({ ...maria, brandId: 'brand-two' }, sessionId))).toBe('not-found');
  expect(await pairing().list('brand-two')).toEqual([]);
  expect(await pairing().list(maria.brandId, jens.userId)).toEqual([]);
  expect(await pairing().list(maria.brandId)).toMatchObject([{ id: sessionId, name: 'Maria Lund' }]);
});

it('BA9 who left between the yes and the poll is not paired', async () => {
  const { code, secret } = await pairing().start('Chrome');
  await pairing().approve(code, jens);
  await desk.store.write((tx) => tx.hot('delete from "member" where "userId" = ?').run(desk.jens));
  expect(await pairing().poll(secret)).toEqual({ state: 'refused' });
});
