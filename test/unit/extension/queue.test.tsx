import { renderToString } from 'preact-render-to-string';
import { expect, it, vi } from 'vitest';
import type { QueueRow } from '#contract/chat.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { emptyState, type PanelState } from '../../../extension/panel/state.ts';
import { App } from '../../../extension/panel/views/app.tsx';

const at = '2026-11-22T14:01:00Z';
const row = (conversation: string, title: string, assignee?: QueueRow['assignee']): QueueRow => ({
  conversation,
  brand: 'b',
  number: 7,
  title,
  lastLine: 'Hi',
  lastAt: at,
  lastSeq: 9,
  unread: 0,
  tags: [],
  ...(assignee && { assignee }),
});
const jens = { id: 'jens', name: 'Jens' };
const maria = { id: 'maria', name: 'Maria' };
const draw = (state: Partial<PanelState>): string =>
  renderToString(
    <App
      state={{
        ...emptyState,
        phase: 'ready',
        brands: [{ id: 'b', name: 'Harbor Motors', role: 'agent', available: true }],
        me: jens,
        ...state,
      }}
      panel={{ select: vi.fn() } as unknown as Panel}
      now={Date.parse(at)}
    />,
  );
/** The rows of the queue, each as it reads. */
const rowsOf = (html: string): string[] =>
  [...html.matchAll(/<li><a href="#.*?<\/li>/gs)].map(([li]) =>
    li
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );

it('R66 the open chat stays in the list, first and with a word, when the filter hides it', () => {
  const rows = [row('bob', 'Bob Lund', jens), row('ada', 'Ada Brandt', maria)];
  const html = draw({ rows, filter: 'mine', selected: 'ada' });
  expect(rowsOf(html)).toEqual([
    expect.stringMatching(/^Ada Brandt.*With Maria, open, but not in Mine$/),
    expect.stringMatching(/^Bob Lund.*With you$/),
  ]);
  expect(html).toMatch(/<a href="#ada" aria-current="page"/);
  expect(rowsOf(draw({ rows, filter: 'all', selected: 'ada' })).join()).not.toContain('not in');
});

it('R66 a filter that shows nothing says so, beside the chat that is open', () => {
  const html = draw({ rows: [row('ada', 'Ada Brandt', maria)], filter: 'mine', selected: 'ada' });
  expect(html).toContain('No chat is with you. Take one from Unassigned.');
  expect(rowsOf(html)).toHaveLength(1);
});

it('R66 where others wait nobody is told that nobody does', () => {
  const html = draw({ rows: [row('ada', 'Ada Brandt', maria)], filter: 'mine' });
  expect(html).not.toContain('Nobody is waiting.');
  expect(html).toContain('No chat is open. Pick one under All.');
  expect(draw({ rows: [], filter: 'mine' })).toContain('Nobody is waiting.');
});

it('R64 R66 the open chat stays in the list while the rows of another brand alone are shown', () => {
  const rows = [row('bob', 'Bob Lund'), { ...row('ada', 'Ada Brandt'), brand: 'boats' }];
  const brands = ['b', 'boats'].map((id) => ({ id, name: `Harbor ${id}`, role: 'agent', available: true }));
  expect(rowsOf(draw({ rows, brands, brand: 'b', filter: 'all', selected: 'ada' }))).toEqual([
    expect.stringContaining('open, of another brand'),
    expect.stringMatching(/^Bob Lund/),
  ]);
});
