import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { buildAdapters } from '../../server/commands/bundle-adapters.ts';
import { createSandbox, type PartnerAnswer, type PartnerRequest } from '../../server/egress/sandbox.ts';
import { type BenchRow, quantile, row } from './row.ts';

const answers: Record<string, PartnerAnswer> = {
  upsert: { status: 200, body: { results: [{ id: '512', new: true, createdAt: '2026-11-22T13:05:01.020Z' }] } },
  notes: { status: 201, body: { id: '9001' } },
  '512': { status: 200, body: { status: 'COMPLETE', results: [] } },
};
const call = async ({ path }: PartnerRequest): Promise<PartnerAnswer> =>
  answers[path.split('/').at(-1) ?? ''] ?? { status: 404, body: null };
const delivery = {
  purpose: 'CustomerRelationshipManagement',
  visitor: { email: 'ada.brandt@shop.example', name: 'Ada Brandt' },
  partner: { chat: { number: 4211, at: '2026-11-22T13:05:00Z' }, key: 'share-1' },
  call,
};

async function measure(count: number, once: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await once();
    times.push(performance.now() - start);
  }
  return times;
}

/**
 * A whole HubSpot delivery (three calls, answered at once) through a fresh sandbox, one after another in one thread, in
 * milliseconds. The limit beside it is bare QuickJS in this thread that only reads the same bundle into a fresh context.
 */
export async function benchSandbox(count = 400): Promise<BenchRow[]> {
  const out = mkdtempSync(join(tmpdir(), 'askfirst-bench-'));
  const sandbox = createSandbox({ workers: 1, memoryPages: 1024, cpuDeadlineMs: 10_000, totalDeadlineMs: 30_000 });
  try {
    await buildAdapters(out, undefined, ['hubspot']);
    const code = readFileSync(join(out, 'hubspot.js'), 'utf8');
    await measure(20, () => sandbox.run({ ...delivery, code })); // the thread is up and warm, as in a running hub
    const before = process.cpuUsage();
    const boxed = await measure(count, () => sandbox.run({ ...delivery, code }));
    const { user, system } = process.cpuUsage(before);
    const quickjs = await newQuickJSWASMModuleFromVariant(variant);
    const bare = await measure(count, async () => {
      using context = quickjs.newContext();
      context.unwrapResult(context.evalCode(code)).dispose();
    });
    // processor time of all threads, so that other programs on the machine do not count
    const perSecond = count / ((user + system) / 1e6);
    const p50 = quantile(bare, 0.5);
    return [
      row('adapter sandbox, three calls answered at once, p50', 'ms', quantile(boxed, 0.5), p50),
      row('adapter sandbox, three calls answered at once, p99', 'ms', quantile(boxed, 0.99), quantile(bare, 0.99)),
      row(
        'adapter sandbox, deliveries a second of one core',
        '1/s',
        perSecond,
        1000 / p50,
        'at least 200',
        (v) => v >= 200,
      ),
    ];
  } finally {
    await sandbox.close();
    rmSync(out, { recursive: true, force: true });
  }
}
