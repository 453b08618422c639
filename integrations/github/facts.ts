import type { LoginFacts, OauthLoginAuth } from '#sdk';

/**
 * Sign-in with GitHub as data. Authorize and token addresses, PKCE with S256: as many published configurations have
 * them. `/user`, `/user/emails` with `user:email`, and the removal of a grant: GitHub's REST description. Guesses: that
 * client id and secret of the token call go in its body (RFC 6749 2.3.1), as the sources do not say; and that a name of
 * the provider without a path stands for it as issuer. Recipient and policy: empty here, in no source we have, so the
 * operator states them (R14). Nothing about a visitor is sent there by the hub; `erase` says so.
 */
export const facts: LoginFacts<OauthLoginAuth> = {
  id: 'github',
  name: 'GitHub',
  docs: 'https://docs.github.com/rest/users/users#get-the-authenticated-user',
  policy: '',
  recipient: { legalName: '', address: '', countries: [], role: 'third_party', retention: '' },
  basis: 'consent',
  legalCitation: '',
  sale: false,
  auth: {
    kind: 'oauth_login',
    issuer: 'https://github.com',
    authorize: 'https://github.com/login/oauth/authorize',
    token: 'https://github.com/login/oauth/access_token',
    clientAuth: 'body',
    scopes: ['user:email'],
    api: 'https://api.github.com',
    profile: '/user',
    subject: 'id',
    claims: { name: 'name' },
    emails: { path: '/user/emails', scope: 'user:email', address: 'email', primary: 'primary', verified: 'verified' },
    grant: '/applications/{client_id}/grant',
  },
  hosts: ['github.com', 'api.github.com'],
  calls: [],
  erase: {
    steps:
      'Nothing to do: askfirst sends it nothing about a visitor, and takes back what it was allowed at each sign-in.',
    remains: 'That the visitor signed in with it, as its own policy says.',
  },
  verification: 'vendor description only',
};
