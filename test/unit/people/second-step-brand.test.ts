import { afterEach, beforeEach, expect, it } from 'vitest';
import { concerns } from '../../../server/people/ended.ts';
import { addBrand, brand, cookieOf, mailedToken, slugOf } from './desk.ts';
import { openStepDesk, type StepDesk } from './step-desk.ts';

let desk: StepDesk;
beforeEach(async () => {
  desk = await openStepDesk();
});
afterEach(() => desk.store.close());

const jensMail = 'jens@harbor.example';

it('BA1 BA5 BA8 a brand’s demand stops sessions and pairings without a second step, and no others', async () => {
  const jens = await desk.signIn(jensMail);
  const jensPanel = await desk.pair(jens);
  const waitingCode = await desk.people.pairing.start('Firefox');
  await desk.people.pairing.approve(waitingCode.code, await desk.agent(jens));
  const { cookie } = await desk.enrol();
  const panel = await desk.pair(cookie);
  const [asJens, asPanel, maria] = [await desk.agent(jens), await desk.agent(jensPanel), await desk.agent(cookie)];
  const ended = desk.listen();
  await desk.people.brandSteps.demand(maria, true);
  expect(await desk.people.whoIs(jens)).toBeUndefined();
  expect(await desk.waits(jens)).toMatchObject({ due: 'set-up', userId: desk.jens });
  expect(await desk.people.whoIs(jensPanel)).toBeUndefined();
  expect(await slugOf(() => desk.people.pairing.poll(waitingCode.secret))).toBe('link-used');
  expect(ended.some((e) => concerns(e, asJens)) && ended.some((e) => concerns(e, asPanel))).toBe(true);
  expect(ended.some((e) => concerns(e, maria) || concerns(e, { ...maria, sessionId: 'other' }))).toBe(false);
  expect(await desk.people.whoIs(cookie)).toBeDefined();
  expect(await desk.people.whoIs(panel)).toBeDefined();
  // Led to it, set up, and in.
  const { cookie: later } = await desk.enrol(jensMail);
  expect(await desk.people.whoIs(later)).toMatchObject({ name: 'Jens', hasStep: true });
  await desk.people.brandSteps.demand(await desk.agent(cookie), false);
  expect(desk.audited().filter((a) => /demanded|free/.test(String(a)))).toEqual([
    'second-step-demanded',
    'second-step-free',
  ]);
});

it('BA1 R54 who is invited to a brand that asks everyone sets one up first', async () => {
  const { cookie } = await desk.enrol();
  await desk.people.brandSteps.demand(await desk.agent(cookie), true);
  await desk.people.agents.invite(await desk.agent(cookie), cookie, 'new@harbor.example', 'agent');
  await desk.people.signIn.settled();
  const half = cookieOf(await desk.people.signIn.useLink(await mailedToken(desk), new Headers()));
  expect(await desk.people.whoIs(half)).toBeUndefined();
  expect(await desk.waits(half)).toMatchObject({ due: 'set-up', brandId: brand.id });
});

it('BA8 a pairing approved without a second step is good for nothing once its person has one', async () => {
  const jens = await desk.signIn(jensMail);
  const bearer = await desk.pair(jens);
  await desk.store.write((tx) => tx.hot('update "user" set "twoFactorEnabled" = 1 where id = ?').run(desk.jens));
  expect(await desk.people.whoIs(bearer)).toBeUndefined();
});

it('BA1 only an owner with a second step of their own asks everyone for one', async () => {
  const cookie = await desk.signIn();
  const maria = await desk.agent(cookie);
  const jens = await desk.agent(await desk.signIn(jensMail));
  const { demand } = desk.people.brandSteps;
  expect(await slugOf(() => demand(maria, true))).toBe('second-step');
  expect(await slugOf(() => demand(jens, true))).toBe('not-allowed');
  expect(await slugOf(() => demand({ ...jens, role: 'admin', hasStep: true }, true))).toBe('not-allowed');
  expect(await desk.people.whoIs(cookie)).toBeDefined();
});

it('R54 an owner takes away a lost second step: audit row, everything of that person ends, the link signs in again', async () => {
  const { cookie: asJens } = await desk.enrol(jensMail);
  const panel = await desk.pair(asJens);
  const manager = await desk.signIn();
  const maria = await desk.agent(manager);
  const [jens, paired] = [await desk.agent(asJens), await desk.agent(panel)];
  const ended = desk.listen();
  await desk.people.brandSteps.take(maria, desk.memberOf(desk.jens));
  expect([await desk.people.whoIs(asJens), await desk.people.whoIs(panel)]).toEqual([undefined, undefined]);
  expect(ended.some((e) => concerns(e, jens)) && ended.some((e) => concerns(e, paired))).toBe(true);
  expect(desk.audited()).toContain('second-step-taken');
  expect(await desk.people.whoIs(await desk.signIn(jensMail))).toMatchObject({ hasStep: false });
  expect(desk.store.read.hot('select id from "twoFactor"').all()).toEqual([]);
});

it('R54 not one’s own, not an owner’s by an admin, not of another brand, not where there is none', async () => {
  const { take } = desk.people.brandSteps;
  const { cookie } = await desk.enrol();
  const maria = await desk.agent(cookie);
  const jens = await desk.agent(await desk.signIn(jensMail));
  const admin = { ...jens, role: 'admin' as const };
  expect(await slugOf(() => take(maria, desk.memberOf(desk.maria)))).toBe('not-allowed');
  expect(await slugOf(() => take(maria, desk.memberOf(desk.jens)))).toBe('not-allowed');
  expect(await slugOf(() => take(admin, desk.memberOf(desk.maria)))).toBe('not-allowed');
  expect(await slugOf(() => take(jens, desk.memberOf(desk.maria)))).toBe('not-allowed');
  expect(await slugOf(() => take(maria, 'nobody'))).toBe('not-found');
  await desk.enrol(jensMail);
  const other = { id: 'brand-other', name: 'Other', slug: 'other' };
  await addBrand(desk.store, other);
  expect(await slugOf(() => take({ ...maria, brandId: other.id }, desk.memberOf(desk.jens)))).toBe('not-found');
  // A person of two brands: one of them alone does not lower the other’s door.
  await desk.store.write((tx) => {
    tx.hot('insert into "organization" (id, name, slug, "createdAt") values (?, ?, ?, ?)').run(
      other.id,
      other.name,
      other.slug,
      new Date().toISOString(),
    );
    tx.hot('insert into "member" (id, "organizationId", "userId", role, "createdAt") values (?, ?, ?, ?, ?)').run(
      'm-other',
      other.id,
      desk.jens,
      'agent',
      new Date().toISOString(),
    );
  });
  const first = String(
    desk.store.read.hot('select id from "member" where "userId" = ? and id <> ?').get(desk.jens, 'm-other')?.id,
  );
  expect(await slugOf(() => take(maria, first))).toBe('not-allowed');
});
