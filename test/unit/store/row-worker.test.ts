import { afterEach, expect, test, vi } from 'vitest';
import { createRowWorker } from '../../../server/store/row-worker.ts';

afterEach(() => void vi.useRealTimers());

/** A worker whose rounds end when the test says so; `due` is when the next row is. */
function bench(due: number | null = null) {
  const ends: ((more: boolean) => void)[] = [];
  const worker = createRowWorker({
    round: () => new Promise((resolve) => void ends.push(resolve)),
    nextMs: () => due,
    now: () => 1_000_000,
    failed: (e) => {
      throw e;
    },
  });
  return { worker, ends };
}
const step = () => new Promise<void>((resolve) => setImmediate(resolve));

test('R7 one round at a time: what was woken meanwhile gets one more, and so does a round that left some', async () => {
  const { worker, ends } = bench();
  for (let i = 0; i < 3; i++) worker.wake();
  expect(ends.length).toBe(1);
  worker.wake();
  ends[0]?.(false);
  await step();
  expect(ends.length).toBe(2);
  ends[1]?.(true);
  await step();
  expect(ends.length).toBe(3);
  ends[2]?.(false);
  await worker.settled();
  expect(ends.length).toBe(3);
});

test('R7 a stop waits for the round under way, and none begins after it', async () => {
  const { worker, ends } = bench(0);
  worker.wake();
  let ended = false;
  const stopped = worker.stop().then(() => {
    ended = true;
  });
  await step();
  expect(ended).toBe(false);
  ends[0]?.(true);
  await stopped;
  worker.wake();
  await step();
  expect(ends.length).toBe(1);
});

test.each([
  ['a row that is due in ten seconds', 1_010_000, 10_000],
  ['one that was due long ago, which did not go', 0, 1_000],
  ['one that is due tomorrow', 87_400_000, 60_000],
])('R7 it looks again by itself: %s', async (_, due, sleep) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { worker, ends } = bench(due);
  worker.wake();
  ends[0]?.(false);
  await worker.settled();
  vi.advanceTimersByTime(sleep - 1);
  expect(ends.length).toBe(1);
  vi.advanceTimersByTime(1);
  expect(ends.length).toBe(2);
});

test('R7 a round that throws is told, and the next wake works', async () => {
  let broken = true;
  const failures: unknown[] = [];
  let rounds = 0;
  const worker = createRowWorker({
    async round() {
      rounds++;
      if (broken) throw new Error('disk full');
      return false;
    },
    nextMs: () => null,
    now: () => 0,
    failed: (e) => failures.push((e as Error).message),
  });
  worker.wake();
  await worker.settled();
  broken = false;
  worker.wake();
  await worker.settled();
  expect([failures, rounds]).toEqual([['disk full'], 2]);
});

test('R7 a round that broke is tried again a minute later, and whoever runs the hub is told', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const told: unknown[] = [];
  let rounds = 0;
  const worker = createRowWorker({
    round: async () => {
      if (rounds++ === 0) throw new Error('the disk is full');
      return false;
    },
    nextMs: () => null,
    now: () => 1_000_000,
    failed: (e) => void told.push(e),
  });
  worker.wake();
  await worker.settled();
  expect([rounds, told.map(String)]).toEqual([1, ['Error: the disk is full']]);
  vi.advanceTimersByTime(59_999);
  expect(rounds).toBe(1);
  vi.advanceTimersByTime(1);
  await worker.settled();
  expect(rounds).toBe(2);
});
