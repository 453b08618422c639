import { expect, it } from 'vitest';
import { keywordWords } from '../../../extension/panel/words.ts';

it('R45 a stop word is told by its own name, and as STOP where the line is from before', () => {
  const line = { seq: 1, n: 1, conversation: 'c', at: '2026-11-22T14:06:00Z', kind: 'keyword', word: 'stop' } as const;
  expect(keywordWords({ ...line, wrote: 'END' }, 'Ada')).toMatch(/^Ada wrote END:/);
  expect(keywordWords(line, 'Ada')).toMatch(/^Ada wrote STOP:/);
});
