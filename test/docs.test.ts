import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { readIdentityToken } from '../server/gate/identity-token.ts';

const page = readFileSync('docs/widget.md', 'utf8');
const blocks = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => code);
const loader = readFileSync('server/web/widget/loader.ts', 'utf8');

test('R28 the code that signs a token, as docs/widget.md has it, makes one that the hub takes', async () => {
  const code = blocks.find((b) => b.includes('SignJWT')) ?? '';
  const key = randomBytes(32);
  const run = new Function(
    'SignJWT',
    'process',
    'account',
    `return (async () => { ${code.replace(/^import .*$/m, '')}; return token; })()`,
  ) as (...args: unknown[]) => Promise<string>;
  const env = { ASKFIRST_IDENTITY_KEY: key.toString('base64url') };
  const token = await run(SignJWT, { env }, { id: 'customer-7' });
  const now = new Date();
  expect(await readIdentityToken(key, token, { slug: 'harbor-motors', now })).toBe('customer-7');
  expect(await readIdentityToken(randomBytes(32), token, { slug: 'harbor-motors', now })).toBeUndefined();
});

test('docs/widget.md names each attribute, call and event of the loader, and no other', () => {
  const told = (pattern: RegExp) => new Set([...page.matchAll(pattern)].map(([, name]) => name));
  const read = new Set([...loader.matchAll(/script\.dataset\.(\w+)/g)].map(([, name]) => name));
  for (const [, names = ''] of loader.matchAll(/const \{ ([^}]+) \} = script\.dataset/g))
    for (const name of names.split(',')) read.add(name.trim().split(' ')[0]);
  expect(told(/`data-(\w+)`/g)).toEqual(read);
  const calls = /window\.askfirst \?\?= \{([\s\S]*?)\n {2}\};/.exec(loader)?.[1] ?? '';
  const offered = new Set([...calls.matchAll(/^ {4}(\w+)[,(:]/gm)].map(([, name]) => name));
  expect(told(/\| `askfirst\.(\w+)\(/g)).toEqual(offered);
  const events = [...loader.matchAll(/happened\(([^,)]*)/g)].flatMap(([, what = '']) =>
    [...what.matchAll(/'(\w+)'/g)].map(([, name]) => name),
  );
  expect(told(/`askfirst:(\w+)`/g)).toEqual(new Set(events));
});
