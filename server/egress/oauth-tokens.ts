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
  /** With it new tokens are had without anybody signing in. */
  own?: OwnClient;
}

const maxToken = 16_384;

/** Scopes of a token answer: `scope` text (RFC 6749 5.1), or a `scopes` list (HubSpot); left out means as asked. */
function grantedScopes(answer: { readonly [name: string]: unknown }, asked: readonly string[]): string[] {
  if (typeof answer.scope === 'string') return answer.scope.split(' ').filter(Boolean);
  if (!Array.isArray(answer.scopes)) return [...asked];
  if (!answer.scopes.every((scope) => typeof scope === 'string')) throw new OauthError('bad_answer', 200);
  return answer.scopes;
}

/** Members of an answer that hold the account's id and name, as the facts name them. */
export interface AccountMembers {
  accountId?: string;
  accountName?: string;
}

/** Id and name of the account, where the facts say they stand. */
export function accountIn(
  answer: { readonly [name: string]: unknown },
  auth: AccountMembers,
): { id?: string; name?: string } {
  const text = (value: unknown) =>
    (typeof value === 'string' && value !== '') || Number.isSafeInteger(value)
      ? String(value).slice(0, 200)
      : undefined;
  const id = text(auth.accountId && answer[auth.accountId]);
  const name = text(auth.accountName && answer[auth.accountName]);
  return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
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
 * The token set of an answer. Rejects with OauthError: another type than bearer, a token over 16 kB or with characters
 * that no header carries (SECURITY.md OA5). What the answer leaves out is taken over from `before`.
 */
export function tokenSetOf(
  answer: Answer,
  auth: AccountMembers,
  asked: readonly string[],
  receipt: Pick<TokenSet, 'receivedMs' | 'clock'>,
  before?: TokenSet,
): TokenSet {
  const refresh = answer.refresh_token ?? before?.refresh;
  if (answer.token_type !== 'bearer' || !/^[\x21-\x7e]+$/.test(answer.access_token))
    throw new OauthError('bad_answer', 200);
  if (answer.access_token.length > maxToken || (refresh?.length ?? 0) > maxToken)
    throw new OauthError('token_too_large', 200);
  const scopes = grantedScopes(answer, before?.scopes ?? asked);
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
  };
}
