import { expect, test } from 'vitest';
import { backWords, checkAway } from '../../../server/web/widget/away.tsx';

const now = new Date(2026, 10, 22, 13, 0); // a Sunday, in the zone of whoever runs this
const at = (day: number, hour: number, month = 10) => new Date(2026, month, day, hour).toISOString();

test('R62 when the brand is back is said as people say it', () => {
  expect(backWords(at(22, 14), now)).toBe('today at 14:00');
  expect(backWords(at(23, 9), now)).toBe('tomorrow at 09:00');
  expect(backWords(at(25, 9), now)).toBe('on Wednesday at 09:00');
  expect(backWords(at(29, 9), now)).toBe('on Sunday 29 November at 09:00');
  expect(backWords(at(4, 9, 12), now)).toBe('on Monday 4 January at 09:00');
});

test('R62 an address is asked for only where the brand is away and needs one, and the reason is said', () => {
  expect(checkAway({ email: ' ' }, { email: 'needed' }).email).toMatch(/nobody is here/);
  expect(checkAway({ email: 'ada@brandt.example' }, { email: 'needed' })).toEqual({});
  expect(checkAway({ email: '' }, { email: 'optional' })).toEqual({});
  expect(checkAway({ email: '' }, undefined)).toEqual({});
});
