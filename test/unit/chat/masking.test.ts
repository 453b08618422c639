import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { masksOf, maskText } from '../../../server/chat/masking.ts';

const all = masksOf(undefined);
const masked = (text: string) => maskText(text, all);

describe('R52 numbers that must never be stored', () => {
  test.each([
    ['My card is 4111 1111 1111 1111, thanks', 'My card is •••• •••• •••• ••••, thanks'],
    ['4111111111111111', '••••••••••••••••'],
    ['4111-1111-1111-1111 12/27 123', '••••-••••-••••-•••• 12/27 123'],
    ['5555.5555.5555.4444', '••••.••••.••••.••••'],
    ['amex 3782 822463 10005', 'amex •••• •••••• •••••'],
    ['two: 4111 1111 1111 1111 5555 5555 5555 4444', 'two: •••• •••• •••• •••• •••• •••• •••• ••••'],
    ['order 1234 card 4111  1111 1111 1111', 'order 1234 card ••••  •••• •••• ••••'],
    ['a line 4111 1111\n1111 1111 break', 'a line •••• ••••\n•••• •••• break'],
    ['visa4111 1111 1111 1111', 'visa•••• •••• •••• ••••'],
    ['90 4111 1111 1111 1111 7', '90 •••• •••• •••• •••• 7'],
  ])('R52 a card: %s', (text, left) => {
    expect(masked(text)).toEqual({ text: left, masked: ['card'] });
  });

  test.each([
    ['IBAN DK50 0040 0440 1162 43 please', 'IBAN •••• •••• •••• •••• •• please'],
    ['de89370400440532013000', '••••••••••••••••••••••'],
    ['GB29-NWBK-6016-1331-9268-19.', '••••-••••-••••-••••-••••-••.'],
  ])('R52 a bank account: %s', (text, left) => {
    expect(masked(text)).toEqual({ text: left, masked: ['bank'] });
  });

  test.each([
    ['ssn 536-90-4399', 'ssn •••-••-••••'],
    ['ssn 536 90 4399 ok', 'ssn ••• •• •••• ok'],
    ['cpr 070761-4285', 'cpr ••••••-••••'],
  ])('R52 a social security number: %s', (text, left) => {
    expect(masked(text)).toEqual({ text: left, masked: ['social'] });
  });

  test.each([
    ['a phone number', 'Call +45 20 55 04 18 or +1 415 555 0100 or 0045 2055 0418'],
    ['a long phone number', '+4915112345678901'],
    ['an order number without a check digit', 'Order 4111 1111 1111 1112'],
    ['one digit again and again', '4444 4444 4444 4444'],
    ['a date and a time', '2026-11-22 18:34:48, 22.11.2026'],
    ['an amount', '1.234.567.890.123,45 kr'],
    ['numbers that are never given out', '000-12-3456, 666-12-3456, 912-12-3456, 536-00-4399, 536-90-0000'],
    ['no day of the calendar', '991399-1234, 310261-1234'],
    ['a part of a longer number', '9536-90-4399, 536-90-43991'],
    ['an IBAN with a wrong digit', 'DK53 0040 0440 1162 43'],
    ['a word', 'Supercalifragilisticexpialidocious and AB12 cde'],
  ])('R52 stays as it is: %s', (_, text) => {
    expect(masked(text)).toEqual({ text, masked: [] });
  });

  test('R52 each kind can be switched off by itself', () => {
    const text = '4111 1111 1111 1111, DK50 0040 0440 1162 43, 536-90-4399';
    expect(maskText(text, masksOf({ maskCards: false, maskBanks: true, maskSocial: true })).masked).toEqual([
      'bank',
      'social',
    ]);
    expect(maskText(text, masksOf({ maskCards: true, maskBanks: false, maskSocial: false })).masked).toEqual(['card']);
    expect(maskText(text, masksOf({ maskCards: false, maskBanks: false, maskSocial: false })).text).toBe(text);
  });

  const card = fc
    .tuple(fc.constantFrom('4', '5', '34', '37', '6011', '2221'), fc.stringMatching(/^\d{14}$/))
    .map(([head, tail]) => {
      const body = (head + tail).slice(0, 15);
      const check = [...Array(10).keys()].find((d) => {
        const digits = [...`${body}${d}`].reverse().map(Number);
        const sum = digits.reduce((s, x, i) => s + (i % 2 ? (x * 2 > 9 ? x * 2 - 9 : x * 2) : x), 0);
        return sum % 10 === 0;
      });
      return `${body}${check}`;
    })
    .filter((digits) => !/^(\d)\1+$/.test(digits));

  test('R52 whatever words stand around a card number, no four digits of it in a row are left', () => {
    fc.assert(
      fc.property(
        card,
        fc.constantFrom('', ' ', '-', '.'),
        fc.stringMatching(/^[a-z ,!?]{0,20}$/),
        (digits, gap, words) => {
          const groups = digits.match(/\d{4}/g) as string[];
          const { text, masked: kinds } = masked(`${words} ${groups.join(gap)} ${words}`);
          expect(kinds).toContain('card');
          for (const group of groups) expect(text).not.toContain(group);
          expect(text.length).toBe(`${words} ${groups.join(gap)} ${words}`.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('R52 a text of nothing but digits and gaps is read to its end', () => {
    expect(masked('1 '.repeat(2_000)).masked).toEqual([]);
    expect(masked(`${'1 '.repeat(1_900)}4111 1111 1111 1111`).text.endsWith('•••• •••• •••• ••••')).toBe(true);
  });
});
