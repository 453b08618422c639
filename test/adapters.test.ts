import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type AnyAdapter, dataSheetOf, isSharing, manifestOf } from '#sdk';
import * as catalogue from '../integrations/index.ts';
import { adapterFolders, buildAdapters } from '../server/commands/bundle-adapters.ts';
import { createSandbox, type PartnerAnswer } from '../server/egress/sandbox.ts';
import { runNatively } from '../server/egress/sandbox-native.ts';
import { breaches, type Exchange, gaps, installed, replay, strays } from './support/adapter-kit.ts';

vi.setConfig({ testTimeout: 30_000 });

const root = fileURLToPath(new URL('../integrations/', import.meta.url));
const ids = adapterFolders();
/** Those that data is sent to; a visitors' sign-in has neither handlers nor examples. */
const sharing = (Object.values(catalogue) as AnyAdapter[]).filter(isSharing).map(({ facts }) => facts.id);
const out = mkdtempSync(join(tmpdir(), 'askfirst-adapters-'));
const sandbox = createSandbox({ workers: 1, memoryPages: 1024, cpuDeadlineMs: 5_000, totalDeadlineMs: 20_000 });

beforeAll(async () => {
  await buildAdapters(out);
}, 60_000);
afterAll(async () => {
  await sandbox.close();
  rmSync(out, { recursive: true, force: true });
});

test('R80 the catalogue names every adapter folder, one line each', () => {
  expect(
    Object.values(catalogue)
      .map((adapter) => adapter.facts.id)
      .sort(),
  ).toEqual(ids);
  const lines = readFileSync(join(root, 'index.ts'), 'utf8').split('\n');
  expect(lines.filter((line) => line.startsWith('export'))).toHaveLength(ids.length);
});

describe.each(ids)('%s:', (id) => {
  const load = () => installed(join(root, id));

  test('R14 its data sheet is complete', async () => {
    const it = await load();
    expect(gaps(it)).toEqual([]);
    const sheet = dataSheetOf(it.adapter);
    expect(sheet.scopes.length).toBeGreaterThan(0);
    expect(sheet.verification).not.toBe('');
  });

  test('facts are data only, and its declaration reads as JSON', async () => {
    const { adapter } = await load();
    expect(structuredClone(adapter.facts)).toEqual(adapter.facts);
    expect(JSON.parse(JSON.stringify(manifestOf(adapter)))).toEqual(manifestOf(adapter));
    expect(readFileSync(join(root, id, 'facts.ts'), 'utf8')).not.toMatch(/=>|\bfunction\b|^import (?!type)/m);
  });

  test('R82 it imports the sdk, the contract, zod/mini and its own folder, and is at most 120 lines', () => {
    expect(breaches(join(root, id))).toEqual([]);
  });

  test('its mark is a small picture without script or foreign address', () => {
    const svg = readFileSync(join(root, id, 'logo.svg'), 'utf8');
    expect(svg.length).toBeLessThan(4_000);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/script|https?:|\son\w+=|href|foreignObject/i);
    expect(svg).toMatch(/^<svg /);
  });
});

describe.each(sharing)('%s shares:', (id) => {
  const load = () => installed(join(root, id));
  const run = (
    where: string,
    exchange: Exchange,
    adapter: Awaited<ReturnType<typeof load>>['adapter'],
    call: never,
  ) => {
    const { purpose, visitor, partner } = exchange;
    if (where === 'natively') return runNatively({ adapter, purpose, visitor, partner, call });
    return sandbox.run({ code: readFileSync(join(out, `${id}.js`), 'utf8'), purpose, visitor, partner, call });
  };

  test('its examples stay within its declaration and show every call of its list', async () => {
    expect(strays(await load())).toEqual([]);
  });

  test.each(['natively', 'in the sandbox'])('%s it asks exactly what the examples show', async (where) => {
    const { adapter, exchanges } = await load();
    expect(exchanges.length).toBeGreaterThan(0);
    for (const exchange of exchanges) {
      const { call, requests } = replay(exchange);
      expect(await run(where, exchange, adapter, call as never)).toEqual(exchange.delivered);
      expect(requests).toEqual(exchange.calls.map((c) => c.request));
    }
  });

  test('R82 a refused field is in no request', async () => {
    const { adapter, exchanges } = await load();
    let refused = 0;
    for (const exchange of exchanges) {
      for (const [field, value] of Object.entries(exchange.visitor)) {
        if ((adapter.shares as Record<string, { need?: boolean }>)[field]?.need) continue;
        const { [field]: _, ...visitor } = exchange.visitor;
        const { call, requests } = replay(exchange);
        await run('in the sandbox', { ...exchange, visitor }, adapter, call as never);
        const sent = JSON.stringify(requests);
        for (const word of [value, ...value.split(/\s+/).filter((part) => part.length > 3)])
          expect(sent).not.toContain(JSON.stringify(word).slice(1, -1));
        refused += 1;
      }
    }
    const optional = Object.values(adapter.shares).filter((share) => !share?.need).length;
    expect(refused).toBeGreaterThanOrEqual(optional);
  });

  test.each<[string, PartnerAnswer, string]>([
    ['a fault', { status: 500, body: { message: 'x' } }, 'status'],
    ['too many', { status: 429, body: { message: 'x' } }, 'status'],
    ['an ended token', { status: 401, body: {} }, 'status'],
    ['nothing', { status: 200, body: null }, 'form'],
    ['something else', { status: 200, body: { results: 'no', id: 7, status: 1 } }, 'form'],
  ])('when any call is answered with %s it gives up and makes no further call', async (_, bad, reason) => {
    const { adapter, exchanges } = await load();
    for (const exchange of exchanges) {
      for (const at of exchange.calls.keys()) {
        const { call, requests } = replay(exchange, (answer, index) => (index === at ? bad : answer));
        await expect(run('natively', exchange, adapter, call as never)).rejects.toMatchObject({
          kind: 'threw',
          reason,
        });
        expect(requests).toHaveLength(at + 1);
      }
    }
  });
});
