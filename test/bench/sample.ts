/**
 * Microseconds of each `work(n)`, with n drawn evenly from 0 up to `count` and the same in each run; a fifth as many calls
 * run before, to warm up. `work` answers whether it found what it had to.
 */
export function sampled(count: number, calls: number, work: (n: number) => boolean): Float64Array {
  const times = new Float64Array(calls);
  let state = 1;
  for (let i = -Math.ceil(calls / 5); i < calls; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const n = Math.floor((state / 2 ** 32) * count);
    const start = process.hrtime.bigint();
    const found = work(n);
    if (i >= 0) times[i] = Number(process.hrtime.bigint() - start) / 1000;
    if (!found) throw new Error('the e-mail should have been allowed');
  }
  return times;
}
