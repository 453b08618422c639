import type { Purpose } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';

/**
 * How the hub is let into one account of a partner: OAuth 2.0 by code, with PKCE S256 whatever the server asks
 * (SECURITY.md OA10). Every address is https on one of the adapter's hosts.
 */
export interface Oauth2Auth {
  kind: 'oauth2';
  authorize: string;
  token: string;
  revoke: string;
  /** Token introspection (RFC 7662): account id and name are read there before the connection is active. */
  account: string;
  /** Members of that answer (or of the token answer) that hold the account's id and the name people know it by. */
  accountId: string;
  accountName: string;
  /**
   * How the hub proves who it is: a secret in the body; Basic with the percent-encoding of RFC 6749 2.3.1, or without
   * it; or a JWT signed with a private key (RFC 7523), which then stands as a JWK where the secret would. There is no
   * `none`: the hub is never a public client (SECURITY.md control 4).
   */
  clientAuth: 'body' | 'basic' | 'basic_unencoded' | 'private_key_jwt';
  /** Every scope this adapter may ever ask for; what is asked is less where the brand left fields off (R9). */
  scopes: string[];
  /** Scopes wanted only for a purpose, or only for a field; one that stands in no such list is always asked (R9). */
  scopesFor?: { readonly [K in Purpose | Field]?: readonly string[] };
  /** Stands between scopes; a blank where left out (RFC 6749 3.3). */
  scopeSeparator?: string;
  /** Parameters the sign-in page wants beside the standard ones, which they can never replace. */
  authorizeParams?: Readonly<Record<string, string>>;
  /** The server's issuer identifier (RFC 8414), letter by letter; the origin of `authorize` where left out. */
  issuer?: string;
  /** Where the server describes itself (RFC 8414): PAR, DPoP and `iss` are used where it offers them. */
  metadata?: string;
  /** Pushed authorization requests (RFC 9126), for a server without such a description. */
  par?: string;
  /** Set where tokens are bound to a key of the connection (RFC 9449), for a server without such a description. */
  dpop?: true;
  /** Set where the callback always carries `iss` (RFC 9207), for a server without such a description. */
  iss?: true;
  /**
   * Where the token answer says which origin answers for this account: the member, and the hosts it may become. A host
   * `*.crm.example` stands for exactly one more label; each must stand in the adapter's `hosts` too.
   */
  apiFrom?: { member: string; hosts: string[] };
}
