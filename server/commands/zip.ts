import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type InlineConfig, zip } from 'wxt';

/** What makes a package for the stores from the ordinary build, beside which it is kept. */
const forStores: InlineConfig = {
  mode: 'production',
  outDirTemplate: '{{browser}}-mv{{manifestVersion}}-store',
  hooks: {
    'build:manifestGenerated': (_, manifest) => {
      delete manifest.key; // a store gives its own id, and Chrome's is reported to refuse a package that brings a key
    },
  },
};

/**
 * Builds what the stores take, from one source: a package for Chrome and Edge, one for Firefox, and the source archive
 * that Mozilla's reviewers build from. Equal sources give equal bytes, wherever they lie (SECURITY.md 6, "Releases").
 * Returns the paths.
 */
async function zipAll(): Promise<string[]> {
  process.env.NODE_ENV = 'production'; // any other one compiles JSX with the folder's path in it
  const files: string[] = [];
  for (const browser of ['chrome', 'firefox']) files.push(...(await zip({ ...forStores, browser })));
  return [...new Set(files)];
}

if (import.meta.main) {
  const lines = (await zipAll()).map(
    (path) => `${createHash('sha256').update(readFileSync(path)).digest('hex')}  ${basename(path)}`,
  );
  console.log(`\nIn .output, SHA-256:\n${lines.join('\n')}`);
}
