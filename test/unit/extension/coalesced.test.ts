import { expect, test } from 'vitest';
import { coalesced } from '../../../extension/panel/coalesced.ts';

test('R66 asked for many times while it runs, it runs once more, with what is true by then', async () => {
  let now = 0;
  const seen: number[] = [];
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const act = coalesced(async () => {
    seen.push(now);
    await gate;
  });
  const all = [0, 1, 2, 3].map((n) => {
    now = n;
    return act();
  });
  go();
  await Promise.all(all);
  expect(seen).toEqual([0, 3]);
});

test('R66 what breaks once does not keep it from running again', async () => {
  let runs = 0;
  const act = coalesced(async () => {
    if (runs++ === 0) throw new Error('storage is gone');
  });
  await expect(act()).rejects.toThrow('storage is gone');
  await act();
  expect(runs).toBe(2);
});
