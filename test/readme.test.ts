import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import * as catalogue from '../integrations/index.ts';
import { storySteps } from '../server/web/start/story.ts';

const readme = readFileSync('README.md', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const folder = mkdtempSync(join(tmpdir(), 'askfirst-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const npm = (args: string[], cwd = '.') =>
  spawnSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });

describe('what the README names is there', () => {
  test('every npm command is a script', () => {
    const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(new Set(named)).toEqual(
      new Set([
        'chrome',
        'firefox',
        'receipt',
        'new',
        'check',
        'sizes',
        'specs',
        'bench',
        'verify',
        'second-step',
        'doctor',
        'rotate-key',
        'stop-sending',
        'soak',
        'zip',
      ]),
    );
    for (const name of [...named, 'start', 'test']) expect(scripts[name], name).toBeDefined();
  });

  test('every file and picture it links to; pictures under 200 kB', () => {
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => path);
    expect(links).toContain('LICENSE');
    for (const path of links) expect(existsSync(path), path).toBe(true);
    const pictures = links.filter((path) => path.endsWith('.png'));
    expect(pictures).toHaveLength(2);
    for (const path of pictures) expect(statSync(path).size, path).toBeLessThan(200_000);
  });

  test('every setting the hub reads, and no other', () => {
    const read = [...readFileSync('server/env.ts', 'utf8').matchAll(/(?:env\.|')(ASKFIRST_\w+)/g)].map(
      ([, name = '']) => name,
    );
    const told = [...readme.matchAll(/`(ASKFIRST_\w+)`/g)].map(([, name = '']) => name);
    const apps = told.filter((name) => /_CLIENT_(ID|SECRET)$/.test(name));
    expect(new Set(told)).toEqual(new Set([...read, ...apps]));
    for (const name of apps) {
      const provider = /^ASKFIRST_(\w+)_CLIENT_/.exec(name)?.[1]?.toLowerCase().replaceAll('_', '-');
      expect(Object.values(catalogue).map((a) => a.facts.id)).toContain(provider);
    }
  });

  test('the story has as many steps as the start page', () => {
    const told = readme.slice(readme.indexOf('## The story'), readme.indexOf('## The extension'));
    expect(told.match(/^\d\. /gm)).toHaveLength(Object.keys(storySteps).length);
  });

  test('each adapter is listed with its own verification level', () => {
    for (const { facts } of Object.values(catalogue))
      expect(readme).toContain(`| ${facts.name} | ${facts.verification} |`);
  });
});

describe('its commands run', { timeout: 120_000 }, () => {
  test('npm run sizes prints the table', () => {
    const { status, stdout } = npm(['run', '--silent', 'sizes']);
    expect(stdout).toMatch(/^extension for Firefox +[\d.]+ kB {2}unpacked$/m);
    expect(status).toBe(0);
  });

  test('npm run receipt ends with 1 for a file that is no receipt', () => {
    const file = join(folder, 'receipt.jws');
    writeFileSync(file, 'not a receipt');
    const { status, stdout } = npm(['run', '--silent', 'receipt', '--', file]);
    expect(stdout).toContain('This file is not a receipt.');
    expect(status).toBe(1);
  });

  test('npm run doctor finds nothing to fix where nothing is set up yet', () => {
    const settings = { ASKFIRST_DATA: join(folder, 'data'), ASKFIRST_PORT: '9' };
    const { status, stdout } = spawnSync('npm', ['run', '--silent', 'doctor'], {
      encoding: 'utf8',
      env: { ...process.env, ...settings },
    });
    expect(stdout).toContain('Nothing to fix.');
    expect(status).toBe(0);
  });

  test('npm run chrome and firefox say what is missing when no hub answers', () => {
    for (const kind of ['chrome', 'firefox']) {
      const { status, stderr } = spawnSync('npm', ['run', '--silent', kind], {
        encoding: 'utf8',
        env: { ...process.env, ASKFIRST_PORT: '9', CHROMIUM: process.execPath, FIREFOX: process.execPath },
      });
      expect(stderr).toContain('The hub does not answer at http://localhost:9.');
      expect(status).toBe(1);
    }
  });

  test('npm run new writes an adapter whose own tests pass at once', () => {
    const copy = join(folder, 'copy');
    for (const path of [
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'wxt.config.ts',
      'server',
      'integrations',
      'test',
      'extension',
    ])
      cpSync(path, join(copy, path), { recursive: true, filter: (from) => from !== join('test', 'output') });
    for (const path of ['node_modules', '.wxt']) symlinkSync(join(process.cwd(), path), join(copy, path), 'dir');
    const made = npm(['run', '--silent', 'new', '--', 'acme-crm'], copy);
    expect(made.stdout).toContain('integrations/acme-crm is there');
    const tested = npm(['test', '--', 'acme-crm'], copy);
    expect(tested.stdout).toMatch(/Tests .*passed/);
    expect(tested.status).toBe(0);
  });
});
