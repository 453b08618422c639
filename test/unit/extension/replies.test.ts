import { expect, it } from 'vitest';
import { fillIn, leftOutWords, matching, soughtIn } from '../../../extension/panel/replies.ts';

const known = { name: 'Ada', agent: 'Jens' };
const reply = (name: string, text = 'Words') => ({ id: name, name, text });

it('R66 variables are put in; one that is not known goes with the blank before it, and is named', () => {
  expect(fillIn('Hi {{name}}, {{ agent }} here.', known)).toEqual({ text: 'Hi Ada, Jens here.', left: [] });
  expect(fillIn('Hi {{name}}, {{agent}} here.', { agent: 'Jens' })).toEqual({
    text: 'Hi, Jens here.',
    left: ['the visitor’s name'],
  });
  expect(fillIn('Order {{order}} is here', known)).toEqual({ text: 'Order is here', left: ['order'] });
  expect(leftOutWords(['the visitor’s name', 'order'])).toBe(
    'Left out, as it is not known: the visitor’s name and order.',
  );
  expect(leftOutWords([])).toBe('');
});

it('R66 a name is text: braces in it are filled in by nobody', () => {
  expect(fillIn('Hi {{name}}', { name: '{{agent}}$&', agent: 'Jens' }).text).toBe('Hi {{agent}}$&');
});

it('R66 only a "/" at the very start looks for a reply, and a name that begins so comes first', () => {
  expect(['/', '/Gre', '/two words', ' /x', 'a/b', '', '/a\nb'].map(soughtIn)).toEqual([
    '',
    'gre',
    'two words',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  const all = [reply('regret'), reply('greeting'), reply('bye', 'Greetings'), reply('hours')];
  expect(matching(all, 'gre').map((r) => r.name)).toEqual(['greeting', 'bye', 'regret']);
  expect(matching(all, '').map((r) => r.name)).toEqual(['bye', 'greeting', 'hours', 'regret']);
});
