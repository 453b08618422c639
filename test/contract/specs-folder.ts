import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import type { Pins } from '../../server/commands/specs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is pinned: which vendor files the contract tests rest on (PARTNERS.md 4, Files). */
export const pins: Pins = JSON.parse(readFileSync(new URL('pins.json', import.meta.url), 'utf8'));

/** `ASKFIRST_SPECS`, else the folder beside the repository, else where `npm run specs` puts them; only if one holds this partner. */
export function specsFolder(partner: string, env: NodeJS.ProcessEnv = process.env, from = root): string | undefined {
  const named = env.ASKFIRST_SPECS
    ? [resolve(env.ASKFIRST_SPECS)]
    : [join(from, '../shared/specs'), join(from, 'data/specs')];
  return named.map((folder) => join(folder, partner)).find((folder) => existsSync(folder));
}

/** Reads a pinned file; a file that equals neither pinned sha256 is an Error. */
export function readPinned(folder: string, pin: { file: string; sha256: string; cut: string | null }): unknown {
  const bytes = readFileSync(join(folder, pin.file));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== pin.sha256 && sha256 !== pin.cut) throw new Error(`${pin.file} is not the file that pins.json names.`);
  return JSON.parse(bytes.toString('utf8'));
}

/** What becomes of a contract test: without the description it fails on CI and is skipped elsewhere (PARTNERS.md 4, Files). */
export const outcomeOf = (folder: string | undefined, env: NodeJS.ProcessEnv): 'run' | 'fail' | 'skip' =>
  folder !== undefined ? 'run' : env.CI === 'true' ? 'fail' : 'skip';

/**
 * `test` for one partner: skipped by name where the API description is missing, failing there when CI=true
 * (PARTNERS.md 4, Files).
 */
export function contractTest(partner: string) {
  const folder = specsFolder(partner);
  const skipped = `${partner} contract: skipped, no API description, see npm run specs`;
  return (name: string, run: (folder: string) => Promise<void>) => {
    const full = `${partner} contract: ${name}`;
    if (folder !== undefined) return test(full, () => run(folder), 60_000);
    if (outcomeOf(folder, process.env) === 'fail')
      return test(full, () => {
        throw new Error(`The API description of ${partner} is missing; on CI it must be there.`);
      });
    return test.skip(`${skipped} (${name})`, () => undefined);
  };
}
