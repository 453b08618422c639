import { afterEach, beforeEach, expect, it } from 'vitest';
import { concerns } from '../../../server/people/ended.ts';
import { stepDue } from '../../../server/people/may.ts';
import { appWith } from '../../support/app-codes.ts';
import { cookieOf, dump, slugOf } from './desk.ts';
import { openStepDesk, type StepDesk } from './step-desk.ts';

let desk: StepDesk;
beforeEach(async () => {
  desk = await openStepDesk();
});
afterEach(() => desk.store.close());

const jensMail = 'jens@harbor.example';
const steps = () => desk.people.secondStep;

it('BA1 the gate, walked: asked where person or brand has a second step, and only then', () => {
  const at = '2026-11-22T14:00:00.000Z';
  const due = (hasStep: boolean, stepDemanded: boolean, mfaAt: string | null) =>
    stepDue({ hasStep, stepDemanded }, mfaAt);
  expect(due(false, false, null)).toBeUndefined();
  expect(due(true, false, null)).toBe('code');
  expect(due(true, true, null)).toBe('code');
  expect(due(false, true, null)).toBe('set-up');
  expect(due(false, true, at)).toBe('set-up');
  expect(due(true, false, at)).toBeUndefined();
  expect(due(true, true, at)).toBeUndefined();
});

it('sec-BA1 R54 a magic link gives no right before the code', async () => {
  const { app } = await desk.enrol();
  const cookie = await desk.signIn();
  expect(await desk.people.whoIs(cookie)).toBeUndefined();
  const waiting = await desk.waits(cookie);
  expect(waiting).toMatchObject({ userId: desk.maria, due: 'code' });
  const entered = cookieOf(await steps().enter(waiting, cookie, await app()));
  expect(await desk.people.whoIs(entered)).toMatchObject({ name: 'Maria Lund', role: 'owner', operator: true });
  expect(await desk.people.waiting(entered)).toBeUndefined();
  const { mfaAt } = await desk.agent(entered);
  expect(Math.abs(Date.parse(mfaAt ?? '') - desk.now())).toBeLessThan(5000);
});

it('sec-O10 BA4 the code makes a new session id, its end stays, and the half session is dead', async () => {
  const { app } = await desk.enrol();
  const cookie = await desk.signIn();
  const waiting = await desk.waits(cookie);
  const end = () => desk.store.read.hot('select "expiresAt" as at from "session"').all().at(-1)?.at;
  const before = end();
  const ended = desk.listen();
  const entered = cookieOf(await steps().enter(waiting, cookie, await app()));
  const { sessionId, mfaAt } = await desk.agent(entered);
  expect(sessionId).not.toBe(waiting.sessionId);
  expect(end()).toBe(before);
  expect(ended).toEqual([{ what: 'session', sessionId: waiting.sessionId }]);
  expect([await desk.people.whoIs(cookie), await desk.people.waiting(cookie)]).toEqual([undefined, undefined]);
  // At a connect the second step comes along, else it would be asked again.
  const connected = cookieOf(await desk.people.signIn.renew(entered));
  expect(await desk.agent(connected)).toMatchObject({ mfaAt });
});

it('BA1 a code is taken once: not again inside its window, not an older one, not by two at once', async () => {
  const { show } = await desk.enrol();
  const code = await show(desk.now());
  const cookies = [await desk.signIn(), await desk.signIn(), await desk.signIn()];
  const [a, b, c] = (await Promise.all(cookies.map(desk.waits))) as [never, never, never];
  const both = await Promise.all([
    slugOf(() => steps().enter(a, cookies[0] as Headers, code)),
    slugOf(() => steps().enter(b, cookies[1] as Headers, code)),
  ]);
  expect(both.filter((r) => r === 'wrong-code')).toHaveLength(1);
  expect(await slugOf(() => steps().enter(c, cookies[2] as Headers, code))).toBe('wrong-code');
  expect(await slugOf(async () => steps().enter(c, cookies[2] as Headers, await show(desk.now() - 30_000)))).toBe(
    'wrong-code',
  );
  desk.push(30_000);
  expect(await slugOf(() => steps().enter(c, cookies[2] as Headers, code))).toBe('wrong-code');
  const fresh = await show(desk.now());
  expect(await steps().enter(c, cookies[2] as Headers, `${fresh.slice(0, 3)} ${fresh.slice(3)} `)).toBeInstanceOf(
    Headers,
  );
});

it('BA1 a code is good one step early or late, and no further', async () => {
  const { show } = await desk.enrol();
  for (const [off, fits] of [
    [-60_000, false],
    [60_000, false],
    [-30_000, true],
    [30_000, true],
  ] as const) {
    const cookie = await desk.signIn();
    const waiting = await desk.waits(cookie);
    const code = await show(desk.now() + off);
    const got = await slugOf(() => steps().enter(waiting, cookie, code));
    expect(got === 'wrong-code', String(off)).toBe(!fits);
    desk.push(90_000);
  }
});

it('BA1 a wrong code loses nothing and leaves an audit row; ten tries a person, whatever the session', async () => {
  desk.store.close();
  desk = await openStepDesk({ points: 4 });
  const { app } = await desk.enrol();
  const cookie = await desk.signIn();
  const waiting = await desk.waits(cookie);
  for (const typed of ['000000', 'abcde-fghij', ''])
    expect(await slugOf(() => steps().enter(waiting, cookie, typed))).toBe('wrong-code');
  expect(desk.audited().filter((act) => act === 'second-step-wrong')).toHaveLength(3);
  expect((await desk.waits(cookie)).sessionId).toBe(waiting.sessionId);
  const other = await desk.signIn();
  const right = await app();
  expect(await slugOf(async () => steps().enter(await desk.waits(other), other, right))).toBe('too-many');
  expect(await desk.people.whoIs(other)).toBeUndefined();
});

it('BA1 a backup code works once, with and without its hyphen; new ones kill the old', async () => {
  const { backupCodes, cookie } = await desk.enrol();
  expect(backupCodes).toHaveLength(10);
  expect(new Set(backupCodes).size).toBe(10);
  const [one = '', two = '', three = ''] = backupCodes;
  const enter = async (typed: string) => {
    const half = await desk.signIn();
    const waiting = await desk.waits(half);
    return slugOf(() => steps().enter(waiting, half, typed));
  };
  const both = await Promise.all([enter(one), enter(one)]);
  expect(both.filter((r) => r === 'wrong-code')).toHaveLength(1);
  expect(await enter(one)).toBe('wrong-code');
  expect(await enter(` ${two.replace('-', '')} `)).toBeInstanceOf(Headers);
  expect(await enter(three.toUpperCase() === three ? three.toLowerCase() : three.toUpperCase())).toBe('wrong-code');
  expect(await steps().codesLeft(desk.maria)).toBe(8);
  const fresh = await steps().renewCodes(await desk.agent(cookie), cookie, three);
  expect(fresh).toHaveLength(10);
  expect(await enter(backupCodes[3] ?? '')).toBe('wrong-code');
  expect(await enter(fresh[0] ?? '')).toBeInstanceOf(Headers);
});

it('BA1 nothing is asked before the first code was right, and a secret in use is never shown again', async () => {
  const cookie = await desk.signIn();
  const maria = await desk.agent(cookie);
  const first = await steps().begin(cookie);
  expect(await steps().begun(maria, cookie)).toBe(first);
  expect(await steps().begin(cookie)).not.toBe(first);
  expect(await slugOf(() => steps().confirm(maria, cookie, '000000'))).toBe('wrong-code');
  // The code of a secret that was replaced fits nothing.
  const old = await appWith(new URL(first).searchParams.get('secret') ?? '')(desk.now());
  expect(await slugOf(() => steps().confirm(maria, cookie, old))).toBe('wrong-code');
  expect(await desk.people.whoIs(await desk.signIn())).toMatchObject({ hasStep: false, mfaAt: null });
  await desk.enrol();
  const half = await desk.signIn();
  const waiting = await desk.waits(half);
  expect(await slugOf(() => steps().begin(half))).toBe('conflict');
  expect(await steps().begun(waiting, half)).toBeUndefined();
});

it('BA1 a secret that another session puts in place of the compared one is not taken into use', async () => {
  const cookie = await desk.signIn();
  const maria = await desk.agent(cookie);
  const uri = await steps().begin(cookie);
  const code = await appWith(new URL(uri).searchParams.get('secret') ?? '')(desk.now());
  desk.beforeWrite(
    () => void desk.store.read.hot(`update "twoFactor" set secret = 'another' where verified = 0`).run(),
  );
  expect(await slugOf(() => steps().confirm(maria, cookie, code))).toBe('wrong-code');
  expect(desk.store.read.hot('select verified from "twoFactor"').all()).toEqual([{ verified: 0 }]);
  expect(await desk.people.whoIs(cookie)).toMatchObject({ hasStep: false });
});

it('BA3 secret, backup codes and codes stand nowhere in clear', async () => {
  const { uri, backupCodes, app, cookie } = await desk.enrol();
  const key = new URL(uri).searchParams.get('secret') ?? 'none';
  const code = await app();
  await steps().renewCodes(await desk.agent(cookie), cookie, code);
  const all = dump(desk.store);
  for (const secret of [key, atob32(key), ...backupCodes]) expect(all).not.toContain(secret);
  expect(all).not.toContain(`"${code}"`);
});
const atob32 = (key: string) => {
  const bits = [...key].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return (bits.match(/.{8}/g) ?? []).map((b) => String.fromCharCode(Number.parseInt(b, 2))).join('');
};

it('BA10 turning it on, new backup codes and turning it off end every other session and pairing of that person', async () => {
  const elsewhere = await desk.signIn();
  const paired = await desk.pair(elsewhere);
  const jens = await desk.signIn(jensMail);
  const gone = async (act: () => Promise<unknown>, cookie: Headers, bearer: Headers) => {
    const [c, b] = [await desk.agent(cookie), await desk.agent(bearer)];
    const ended = desk.listen();
    await act();
    expect([await desk.people.whoIs(cookie), await desk.people.whoIs(bearer)]).toEqual([undefined, undefined]);
    expect(await desk.people.waiting(cookie)).toBeUndefined();
    expect(ended.some((e) => concerns(e, c)) && ended.some((e) => concerns(e, b))).toBe(true);
  };
  let mine = await desk.enrol();
  expect(await desk.people.whoIs(elsewhere)).toBeUndefined();
  expect(await desk.people.whoIs(paired)).toBeUndefined();
  for (const act of ['renewCodes', 'turnOff'] as const) {
    const half = await desk.signIn();
    const other = cookieOf(await steps().enter(await desk.waits(half), half, await mine.app()));
    desk.push(60_000);
    const panel = await desk.pair(other);
    expect((await desk.agent(panel)).mfaAt).not.toBeNull();
    const me = await desk.agent(mine.cookie);
    await gone(async () => steps()[act](me, mine.cookie, await mine.app()), other, panel);
    desk.push(60_000);
    expect((await desk.agent(mine.cookie)).sessionId).toBe(me.sessionId);
  }
  expect(await desk.agent(mine.cookie)).toMatchObject({ hasStep: false, mfaAt: null });
  expect(await desk.people.whoIs(await desk.signIn())).toBeDefined();
  expect(await desk.people.whoIs(jens)).toBeDefined();
  expect(desk.audited()).toEqual(
    expect.arrayContaining(['second-step-on', 'second-step', 'second-step-new-codes', 'second-step-off']),
  );
  // Set up again, at once: what the old secret used counts for nothing.
  mine = await desk.enrol();
  expect(await desk.agent(mine.cookie)).toMatchObject({ hasStep: true });
});

it('BA10 turning off and new codes need a fresh code', async () => {
  const { cookie } = await desk.enrol();
  const maria = await desk.agent(cookie);
  expect(await slugOf(() => steps().turnOff(maria, cookie, '000000'))).toBe('wrong-code');
  expect(await slugOf(() => steps().renewCodes(maria, cookie, '000000'))).toBe('wrong-code');
  expect((await desk.agent(cookie)).hasStep).toBe(true);
});
