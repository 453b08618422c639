import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Oauth2Auth, type OauthFacts, scopesOf, wantedScopes } from '#sdk';
import { hubspot } from '../../integrations/index.ts';
import { gaps } from '../support/adapter-kit.ts';

const with_ = (auth: Partial<Oauth2Auth>, facts: Partial<OauthFacts> = {}) =>
  gaps({
    id: 'hubspot',
    folder: '',
    exchanges: [],
    adapter: {
      ...hubspot,
      facts: { ...hubspot.facts, ...facts, auth: { ...(hubspot.facts as OauthFacts).auth, ...auth } },
    },
  });

describe('R81 facts about a partner’s OAuth that do not fit together are named', () => {
  test.each<[string, string[], string[]]>([
    ['as they are', with_({}), []],
    ['a scope nobody asks for', with_({ scopesFor: { email: ['x'] } }), ['scope x of email is not in scopes']],
    [
      'a field nobody shares',
      with_({ scopesFor: { company: ['oauth'] } }),
      ['scopesFor names company, which is not shared'],
    ],
    [
      'pushed questions elsewhere',
      with_({ par: 'https://evil.example/par' }),
      ['the host of https://evil.example/par is not in hosts'],
    ],
    [
      'a description without cipher',
      with_({ metadata: 'http://api.hubapi.com/x' }),
      ['http://api.hubapi.com/x is no https address'],
    ],
    ['an issuer without cipher', with_({ issuer: 'http://x.example' }), ['http://x.example is no https address']],
    [
      'accounts on hosts nobody reads of',
      with_({ apiFrom: { member: 'm', hosts: ['*.crm.example'] } }),
      ['*.crm.example of apiFrom is not in hosts', 'https://api.hubapi.com is no host of apiFrom'],
    ],
    [
      'accounts on hosts that stand on the sheet',
      with_(
        { apiFrom: { member: 'm', hosts: ['*.crm.example'] } },
        { hosts: [...hubspot.facts.hosts, '*.crm.example'], api: 'https://demo.crm.example' },
      ),
      [],
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('R9 the scopes to ask for', () => {
  const auth = {
    scopes: ['base', 'read', 'write', 'notes', 'phones'],
    scopesFor: {
      CustomerRelationshipManagement: ['read', 'write'],
      CustomerCare: ['read', 'notes'],
      phone: ['phones'],
    },
  } as const;
  const crm = (name: 'email' | 'phone' | 'company', receives?: true) =>
    ({ name, purpose: 'CustomerRelationshipManagement', ...(receives ? { receives } : {}) }) as const;
  const words = { name: 'transcript', purpose: 'CustomerCare' } as const;
  const asked = (...on: Parameters<typeof wantedScopes>[1] & object) =>
    wantedScopes({ ...auth, scopes: [...auth.scopes] }, on);

  test('are those of what is on, each once, in the order of the facts', () => {
    expect(asked()).toEqual(['base']);
    expect(asked(crm('email'))).toEqual(['base', 'read', 'write']);
    expect(asked(crm('email'), crm('phone'))).toEqual(['base', 'read', 'write', 'phones']);
    expect(asked(words)).toEqual(['base', 'read', 'notes']);
    expect(asked(words, crm('phone'))).toEqual(auth.scopes);
    expect(asked(crm('company', true))).toEqual(['base']); // what only comes back needs none of its own
    expect(wantedScopes({ ...auth, scopes: [...auth.scopes] })).toEqual(auth.scopes);
  });

  test('never more than the facts name, never less than a field that is on needs', () => {
    const any = fc.constantFrom(crm('email'), crm('phone'), crm('company', true), words);
    fc.assert(
      fc.property(fc.array(any), (on) => {
        const scopes = asked(...on);
        expect(scopes.filter((s) => !(auth.scopes as readonly string[]).includes(s))).toEqual([]);
        for (const field of on)
          for (const scope of scopesOf({ ...auth, scopes: [] }, field)) expect(scopes).toContain(scope);
      }),
    );
  });
});
