import { spawnSync } from 'node:child_process';
import { adapterFolders } from './bundle-adapters.ts';

const vitest = ['vitest', 'run', '--config', 'test/vitest.config.ts'];

/**
 * The programs `npm test` runs, one after another. An adapter's name means its conformance tests alone, which need no
 * build; anything else goes to vitest as it is (a part of a file name, or options).
 */
export function testPlan(args: readonly string[], adapters: readonly string[]): string[][] {
  const [name, ...rest] = args;
  if (name && adapters.includes(name)) return [[...vitest, 'test/adapters.test.ts', '-t', `^${name}:`, ...rest]];
  return [
    ['node', 'server/commands/build.ts'],
    [...vitest, ...args],
  ];
}

if (import.meta.main) {
  for (const [program = '', ...args] of testPlan(process.argv.slice(2), adapterFolders())) {
    // the programs are in node_modules/.bin, which npm has put on the path; on Windows they are scripts of the shell
    const { status } = spawnSync(program, args, { stdio: 'inherit', shell: process.platform === 'win32' });
    if (status !== 0) process.exit(status ?? 1);
  }
}
