import { describe, expect, test } from 'vitest';
import { createVolume, p99 } from '../../../server/egress/volume.ts';

const minute = 60_000;
const day = 86_400_000;
const t0 = Date.UTC(2026, 10, 22);
const people = (n: number, from = 0) => Array.from({ length: n }, (_, i) => `p${from + i}`);

/** A week in which `n` people a minute were sent in the first 60 minutes of each hour of the working day. */
function busyWeek(n: number) {
  const volume = createVolume();
  for (let d = 7; d > 0; d--)
    for (let m = 0; m < 8 * 60; m++)
      for (const person of people(n, m * n)) volume.remember(`${d}-${person}`, t0 - d * day + m * minute);
  return volume;
}

describe('control 6 volume', () => {
  test('the 99th percentile is the value that 99 of 100 do not exceed', () => {
    expect(p99(Array.from({ length: 100 }, (_, i) => i + 1))).toBe(99);
    expect(p99([7])).toBe(7);
    expect(p99([])).toBe(0);
  });

  test('20 people a minute with no open chat pass, the 21st does not; the same person again does', () => {
    const volume = createVolume();
    for (const person of people(20)) expect(volume.add(person, t0, false)).toBeUndefined();
    expect(volume.add('one more', t0, false)).toBe('minute without an open chat');
    expect(volume.add('p3', t0, false)).toBeUndefined();
    expect(volume.add('in a chat', t0, true)).toBeUndefined();
    expect(volume.add('one more', t0 + minute - 1, false)).toBe('minute without an open chat');
    expect(volume.add('one more', t0 + minute, false)).toBeUndefined();
  });

  test('the window slides: 20 on each side of a full minute are 40 in one', () => {
    const volume = createVolume();
    for (const person of people(20)) volume.add(person, t0 + minute - 1, false);
    expect(volume.add('one more', t0 + minute + 1, false)).toBe('minute without an open chat');
  });

  test('a new connection has no past, so open chats alone do not stop it', () => {
    const volume = createVolume();
    for (const person of people(2_000)) expect(volume.add(person, t0, true)).toBeUndefined();
  });

  test('a small brand is not stopped below the floor, and is above it', () => {
    const volume = busyWeek(1);
    for (const person of people(20)) expect(volume.add(person, t0, true)).toBeUndefined();
    expect(volume.add('one more', t0, true)).toBe('minute');
  });

  test('three times the usual passes, one more does not', () => {
    const volume = busyWeek(10);
    for (const person of people(30)) expect(volume.add(person, t0, true)).toBeUndefined();
    expect(volume.add('one more', t0, true)).toBe('minute');
    expect(volume.add('p3', t0, true)).toBeUndefined();
  });

  test('slowly, over an hour and over a day, it is too many as well', () => {
    const within = (pause: number) => {
      const volume = busyWeek(1);
      for (let n = 0; n < 20_000; n++) {
        const limit = volume.add(`slow-${n}`, t0 + n * pause, true);
        if (limit) return { limit, n };
      }
      return undefined;
    };
    expect(within(10_000)).toEqual({ limit: 'hour', n: 180 });
    expect(within(25_000)).toEqual({ limit: 'day', n: 1_440 });
    expect(within(70_000)).toBeUndefined();
  });

  test('what queued up over hours is counted in the hours it was asked for', () => {
    const volume = busyWeek(10);
    for (let m = 0; m < 6 * 60; m++)
      for (const person of people(5, m * 5)) expect(volume.add(person, t0 + m * minute, true)).toBeUndefined();
  });

  test('a retry that comes late is not counted again, nor held up', () => {
    const volume = createVolume();
    for (const person of people(20)) volume.add(person, t0 + 10 * minute, false);
    expect(volume.add('from before', t0, false)).toBeUndefined();
    expect(volume.add('one more', t0 + 10 * minute, false)).toBe('minute without an open chat');
  });

  test('a rush does not raise what is usual at once, and a vouched one fills no window', () => {
    const volume = createVolume();
    for (const person of people(20)) volume.remember(person, t0, 'usual');
    for (const person of people(20, 100)) expect(volume.add(person, t0, false)).toBeUndefined();
  });
});
