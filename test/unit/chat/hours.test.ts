import { describe, expect, test } from 'vitest';
import { datesOf, type Hours, hoursSetting, rangesOf } from '#contract/hours.ts';
import { openAt } from '../../../server/chat/hours.ts';

const never = { mon: '', tue: '', wed: '', thu: '', fri: '', sat: '', sun: '' };
const at = (days: Partial<Hours['days']>, more: Partial<Hours> = {}): Hours => ({
  ...hoursSetting.standard,
  on: true,
  zone: 'Europe/Copenhagen',
  days: { ...never, ...days },
  ...more,
});
/** "open", or when it opens next in UTC. */
const said = (hours: Hours, now: string): string => {
  const door = openAt(hours, new Date(now));
  return door.open ? 'open' : (door.next?.toISOString().slice(0, 16) ?? 'never');
};

describe('R62 working hours by the wall clock of the brand', () => {
  const week = at({ mon: '09:00-12:00, 13:00-17:00', fri: '08:30-24:00', sat: '00:00-02:00' });
  test.each([
    ['2026-11-23T08:00Z', 'open', 'nine on Monday, to the minute'],
    ['2026-11-23T07:59Z', '2026-11-23T08:00', 'a minute before'],
    ['2026-11-23T11:00Z', '2026-11-23T12:00', 'at noon, until one'],
    ['2026-11-23T16:00Z', '2026-11-27T07:30', 'after five, until Friday'],
    ['2026-11-27T23:30Z', 'open', 'Friday night goes on into Saturday'],
    ['2026-11-28T01:00Z', '2026-11-30T08:00', 'two on Saturday is over'],
  ])('at %s: %s (%s)', (now, words) => expect(said(week, now)).toBe(words));

  test('without hours it is always open, and hours without a day are never open', () => {
    expect(said({ ...week, on: false }, '2026-11-29T03:00Z')).toBe('open');
    expect(said(at({}), '2026-11-29T03:00Z')).toBe('never');
  });
  test('closed dates are closed, in the brand’s own calendar', () => {
    const closed = at({ thu: '09:00-17:00', fri: '09:00-17:00' }, { closed: '2026-12-24\n2026-12-25' });
    expect(said(closed, '2026-12-24T10:00Z')).toBe('2026-12-31T08:00');
    // In Auckland the 24th has long begun.
    expect(said({ ...closed, zone: 'Pacific/Auckland', closed: '2026-12-24' }, '2026-12-23T22:00Z')).toBe(
      '2026-12-24T20:00',
    );
  });
});

describe('R62 a clock that is changed', () => {
  // Copenhagen 2026: 29 March 02:00 becomes 03:00, 25 October 03:00 becomes 02:00.
  test.each([
    ['2026-03-28T20:00Z', at({ sun: '09:00-17:00' }), '2026-03-29T07:00', 'nine is an hour earlier from then on'],
    ['2026-10-24T20:00Z', at({ sun: '09:00-17:00' }), '2026-10-25T08:00', 'and an hour later from then on'],
    [
      '2026-03-29T00:00Z',
      at({ sun: '02:30-05:00' }),
      '2026-03-29T01:00',
      'a time that is left out: as soon as it is past',
    ],
    ['2026-03-29T00:00Z', at({ sun: '02:10-02:50' }), '2027-03-28T00:00', 'a range that is left out is not open'],
    ['2026-10-24T23:00Z', at({ sun: '02:30-02:45' }), '2026-10-25T00:30', 'a time that comes twice: the first'],
    ['2026-10-25T00:50Z', at({ sun: '02:30-02:45' }), '2026-10-25T01:30', 'and then the second'],
    ['2026-10-25T00:45Z', at({ sun: '01:00-02:30' }), '2026-10-25T01:00', 'the clock goes back into an open time'],
    ['2026-10-25T01:10Z', at({ sun: '01:00-02:30' }), 'open', 'and it is open again'],
  ])('at %s: %#', (now, hours, words) => {
    if (words.startsWith('2027')) expect(said(hours, now)).not.toMatch(/open|2026-03-29/);
    else expect(said(hours, now)).toBe(words);
  });

  test('what opens next is open then and at no quarter before, through both changes, in zones of every kind', () => {
    const zones = [
      'Europe/Copenhagen',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Pacific/Kiritimati',
    ];
    const days = { sat: '22:15-24:00', sun: '01:45-02:15, 02:30-03:15', mon: '07:00-07:15' };
    for (const zone of zones)
      for (const start of [
        '2026-03-06T00:00Z',
        '2026-03-27T00:00Z',
        '2026-04-03T00:00Z',
        '2026-10-02T00:00Z',
        '2026-10-30T12:00Z',
        '2026-10-23T12:00Z',
      ]) {
        const hours = at(days, { zone });
        let next: number | undefined;
        for (let t = Date.parse(start); t < Date.parse(start) + 4 * 86_400_000; t += 900_000) {
          const door = openAt(hours, new Date(t));
          if (next !== undefined) expect([zone, new Date(t), door.open]).toEqual([zone, new Date(t), t >= next]);
          next = door.open ? undefined : door.next?.getTime();
          if (next !== undefined) expect(next).toBeGreaterThan(t);
        }
      }
  });
});

describe('R62 what cannot be hours is said by its place', () => {
  test.each(['9-17', '09:00-09:00', '17:00-09:00', '09:00-13:00, 12:00-14:00', '25:00-26:00', 'noon'])('%s', (text) => {
    expect(rangesOf(text)).toBeUndefined();
    expect(hoursSetting.check(at({ tue: text }))).toEqual({ wrong: expect.stringContaining('Tuesday') });
  });
  test('dates and zones are real ones', () => {
    expect(datesOf('2026-02-29')).toBeUndefined();
    expect(datesOf('2028-02-29\n\n2026-12-24 ')).toEqual(['2028-02-29', '2026-12-24']);
    expect(hoursSetting.check(at({}, { zone: 'Mars/Base' }))).toEqual({ wrong: 'A time zone nobody knows' });
    expect(hoursSetting.check(at({}, { closed: 'Christmas' }))).toEqual({ wrong: expect.stringContaining('Closed') });
    expect(hoursSetting.check(at({ mon: ' 9:00 – 17:00 ' }))).toHaveProperty('value');
  });
});
