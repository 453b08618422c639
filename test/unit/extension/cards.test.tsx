import { renderToString } from 'preact-render-to-string';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Card, Entry } from '#contract/chat.ts';
import type { Panel } from '../../../extension/panel/panel.ts';
import { CardTrouble, troubleOf, troubleWords } from '../../../extension/panel/views/card-trouble.tsx';
import { filledWith } from '../../../extension/panel/views/drafts.tsx';
import { cardNote } from '../../../extension/panel/words.ts';
import { type FakeHub, fakeHub } from '../../support/fake-hub.ts';
import type { FakeChat } from '../../support/fake-hub-state.ts';
import { panelAt } from '../../support/panel-at.ts';

const at = '2026-11-22T13:00:00.000Z';
const then = Date.parse(at);
type Share = Extract<Entry, { kind: 'share' }>;
const line = (seq: number, state: Share['state'], more: Partial<Share> = {}): Share => ({
  ...{ seq, n: seq, conversation: 'c', at, kind: 'share', share: 's1', integration: 'hubspot', partner: 'HubSpot' },
  ...{ purpose: 'CustomerCare', state, fields: [], withheld: [], ...more },
});
const words = (share: Share, late = false): string => {
  const trouble = troubleOf([share], 'hubspot');
  return trouble ? troubleWords(trouble.line, late) : '';
};

it('R69 R70 each trouble has its sentence: asking, slow, unreadable, tried again, failed; none where it was taken', () => {
  expect(words(line(1, 'waiting'))).toBe('Asking HubSpot');
  expect(words(line(1, 'waiting'), true)).toBe('HubSpot took longer than 5 seconds. The chat is not affected.');
  expect(words(line(1, 'unknown', { why: 'slow' }))).toBe(words(line(1, 'waiting'), true));
  expect(words(line(1, 'failed', { why: 'unreadable' }))).toBe(
    'HubSpot sent something we could not draw. An owner or admin can see it under Connections.',
  );
  expect(words(line(1, 'waiting', { cause: 'HubSpot is busy.' }))).toBe(
    'HubSpot is busy. It goes by itself when it can.',
  );
  expect(words(line(1, 'failed', { cause: 'HubSpot cannot be reached.' }))).toBe(
    'HubSpot cannot be reached. The chat is not affected.',
  );
  for (const state of ['sent', 'withheld'] as const) expect(words(line(1, state))).toBe('');
});

it('R69 five seconds count from the press; only the newest share of this partner counts; Try again where it ended', () => {
  const draw = (entries: Entry[], now: number): string => {
    const trouble = troubleOf(entries, 'hubspot');
    return trouble ? renderToString(<CardTrouble trouble={trouble} now={now} onAgain={vi.fn()} />) : '';
  };
  const asking = [line(1, 'waiting')];
  expect(draw(asking, then + 4_999)).toContain('Asking HubSpot');
  expect(draw(asking, then + 5_000)).toContain('took longer than 5 seconds');
  expect(draw(asking, then + 5_000)).not.toContain('Try again');
  expect(draw([...asking, line(2, 'failed')], then)).toContain('Try again');
  expect(draw([...asking, line(2, 'failed'), line(3, 'sent', { share: 's2' })], then)).toBe('');
  expect(troubleOf([line(1, 'failed')], 'slack')).toBeUndefined();
});

it('R73 a folded card still says what state it is in', () => {
  const card = (more: Partial<Card>): Card => ({
    ...{ integration: 'i', partner: 'HubSpot', sandbox: false, rows: [] },
    ...more,
  });
  expect(cardNote(card({ empty: 'not_asked' }), then)).toBe('empty: not asked yet');
  expect(cardNote(card({ empty: 'not_now' }), then)).toBe('empty: said not now');
  expect(cardNote(card({ empty: 'refused' }), then)).toBe('empty: said no');
  expect(cardNote(card({ empty: 'not_sent' }), then, 'failed')).toBe('empty: last try failed');
  expect(cardNote(card({ empty: 'not_sent' }), then, 'waiting')).toBe('asking');
  expect(cardNote(card({ at, rows: [{ label: 'a', value: 'b' }] }), then, 'failed')).toMatch(
    /^read .*, last try failed$/,
  );
});

it('R72 words of an add-on fill an empty reply, and stand below what is written', () => {
  expect(filledWith('  ', 'Hello')).toBe('Hello');
  expect(filledWith('Dear Ada, ', 'Hello')).toBe('Dear Ada,\nHello');
});

let hub: FakeHub;
let ada: FakeChat;
const open: Panel[] = [];
beforeEach(async () => {
  hub = await fakeHub({ beatMs: 50 });
  ada = hub.state.visitor('Ada Brandt', 'Hello!');
});
afterEach(async () => {
  for (const panel of open.splice(0)) panel.stop();
  await hub.down();
});
async function window(kept: Map<string, unknown>): Promise<Panel> {
  const panel = panelAt(hub, kept);
  open.push(panel);
  await panel.start();
  return panel;
}

it('two windows with a draft of the same reply: neither is overwritten in silence, and one’s own typing is no news', async () => {
  const kept = new Map<string, unknown>();
  const [first, second] = [await window(kept), await window(kept)];
  for (const text of ['D', 'De', 'Dear', 'Dear Ada']) first.setDraft(ada.id, text);
  await vi.waitFor(() => expect(kept.get(`draft/${ada.id}`)).toBe('Dear Ada'));
  expect(first.state().elsewhere).toEqual({});
  for (const text of ['W', 'We']) second.setDraft(ada.id, text);
  await vi.waitFor(() => expect(second.state().elsewhere).toEqual({ [ada.id]: 'Dear Ada' }));
  first.setDraft(ada.id, 'Dear Ada, yes');
  await vi.waitFor(() => expect(first.state().elsewhere).toEqual({ [ada.id]: 'We' }));
  first.forgetElsewhere(ada.id, 'message');
  expect(first.state().elsewhere).toEqual({});
});

it('a draft that was sent in one window is no draft elsewhere; a note and a reply are two', async () => {
  const kept = new Map<string, unknown>();
  const [first, second] = [await window(kept), await window(kept)];
  first.setDraft(ada.id, 'Yes.');
  await first.send(ada.id, 'Yes.');
  await vi.waitFor(() => expect(kept.has(`draft/${ada.id}`)).toBe(false));
  first.setDraft(ada.id, 'At the counter', 'note');
  second.setDraft(ada.id, 'Hello');
  await vi.waitFor(() => expect(kept.get(`draft/${ada.id}`)).toBe('Hello'));
  expect(second.state().elsewhere).toEqual({});
});

it('R72 what was chosen on a card waits for the reply’s field, and is no message', async () => {
  const panel = await window(new Map());
  panel.fill({ conversation: ada.id, text: 'Hello', from: 'HubSpot' });
  expect(panel.state().fill).toMatchObject({ text: 'Hello' });
  expect(panel.state().outbox).toEqual([]);
  panel.fill();
  expect(panel.state().fill).toBeUndefined();
  expect(ada.entries).toHaveLength(1);
});
