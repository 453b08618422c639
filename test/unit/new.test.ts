import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { manifestOf } from '#sdk';
import { buildAdapters } from '../../server/commands/bundle-adapters.ts';
import { newAdapter } from '../../server/commands/new.ts';
import { testPlan } from '../../server/commands/test.ts';
import { createSandbox } from '../../server/egress/sandbox.ts';
import { breaches, gaps, installed, replay, strays } from '../support/adapter-kit.ts';
import { typeCheck, workFolder } from '../support/type-check.ts';
import { visitor as hubSide, startSandbox } from './demo/sandbox-rig.ts';

vi.setConfig({ testTimeout: 30_000 });

const real = fileURLToPath(new URL('../../integrations/', import.meta.url));
const work = workFolder('new');
const sandbox = createSandbox({ workers: 1, memoryPages: 1024, cpuDeadlineMs: 5_000, totalDeadlineMs: 20_000 });
afterAll(async () => {
  await sandbox.close();
  work.remove();
});
let turn = 0;
let integrations = '';
beforeEach(() => {
  turn += 1;
  integrations = join(work.folder, String(turn), 'integrations');
  cpSync(real, integrations, { recursive: true });
});
/** Every file of the copy with its text: what "no file changes" is measured by. */
const picture = () =>
  Object.fromEntries(
    readdirSync(integrations, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );

test('R80 a new adapter keeps every law of the catalogue at once', async () => {
  const before = Object.keys(picture());
  const words = newAdapter('acme-crm', integrations);
  expect(words).toContain('npm test -- acme-crm');
  const folder = join(integrations, 'acme-crm');
  expect(Object.keys(picture()).filter((file) => !before.includes(file))).toEqual(
    ['adapter.ts', 'exchange.json', 'facts.ts', 'logo.svg'].map((file) => join(folder, file)).sort(),
  );
  const it = await installed(folder);
  expect([...gaps(it), ...strays(it), ...breaches(folder)]).toEqual([]);
  expect(manifestOf(it.adapter).provider).toBe('acme-crm');
  expect(it.adapter.facts.verification).toBe('sandbox only');
  expect(readFileSync(join(integrations, 'index.ts'), 'utf8')).toMatch(
    /export \{ adapter as acmeCrm \} from '\.\/acme-crm\/adapter\.ts';\nexport \{ adapter as github \}/,
  );
  expect(await typeCheck(folder)).toEqual([]);
});

test('R80 its bundle in the sandbox replays its examples and works against the real sandbox CRM', async () => {
  newAdapter('acme-crm', integrations);
  const out = join(work.folder, `out-${turn}`);
  await buildAdapters(out, integrations, ['acme-crm']);
  const code = readFileSync(join(out, 'acme-crm.js'), 'utf8');
  const { exchanges } = await installed(join(integrations, 'acme-crm'));
  const [exchange] = exchanges;
  if (!exchange) throw new Error('no example');
  const { call, requests } = replay(exchange);
  const { purpose, visitor, partner } = exchange;
  expect(await sandbox.run({ code, purpose, visitor, partner, call })).toEqual(exchange.delivered);
  expect(requests).toEqual(exchange.calls.map((c) => c.request));

  const crm = await startSandbox();
  try {
    const connection = hubSide(crm.base, 'acme-crm');
    const { access_token } = await connection.connect();
    const send = () =>
      sandbox.run({
        code,
        purpose,
        visitor,
        partner,
        async call({ method, path, body }) {
          const answer = await connection.call(access_token, method, path, body);
          return { status: answer.status, body: await answer.json() };
        },
      });
    const first = await send();
    expect(first.card).toEqual([{ label: 'Contact', value: `${first.record}, new` }]);
    const second = await send();
    expect(second).toEqual({ record: first.record, card: [{ label: 'Contact', value: `${first.record}, updated` }] });
  } finally {
    await crm.stop();
  }
});

test.each([
  ['hubspot', /taken/],
  ['sdk', /already/],
  ['Acme', /no name/],
  ['acme crm', /no name/],
  ['../evil', /no name/],
  ['acme--crm', /no name/],
  ['-acme', /no name/],
  ['1acme', /no name/],
  ['a'.repeat(41), /no name/],
  ['', /called/],
  [undefined, /called/],
])('R80 %s is refused in plain words and no file changes', (name, words) => {
  const before = picture();
  expect(() => newAdapter(name, integrations)).toThrow(words);
  expect(picture()).toEqual(before);
});

test('R80 a second adapter of the same name is refused, and the first stays as it is', () => {
  newAdapter('acme-crm', integrations);
  const before = picture();
  expect(() => newAdapter('acme-crm', integrations)).toThrow(/taken/);
  expect(picture()).toEqual(before);
});

test('R80 when the catalogue cannot be written, no half-made folder stays', () => {
  cpSync(join(integrations, 'sdk'), join(integrations, 'index.ts.new'), { recursive: true }); // a folder where the file would go
  const before = readFileSync(join(integrations, 'index.ts'), 'utf8');
  expect(() => newAdapter('acme-crm', integrations)).toThrow();
  expect(existsSync(join(integrations, 'acme-crm'))).toBe(false);
  expect(readFileSync(join(integrations, 'index.ts'), 'utf8')).toBe(before);
});

test('R80 npm test with the name of an adapter runs its own tests and builds nothing', () => {
  expect(testPlan(['acme-crm'], ['acme-crm', 'hubspot'])).toEqual([
    ['vitest', 'run', '--config', 'test/vitest.config.ts', 'test/adapters.test.ts', '-t', '^acme-crm:'],
  ]);
  expect(testPlan(['acme'], ['acme-crm'])[1]?.at(-1)).toBe('acme');
  expect(testPlan([], ['acme-crm'])).toHaveLength(2);
});
