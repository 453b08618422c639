import { expect, test } from 'vitest';
import { type Design, explore, happens, type Invariant, invariants, waitsForPartner } from './claim-model.ts';

const naive: Design = {
  decide: 'queue',
  recheck: false,
  lease: false,
  pause: false,
  fence: 'none',
  reaper: 'late',
  second: 'none',
  lock: false,
  lists: 'written',
};
const claimed: Design = { ...naive, decide: 'claim' };
const leased: Design = { ...claimed, recheck: true, lease: true };
const ours: Design = { ...claimed, lease: true, pause: true, fence: 'lease+epoch', second: 'renewed' };
const several: Design = { ...ours, fence: 'lease' };

/** GATE.md e.4: the row's name, the design, its verdicts I1 to I5, and the counterexample named there. */
const table: [string, Design, string, string[]][] = [
  ['check when queued, row after', naive, 'x x x x x', ['queue', 'pick', 'opt-out', 'ack', 'write']],
  ['check when sending, row after', { ...naive, decide: 'send' }, 'x x x x x', ['check', 'opt-out', 'ack', 'write']],
  ['claim row first, no recheck', claimed, 'ok ok x x ok', ['claim', 'opt-out', 'ack', 'write']],
  [
    'the same, recheck before the write',
    { ...claimed, recheck: true },
    'ok ok x x ok',
    ['recheck', 'opt-out', 'ack', 'write'],
  ],
  ['claim + lease, ack waits for leases', leased, 'ok ok x ok ok', ['recheck', 'opt-out', 'write']],
  [
    'the same, worker paused past its lease',
    { ...leased, pause: true },
    'ok ok x x ok',
    ['recheck', 'lease ends', 'opt-out', 'ack', 'write'],
  ],
  ['claim + lease + check and write in one tick', ours, 'ok ok ok ok ok', []],
  ['ours, several processes, reaper waits lease + skew', several, 'ok ok x ok ok', ['claim', 'opt-out', 'write']],
  [
    'several processes, reaper early',
    { ...several, reaper: 'early' },
    'ok ok x x ok',
    ['claim', 'reap', 'opt-out', 'ack', 'write'],
  ],
  [
    'second request without renewing the lease',
    { ...ours, second: 'unfenced' },
    'ok ok x x ok',
    ['write', 'answer', 'opt-out', 'ack', 'write'],
  ],
  ['lock held over the HTTP call', { ...claimed, lock: true }, 'ok ok ok ok ok', []],
];
const verdicts = (d: Design, workers: number) => {
  const { broken } = explore(d, workers);
  return invariants.map((i) => (broken[i] ? 'x' : 'ok')).join(' ');
};

test.each([1, 2])('GATE-e.4 the exhaustive search over %i shares gives the table', (workers) => {
  expect(table.map(([name, d]) => [name, verdicts(d, workers)])).toEqual(table.map(([name, , row]) => [name, row]));
});

const line = (d: Design): string[] =>
  Object.entries(explore(d).broken)
    .map(([invariant, trace]) => `${invariant}: ${trace.join(' > ')}`)
    .sort();

test('GATE-e.4 each counterexample named there happens', () => {
  for (const [name, d, , events] of table) {
    const about: Invariant = events.includes('ack') ? 'I4' : 'I3';
    expect([name, happens(d, events, about)]).toEqual([name, events.length > 0]);
  }
});

test('GATE-e.4 the search finds the shortest way to break each invariant', () => {
  expect(Object.fromEntries(table.map(([name, d]) => [name, line(d)]))).toEqual({
    'check when queued, row after': [
      'I1: queue > pick > write',
      'I2: queue > pick > write > opt-out > record',
      'I3: queue > pick > opt-out > write',
      'I4: queue > pick > write > opt-out > ack', // the acknowledgement cannot list what has no row
      'I5: queue > pick > write > crash > restart > opt-out > ack',
    ],
    'check when sending, row after': [
      'I1: queue > pick > check > write',
      'I2: queue > pick > check > write > opt-out > record',
      'I3: queue > pick > check > opt-out > write',
      'I4: queue > pick > check > write > opt-out > ack',
      'I5: queue > pick > check > write > crash > restart > opt-out > ack',
    ],
    'claim row first, no recheck': [
      'I3: queue > pick > claim > opt-out > write',
      'I4: queue > pick > claim > opt-out > ack > write',
    ],
    'the same, recheck before the write': [
      'I3: queue > pick > claim > recheck > opt-out > write',
      'I4: queue > pick > claim > recheck > opt-out > ack > write',
    ],
    'claim + lease, ack waits for leases': ['I3: queue > pick > claim > recheck > opt-out > write'],
    'the same, worker paused past its lease': [
      'I3: queue > pick > claim > recheck > opt-out > write',
      'I4: queue > pick > claim > recheck > lease ends > reap > opt-out > ack > write',
    ],
    'claim + lease + check and write in one tick': [],
    'ours, several processes, reaper waits lease + skew': ['I3: queue > pick > claim > opt-out > write'],
    'several processes, reaper early': [
      'I3: queue > pick > claim > opt-out > write',
      'I4: queue > pick > claim > reap > opt-out > ack > write',
    ],
    'second request without renewing the lease': [
      'I3: queue > pick > claim > write > answer > opt-out > write',
      'I4: queue > pick > claim > write > answer > opt-out > ack > write',
    ],
    'lock held over the HTTP call': [],
  });
});

test('GATE-e.4 only the lock makes an opt-out wait for the partner (I6)', () => {
  expect(table.filter(([, d]) => waitsForPartner(d)).map(([name]) => name)).toEqual(['lock held over the HTTP call']);
});

test('GATE-e.4 ours holds by each of its parts: without one of them the search finds a way', () => {
  const without: [string, Design, string[]][] = [
    ['epoch in the tick', { ...ours, fence: 'lease' }, ['I3']],
    ['any check in the tick', { ...ours, fence: 'none' }, ['I3', 'I4']],
    ['what wrote is listed under a renewed lease', { ...ours, lists: 'leaseless' }, ['I4']],
  ];
  for (const [part, d, broken] of without)
    expect([part, Object.keys(explore(d, 2).broken).sort()]).toEqual([part, broken]);
});

test('GATE-e.4 ours holds for three shares at once, over every state there is', () => {
  const { broken, states } = explore(ours, 3);
  expect(broken).toEqual({});
  expect(states).toBeGreaterThan(10_000);
});
