import { describe, expect, test } from 'vitest';
import { readEnvironment, SettingError } from '../../server/env.ts';

const whole = {
  ASKFIRST_OPENID_ISSUER: 'https://id.example.org/realm',
  ASKFIRST_OPENID_CLIENT_ID: 'hub',
  ASKFIRST_OPENID_CLIENT_SECRET: 'kept to ourselves',
  ASKFIRST_OPENID_NAME: 'Example ID',
  ASKFIRST_OPENID_LEGAL_NAME: 'Example ID ApS',
  ASKFIRST_OPENID_ADDRESS: '1 Example Street',
  ASKFIRST_OPENID_COUNTRIES: 'DK, SE',
  ASKFIRST_OPENID_RETENTION: 'for a year',
  ASKFIRST_OPENID_POLICY: 'https://id.example.org/privacy',
  ASKFIRST_OPENID_HOSTS: 'tokens.example.org',
};
const openid = (env: Record<string, string | undefined>) => readEnvironment(env).login('openid');

describe('R14 a provider of sign-ins is set up whole or not at all', () => {
  test('R14 every fact of its data sheet comes from the operator', () => {
    expect(openid({})).toBeUndefined();
    expect(openid(whole)).toMatchObject({
      issuer: 'https://id.example.org/realm',
      hosts: ['id.example.org', 'tokens.example.org'],
      recipient: { legalName: 'Example ID ApS', countries: ['DK', 'SE'], role: 'third_party' },
    });
  });

  test.each(Object.keys(whole).filter((name) => name !== 'ASKFIRST_OPENID_HOSTS'))(
    'R14 without %s the hub does not start, and says what is missing, never the secret',
    (name) => {
      const read = () => openid({ ...whole, [name]: '' });
      expect(read).toThrow(SettingError);
      expect(read).toThrow(name);
      expect(read).not.toThrow('kept to ourselves');
    },
  );

  test.each(['http://id.example.org', 'https://a@id.example.org', 'https://id.example.org/?a', 'id'])(
    'OA15 %s is no issuer',
    (issuer) => expect(() => openid({ ...whole, ASKFIRST_OPENID_ISSUER: issuer })).toThrow('ASKFIRST_OPENID_ISSUER'),
  );
});

describe('R14 R21 GitHub’s sign-in is set up whole or not at all', () => {
  const all = {
    ASKFIRST_GITHUB_CLIENT_ID: 'hub',
    ASKFIRST_GITHUB_CLIENT_SECRET: 'kept to ourselves',
    ASKFIRST_GITHUB_LEGAL_NAME: 'GitHub, Inc.',
    ASKFIRST_GITHUB_ADDRESS: 'as our contract says',
    ASKFIRST_GITHUB_COUNTRIES: 'US',
    ASKFIRST_GITHUB_RETENTION: 'as its policy says',
    ASKFIRST_GITHUB_POLICY: 'https://github.example/privacy',
  };
  test('R21 without its client it is not there; with it the rest is the operator’s word', () => {
    expect(readEnvironment({}).login('github')).toBeUndefined();
    expect(readEnvironment({ ASKFIRST_GITHUB_LEGAL_NAME: 'x' }).login('github')).toBeUndefined();
    expect(readEnvironment(all).login('github')).toEqual({
      policy: 'https://github.example/privacy',
      recipient: {
        legalName: 'GitHub, Inc.',
        address: 'as our contract says',
        countries: ['US'],
        role: 'third_party',
        retention: 'as its policy says',
      },
    });
  });
  test.each(Object.keys(all))('R14 without %s the hub does not start, and says what is missing', (name) => {
    const read = () => readEnvironment({ ...all, [name]: '' });
    expect(read).toThrow(SettingError);
    expect(read).toThrow(name);
    expect(read).not.toThrow('kept to ourselves');
  });
  test('R14 its policy becomes a link', () =>
    expect(() => readEnvironment({ ...all, ASKFIRST_GITHUB_POLICY: 'http://x' })).toThrow('ASKFIRST_GITHUB_POLICY'));
});
