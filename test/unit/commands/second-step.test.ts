import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeStepAway } from '../../../server/commands/second-step.ts';
import { openStepDesk, type StepDesk } from '../people/step-desk.ts';

let desk: StepDesk;
beforeEach(async () => {
  desk = await openStepDesk();
});
afterEach(() => desk.store.close());

test('R54 the operator takes the last owner’s lost second step away: all of it ends, and the link signs in again', async () => {
  const { cookie } = await desk.enrol();
  const panel = await desk.pair(cookie);
  const { done } = await takeStepAway(desk, ' Maria@Harbor.Example ');
  expect(done).toBe(true);
  expect([await desk.people.whoIs(cookie), await desk.people.whoIs(panel)]).toEqual([undefined, undefined]);
  expect(await desk.people.whoIs(await desk.signIn())).toMatchObject({ name: 'Maria Lund', hasStep: false });
  expect(desk.store.read.hot("select actor from audit where act = 'second-step-taken'").all()).toEqual([
    { actor: 'operator' },
  ]);
});

test('says so when there is nobody, or nothing to take', async () => {
  const before = desk.audited();
  expect((await takeStepAway(desk, 'eve@elsewhere.example')).says).toContain('Nobody here');
  expect((await takeStepAway(desk, 'jens@harbor.example')).says).toContain('no second step');
  expect(desk.audited()).toEqual(before);
});
