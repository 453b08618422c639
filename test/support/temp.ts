import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mark = 'ASKFIRST_TEST_TMP';

/**
 * vitest's globalSetup: one folder for all that tests, hubs and browsers put into the temporary folder, removed at the
 * end whatever became of them. The first project to start makes it for all.
 */
export default function setup(): (() => void) | undefined {
  if (process.env[mark]) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'af-'));
  process.env[mark] = folder;
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
