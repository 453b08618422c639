import { expect, it } from 'vitest';
import type { Entry, QueueRow } from '#contract/chat.ts';
import { rowsAfter } from '../../../extension/panel/rows.ts';
import { emptyState, withEntry } from '../../../extension/panel/state.ts';
import { endingWords } from '../../../extension/panel/words.ts';

const at = '2026-11-22T14:06:00Z';
const row: QueueRow = {
  conversation: 'c1',
  brand: 'b',
  number: 7,
  title: 'Ada Brandt',
  lastLine: 'Hi',
  lastAt: at,
  lastSeq: 9,
  unread: 0,
  tags: [],
};
const ended = (seq: number): Entry => ({
  seq,
  n: seq,
  conversation: 'c1',
  at,
  kind: 'ended',
  by: 'agent',
  name: 'Jens',
});
const state = { ...emptyState, rows: [row, { ...row, conversation: 'c2' }], selected: 'c1' };

it('an ended chat leaves the queue and stays on the screen; an end that was followed by a message does not come back', () => {
  expect(rowsAfter(state.rows, ended(10), undefined).map((r) => r.conversation)).toEqual(['c2']);
  expect(rowsAfter(state.rows, ended(8), undefined)).toHaveLength(2);
  expect(withEntry(state, ended(10)).selected).toBe('c1');
});

it('R59 R60 the log says who ended, how it was, and where a transcript went', () => {
  const by = (name: string) => (name === 'Jens' ? 'You' : name);
  const base = { seq: 1, n: 1, conversation: 'c1', at };
  expect([
    endingWords({ ...base, kind: 'ended', by: 'agent', name: 'Jens' }, 'Ada', by),
    endingWords({ ...base, kind: 'ended', by: 'visitor' }, 'Ada', by),
    endingWords({ ...base, kind: 'rated', score: 4, comment: '' }, 'Ada', by),
    endingWords({ ...base, kind: 'rated', score: 1, comment: 'Slow' }, 'Ada', by),
    endingWords({ ...base, kind: 'mailed', to: 'ada@brandt.example', clientId: 'x' }, 'Ada', by),
  ]).toEqual([
    'You ended the chat.',
    'Ada ended the chat.',
    'Ada rated this chat 4 of 5: good.',
    'Ada rated this chat 1 of 5: bad. “Slow”',
    'A transcript is on its way to ada@brandt.example, as Ada asked.',
  ]);
});
