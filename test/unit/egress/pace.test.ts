import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPace } from '../../../server/egress/pace.ts';

/** A pace over a clock that a test moves; waits end in the order of their time. */
function stage() {
  let now = 0;
  const waits: { at: number; go: () => void }[] = [];
  const pace = createPace({ monotonic: () => now, after: (ms, go) => void waits.push({ at: now + ms, go }) });
  return {
    pace,
    now: () => now,
    async to(ms: number) {
      now = ms;
      for (const wait of waits.splice(0)) {
        if (wait.at <= now) wait.go();
        else waits.push(wait);
      }
      await new Promise((r) => setImmediate(r));
    },
  };
}

test('PARTNERS-3 a connection makes its rate at once, then waits for the window to slide; another one does not', async () => {
  const s = stage();
  const rate = { requests: 2, perSeconds: 10 };
  const went: number[] = [];
  for (let n = 0; n < 3; n++) void s.pace.turn('a', rate).then(() => went.push(s.now()));
  await s.to(0);
  expect(went).toEqual([0, 0]);
  expect([s.pace.waitMs('a', rate), s.pace.waitMs('b', rate)]).toEqual([10_000, 0]);
  await s.to(9_999);
  expect(went).toHaveLength(2);
  await s.to(10_000);
  expect(went).toEqual([0, 0, 10_000]);
});

test('PARTNERS-3 whenever calls are asked for, no window of the rate’s length holds more than its number, in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 40 }),
      async (requests, gaps) => {
        const s = stage();
        const rate = { requests, perSeconds: 5 };
        const went: { n: number; at: number }[] = [];
        let at = 0;
        for (const [n, gap] of gaps.entries()) {
          at += gap;
          await s.to(at);
          void s.pace.turn('a', rate).then(() => went.push({ n, at: s.now() }));
        }
        for (let end = at; went.length < gaps.length; end += 250) await s.to(end);
        expect(went.map((w) => w.n)).toEqual(gaps.map((_, n) => n));
        for (let i = requests; i < went.length; i++)
          expect((went[i]?.at ?? 0) - (went[i - requests]?.at ?? 0)).toBeGreaterThanOrEqual(5_000);
      },
    ),
    { numRuns: 60 },
  );
});
