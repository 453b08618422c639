import type { AdapterFacts } from '#sdk';

/**
 * The header that lets a request in, by the way the facts name (R2). `secret` is what `Tokens.access` gives: a token, a
 * key, or user name and password as RFC 7617 joins them. Empty where nothing may be sent at all.
 */
export function authHeader(auth: AdapterFacts['auth'], secret: string): Record<string, string> {
  switch (auth.kind) {
    case 'oauth2':
    case 'client_credentials':
      return { authorization: `Bearer ${secret}` };
    case 'api_key':
      return { [auth.header.toLowerCase()]: auth.scheme === undefined ? secret : `${auth.scheme} ${secret}` };
    case 'basic':
      return { authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
    case 'webhook_only':
      return {};
  }
}
