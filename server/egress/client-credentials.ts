import * as lib from 'oauth4webapi';
import type { AdapterFacts, ClientCredentialsAuth } from '#sdk';
import { OauthError, ours } from './oauth-error.ts';
import { type OwnClient, type TokenSet, tokenSetOf } from './oauth-tokens.ts';
import type { OauthErrand } from './tally.ts';

/** A partner whose tokens a client of the brand's own is given without a sign-in. */
export interface OwnClientPartner {
  facts: Pick<AdapterFacts, 'hosts'> & { auth: ClientCredentialsAuth };
  sandbox: boolean;
  client: OwnClient;
  /** Asked in the tick of each write but a revocation's; what it throws stops the call with zero bytes (P4). */
  fence?: () => void;
}

/** The part of the OAuth wrapper that needs nobody's sign-in; both reject with OauthError and nothing else. */
export interface ClientCredentials {
  /** Tokens for the client itself (RFC 6749 4.4), which they hold so that they can be renewed. More scopes than asked are refused (OA11). */
  grantOwn(partner: OwnClientPartner): Promise<TokenSet>;
  /** Hands the access token back (RFC 7009); false where the partner has no place for that. */
  revokeOwn(partner: OwnClientPartner, tokens: Pick<TokenSet, 'access'>): Promise<boolean>;
}

/** Makes that part from what the wrapper has: addresses checked, errors dropped whole, caps and guard (SECURITY.md 4.1). */
export function clientCredentials(w: {
  place(facts: Pick<AdapterFacts, 'hosts'>, sandbox: boolean, endpoint: string): string;
  clientAuth(partner: OwnClientPartner): Promise<lib.ClientAuth>;
  optionsFor(
    partner: Pick<OwnClientPartner, 'sandbox' | 'fence'>,
    errand: OauthErrand,
  ): lib.ClientCredentialsGrantRequestOptions & lib.RevocationRequestOptions;
  receipt(): Pick<TokenSet, 'receivedMs' | 'clock'>;
}): ClientCredentials {
  const serverOf = ({ facts, sandbox }: OwnClientPartner): lib.AuthorizationServer => ({
    issuer: new URL(facts.auth.token).origin,
    token_endpoint: w.place(facts, sandbox, facts.auth.token),
    ...(facts.auth.revoke === undefined ? {} : { revocation_endpoint: w.place(facts, sandbox, facts.auth.revoke) }),
  });
  const me = ({ client }: OwnClientPartner): lib.Client => ({ client_id: client.id });

  async function revokeOwn(partner: OwnClientPartner, { access }: Pick<TokenSet, 'access'>): Promise<boolean> {
    if (partner.facts.auth.revoke === undefined) return false;
    await ours(async () =>
      lib.revocationRequest(serverOf(partner), me(partner), await w.clientAuth(partner), access, {
        ...w.optionsFor({ sandbox: partner.sandbox }, 'revocation'), // a stop keeps no grant alive
        additionalParameters: { token_type_hint: 'access_token' },
      }),
    );
    return true;
  }

  return {
    revokeOwn,
    grantOwn: (partner) =>
      ours(async () => {
        const { scopes } = partner.facts.auth;
        const server = serverOf(partner);
        const asked = new URLSearchParams(scopes.length > 0 ? { scope: scopes.join(' ') } : {});
        const response = await lib.clientCredentialsGrantRequest(
          server,
          me(partner),
          await w.clientAuth(partner),
          asked,
          w.optionsFor(partner, 'token'),
        );
        const { refresh_token: _, ...answer } = await lib.processClientCredentialsResponse(
          server,
          me(partner),
          response,
        );
        const tokens = { ...tokenSetOf(answer, {}, scopes, w.receipt()), own: partner.client };
        if (tokens.scopes.every((scope) => scopes.includes(scope))) return tokens;
        await revokeOwn(partner, tokens).catch(() => {}); // refused either way, and never stored
        throw new OauthError('scope_exceeded', 200);
      }),
  };
}
