import { describe, expect, it, test } from 'vitest';
import type { Entry } from '#contract/chat.ts';
import { always, type OnPage, type Rule } from '#contract/showing.ts';
import { colourStyle } from '../../../server/web/widget/dress.ts';
import { emptyLog } from '../../../server/web/widget/log.ts';
import { optedOut } from '../../../server/web/widget/plain.ts';
import { asksNotToShare, type Here, onPageOf, whatShows } from '../../../server/web/widget/showing.ts';

const here: Here = { path: '/cars/marlin', seconds: 5, wide: true };
const rule = (part: Partial<Rule>): Rule => ({ ...always, ...part });
const shown = (part: Partial<Rule>, at: Partial<Here> = {}) =>
  whatShows({ button: rule(part), offers: [], greeting: '' }, { ...here, ...at }, false).button;

describe('R61 when the button shows', () => {
  it.each([
    [{}, {}, true],
    [{ starts: ['/cars'] }, {}, true],
    [{ starts: ['/vans', '/cars'] }, {}, true],
    [{ starts: ['/vans'] }, {}, false],
    [{ starts: ['/vans'], contains: ['marlin'] }, {}, true],
    [{ contains: ['estate'] }, {}, false],
    [{ starts: ['/cars'], never: ['/cars/marlin'] }, {}, false],
    [{ seconds: 5 }, {}, true],
    [{ seconds: 6 }, {}, false],
    [{ screen: 'wide' }, {}, true],
    [{ screen: 'wide' }, { wide: false }, false],
    [{ screen: 'narrow' }, {}, false],
    [{ screen: 'narrow' }, { wide: false }, true],
    // a pattern is a text like any other
    [{ contains: ['.*'] }, {}, false],
  ] as [Partial<Rule>, Partial<Here>, boolean][])('%j at %j: %j', (part, at, want) =>
    expect(shown(part, at)).toBe(want),
  );
});

const of: Pick<OnPage, 'button' | 'offers' | 'greeting'> = {
  button: rule({ starts: ['/vans'] }),
  offers: [
    { text: 'Slow', when: rule({ seconds: 9 }) },
    { text: 'Cars', when: rule({ starts: ['/cars'] }) },
  ],
  greeting: 'Hello',
};

test('R61 the first offer whose rule holds stands beside the button, else the greeting', () => {
  const button = always;
  expect(whatShows({ ...of, button }, here, false)).toEqual({ button: true, line: 'Cars' });
  expect(whatShows({ ...of, button }, { ...here, seconds: 9 }, false)).toEqual({ button: true, line: 'Slow' });
  expect(whatShows({ ...of, button }, { ...here, path: '/' }, false)).toEqual({ button: true, line: 'Hello' });
  expect(whatShows(of, here, false)).toEqual({ button: false });
});

test('R61 whoever opted out sees the plain button on every page and no line', () =>
  expect(whatShows(of, here, true)).toEqual({ button: true }));

test.each([
  {},
  { button: null },
  { button: 'alert(1)', offers: [] },
  { ...of, button: { ...always, cookie: 'gold' } },
  { ...of, button: { ...always, starts: '/vans' } },
  { ...of, button: { ...always, starts: [7] } },
  { ...of, button: { ...always, screen: 'round' } },
  { ...of, button: { ...always, seconds: '9' } },
  { ...of, button: always, offers: { length: 1e9 } },
  { ...of, button: always, offers: [{ text: 'x', when: {} }] },
  { ...of, button: always, offers: [{ text: { toString: () => 'x' }, when: always }] },
] as unknown[])('R61 a broken rule (%j) is the plain button', (broken) =>
  expect(whatShows(broken as Partial<OnPage>, here, false)).toEqual({ button: true }),
);

test.each([undefined, null, 'x', 7, { askfirst: 'x' }, { askfirst: null }])(
  'R61 settings that are none (%j)',
  (value) => expect(onPageOf(Object(value))).toEqual({}),
);

test('R61 GPC counts always, Do Not Track where the brand says so', () => {
  expect(asksNotToShare({}, { globalPrivacyControl: true })).toBe(true);
  expect(asksNotToShare({ dnt: false }, { doNotTrack: '1' })).toBe(false);
  expect(asksNotToShare({ dnt: true }, { doNotTrack: '1' })).toBe(true);
  expect(asksNotToShare({ dnt: true }, { doNotTrack: '0', globalPrivacyControl: false })).toBe(false);
});

const entry = (body: object, seq: number) => ({ seq, n: seq, conversation: 'c', at: '', ...body }) as Entry;
const objected = (what: string, on: boolean) => ({ kind: 'objected', what, on, alreadyOut: 0, stopped: 0 });
test.each([
  ['nothing said', [], false],
  ['an objection to profiling', [objected('profiling', true)], true],
  ['an objection to every use', [objected('all', true)], true],
  ['one that was taken back', [objected('all', true), objected('all', false)], false],
  ['one of two taken back', [objected('profiling', true), objected('all', true), objected('all', false)], true],
  ['a partner switched off', [{ kind: 'withdrawn', partner: 'HubSpot' }], true],
  ['found under age', [{ kind: 'under_age', on: true }], true],
] as [string, object[], boolean][])('R61 in the chat: %s', (_, bodies, want) => {
  const log = { ...emptyLog, entries: bodies.map((b, i) => entry(b, i + 1)) };
  expect(optedOut({ log })).toBe(want);
  expect(optedOut({ log, signal: true })).toBe(true);
});

test('a colour that is none styles nothing', () => {
  const names = { act: '--a', over: '--b', on: '--c' };
  const good = { act: '#0d4f56', over: '#093b41', on: '#fffdf9' } as const;
  expect(colourStyle({ light: good, dark: good }, names)).toContain('--a: light-dark(#0d4f56, #0d4f56)');
  for (const bad of ['red', '#fff', '#0d4f56}*{', 7, null])
    expect(colourStyle({ light: { ...good, act: bad as '#' }, dark: good }, names)).toBe('');
  expect(colourStyle('x' as never, names)).toBe('');
});
