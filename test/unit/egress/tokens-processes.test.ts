import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVault } from '../../../server/egress/vault.ts';
import { openEvil } from '../../support/evil.ts';
import type { TokenProcessOrder } from '../../support/token-process.ts';
import { brand, fresh, hub, id, MARK, open, processOf, storeFile } from './tokens-rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'token-process-'));
const program = join(folder, 'token-process.mjs');
beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: 'test/support/token-process.ts',
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: '[name].mjs' } },
    },
    ssr: { noExternal: true },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One more process on the same file; what it printed so far, and its end. */
function start(order: TokenProcessOrder) {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: 'pipe' });
  open.unshift(() => child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk;
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  return { said, ended, go: () => child.stdin.end('go\n') };
}

test('R3 OA13 a hundred calls on an expired token, spread over four processes: one refresh at the partner, all served', async () => {
  const answers: (() => void)[] = [];
  const evil = await openEvil((_, reply) => void answers.push(() => reply.json(200, fresh(2))));
  open.push(evil.close);
  const path = storeFile();
  const key = randomBytes(32);
  const made = await hub(path, createVault(key));
  const here = processOf(made, evil.origin, [evil.host]);
  await here.tokens.put(brand, id, here.set());
  const order = { path, key: key.toString('base64url'), origin: evil.origin, host: evil.host, brand, integration: id };
  const all = Array.from({ length: 4 }, () => start({ ...order, calls: 25 }));
  for (const { said } of all) await expect.poll(() => said.out + said.err).toContain('ready');
  for (const { go } of all) go();
  for (const { said } of all) await expect.poll(() => said.out + said.err).toContain('asked');
  await expect.poll(() => answers.length).toBe(1);
  answers[0]?.();
  expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
  for (const { said } of all) expect(said).toEqual({ out: `ready\nasked\n["${MARK}-2"]\n`, err: '' });
  expect(evil.requests.length).toBe(1);
});
