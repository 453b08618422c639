import { beforeEach, describe, expect, it } from 'vitest';
import { type AlertDeps, tellOf, type Waiting, waitingFor } from '../../../extension/panel/alerts.ts';

/** Two windows and a worker of one browser: one storage, one lock, each with ears of its own. */
let kept: Map<string, unknown>;
let turn: Promise<unknown>;
let heard: string[];
beforeEach(() => {
  kept = new Map();
  before = new Map();
  turn = Promise.resolve();
  heard = [];
});
const place = (name: string, rings = true): AlertDeps => ({
  storage: {
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
  },
  lock: (_, act) => {
    const mine = turn.then(act);
    turn = mine.catch(() => {});
    return mine;
  },
  badge: (count) => void heard.push(`${name} badge ${count}`),
  ...(rings ? { ring: () => void heard.push(`${name} ring`) } : {}),
  notice: ({ title, text }) => void heard.push(`${name} notice ${title}. ${text}`),
});
/** A row of the queue as it is now: each later one has a later last line, a message where more of them are unread. */
let line = 0;
let before: Map<string, Waiting>;
function row(conversation: string, unread: number, title = 'Ada Brandt'): Waiting {
  const last = before.get(conversation);
  line++;
  const unreadSeq = unread > (last?.unread ?? 0) ? line : (last?.unreadSeq ?? 0);
  const now = { conversation, brand: 'motors', title, lastSeq: line, unread, ...(unread > 0 && { unreadSeq }) };
  before.set(conversation, now);
  return now;
}
const jens = { id: 'jens', name: 'Jens' };
const motors = (available = true) => [{ id: 'motors', name: 'Harbor Motors', role: 'agent', available }];
/** Jens, who is available, is told of these. */
const tell = (at: AlertDeps, rows: readonly Waiting[], seen?: string) =>
  tellOf(at, { rows, me: jens, brands: motors() }, seen);
const sounds = () => heard.filter((line) => !line.includes('badge'));

describe('R74 a new message', () => {
  it('R74 rings, and names who wrote but not what', async () => {
    await tell(place('panel'), [row('a', 1)]);
    expect(heard).toEqual(['panel badge 1', 'panel ring', 'panel notice Ada Brandt wrote. Open askfirst to read it.']);
  });

  it('R74 sec-E08 once over all windows and the worker, whoever looks first', async () => {
    const rows = [row('a', 2), row('b', 1, 'Visitor 7F2C')];
    await Promise.all([tell(place('one'), rows), tell(place('two'), rows), tell(place('worker', false), rows)]);
    expect(sounds()).toEqual(['one ring', 'one notice Ada Brandt and one other wrote. Open askfirst to read it.']);
    expect(heard.filter((line) => line.includes('badge 3'))).toHaveLength(3); // the number is the same everywhere
  });

  it('R74 again for the next one, and again after an answer; never for the same one', async () => {
    await tell(place('p'), [row('a', 1)]);
    await tell(place('p'), [row('a', 1)]);
    expect(sounds()).toHaveLength(2);
    await tell(place('p'), [row('a', 2)]);
    expect(sounds()).toHaveLength(4);
    await tell(place('p'), [row('a', 0)]); // answered
    await tell(place('p'), [row('a', 1)]);
    expect(sounds()).toHaveLength(6);
  });

  it('R74 the chat before somebody’s eyes makes no sound, another one does', async () => {
    expect(await tell(place('p'), [row('a', 1)], 'a')).toEqual([]);
    expect(heard).toEqual(['p badge 1']);
    expect(await tell(place('worker'), [row('a', 1)])).toEqual([]); // told is told
    expect(await tell(place('p'), [row('a', 1), row('b', 1)], 'a')).toHaveLength(1);
  });

  it('R75 a worker that was ended and woken knows what was told before', async () => {
    await tell(place('worker', false), [row('a', 1)]);
    heard = [];
    await tell(place('a fresh worker', false), [row('a', 1)]);
    expect(sounds()).toEqual([]);
  });

  it('R74 a chat that is given rings once over all windows, read or not, and again only when it is given again', async () => {
    const rows = [{ ...row('a', 0), given: 7, assignee: jens }];
    await Promise.all([tell(place('one'), rows), tell(place('two'), rows), tell(place('worker', false), rows)]);
    expect(sounds()).toEqual(['one ring', 'one notice Ada Brandt is yours now. Open askfirst to read it.']);
    await tell(place('one'), [{ ...row('a', 1), given: 7, assignee: jens }]);
    expect(sounds().at(-1)).toContain('Ada Brandt wrote');
    await tell(place('one'), [row('a', 1)]); // handed on
    await tell(place('one'), [{ ...row('a', 1), given: 12, assignee: jens }]);
    expect(sounds().at(-1)).toContain('Ada Brandt is yours now');
    expect(sounds()).toHaveLength(6);
  });

  it('R74 one sound for what came together, each said in its own words; nothing rings for the chat before one’s eyes', async () => {
    await tell(place('p'), [{ ...row('a', 1), given: 7, assignee: jens }, row('b', 2, 'Visitor 7F2C')]);
    expect(sounds()).toEqual([
      'p ring',
      'p notice Ada Brandt is yours now, Visitor 7F2C wrote. Open askfirst to read it.',
    ]);
    heard = [];
    await tell(place('p'), [{ ...row('c', 0), given: 9, assignee: jens }], 'c');
    expect(sounds()).toEqual([]);
  });

  it('R74 a message is news though another one was read since the last look, and as many wait as before', async () => {
    await tell(place('p'), [row('a', 1)]);
    row('a', 0); // read elsewhere; this window was cut off
    await tell(place('p'), [row('a', 1)]);
    expect(sounds()).toHaveLength(4);
  });

  it('R74 a window that is behind another takes nothing back, so that nothing rings twice', async () => {
    const before = [row('a', 1)];
    const now = [row('a', 2), row('b', 1)];
    await tell(place('one'), before);
    await tell(place('one'), now);
    heard = [];
    await tell(place('two'), before); // it has not heard of the second message, nor of the other chat
    await tell(place('two'), now);
    expect(sounds()).toEqual([]);
    await tell(place('two'), [row('a', 3), row('b', 1)]);
    expect(sounds()).toHaveLength(2);
  });

  it('R74 what an agent read in one window rings in none that still counts it', async () => {
    const unread = row('a', 1);
    await tell(place('one'), [unread]);
    heard = [];
    await tell(place('one'), [{ ...unread, unread: 0 }]); // read
    await tell(place('two'), [unread, row('b', 0)]);
    expect(sounds()).toEqual([]);
  });

  it('R74 nothing waits: the number goes', async () => {
    await tell(place('p'), [row('a', 1)]);
    await tell(place('p'), [row('a', 0)]);
    expect(heard.at(-1)).toBe('p badge 0');
  });

  it('R66 R74 nothing of a chat that a colleague holds, nor of one nobody holds to whoever is away', async () => {
    const rows = [{ ...row('a', 2), assignee: { id: 'maria', name: 'Maria' } }, row('b', 1)];
    for (const available of [true, false]) {
      heard = [];
      await tellOf(place(String(available)), { rows, me: jens, brands: motors(available) });
      expect(sounds().length).toBe(available ? 2 : 0);
      expect(waitingFor({ rows, me: jens, brands: motors(available) })).toBe(available ? 1 : 0);
    }
    heard = [];
    await tell(place('p'), rows); // being back is no news of what waited
    expect(sounds()).toEqual([]);
    await tellOf(place('p'), { rows: [{ ...row('a', 3), assignee: jens }], me: jens, brands: motors(false) });
    expect(sounds()).toHaveLength(2);
  });

  it('R64 R74 whoever is away for one brand of two hears of the other alone', async () => {
    const boats = { id: 'boats', name: 'Harbor Boats', role: 'agent', available: true };
    const rows = [row('a', 1), { ...row('b', 1, 'Grace'), brand: 'boats' }];
    await tellOf(place('p'), { rows, me: jens, brands: [boats, ...motors(false)] });
    expect(heard).toEqual(['p badge 1', 'p ring', 'p notice Grace (Harbor Boats) wrote. Open askfirst to read it.']);
  });

  it('R66 R74 a chat that a colleague gave back unanswered is news', async () => {
    await tell(place('p'), [{ ...row('a', 1), assignee: { id: 'maria', name: 'Maria' } }]);
    expect(sounds()).toEqual([]);
    await tell(place('p'), [row('a', 1)]);
    expect(sounds()).toHaveLength(2);
  });

  it('R74 nobody signed in: nothing is told, and the number goes', async () => {
    await tellOf(place('p'), { rows: [row('a', 1)], brands: motors() });
    expect(heard).toEqual(['p badge 0']);
  });
});
