import { pathToFileURL } from 'node:url';
import { build as viteBuild } from 'vite';
import { build } from './build.ts';

// Two folders below the root, as the sources are: what looks for files beside the adapters finds them.
const outDir = 'node_modules/.bench';

/** Builds the benchmarks as the hub is built, so that what is measured is what runs; returns the module to import. */
async function buildBench(): Promise<string> {
  const apart = [
    'vite',
    'quickjs-emscripten-core',
    '@jitl/quickjs-wasmfile-release-sync',
    'oidc-provider',
    'puppeteer-core',
  ];
  await viteBuild({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: true,
      outDir,
      target: 'node22',
      minify: false,
      rolldownOptions: {
        input: {
          run: 'test/bench/run.ts',
          'sandbox-worker': 'server/egress/sandbox-worker.ts',
          'load-worker': 'test/bench/load-worker.ts',
        },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
    ssr: { noExternal: true, external: apart },
  });
  return pathToFileURL(`${outDir}/run.js`).href;
}

if (import.meta.main) {
  await build();
  const { runBench, sizeOf, tableOf, writeRows } = (await import(
    await buildBench()
  )) as typeof import('../../test/bench/run.ts');
  const rows = await runBench(sizeOf(process.env), (row) => console.error(tableOf([row])));
  writeRows(rows);
  console.log(
    `\n${'what, ours beside the raw limit of the same run'.padEnd(84)}            ours        raw     ratio    goal\n${tableOf(rows)}`,
  );
  process.exit(0);
}
