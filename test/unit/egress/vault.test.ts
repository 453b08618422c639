import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVault } from '../../../server/egress/vault.ts';

const MARK = 'LIVE-TOKEN-77aa';
const home = { brand: 'harbor', integration: 'i-1', field: 'tokens' };

test('control 2 what is sealed opens in its own place and shows nothing', () => {
  const vault = createVault(randomBytes(32));
  const wrapped = vault.newBrandKey();
  const sealed = vault.seal(wrapped, home, MARK);
  expect(vault.open(wrapped, home, sealed)).toBe(MARK);
  expect(sealed).not.toContain(MARK);
  expect(vault.seal(wrapped, home, MARK)).not.toBe(sealed);
  expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').length).toBe(12 + MARK.length + 16);
});

test('control 2 a value moved to another row, field, brand or brand key does not open', () => {
  const vault = createVault(randomBytes(32));
  const wrapped = vault.newBrandKey();
  const sealed = vault.seal(wrapped, home, MARK);
  const elsewhere = [
    { ...home, brand: 'other' },
    { ...home, integration: 'i-2' },
    { ...home, field: 'secret' },
    { brand: 'harbori', integration: '-1', field: 'tokens' },
  ];
  for (const place of elsewhere) expect(() => vault.open(wrapped, place, sealed)).toThrow('does not open');
  expect(() => vault.open(vault.newBrandKey(), home, sealed)).toThrow('does not open');
  expect(() => createVault(randomBytes(32)).open(wrapped, home, sealed)).toThrow('does not open');
});

test('control 2 any character changed, cut, added or spelt otherwise in base64url does not open', () => {
  const vault = createVault(randomBytes(32));
  const wrapped = vault.newBrandKey();
  const sealed = vault.seal(wrapped, home, MARK);
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ '];
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...alphabet), (at, c) => {
      fc.pre(sealed[at] !== c);
      expect(() => vault.open(wrapped, home, sealed.slice(0, at) + c + sealed.slice(at + 1))).toThrow('does not open');
    }),
  );
  for (const bad of [
    '',
    '.',
    `${sealed}=`,
    `${sealed}A`,
    sealed.slice(0, -1),
    `${sealed}.x`,
    sealed.replace('1.', '2.'),
  ])
    expect(() => vault.open(wrapped, home, bad)).toThrow('does not open');
  for (const bad of ['', wrapped.slice(0, -2), wrapped.replace('1.', '2.'), `${wrapped}.`])
    expect(() => vault.open(bad, home, sealed)).toThrow('does not open');
});

test('control 2 rotation of the vault key may stop half-way: both keys are read, the old one can go at the end', () => {
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
  const before = createVault(oldKey);
  const wrapped = before.newBrandKey();
  const sealed = before.seal(wrapped, home, MARK);
  const during = createVault(newKey, [oldKey]);
  expect(during.open(wrapped, home, sealed)).toBe(MARK);
  const rewrapped = during.rewrap(wrapped);
  expect(during.rewrap(rewrapped)).toBe(rewrapped);
  expect(createVault(newKey).open(rewrapped, home, sealed)).toBe(MARK);
  expect(() => createVault(newKey).open(wrapped, home, sealed)).toThrow('does not open');
  expect(() => createVault(randomBytes(31))).toThrow('32 bytes');
});

test('control 2 a vault that runs turns to a new key: the ring keeps what was sealed, a fresh data key seals, the old key can go', () => {
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
  const vault = createVault(oldKey);
  const wrapped = vault.newBrandKey();
  const before = vault.seal(wrapped, home, MARK);
  vault.turnTo(newKey);
  expect([vault.isNewest(wrapped), vault.open(wrapped, home, before)]).toEqual([false, MARK]);
  const ring = vault.rewrap(wrapped);
  const after = vault.seal(ring, home, MARK);
  expect([vault.isNewest(ring), vault.open(ring, home, before), vault.open(ring, home, after)]).toEqual([
    true,
    MARK,
    MARK,
  ]);
  expect(after.split('.')[1]).not.toBe(before.split('.')[1]);
  expect(() => createVault(oldKey).open(ring, home, after)).toThrow('does not open');
  expect(() => createVault(newKey).open(wrapped, home, before)).toThrow('does not open');
  // A data key of the ring moved to the front, or taken out, opens nothing it did not seal.
  expect(() => vault.open(ring.split(',')[0] ?? '', home, before)).toThrow('does not open');
  vault.forgetOlder();
  expect(() => vault.open(wrapped, home, before)).toThrow('does not open');
  expect(vault.open(ring, home, before)).toBe(MARK);
  expect(() => vault.turnTo(randomBytes(31))).toThrow('32 bytes');
});
