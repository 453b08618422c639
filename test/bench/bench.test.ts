import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BenchRow } from './row.ts';
import { runBench, tableOf, writeRows } from './run.ts';

test('the benchmarks run and write whole rows; how fast is not asserted', { timeout: 120_000 }, async () => {
  const told: BenchRow[] = [];
  const rows = await runBench(
    { share: 0.005, heads: 200, consents: 300, leaves: 300, streams: 4, visitors: 0, built: false },
    (row) => told.push(row),
  );
  const folder = mkdtempSync(join(tmpdir(), 'askfirst-rows-'));
  writeRows(rows, folder);
  const read = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8')) as BenchRow[];
  rmSync(folder, { recursive: true });
  expect(read).toEqual(rows);
  expect(told).toEqual(rows);
  for (const row of read) {
    expect(Object.keys(row)).toEqual(['name', 'value', 'unit', 'limit', 'ratio', 'goal', 'met']);
    expect(row).toEqual({
      name: expect.any(String),
      value: expect.any(Number),
      unit: expect.stringMatching(/^(µs|ms|1\/s|1\/cpu s)$/),
      limit: expect.any(Number),
      ratio: expect.any(Number),
      goal: expect.any(String),
      met: expect.any(Boolean),
    });
    expect(row.value).toBeGreaterThan(0);
  }
  const names = read.map((row) => row.name);
  expect(new Set(names).size).toBe(names.length);
  for (const part of [
    'decision',
    'consent rows',
    'proof',
    'look-up',
    'durable claims',
    'opt-out',
    'message',
    'whole delivery',
    'egress',
    'connect',
    'bare endpoint',
  ])
    expect(names.join('\n')).toContain(part);
  expect(tableOf(rows).split('\n')).toHaveLength(rows.length);
});
