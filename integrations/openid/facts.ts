import type { LoginFacts } from '#sdk';

/**
 * Sign-in by OpenID Connect Core 1.0 with Discovery 1.0. Scopes and claims: Core 5.1 and 5.4. Who the provider is, what
 * it is called, its address, policy and issuer: empty here, since the operator states them for the one it uses. Nothing
 * of a visitor is sent there by the hub, so it keeps nothing of ours; `erase` says so.
 */
export const facts: LoginFacts = {
  id: 'openid',
  name: 'OpenID sign-in',
  docs: 'https://openid.net/specs/openid-connect-core-1_0.html',
  policy: '',
  recipient: { legalName: '', address: '', countries: [], role: 'third_party', retention: '' },
  basis: 'consent',
  legalCitation: '',
  sale: false,
  auth: {
    kind: 'oidc_login',
    issuer: '',
    scopes: ['openid', 'profile', 'email', 'phone'],
    algorithms: ['ES256', 'RS256', 'PS256', 'EdDSA'],
    sharedAudience: false,
    claims: { name: 'name', email: 'email', phone: 'phone_number' },
  },
  hosts: [],
  calls: [],
  erase: {
    steps: 'Nothing to do: askfirst sends it nothing about a visitor.',
    remains: 'That the visitor signed in there, as its own policy says.',
  },
  verification: 'real server (oidc-provider)',
};
