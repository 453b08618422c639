import { type Field, fieldNames, longestValue } from '#contract/visitor.ts';
import type { LoginFacts } from '#sdk';
import type { OauthClient } from './oauth.ts';
import type { Origins } from './partner.ts';
import { placeOf } from './place.ts';

/** A provider of visitors' sign-ins with our client there; a sandbox one is found under its loopback base. */
export interface LoginPartner<A extends LoginFacts['auth'] = LoginFacts['auth']> {
  facts: LoginFacts<A>;
  sandbox: boolean;
  client: OauthClient;
  /** Asked in the tick of each write; what it throws stops the call with zero bytes (P4). */
  fence?: () => void;
}

/** What of a login the hub keeps between its two halves; `stateHash` is base64url of SHA-256, `nonce` is OpenID's. */
export interface LoginSecrets {
  stateHash: string;
  verifier: string;
  nonce?: string;
}

/** Claims as fields of the form: text the provider gave, trimmed and cut to the form's own limits. */
export type Claimed = Partial<Record<Field, string>>;

/** One way visitors sign in; every method rejects with OauthError and nothing else. */
export interface LoginWay<A extends LoginFacts['auth'] = LoginFacts['auth']> {
  /** Tries the provider: whether it answers, and whether it knows our client and its secret (R2). */
  tryOut(partner: LoginPartner<A>): Promise<void>;
  /** Address to send the visitor's browser to, with the secrets of this login. */
  begin(partner: LoginPartner<A>, redirectUri: string): Promise<LoginSecrets & { url: string }>;
  /**
   * Checks the callback and what comes with it, and reads the claims; tokens and subject end with this call. Once per
   * login. What goes out is what the provider itself gave for this login (code, access token), our client's secret and
   * the verifier. No value of the visitor is in it, so nothing is disclosed and no ledger row is due (GATE.md I1 speaks
   * of bytes about a visitor; that this one came is what the provider told us). The used-up transaction is committed
   * first.
   */
  finish(
    partner: LoginPartner<A>,
    input: { params: URLSearchParams; redirectUri: string; secrets: LoginSecrets },
  ): Promise<Claimed>;
}

/** Who answers for a provider's accounts, as (iss, sub) names it; in the sandbox its loopback base. */
export const issuerOf = ({ facts, sandbox }: Pick<LoginPartner, 'facts' | 'sandbox'>, origins: Origins): string =>
  placeOf(facts.hosts, sandbox, facts.auth.issuer, origins);

/** What is no field of the form has no room. */
const longest: Partial<Record<Field, number>> = longestValue;

/** Values for the form: text only, one line, not empty; what does not fit stays out. */
export function fieldsIn(found: { readonly [F in Field]?: unknown }): Claimed {
  const pairs = fieldNames.flatMap((field) => {
    const value = found[field];
    if (typeof value !== 'string') return [];
    const line = value.replace(/\p{Cc}+/gu, ' ').trim();
    return line && line.length <= (longest[field] ?? 0) ? [[field, line] as const] : [];
  });
  return Object.fromEntries(pairs);
}
