import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, test, vi } from 'vitest';
import { createSandbox, type PartnerAnswer } from '../../../server/egress/sandbox.ts';
import { any, kind, ok, run, sandbox } from './sandbox-rig.ts';

vi.setConfig({ testTimeout: 30_000 });

describe('R85 limits', () => {
  const small = () => createSandbox({ workers: 1, memoryPages: 1024, cpuDeadlineMs: 250, totalDeadlineMs: 5_000 });

  test.each([
    ['an endless loop', 'for (;;) {}', 'deadline'],
    [
      'an endless loop in a promise job',
      'Promise.resolve().then(() => { for (;;) {} }); await null; return {};',
      'deadline',
    ],
    [
      'an endless chain of promise jobs',
      'const again = () => Promise.resolve().then(again); await again();',
      'deadline',
    ],
    [
      'a loop in native code',
      '"x".repeat(3e7).split("").sort().reverse().join("").match(/(x+x+)+y/);',
      /deadline|memory|threw/,
    ],
    // a busy machine may reach the time before the depth
    ['endless recursion', 'const deep = () => deep() + 1; deep();', /threw|deadline/],
    ['deep recursion of native code', 'JSON.parse("[".repeat(5e5)); ', /threw|deadline/],
  ])('%s ends, and the next delivery works', async (_, body, expected) => {
    const one = small();
    const { error } = await run(body, { on: one });
    expect(kind(error)).toMatch(expected);
    expect((await run('return { record: "alive" };', { on: one })).result?.record).toBe('alive');
    await one.close();
  });

  test.each([
    ['large strings', 'const all = []; for (;;) all.push("x".repeat(1 << 20) + all.length);'],
    ['many objects', 'const all = []; for (;;) all.push({ a: [all.length] });'],
  ])('a memory bomb of %s is out of memory inside and harmless outside', async (_, body) => {
    const one = createSandbox({ workers: 1, memoryPages: 1024, cpuDeadlineMs: 10_000, totalDeadlineMs: 20_000 });
    const before = process.memoryUsage.rss();
    const { error } = await run(body, { on: one });
    expect(kind(error)).toBe('memory');
    expect(process.memoryUsage.rss() - before).toBeLessThan(200e6);
    expect(one.stats.ended).toBe(1);
    expect((await run('return { record: "alive" };', { on: one })).result?.record).toBe('alive');
    await one.close();
  });

  test('waiting for the partner does not count as work, the whole time does', async () => {
    const one = createSandbox({ workers: 1, memoryPages: 1024, cpuDeadlineMs: 150, totalDeadlineMs: 1_500 });
    const slow = (ms: number) => () => new Promise<PartnerAnswer>((resolve) => setTimeout(() => resolve(ok), ms));
    const patient = `const a = await partner.get('/a', { returns: ${any} }); return { record: a.id };`;
    expect((await run(patient, { on: one, call: slow(600) })).result?.record).toBe('512');
    expect(kind((await run(patient, { on: one, call: slow(4_000) })).error)).toBe('deadline');
    await one.close();
  });

  test('work is counted over all turns: it cannot be bought back by calling the partner', async () => {
    let clock = 0;
    const one = createSandbox({
      workers: 1,
      memoryPages: 1024,
      cpuDeadlineMs: 5_000,
      totalDeadlineMs: 20_000,
      monotonic: () => (clock += 500), // each turn reads it twice, so each turn takes half a second
    });
    const { error, requests } = await run(
      `for (let i = 0; i < 19; i++) await partner.get('/a', { returns: ${any} }); return {};`,
      { on: one, call: () => new Promise((resolve) => setTimeout(() => resolve(ok), 40)) },
    );
    expect(kind(error)).toBe('deadline');
    expect(requests.length).toBeLessThan(19);
    expect((await run('return { record: "alive" };', { on: one })).result?.record).toBe('alive');
    expect(one.stats.ended).toBe(0);
    await one.close();
  });

  test('deliveries beyond the threads wait in line and all are done', async () => {
    const results = await Promise.all(Array.from({ length: 12 }, (_, i) => run(`return { record: '${i}' };`)));
    expect(results.map((r) => r.result?.record)).toEqual(Array.from({ length: 12 }, (_, i) => String(i)));
    expect(sandbox.stats.workers).toBeLessThanOrEqual(2);
  });

  test('a worker file that does not start, and a closed sandbox, are said to be unavailable', async () => {
    const none = createSandbox({
      workers: 1,
      memoryPages: 1024,
      cpuDeadlineMs: 250,
      totalDeadlineMs: 1_000,
      worker: new URL('./not-here.ts', import.meta.url),
    });
    expect(kind((await run('return {};', { on: none })).error)).toBe('unavailable');
    await none.close();
    expect(kind((await run('return {};', { on: none })).error)).toBe('unavailable');
  });

  test('meanwhile the hub answers: HTTP goes on beside loops and bombs', async () => {
    const hub = createServer((_, answer) => answer.end('chat'));
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    const { port } = hub.address() as AddressInfo;
    const two = createSandbox({ workers: 2, memoryPages: 1024, cpuDeadlineMs: 1_000, totalDeadlineMs: 5_000 });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    let busy = true;
    const hostile = Promise.all([
      run('for (;;) {}', { on: two }),
      run('const all = []; for (;;) all.push("x".repeat(1 << 20) + all.length);', { on: two }),
      run('const again = () => Promise.resolve().then(again); await again();', { on: two }),
    ]).finally(() => {
      busy = false;
    });
    let answers = 0;
    while (busy) {
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('chat');
      answers += 1;
    }
    for (const { error } of await hostile) expect(kind(error)).toMatch(/deadline|memory/);
    delay.disable();
    // the loops lasted a second or more: a blocked hub would have answered once
    expect(answers).toBeGreaterThan(50);
    expect(delay.percentile(90) / 1e6).toBeLessThan(100);
    await two.close();
    await new Promise((resolve) => hub.close(resolve));
  });
});
