import { expect, test } from 'vitest';
import { createCalls } from '../../server/egress/calls.ts';
import { Stopped } from '../../server/egress/fence.ts';
import { judge } from '../../server/egress/judge.ts';
import type { PartnerResult } from '../../server/egress/partner.ts';

const answered: PartnerResult = { kind: 'sent', status: 200, body: {} };
const unreachable: PartnerResult = { kind: 'failed', why: 'connect' };
const stopped: PartnerResult = { kind: 'aborted', why: 'ticket', reason: new Stopped('lease_over') };
const cut: PartnerResult = { kind: 'unknown', why: 'closed' };

/** A delivery stopped by its first call while the second is under way. */
async function leftBehind(late: PartnerResult) {
  const calls = createCalls();
  const { promise, resolve } = Promise.withResolvers<PartnerResult>();
  const second = calls.perform(() => promise);
  await calls.perform(async () => unreachable);
  let ended = false;
  const end = calls.end().then(() => {
    ended = true;
  });
  expect(() => calls.check()).toThrow(Stopped); // nothing begins to write from here on
  await new Promise((done) => setImmediate(done));
  expect(ended).toBe(false); // the outcome waits for what began
  resolve(late);
  await Promise.all([end, second]);
  return calls.results;
}

test('GATE-a I5 a call left behind counts by what it came to, and the one that stopped the adapter stays the last', async () => {
  expect(await leftBehind(answered)).toEqual([answered, unreachable]);
  expect(await leftBehind(cut)).toEqual([cut, unreachable]);
  expect(await leftBehind(stopped)).toEqual([unreachable]);
});

test('GATE-e.2.8 what was left behind and answered, or never answered, is out and not sent again blindly', async () => {
  const verdict = (results: readonly PartnerResult[]) =>
    judge('Vendor', { error: new Error('failed') }, results, false);
  expect(verdict(await leftBehind(answered))).toMatchObject({ state: 'sent', next: 'over' });
  expect(verdict(await leftBehind(cut))).toMatchObject({ state: 'unknown', next: 'over' });
  expect(verdict(await leftBehind(stopped))).toMatchObject({ state: 'failed', next: 'again' });
});
