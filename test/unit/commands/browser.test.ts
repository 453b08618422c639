import { spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { findBrowser, hubAnswers } from '../../../server/commands/browser.ts';

test.each(['chrome', 'firefox'] as const)(
  'npm run %s takes the program it is told, and says when that is missing',
  (kind) => {
    const variable = kind === 'chrome' ? 'CHROMIUM' : 'FIREFOX';
    expect(findBrowser(kind, { [variable]: process.execPath })).toBe(process.execPath);
    expect(() => findBrowser(kind, { [variable]: '/not/here' })).toThrow(`${variable}=/not/here does not exist.`);
  },
);

test('one plain sentence and exit 1 when no hub answers, or no browser is named', async () => {
  const free = createServer();
  const port = await new Promise<number>((done) =>
    free.listen(0, '127.0.0.1', () => done((free.address() as AddressInfo).port)),
  );
  await new Promise((done) => free.close(done));
  await expect(hubAnswers(`http://127.0.0.1:${port}`)).rejects.toThrow('does not answer');
  const run = (kind: string) =>
    spawnSync('node', ['server/commands/browser.ts', kind], {
      encoding: 'utf8',
      env: { ...process.env, ASKFIRST_PORT: String(port), CHROMIUM: process.execPath },
    });
  const { status, stderr } = run('chrome');
  expect(status).toBe(1);
  expect(stderr.trim()).toBe(
    `The hub does not answer at http://localhost:${port}. Start it in another terminal: npm start`,
  );
  expect(run('other').stderr.trim()).toBe('Say which: npm run chrome, or npm run firefox');
});
