import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Panel } from '../../../extension/panel/panel.ts';
import type { Search } from '../../../extension/panel/state.ts';
import { searchWords } from '../../../extension/panel/views/search.tsx';
import { meaningOf } from '../../../extension/panel/views/shortcuts.tsx';
import { type FakeHub, fakeHub } from '../../support/fake-hub.ts';
import type { FakeChat } from '../../support/fake-hub-state.ts';
import { panelAt } from '../../support/panel-at.ts';

let hub: FakeHub;
let ada: FakeChat;
let panel: Panel;
beforeEach(async () => {
  hub = await fakeHub({ beatMs: 50 });
  ada = hub.state.visitor('Ada Brandt', 'Is the Marlin still there?');
  panel = panelAt(hub, new Map());
  await panel.start();
  await vi.waitFor(() => expect(panel.state().phase).toBe('ready'));
});
afterEach(async () => {
  panel.stop();
  await hub.down();
});
const search = (): Search | undefined => panel.state().search;
const calls = (): number => hub.calls.filter((c) => c.endsWith('/api/panel/search')).length;

it('a search goes on by itself until all was looked at; each chat once, newest first', async () => {
  for (let i = 0; i < 5; i++) hub.state.says(ada, `Marlin ${i}`);
  const bob = hub.state.visitor('Bob Lund', 'The marlin, please');
  panel.find('  marlin ');
  expect(search()).toMatchObject({ words: 'marlin', status: 'searching', hits: [] });
  await vi.waitFor(() => expect(search()?.status).toBe('done'));
  expect(search()?.hits.map((h) => [h.conversation, h.text])).toEqual([
    [bob.id, 'The marlin, please'],
    [ada.id, 'Marlin 4'],
  ]);
  expect(calls()).toBe(3);
  panel.find('');
  expect(search()).toBeUndefined();
});

it('it rests after ten calls, goes on when asked, and stops when told', async () => {
  for (let i = 0; i < 40; i++) hub.state.says(ada, `Line ${i}`);
  panel.find('nothing');
  await vi.waitFor(() => expect(search()?.status).toBe('paused'));
  expect(calls()).toBe(10);
  panel.searchOn();
  panel.stopSearch();
  expect(search()?.status).toBe('paused');
  panel.searchOn();
  await vi.waitFor(() => expect(search()?.status).toBe('done'));
});

it('a refusal stands as a sentence, and trying again goes on where it stopped; the newest words win', async () => {
  for (let i = 0; i < 5; i++) hub.state.says(ada, `Line ${i}`);
  hub.refuse('/api/panel/search', 'too-many');
  panel.find('marlin');
  await vi.waitFor(() => expect(search()?.status).toBe('failed'));
  expect(searchWords(search() as Search, 0)).toMatch(/^Could not search\. \S/);
  panel.searchOn();
  await vi.waitFor(() => expect(search()).toMatchObject({ status: 'done', hits: [{ conversation: ada.id }] }));
  panel.find('line 4');
  panel.find('line 3');
  await vi.waitFor(() => expect(search()?.status).toBe('done'));
  expect(search()?.hits.map((h) => h.text)).toEqual(['Line 3']);
});

it('what was found is gone with the right to see it', async () => {
  panel.find('marlin');
  await vi.waitFor(() => expect(search()?.status).toBe('done'));
  await panel.end();
  expect(search()).toBeUndefined();
});

it('a chat that was found stays open where it is in no queue', async () => {
  const bob = hub.state.visitor('Bob Lund', 'Hello');
  panel.openHit({ conversation: ada.id, seq: 1 });
  expect(panel.state().jump).toEqual({ conversation: ada.id, seq: 1 });
  await vi.waitFor(() => expect(panel.state().talks[ada.id]?.status).toBe('ready'));
  const rows = hub.state.rows;
  hub.state.rows = () => rows().filter((r) => r.conversation !== ada.id);
  await panel.retry();
  expect(panel.state().rows.map((r) => r.conversation)).toEqual([bob.id]);
  expect(panel.state().selected).toBe(ada.id);
});

it('says how far it looked', () => {
  const now = new Date(2026, 10, 22, 14).getTime();
  const next = { before: 7, at: new Date(2026, 10, 3).toISOString() };
  const base = { words: 'x', hits: [] };
  expect(searchWords({ ...base, status: 'paused', next }, now)).toBe('Nothing found yet. Searched back to 3 November.');
  expect(searchWords({ ...base, status: 'searching', next }, now)).toBe('Searched back to 3 November.');
  expect(searchWords({ ...base, status: 'done' }, now)).toBe('Nothing found. Every chat was searched.');
});

it('Ctrl K anywhere, single letters only where nobody types', () => {
  const key = (key: string, held = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    ...held,
  });
  expect(meaningOf(key('k', { ctrlKey: true }), true)).toBe('search');
  expect(meaningOf(key('K', { metaKey: true }), false)).toBe('search');
  expect(meaningOf(key('f'), false)).toBe('search');
  expect(meaningOf(key('?'), false)).toBe('list');
  for (const letter of ['f', '?', 'k']) expect(meaningOf(key(letter), true)).toBeUndefined();
  expect(meaningOf(key('f', { ctrlKey: true }), false)).toBeUndefined(); // the browser's own search
});
