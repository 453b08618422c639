import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, expect, test } from 'vitest';
import { buildAdapters } from '../../../server/commands/bundle-adapters.ts';
import type * as Source from '../../../server/egress/sandbox.ts';
import { type Exchange, replay } from '../../support/adapter-kit.ts';
import { workFolder } from '../../support/type-check.ts';

const egress = fileURLToPath(new URL('../../../server/egress/', import.meta.url));
const { folder, remove } = workFolder('sandbox-built');
afterAll(remove);

test('R85 built as the server is built, the sandbox finds its worker and runs HubSpot', async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: folder,
      target: 'node22',
      minify: false,
      rolldownOptions: {
        input: { sandbox: join(egress, 'sandbox.ts'), 'sandbox-worker': join(egress, 'sandbox-worker.ts') },
      },
    },
    ssr: { noExternal: true, external: ['quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync'] },
  });
  await buildAdapters(folder, undefined, ['hubspot']);
  const { createSandbox } = (await import(pathToFileURL(join(folder, 'sandbox.js')).href)) as typeof Source;
  const sandbox = createSandbox({ workers: 1, memoryPages: 1024, cpuDeadlineMs: 5_000, totalDeadlineMs: 20_000 });
  try {
    const file = new URL('../../../integrations/hubspot/exchange.json', import.meta.url);
    const { deliveries } = JSON.parse(readFileSync(file, 'utf8')) as { deliveries: Exchange[] };
    const code = readFileSync(join(folder, 'hubspot.js'), 'utf8');
    for (const exchange of deliveries) {
      const { call, requests } = replay(exchange);
      const { purpose, visitor, partner } = exchange;
      expect(await sandbox.run({ code, purpose, visitor, partner, call })).toEqual(exchange.delivered);
      expect(requests).toEqual(exchange.calls.map((c) => c.request));
    }
  } finally {
    await sandbox.close();
  }
}, 60_000);
