import type { Field } from '#contract/visitor.ts';

/** One thing the admin types when connecting, in the partner's own words for it. */
export interface Typed {
  /** "API key": what the partner calls it. */
  label: string;
  /** Where the admin finds or makes it there, one sentence. */
  hint?: string;
}

/** The call a key is tried with before its connection shows as connected (R2); it carries nothing about a visitor. */
interface Check {
  /** "GET /me": a line of the call list, without `{x}` and without a query. */
  call: string;
  /** Members of its answer that hold the account's id and name. Without an id there, the admin names the account. */
  accountId?: string;
  accountName?: string;
}

/** What every kind that is tried has. */
interface Tried {
  check: Check;
  /** What the key must be allowed to do there, in the partner's words; shown before connecting. */
  scopes?: string[];
}

/** A key that goes along in one header, as it is or after the name of a scheme. */
export interface ApiKeyAuth extends Tried {
  kind: 'api_key';
  header: string;
  scheme?: string;
  key: Typed;
}

/** User name and password of HTTP Basic (RFC 7617). */
export interface BasicAuth extends Tried {
  kind: 'basic';
  user: Typed;
  password: Typed;
}

/** A client of the brand's own that gets its tokens without anybody signing in (RFC 6749 4.4). */
export interface ClientCredentialsAuth extends Tried {
  kind: 'client_credentials';
  id: Typed;
  secret: Typed;
  token: string;
  /** Where a token is handed back (RFC 7009), if the partner has such a place. */
  revoke?: string;
  clientAuth: 'body' | 'basic' | 'basic_unencoded';
  scopes: string[];
}

/** Nothing is ever sent to this partner: there is only the secret that what comes in is checked with. */
export interface WebhookOnlyAuth {
  kind: 'webhook_only';
  secret: Typed;
}

/** The ways in whose secret the brand's admin types here (R2). */
export type KeyAuth = ApiKeyAuth | BasicAuth | ClientCredentialsAuth | WebhookOnlyAuth;

/** Visitors' sign-in by OpenID Connect: endpoints come from the provider's discovery document. */
export interface OidcLoginAuth {
  kind: 'oidc_login';
  /** https address of OpenID Connect Discovery, compared letter by letter with `iss`. */
  issuer: string;
  scopes: string[];
  /** Signatures an ID token may have; asymmetric ones only (SECURITY.md OA2). */
  algorithms: string[];
  /** True where an ID token may name other audiences beside us (SECURITY.md OA12). */
  sharedAudience: boolean;
  /** Which claim may fill in which field of the form. */
  claims: Partial<Record<Field, string>>;
}

/** Visitors' sign-in by plain OAuth 2: no ID token, so whose account it is stands in an answer of the provider's API. */
export interface OauthLoginAuth {
  kind: 'oauth_login';
  /** https address that names the provider; accounts are told apart by it and `subject` (SECURITY.md OA16). */
  issuer: string;
  authorize: string;
  token: string;
  clientAuth: 'body' | 'basic';
  scopes: string[];
  /** Origin of the paths below; nothing else of it is called. */
  api: string;
  /** GET: an object about the person. */
  profile: string;
  /** Member of it that never changes and is never given to another person. */
  subject: string;
  /** Which member may fill in which field of the form. */
  claims: Partial<Record<Field, string>>;
  /** GET, only where `scope` was granted: a list of addresses; members of each, the last two true or false. */
  emails: { path: string; scope: string; address: string; primary: string; verified: string };
  /** DELETE with Basic client authentication and `{access_token}`: takes back all the person allowed. */
  grant: string;
}

/** What a visitors' sign-in asks of the provider's API, for its data sheet (R14); empty where a discovery document says it. */
export const askedBy = (auth: OidcLoginAuth | OauthLoginAuth): string[] =>
  auth.kind === 'oidc_login' ? [] : [`GET ${auth.profile}`, `GET ${auth.emails.path}`, `DELETE ${auth.grant}`];

/** One field of the form a key is typed in; `hidden` where nobody beside the admin may read along. */
export interface KeyField extends Typed {
  name: string;
  hidden: boolean;
}

/** What an admin types for a way in, in the order of the form (R2). */
export function keyFieldsOf(auth: KeyAuth): KeyField[] {
  const open = (name: string, typed: Typed): KeyField => ({ ...typed, name, hidden: false });
  const hidden = (name: string, typed: Typed): KeyField => ({ ...typed, name, hidden: true });
  switch (auth.kind) {
    case 'api_key':
      return [hidden('key', auth.key)];
    case 'basic':
      return [open('user', auth.user), hidden('password', auth.password)];
    case 'client_credentials':
      return [open('id', auth.id), hidden('secret', auth.secret)];
    case 'webhook_only':
      return [hidden('secret', auth.secret)];
  }
}
