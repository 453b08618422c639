import { expect, test } from 'vitest';
import { type ChatForm, chatForm } from '#contract/chat-form.ts';
import { backWords } from '../../../server/web/widget/away.tsx';
import { asks, checkBegin } from '../../../server/web/widget/check.ts';
import { words } from '../../../server/web/widget/words.ts';

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
  const values = { text: 'Hello', name: '', phone: '' };
  const check = (email: string, page: Parameters<typeof checkBegin>[1]) => checkBegin({ ...values, email }, page);
  expect(check(' ', { away: { email: 'needed' } }).email).toMatch(/nobody is here/);
  expect(check('ada@brandt', { away: { email: 'needed' } })).toEqual({ email: words.badEmail(true) });
  expect(check('ada@brandt.example', { away: { email: 'needed' } })).toEqual({});
  expect(check('', { away: { email: 'optional' } })).toEqual({});
  expect(check('', {})).toEqual({});
});

test('R58 R62 while away the form never asks for less than it does at other times, nor the hub then refuses it', () => {
  const form = (ask: ChatForm['email']['ask']) => {
    const { standard } = chatForm;
    return { ...standard, email: { ask, help: '' } };
  };
  const ask = (at: ChatForm['email']['ask'], away: 'optional' | 'needed') =>
    asks('email', { form: form(at), away: { email: away } }).ask;
  expect([ask('needed', 'optional'), ask('off', 'optional'), ask('off', 'needed')]).toEqual([
    'needed',
    'optional',
    'needed',
  ]);
  const values = { text: 'Hello', name: '', email: '', phone: '' };
  const page = { form: form('needed'), away: { email: 'optional' as const } };
  expect(checkBegin(values, page)).toEqual({ email: words.needEmail });
});
