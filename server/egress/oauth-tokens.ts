import type { Oauth2Auth } from '#sdk';
import type { ProofKey } from './dpop.ts';
import { OauthError } from './oauth-error.ts';

/** A client of the brand's own at one partner, typed by its admin. */
export interface OwnClient {
  id: string;
  secret: string;
}

/** Tokens as they came; serialisable, and to be sealed before they touch the store. */
export interface TokenSet {
  access: string;
  refresh?: string;
  /** Life of `access` in seconds, as the server stated it. */
  expiresInSeconds?: number;
  /** Receipt on the monotonic clock named `clock`, milliseconds: of no use in another process (SECURITY.md OA4). */
  receivedMs: number;
  clock: string;
  scopes: string[];
  asked: string[];
  /** Asked and not granted: those features are off, and shown (SECURITY.md OA11). */
  missing: string[];
  /** Members of the token answer the facts name for the account. */
  account: { id?: string; name?: string };
  /** The key they are bound to (RFC 9449). */
  dpop?: ProofKey;
  /** Origin that answers for this account, where the facts say the token answer tells it. */
  api?: string;
  /** With it new tokens are had without anybody signing in. */
  own?: OwnClient;
}

const maxToken = 16_384;

type Read = { readonly [name: string]: unknown };

/** Scopes of a token answer: `scope` text (RFC 6749 5.1), or a `scopes` list (HubSpot); left out means as asked. */
function grantedScopes(answer: Read, asked: readonly string[], separator = ' '): string[] {
  if (typeof answer.scope === 'string')
    return answer.scope
      .split(separator)
      .map((scope) => scope.trim())
      .filter(Boolean);
  if (!Array.isArray(answer.scopes)) return [...asked];
  if (!answer.scopes.every((scope) => typeof scope === 'string')) throw new OauthError('bad_answer', 200);
  return answer.scopes;
}

/** Members of an answer that hold the account's id and name, as the facts name them. */
export interface AccountMembers {
  accountId?: string;
  accountName?: string;
}

/** What the facts say of a token answer. */
type AnswerFacts = AccountMembers & Pick<Oauth2Auth, 'scopeSeparator' | 'apiFrom'>;

/** Id and name of the account, where the facts say they stand. */
export function accountIn(answer: Read, auth: AccountMembers): { id?: string; name?: string } {
  const text = (value: unknown) =>
    (typeof value === 'string' && value !== '') || Number.isSafeInteger(value)
      ? String(value).slice(0, 200)
      : undefined;
  const id = text(auth.accountId && answer[auth.accountId]);
  const name = text(auth.accountName && answer[auth.accountName]);
  return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
}

/** True for a host an account may live on: the very name, or one label in the place of `*` (PARTNERS.md 7.4). */
export function mayBecome(patterns: readonly string[], host: string): boolean {
  return patterns.some((pattern) => {
    if (!pattern.startsWith('*.')) return pattern === host;
    const label = host.endsWith(pattern.slice(1)) ? host.slice(0, 1 - pattern.length) : '';
    return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label);
  });
}

/** The origin an account lives on: https, nothing but scheme and host, and one the facts foresee. */
function apiIn(answer: Read, { apiFrom }: AnswerFacts, before: string | undefined): { api?: string } {
  if (!apiFrom) return {};
  const told = answer[apiFrom.member] ?? before;
  const url = typeof told === 'string' ? URL.parse(told) : undefined;
  const bare = url && `${url.origin}/` === url.href && url.protocol === 'https:' && url.port === '';
  if (!bare || !mayBecome(apiFrom.hosts, url.hostname)) throw new OauthError('endpoint_refused', 200);
  return { api: url.origin };
}

/** What is read of a token answer; the rest is dropped. */
interface Answer {
  readonly access_token: string;
  readonly token_type: string;
  readonly refresh_token?: string;
  readonly expires_in?: number;
  readonly [name: string]: unknown;
}

/**
 * The token set of an answer. Rejects with OauthError: a token that is not bound to `dpop`, or bound where there is no
 * key, a token over 16 kB or with characters that no header carries (SECURITY.md OA5), an account on a host the facts
 * do not foresee. What the answer leaves out is taken over from `before`.
 */
export function tokenSetOf(
  answer: Answer,
  auth: AnswerFacts,
  asked: readonly string[],
  receipt: Pick<TokenSet, 'receivedMs' | 'clock' | 'dpop'>,
  before?: TokenSet,
): TokenSet {
  const refresh = answer.refresh_token ?? before?.refresh;
  if (!/^[\x21-\x7e]+$/.test(answer.access_token)) throw new OauthError('bad_answer', 200);
  if (answer.access_token.length > maxToken || (refresh?.length ?? 0) > maxToken)
    throw new OauthError('token_too_large', 200);
  // A server that hands out bearer tokens where bound ones were agreed takes the binding away (SECURITY.md control 4).
  if (receipt.dpop && answer.token_type !== 'dpop') throw new OauthError('token_unbound', 200);
  if (!receipt.dpop && answer.token_type !== 'bearer') throw new OauthError('bad_answer', 200);
  const scopes = grantedScopes(answer, before?.scopes ?? asked, auth.scopeSeparator);
  const found = { ...before?.account, ...accountIn(answer, auth) };
  return {
    access: answer.access_token,
    ...(refresh === undefined ? {} : { refresh }),
    ...(answer.expires_in === undefined ? {} : { expiresInSeconds: answer.expires_in }),
    ...receipt,
    scopes,
    asked: [...asked],
    missing: asked.filter((scope) => !scopes.includes(scope)),
    account: found,
    ...apiIn(answer, auth, before?.api),
  };
}
