import { expect, test } from 'vitest';
import { secretMark, withoutSecrets } from '../../../server/egress/secrets.ts';

// Put together here, so that no scanner takes this file for a leak.
const fake = {
  aws: ['AK', 'IAIOSFODNN7EXAMPLE'].join(''),
  github: ['gh', 'p_', 'a1B2'.repeat(9)].join(''),
  stripe: ['sk', '_live_', '4eC39HqLyjWDarjtT1zdp7dc'].join(''),
  slack: ['xo', 'xb-', '123456789012-abcdefABCDEF'].join(''),
  jwt: ['ey', 'JhbGciOiJIUzI1NiJ9.', 'eyJzdWIiOiIxIn0.', 'c2lnbmF0dXJl'].join(''),
  pem: `-----BEGIN ${'PRIVATE'} KEY-----\nMIIEvQIBADANBg\n-----END ${'PRIVATE'} KEY-----`,
  machine: 'q7Zr2Lm9Xv4Tb8Kw1Nc6Yh3Pd5Gf0Js7A',
};

test.each(Object.entries(fake))('E12 shaped like a secret: %s', (_, secret) => {
  expect(withoutSecrets(`It says ${secret} and stops`)).toBe(`It says ${secretMark} and stops`);
  expect(withoutSecrets(secret)).toBe(secretMark);
});

test.each([
  ['password: hunter22', `password: ${secretMark}`],
  ['My Password is: "correct horse"', `My Password is: "${secretMark} horse"`],
  ['api_key=abcd1234, please', `api_key=${secretMark}, please`],
  ['PIN = 4711', `PIN = ${secretMark}`],
])('E12 a word before a value: %s', (text, left) => {
  expect(withoutSecrets(text)).toBe(left);
});

test.each([
  'I forgot my password. Can you send a link?',
  'See https://shop.example/boats/blue-marlin-2026-with-a-very-long-name-in-it',
  'Order 550e8400-e29b-41d4-a716-446655440000',
  'The token of our appreciation arrived',
  'ALLCAPITALSANDNOTHINGELSEINTHISLONGWORD1',
])('E12 stays as it is: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});
