import { type AdapterFacts, type ClientCredentialsAuth, isOauth } from '#sdk';
import type { Oauth, OauthClient } from './oauth.ts';
import type { OwnClient, TokenSet } from './oauth-tokens.ts';
import { TokenError } from './token-error.ts';

/** Where the tokens of one connection are renewed and handed back, whichever way it is let in (R2). */
export interface TokenServer {
  /** New tokens for these; rejects with OauthError. */
  renew(tokens: TokenSet): Promise<TokenSet>;
  /** True when the partner confirmed that they are dead; false where it has no way to end a key; rejects with OauthError. */
  revoke(tokens: Grant): Promise<boolean>;
}

/** What ends a grant at its partner; no more of it is kept for that. */
export type Grant = Pick<TokenSet, 'access' | 'refresh' | 'own'>;

/** One connection as the store has it. */
interface Connected {
  provider: string;
  sandbox: boolean;
  /** Hosts its brand approved; those of the facts where left out (R86). */
  hosts: string[] | undefined;
  /** The client its admin typed, for client credentials. */
  own: OwnClient | undefined;
  /** Asked in the tick of each write but a revocation's; what it throws stops the call with zero bytes (P4). */
  fence?: () => void;
}

/** What is needed to find the server of a connection. */
interface TokenServerDeps {
  oauth: Oauth;
  clients(provider: string, sandbox: boolean): OauthClient | undefined;
  facts(provider: string): AdapterFacts | undefined;
}

/** The server of a connection. Throws TokenError `later` where the operator's settings lack it: no new connect helps there. */
export function tokenServerOf(d: TokenServerDeps, { provider, sandbox, hosts, own, fence }: Connected): TokenServer {
  const { oauth } = d;
  const known = d.facts(provider);
  if (!known) throw missing();
  const facts = { ...known, hosts: hosts ?? known.hosts };
  if (isOauth(facts)) {
    const client = d.clients(provider, sandbox);
    if (!client) throw missing();
    const partner = { facts, sandbox, client, ...(fence && { fence }) };
    return {
      renew: (tokens) => oauth.refresh(partner, tokens),
      revoke: (tokens) => oauth.revoke(partner, tokens).then(() => true),
    };
  }
  if (facts.auth.kind === 'client_credentials' && own) {
    const auth: ClientCredentialsAuth = facts.auth;
    const partner = { facts: { hosts: facts.hosts, auth }, sandbox, client: own, ...(fence && { fence }) };
    return { renew: () => oauth.grantOwn(partner), revoke: (tokens) => oauth.revokeOwn(partner, tokens) };
  }
  // A key that was typed is what it is: nobody renews it, and only its owner can end it at the partner.
  return { renew: () => Promise.reject(missing()), revoke: () => Promise.resolve(false) };
}

/** False where no call can end it: it goes on working at the partner until its owner ends it there. */
export function isEndable(facts: AdapterFacts, { own }: Grant): boolean {
  return isOauth(facts) || (facts.auth.kind === 'client_credentials' && !!own && facts.auth.revoke !== undefined);
}

const missing = () => new TokenError('later', 300_000);
