import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const integrations = fileURLToPath(new URL('../../integrations/', import.meta.url));

/** Folder names of all adapters, in the order of the alphabet: each folder but the sdk's. */
export const adapterFolders = (from = integrations): string[] =>
  readdirSync(from, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'sdk')
    .map((entry) => entry.name)
    .sort();

/**
 * Writes `<outDir>/<id>.js` for each adapter: one self-contained script, zod/mini inside, that sets `globalThis.adapter`
 * (what the sandbox evaluates). Rejects with the build's own error when an adapter does not build.
 */
export async function buildAdapters(
  outDir: string,
  from = integrations,
  ids = adapterFolders(from),
): Promise<string[]> {
  for (const id of ids) {
    await build({
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      build: {
        outDir,
        emptyOutDir: false,
        target: 'es2023', // QuickJS
        minify: true,
        lib: {
          entry: join(from, id, 'adapter.ts'),
          formats: ['iife'],
          name: 'bundle',
          fileName: () => `${id}.js`,
        },
        rolldownOptions: { output: { footer: 'globalThis.adapter = bundle.adapter;' } },
      },
    });
  }
  return ids;
}

if (import.meta.main) await buildAdapters(process.argv[2] ?? 'dist/adapters');
