import { renderToString } from 'preact-render-to-string';
import { expect, test, vi } from 'vitest';
import { afterEndMs, type ConversationView, type Entry, type QueueRow } from '#contract/chat.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { emptyState } from '../../../extension/panel/state.ts';
import { App } from '../../../extension/panel/views/app.tsx';

const me = { id: 'u', name: 'Jens' } as const;
const at = '2026-11-22T14:01:00.000Z';
const line = (seq: number, body: object) => ({ seq, n: seq, conversation: 'c1', at, ...body }) as Entry;
const hello = line(1, { kind: 'message', author: 'visitor', by: 'visitor', text: 'Hello', clientId: 'a' });
const ended = line(2, { kind: 'ended', by: 'visitor' });
const back = line(3, {
  kind: 'file',
  author: 'visitor',
  by: 'visitor',
  file: 'f',
  name: 'a.png',
  type: 'image/png',
  bytes: 9,
  clientId: 'b',
});

function drawn(entries: Entry[], now: number, rows: QueueRow[] = []): string {
  const marks = { seen: { n: 0 }, read: { n: 0 } };
  const known = {
    conversation: 'c1',
    brand: 'b',
    number: 7,
    title: 'Ada Brandt',
    signedIn: false,
    facts: [],
    visit: [],
    marks,
  };
  const view: ConversationView = { ...known, strip: [], cards: [], entries: [], lastSeq: 3 };
  const talks = { c1: { status: 'ready' as const, readAt: now, entries, view } };
  const state = { ...emptyState, phase: 'ready' as const, rows, me, selected: 'c1', files: true as const, talks };
  return renderToString(<App state={state} panel={{ select: vi.fn() } as unknown as Panel} now={now} />);
}

test('R60 R72 a chat that ended more than a day ago says beforehand that a reply would not be read; a note still goes', () => {
  const end = Date.parse(at);
  const past = drawn([hello, ended], end + afterEndMs + 1);
  expect(past).toContain('This chat ended more than a day ago. Ada would not read a reply here; notes are kept.');
  expect(past).toContain('<button class="btn main" type="submit" aria-disabled="true">');
  expect(past).not.toContain('data-act="attach"');
  expect(past).toContain('Write a note');
  for (const open of [drawn([hello, ended], end + afterEndMs), drawn([hello, ended, back], end + 9 * afterEndMs)]) {
    expect(open).not.toContain('more than a day ago');
    expect(open).not.toContain('aria-disabled="true"');
    expect(open).toContain('data-act="attach"');
  }
});

test('R62 R66 a row says who holds the chat and that it was left while away in words; tags look like the agents’ own', () => {
  const assignee = { id: me.id, name: me.name };
  const known = {
    conversation: 'c1',
    brand: 'b',
    number: 7,
    title: 'Ada Brandt',
    lastLine: 'Hello',
    lastAt: at,
    lastSeq: 1,
  };
  const row: QueueRow = { ...known, unread: 1, tags: ['boat show'], assignee, leftOffline: true };
  const html = drawn([hello], Date.parse(at), [row]);
  expect(html).toContain('<span class="line held-by">With you, left while away</span>');
  expect(html).toMatch(/<span[^>]* class="tag">boat show<\/span>|<span class="tag">boat show<\/span>/);
  const { assignee: _, ...open } = row;
  expect(drawn([hello], Date.parse(at), [open])).toContain('<span class="line held-by">left while away</span>');
});
