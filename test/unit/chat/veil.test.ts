import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contactOf, hide } from '../../../server/chat/hide.ts';
import { veil } from '../../../server/chat/veil.ts';

const contacts = [contactOf('email', 'ada+car@brandt.example'), contactOf('phone', '+45 20 55 04 18')];

describe('R51 hiding in words', () => {
  test.each([
    ['ring 20550418 now', 'ring •••• ••• 418 now'],
    ['ring ＋４５ ２０５５０４１８', 'ring •••• ••• 418'],
    ['ring 0045 2055 0418', 'ring •••• ••• 418'],
    ['ring (+45) 20-55-04-18.', 'ring (•••• ••• 418.'],
    ['ADA+CAR@Brandt.Example', 'a•••@•••'],
    ['https://x.example/?m=ada%2Bcar%40brandt.example&n=1', 'https://x.example/?m=a•••@•••&n=1'],
    ['order 20550419, 3 of 18', 'order 20550419, 3 of 18'],
    ['grace@hopper.example', 'grace@hopper.example'],
    ['', ''],
  ])('%s', (text, said) => expect(hide(text, contacts)).toBe(said));

  test('a number too short to be told from others is hidden where it stands alone as that number', () => {
    const short = [contactOf('phone', '11 44 1')];
    expect(hide('ring 11441', short)).toBe('ring •••• •••');
    expect(hide('ring 2011441', short)).toBe('ring 2011441');
  });

  test('whatever stands around it, in whatever case and with whatever gaps, no value is left', () => {
    const gaps = fc.array(fc.constantFrom('', ' ', '-', '.', ' / '), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.string(), fc.string(), gaps, fc.boolean(), (before, after, between, upper) => {
        const address = upper ? 'ADA+CAR@BRANDT.EXAMPLE' : 'ada+car@brandt.example';
        expect(hide(before + address + after, contacts).toLowerCase()).not.toContain('ada+car@brandt.example');
        const number = [...'20550418'].map((digit, i) => digit + between[i]).join('');
        expect(hide(`${before} ${number} ${after}`, contacts)).not.toContain(number.trim());
      }),
    );
  });
});

describe('R51 hiding in an answer', () => {
  const of = (conversation: string) => (conversation === 'c1' ? contacts : undefined);

  test('names of ours and times stay, words do not, at any depth', () => {
    const answer = {
      conversation: 'c1',
      entries: [{ conversation: 'c1', clientId: '20550418', at: '2020-55-04T18:00:00.000Z', text: 'At 20 55 04 18' }],
      lists: [['20550418', 7, null, true]],
    };
    expect(veil(answer, of)).toEqual({
      ...answer,
      entries: [{ ...answer.entries[0], text: 'At •••• ••• 418' }],
      lists: [['•••• ••• 418', 7, null, true]],
    });
  });

  test('a contact that stands as one is hidden by its field, and on a partner’s card no address is shown', () => {
    const answer = {
      rows: [{ field: 'email', value: 'second@brandt.example', label: 'e-mail' }],
      cards: [
        { rows: [{ label: 'Owner', value: 'Mail second@brandt.example or +4' }], drafts: [{ text: 'a@b.example' }] },
      ],
      text: 'second@brandt.example',
    };
    expect(veil(answer, of, 'c1')).toEqual({
      rows: [{ field: 'email', value: 's•••@•••', label: 'e-mail', hidden: true }],
      cards: [{ rows: [{ label: 'Owner', value: 'Mail s•••@••• or +4' }], drafts: [{ text: 'a•••@•••' }] }],
      text: 'second@brandt.example',
    });
  });

  test('an answer about a chat whose reader reads all is left as it is, beside one that is not', () => {
    const row = { title: 'ada+car@brandt.example' };
    const answer = {
      rows: [
        { conversation: 'c1', ...row },
        { conversation: 'c2', ...row },
      ],
    };
    expect(veil(answer, of).rows.map((r) => r.title)).toEqual(['a•••@•••', row.title]);
    expect(veil(answer, of, 'c2')).toEqual(veil(answer, of));
  });
});
