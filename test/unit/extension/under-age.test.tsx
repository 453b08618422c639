import { renderToString } from 'preact-render-to-string';
import { describe, expect, it, vi } from 'vitest';
import type { ConversationView, Entry } from '#contract/chat.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { emptyState, type PanelState } from '../../../extension/panel/state.ts';
import { App } from '../../../extension/panel/views/app.tsx';

const now = new Date(2026, 10, 22, 14, 6).getTime();
const at = new Date(2026, 10, 22, 14, 1).toISOString();
const base = { conversation: 'c1', at };
const wordsOf = (html: string): string =>
  html
    .replaceAll('\u2060', '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('R27 a person under age', () => {
  const stopped = { alreadyOut: 1, stopped: 2 };
  const lines: Entry[] = [
    { ...base, seq: 1, n: 1, kind: 'under_age', on: true, by: 'Jens', ...stopped },
    { ...base, seq: 2, n: 2, kind: 'under_age', on: true, alreadyOut: 0, stopped: 0 },
    { ...base, seq: 3, n: 3, kind: 'under_age', on: false, by: 'Maria', alreadyOut: 0, stopped: 0 },
    { ...base, seq: 4, n: 4, kind: 'objected', what: 'profiling', on: true, alreadyOut: 0, stopped: 0 },
    { ...base, seq: 5, n: 5, kind: 'objected', what: 'all', on: false, alreadyOut: 0, stopped: 0 },
  ];
  const view = (underAge?: ConversationView['underAge']): string => {
    const seen: ConversationView = {
      ...{
        conversation: 'c1',
        brand: 'b',
        number: 7,
        title: 'Ada Brandt',
        signedIn: false,
        facts: [],
        marks: { seen: { n: 0 }, read: { n: 0 } },
        visit: [],
        strip: [],
        cards: [],
        entries: [],
        lastSeq: 9,
      },
      ...(underAge ? { underAge } : {}),
    };
    const state: PanelState = {
      ...emptyState,
      phase: 'ready',
      selected: 'c1',
      talks: { c1: { status: 'ready', readAt: now, entries: lines, view: seen } },
    };
    return renderToString(<App state={state} panel={{ select: vi.fn() } as unknown as Panel} now={now} />);
  };
  it('can be flagged by any agent, in two steps', () => {
    expect(view()).toContain('data-act="under-age"');
    expect(wordsOf(view())).not.toMatch(/Nothing is shared, since|Clear the flag|Stop all sharing/);
  });
  it('is shown beside the name, and only an owner is offered to clear it, with a reason', () => {
    const owner = view({ since: at, mayClear: true });
    expect(wordsOf(owner)).toContain('Under age Nothing is shared, since today, 14:01.');
    expect(owner).toMatch(/<textarea id="age-reason" required minlength="3"/i);
    const agent = view({ since: at, mayClear: false });
    expect(agent).not.toContain('age-reason');
    expect(wordsOf(agent)).toContain('An owner can clear this in the panel of the console, with a reason.');
  });
  it('R26 the log says who stopped what, what it stopped, and who took it back', () => {
    const words = wordsOf(view());
    for (const line of [
      'Jens flagged Ada as under age. Nothing is shared. Two sends that were waiting did not leave. One send had left before.',
      'Ada says: under age. Every yes so far is void.',
      'Maria cleared the flag: Ada is not held to be under age.',
      'Ada stopped profiling.',
      'Ada no longer objects to all profiling and direct marketing use.',
    ])
      expect(words).toContain(line);
  });
});
