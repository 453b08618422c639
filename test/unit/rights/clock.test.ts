import { expect, test } from 'vitest';
import { dueOn } from '../../../server/rights/clock.ts';

test.each([
  ['2026-01-31T12:00:00Z', 'UTC', '2026-02-28'], // the month's last day is earlier than thirty days
  ['2026-11-23T12:00:00Z', 'UTC', '2026-12-23'],
  ['2026-12-01T12:00:00Z', 'UTC', '2026-12-31'], // thirty days are earlier than the same day
  ['2028-01-30T12:00:00Z', 'UTC', '2028-02-29'],
  ['2026-12-31T12:00:00Z', 'UTC', '2027-01-30'],
  ['2026-11-22T23:30:00Z', 'Europe/Copenhagen', '2026-12-23'], // there it is the 23rd already
  ['2026-11-23T03:00:00Z', 'America/Los_Angeles', '2026-12-22'],
])('R38 a request of %s in %s is due at the end of %s', (received, zone, due) => {
  expect(dueOn(new Date(received), zone)).toBe(due);
});
