import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'askfirst-summary-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the summary prints for these files of tests, and its exit code. */
function summary(files: Record<string, string[]> | undefined, check = 0, tests = 0, broken: string[] = []) {
  const report = join(folder, files ? 'results.json' : 'none.json');
  if (files)
    writeFileSync(
      report,
      JSON.stringify({
        testResults: Object.entries(files).map(([name, statuses]) => ({
          name,
          status: broken.includes(name) || statuses.includes('failed') ? 'failed' : 'passed',
          assertionResults: statuses.map((status, i) => ({ status, fullName: `${name} ${i}` })),
        })),
      }),
    );
  const ran = spawnSync('node', ['.ci/summary.mjs', report, String(check), String(tests)], { encoding: 'utf8' });
  return [ran.status, ...ran.stdout.trimEnd().split('\n')];
}

test('all green: one line, exit 0', () => {
  expect(summary({ a: ['passed', 'passed'], b: ['passed'] })).toEqual([0, '3 passed, 0 failed']);
});

test('skipped tests stand above the last line by name', () => {
  expect(summary({ a: ['passed', 'pending', 'todo'] })).toEqual([
    0,
    'skipped: a 1',
    'skipped: a 2',
    '1 passed, 0 failed, 2 skipped',
  ]);
});

test('every kind of failure is counted and ends with 1', () => {
  expect(summary({ a: ['passed', 'failed'] }, 0, 1)).toEqual([1, 'failed: a 1', '1 passed, 1 failed']);
  expect(summary({ a: ['passed'] }, 1, 0)).toEqual([1, 'failed: npm run check', '1 passed, 1 failed']);
  expect(summary({ a: ['passed'], b: [] }, 0, 1, ['b'])).toEqual([1, 'failed: b', '1 passed, 1 failed']);
  expect(summary({ a: ['passed'] }, 0, 1)).toEqual([1, 'failed: npm test', '1 passed, 1 failed']);
  expect(summary(undefined, 0, 1)).toEqual([1, 'failed: npm test wrote no report', '0 passed, 1 failed']);
});
