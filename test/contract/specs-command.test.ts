import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchSpecs, type Pins } from '../../server/commands/specs.ts';
import { outcomeOf, pins, readPinned, specsFolder } from './specs-folder.ts';

const sha = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
const published: Record<string, string> = { '/a/b/c1/x.json': '{"open":1}', '/d/e/c2/y.json': '{"closed":1}' };
const file = (path: string, text: string) => ({
  file: path,
  path,
  sha256: sha(text),
  cut: null,
  operations: [],
  played: [],
});
const tried: Pins = {
  open: {
    repository: 'a/b',
    commit: 'c1',
    licence: 'MIT',
    open: true,
    licenceText: '',
    files: [file('x.json', '{"open":1}')],
  },
  closed: {
    repository: 'd/e',
    commit: 'c2',
    licence: 'none open',
    open: false,
    licenceText: 'Not for external use.',
    files: [file('y.json', '{"closed":1}')],
  },
};

const asked: string[] = [];
const server = createServer((req, res) => {
  asked.push(req.url ?? '');
  const text = published[req.url ?? ''];
  res.writeHead(text === undefined ? 404 : 200).end(text);
});
let folder = '';
let base = '';
beforeEach(async () => {
  asked.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'specs-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});
const run = async (names: string[], from: Pins = tried) => {
  const lines: string[] = [];
  const code = await fetchSpecs({ pins: from, names, base, folder, print: (line) => lines.push(line) });
  return { code, text: lines.join('\n') };
};

test('npm run specs takes open files only, and the others when named, after the licence sentence', async () => {
  const all = await run([]);
  expect(all.code).toBe(0);
  expect(asked).toEqual(['/a/b/c1/x.json']);
  expect(all.text).toContain('npm run specs -- closed');
  const named = await run(['closed']);
  expect(named.code).toBe(0);
  expect(named.text.indexOf('Not for external use.')).toBeGreaterThan(-1);
  expect(named.text.indexOf('Not for external use.')).toBeLessThan(named.text.indexOf('y.json: downloaded'));
  expect(readFileSync(join(folder, 'closed/y.json'), 'utf8')).toBe('{"closed":1}');
  expect((await run(['closed'])).text).toContain('here already');
  expect(asked).toHaveLength(2);
});

test('npm run specs says how to take what comes in an npm package, and asks nobody for it', async () => {
  const packed: Pins = { packed: { ...(tried.open as Pins[string]), package: '@vendor/api@1.2.3' } };
  const told = await run([], packed);
  expect([told.code, asked]).toEqual([0, []]);
  expect(told.text).toContain('npm pack @vendor/api@1.2.3');
  expect(told.text).toContain(join(folder, 'packed/x.json'));
});

test('npm run specs keeps nothing of a changed or missing file, and names an unknown partner', async () => {
  const wrong = structuredClone(tried);
  const pin = wrong.open?.files[0];
  if (pin) pin.sha256 = sha('something else');
  const changed = await run(['open'], wrong);
  expect(changed.code).toBe(1);
  expect(changed.text).toContain('it is not the pinned file');
  expect(readdirSync(folder)).toEqual([]);
  if (pin) pin.path = 'gone.json';
  expect((await run(['open'], wrong)).text).toContain('answered 404');
  const unknown = await run(['no-such']);
  expect(unknown.code).toBe(1);
  expect(unknown.text).toContain('no-such');
});

test('a pinned file that was changed is refused, and the named folder is the only one looked in', () => {
  writeFileSync(join(folder, 'x.json'), '{"open":2}');
  const [pin] = tried.open?.files ?? [];
  if (!pin) throw new Error('no pin');
  expect(() => readPinned(folder, pin)).toThrow('not the file that pins.json names');
  expect(readPinned(folder, { ...pin, cut: sha('{"open":2}') })).toEqual({ open: 2 });
  expect(specsFolder('hubspot', { ASKFIRST_SPECS: folder })).toBeUndefined();
  expect(outcomeOf(undefined, { CI: 'true' })).toBe('fail');
  expect(outcomeOf(undefined, {})).toBe('skip');
  expect(outcomeOf(folder, { CI: 'true' })).toBe('run');
});

/** Tracked files whose bytes are one of these sha256. */
function trackedVendorFiles(root: string, forbidden: ReadonlySet<string>): string[] {
  const listed = execFileSync('git', ['-C', root, 'ls-files', '-z'], { encoding: 'utf8', maxBuffer: 1e8 }).split('\0');
  return listed.filter((path) => {
    const full = join(root, path);
    return path !== '' && existsSync(full) && forbidden.has(sha(readFileSync(full)));
  });
}

test('no tracked file is a vendor’s description, and the guard can fail', () => {
  const forbidden = new Set(
    Object.values(pins).flatMap((one) =>
      one.files.flatMap(({ sha256, cut }) => [sha256, ...(cut === null ? [] : [cut])]),
    ),
  );
  const root = fileURLToPath(new URL('../..', import.meta.url));
  expect(forbidden.size).toBeGreaterThan(0);
  expect(trackedVendorFiles(root, forbidden)).toEqual([]);
  execFileSync('git', ['init', '-q', folder]);
  writeFileSync(join(folder, 'renamed.txt'), '{"closed":1}');
  execFileSync('git', ['-C', folder, 'add', 'renamed.txt']);
  expect(trackedVendorFiles(folder, new Set([sha('{"closed":1}')]))).toEqual(['renamed.txt']);
});
