import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readWords, stopOrResume } from '../../../server/commands/stop-sending.ts';
import { readStopFile } from '../../../server/egress/stop-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stop-command-'));
});
const now = new Date('2026-11-22T14:02:00Z');
const known = ['hubspot', 'openid'];

describe('npm run stop-sending', () => {
  test.each([
    [['--all'], { provider: '', resume: false }],
    [['--all', '--resume'], { provider: '', resume: true }],
    [['--resume', '--adapter', 'hubspot'], { provider: 'hubspot', resume: true }],
    [[], expect.stringContaining('npm run stop-sending')],
    [['--resume'], expect.stringContaining('npm run stop-sending')],
    [['--all', 'hubspot'], expect.stringContaining('npm run stop-sending')],
    [['--adapter'], expect.stringContaining('npm run stop-sending')],
    [['--adapter', 'hubspot', 'openid'], expect.stringContaining('npm run stop-sending')],
    [['--adapter', '../../etc'], expect.stringContaining('There are: hubspot, openid')],
  ])('%j', (argv, means) => expect(readWords(argv, known)).toEqual(means));

  test('stops one adapter, then all, and goes on one by one', () => {
    const file = readStopFile(folder);
    expect([file.holds('hubspot'), file.stopped(), file.changedAt()]).toEqual([false, [], 0]);
    stopOrResume(folder, { provider: 'hubspot', resume: false }, now);
    expect([file.holds('hubspot'), file.holds('openid'), file.stopped()]).toEqual([true, false, ['hubspot']]);
    stopOrResume(folder, { provider: '', resume: false }, now);
    expect([file.holds('openid'), file.stopped()]).toEqual([true, ['', 'hubspot']]);
    expect(stopOrResume(folder, { provider: '', resume: true }, now)).toContain('Still stopped: hubspot');
    expect([file.holds('hubspot'), file.holds('openid')]).toEqual([true, false]);
    expect(stopOrResume(folder, { provider: 'hubspot', resume: true }, now)).toContain('Sending goes on');
    expect(stopOrResume(folder, { provider: 'hubspot', resume: true }, now)).toContain('was not stopped');
    expect(file.stopped()).toEqual([]);
  });

  test('run as a program: takes no lock, makes no database, says what is wrong', () => {
    const run = (data: string, ...argv: string[]) =>
      spawnSync(process.execPath, ['server/commands/stop-sending.ts', ...argv], {
        encoding: 'utf8',
        env: { ...process.env, ASKFIRST_DATA: data },
      });
    const done = run(folder, '--all');
    expect([done.status, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toContain('Sending is stopped: everything.');
    expect(readdirSync(folder)).toEqual(['stopped']);
    expect(run(join(folder, 'none'), '--all')).toMatchObject({ status: 1 });
    expect(existsSync(join(folder, 'none'))).toBe(false);
    writeFileSync(join(folder, 'file'), '');
    expect(run(join(folder, 'file'), '--all')).toMatchObject({ status: 1, stderr: '' });
  });
});
