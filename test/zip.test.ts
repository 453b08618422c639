import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { zipEntries } from './support/zip-entries.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const names = ['chrome', 'firefox', 'sources'].map((kind) => `askfirst-${version}-${kind}.zip`);
const [chrome = '', firefox = '', sources = ''] = names;

/** Runs the command in `folder`; the zips by name, and what it printed. */
function zipIn(folder: string): { zips: Map<string, Buffer>; printed: string } {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'zip'], { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return { zips: new Map(names.map((name) => [name, readFileSync(join(folder, '.output', name))])), printed: stdout };
}

/** Writes the files of an archive into a new folder, which shares the installed packages. */
function unpack(zip: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'askfirst-sources-'));
  for (const [name, bytes] of zipEntries(zip)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

describe('npm run zip', { timeout: 120_000 }, () => {
  let first: ReturnType<typeof zipIn>;
  const entriesOf = (name: string): Map<string, Buffer> => zipEntries(first.zips.get(name) as Buffer);
  const manifestOf = (name: string) =>
    JSON.parse(String(entriesOf(name).get('manifest.json'))) as Record<string, unknown>;
  beforeAll(() => {
    first = zipIn('.');
  }, 120_000);

  test('sec-E12 makes the same bytes from the source archive alone, in another folder', () => {
    const again = zipIn(unpack(first.zips.get(sources) as Buffer));
    for (const name of names) expect(again.zips.get(name)?.equals(first.zips.get(name) as Buffer), name).toBe(true);
  });

  test('sec-E12 prints the SHA-256 of each, as sha256sum does', () => {
    for (const [name, bytes] of first.zips)
      expect(first.printed).toContain(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
  });

  test('the source archive holds what is needed to build, as it is in the repository, and nothing else', () => {
    const held = [...entriesOf(sources)];
    const kept = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' }).split('\n');
    for (const [name, bytes] of held) {
      expect(kept, `${name} is kept in the repository`).toContain(name);
      expect(bytes.equals(readFileSync(name)), name).toBe(true);
      expect(name).toMatch(
        /^(README\.md|LICENSE|(package|package-lock|tsconfig)\.json|wxt\.config\.ts|server\/(setup\.mjs|commands\/zip\.ts|contract\/[\w-]+\.ts|i18n\/en\.ts)|extension\/(entrypoints|lib|panel|public)\/.+)$/,
      );
    }
    const lines = String(new Map(held).get('README.md'));
    for (const line of ['npm ci', 'npm run zip']) expect(lines).toContain(line);
    expect(new Map(held).has('package-lock.json')).toBe(true);
  });

  test.each([
    [0, ['storage', 'alarms', 'sidePanel'], false],
    [1, ['storage', 'alarms'], true],
  ] as const)(
    'sec-E01 R77 package %i is the built extension, with no key, no host and no path of the builder',
    (at, permissions, gecko) => {
      const name = names[at] as string;
      const manifest = manifestOf(name);
      expect(manifest.permissions).toEqual(permissions);
      expect(manifest).not.toHaveProperty('key'); // Chrome's store refuses it
      expect(manifest).not.toHaveProperty('host_permissions');
      expect('browser_specific_settings' in manifest).toBe(gecko);
      let bytes = 0;
      for (const [file, content] of entriesOf(name)) {
        bytes += content.length;
        expect(content.includes(process.cwd()), `${name} ${file}`).toBe(false);
      }
      expect(bytes).toBeLessThan(250_000);
    },
  );

  test('both packages hold the same pages', () => {
    const pages = (name: string) => [...entriesOf(name).keys()].filter((file) => file.endsWith('.html'));
    expect(pages(chrome)).toEqual(['options.html', 'sidepanel.html']);
    expect(pages(firefox)).toEqual(pages(chrome));
  });
});
