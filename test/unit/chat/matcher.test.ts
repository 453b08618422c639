import { expect, test } from 'vitest';
import { heldIn, marksIn, pieceOf, soughtIn } from '../../../server/chat/matcher.ts';

const marked = (text: string, query: string): string[] => {
  const marks = marksIn(text, soughtIn(query));
  return marks.map(([a, b]) => text.slice(a, b));
};

test('words are found whatever the case and accents, typed or stored composed or apart', () => {
  for (const text of ['Müller', 'MÜLLER', 'Mu\u0308ller', 'muller'])
    for (const query of ['müller', 'MULLER', 'mu\u0308ller']) expect(heldIn(text, soughtIn(query))).toHaveLength(1);
  expect(heldIn('Sørensen', soughtIn('sorensen'))).toEqual([]);
  expect(heldIn('İstanbul', soughtIn('istanbul'))).toEqual(['istanbul']);
});

test('marks stand around the words in the text as it was written, never inside a sign, and never overlap', () => {
  expect(marked('Frau Mu\u0308ller fragt, Müller!', 'müller')).toEqual(['Mu\u0308ller', 'Müller']);
  expect(marked('🎉 Party 🎉', '🎉 party')).toEqual(['🎉', 'Party', '🎉']);
  expect(marked('banana', 'ana nan')).toEqual(['anan']);
  expect(marked('a.*b', '.*')).toEqual(['.*']);
  expect(marked('nothing', 'x')).toEqual([]);
});

test('a query is its words, each once, at most ten', () => {
  expect(soughtIn('  Ada \u00a0 ADA\trefund ')).toEqual(['ada', 'refund']);
  expect(soughtIn('a b c d e f g h i j k l')).toHaveLength(10);
});

test('a long line is shown as a piece around its first word, with its marks', () => {
  const long = `${'x '.repeat(500)}refund please${' y'.repeat(500)}`;
  const { text, marks } = pieceOf(long, ['refund']);
  expect(text.length).toBeLessThanOrEqual(202);
  expect(text.startsWith('…') && text.endsWith('…')).toBe(true);
  expect(marks.map(([a, b]) => text.slice(a, b))).toEqual(['refund']);
  expect(pieceOf('two\nlines', ['lines'])).toEqual({ text: 'two lines', marks: [[4, 9]] });
});
