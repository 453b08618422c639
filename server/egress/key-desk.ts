import { problem } from '#contract/problem.ts';
import { type AdapterFacts, type ClientCredentialsAuth, isKeyed, type KeyAuth, type KeyFacts, keyFieldsOf } from '#sdk';
import type { Store, Tx } from '../store/open.ts';
import type { Http } from './http.ts';
import type { Oauth } from './oauth.ts';
import { OauthError } from './oauth-error.ts';
import { accountIn, type TokenSet } from './oauth-tokens.ts';
import { createPartnerCall, type Origins, type PartnerResult } from './partner.ts';
import type { Revoker } from './revoker.ts';
import type { Stops } from './stops.ts';
import type { Tokens } from './tokens.ts';

/** A key that opened the partner's door; the key itself stays in here. */
interface TriedKey {
  sandbox: boolean;
  /** Whose key it is, as the partner says; undefined where it does not. */
  account: { id: string; name: string } | undefined;
  /** Seals it for its connection, inside the caller's transaction. */
  adopt(tx: Tx, brandId: string, integrationId: string): void;
  /** Hands back what was got for it; where the connection is not made after all. */
  discard(): Promise<void>;
}

/** The desk that takes keys typed by an admin (R2): what is typed goes in and never comes out again. */
export interface KeyDesk {
  /** True for a sandbox partner, false for a real one, undefined for a provider that takes no key. */
  sandboxOf(provider: string): boolean | undefined;
  /**
   * Tries a key by the one call its facts name; nothing about a visitor is in it, so no ledger row is due. With
   * `webhook_only` there is nobody to ask. Raises `connect-refused` in plain words without a letter of what was typed
   * or answered, and `not-found` for a provider that takes no key.
   */
  tryOut(brandId: string, provider: string, typed: Record<string, string>): Promise<TriedKey>;
}

/** What createKeyDesk is handed. */
export interface KeyDeskDeps {
  http: Http;
  oauth: Oauth;
  tokens: Pick<Tokens, 'putIn'>;
  store: Store;
  revoker: Revoker;
  stops: Stops;
  facts(provider: string): AdapterFacts | undefined;
  origins: Origins;
  monotonic: () => number;
}

/** For whom a key is tried, and whether its calls may go on. */
interface Tried {
  brandId: string;
  sandbox: boolean;
  fence: () => void;
}

/** Longest key in characters: with it a request's head stays under the 16 kB that servers commonly take (a guess). */
const longest = 8_000;

const refuse = (words: string) => problem('connect-refused', `${words} Nothing was stored.`);

/** The secret as `Tokens.access` gives it later; refuses what no header could carry (RFC 9110 5.5, RFC 7617 2). */
function secretOf(auth: KeyAuth, typed: Record<string, string>): string {
  const values = keyFieldsOf(auth).map(({ name, label }) => {
    const basic = auth.kind === 'basic';
    // Blanks come with copying; in a password they may belong to it.
    const value = (basic && name === 'password' ? typed[name] : typed[name]?.trim()) ?? '';
    if (!value) refuse(`${label} is empty.`);
    // A user name ends at its colon; a password may hold any character that can be seen, and blanks.
    const fits = basic
      ? !/\p{Cc}/u.test(value) && !(name === 'user' && value.includes(':'))
      : /^[\x21-\x7e]+$/.test(value);
    if (!fits || value.length > longest) refuse(`${label} has a form that cannot be used. Copy it again.`);
    return value;
  });
  return values.join(':');
}

/** Our sentence for a check that was not answered well; undefined when it was. */
function troubleIn(name: string, what: string, result: PartnerResult): string | undefined {
  if (result.kind !== 'sent') return `${name} could not be reached.`;
  const { status } = result;
  if (status === 401 || status === 403) return `${name} did not accept ${what}.`;
  if (status === 429 || status >= 500) return `${name} is busy or has a fault. Try again in a few minutes.`;
  return status < 200 || status > 299 || result.trouble ? `${name} answered in a way we cannot read.` : undefined;
}

/** Makes the desk. */
export function createKeyDesk(d: KeyDeskDeps): KeyDesk {
  const { oauth } = d;
  const receipt = () => ({ receivedMs: d.monotonic(), clock: oauth.clock });

  /** Asks the partner with a key nobody has stored; the ticket is empty, as no visitor's choice is touched. */
  async function ask(facts: KeyFacts, { sandbox, fence }: Tried, secret: string, call: string): Promise<PartnerResult> {
    const [method = '', path = ''] = call.split(' ');
    const partner = createPartnerCall({
      http: d.http,
      facts,
      connection: { sandbox },
      origins: d.origins,
      token: async () => ({ access: secret }),
      ticket: { fence, written() {}, errand: 'check' },
      leak: { denied: {}, allowed: {}, constants: [] },
    });
    return partner.call({ method, path });
  }

  /** Tokens for a typed client, or its words of refusal. */
  async function grant(facts: KeyFacts, auth: ClientCredentialsAuth, at: Tried, typed: Record<string, string>) {
    const { sandbox, fence, brandId } = at;
    const client = { id: typed.id?.trim() ?? '', secret: typed.secret?.trim() ?? '' };
    const partner = { facts: { hosts: facts.hosts, auth }, sandbox, client, fence };
    const tokens = await oauth.grantOwn(partner).catch((e: unknown) => {
      const code = e instanceof OauthError ? e.code : 'failed';
      const { name } = facts;
      if (code === 'invalid_client' || code === 'invalid_grant')
        return refuse(`${name} did not accept ${named(auth)}.`);
      if (code === 'scope_exceeded') return refuse(`${name} gave more rights than the data sheet names.`);
      if (code === 'rate_limited' || code === 'unavailable')
        return refuse(`${name} is busy or has a fault. Try again in a few minutes.`);
      if (code === 'unreachable' || code === 'no_answer') return refuse(`${name} could not be reached.`);
      return refuse(`${name} answered in a way we cannot read.`);
    });
    /** Ended like the grant of a connection that ended, however long that takes. */
    const back = async () => {
      const place = { brandId, integrationId: '', provider: facts.id, sandbox };
      await d.store.write((tx) => d.revoker.bury(tx, place, tokens));
      d.revoker.wake();
      await d.revoker.idle();
    };
    return { tokens, back };
  }

  const factsOf = (provider: string): KeyFacts | undefined => {
    const facts = d.facts(provider);
    return facts && isKeyed(facts) ? facts : undefined;
  };
  // A partner's origin has a loopback base only where a sandbox stands in for it.
  const isSandbox = ({ api }: KeyFacts) => d.origins.has(api);

  return {
    sandboxOf(provider) {
      const facts = factsOf(provider);
      return facts && isSandbox(facts);
    },

    async tryOut(brandId, provider, typed) {
      const facts = factsOf(provider) ?? problem('not-found');
      d.stops.refuse(brandId, provider, facts.name);
      const { auth, name } = facts;
      const secret = secretOf(auth, typed);
      const sandbox = isSandbox(facts);
      const own: TokenSet = { access: secret, ...receipt(), scopes: [], asked: [], missing: [], account: {} };
      const at: Tried = { brandId, sandbox, fence: () => d.stops.check(brandId, provider) };
      const adopt = (tokens: TokenSet) => (tx: Tx, of: string, integrationId: string) => {
        d.stops.refuse(of, provider, name);
        d.tokens.putIn(tx, of, integrationId, tokens);
      };
      if (auth.kind === 'webhook_only')
        return { sandbox, account: undefined, adopt: adopt(own), discard: async () => {} };
      const { tokens, back } =
        auth.kind === 'client_credentials'
          ? await grant(facts, auth, at, typed)
          : { tokens: own, back: async () => {} };
      const discard = () => back().catch(() => {}); // it was never stored for use
      const result = await ask(facts, at, tokens.access, auth.check.call);
      const trouble = troubleIn(name, named(auth), result);
      if (trouble) {
        await discard();
        return refuse(trouble);
      }
      const { id, name: called } = accountIn(bodyOf(result), auth.check);
      if (auth.check.accountId !== undefined && id === undefined) {
        await discard();
        return refuse(`${name} did not say whose account this is.`);
      }
      const account = id === undefined ? undefined : { id, name: called ?? id };
      return { sandbox, account, adopt: adopt(tokens), discard };
    },
  };
}

/** "the API key", "the User name and Password": what was typed, in the partner's words. */
const named = (auth: KeyAuth): string =>
  `the ${keyFieldsOf(auth)
    .map(({ label }) => label)
    .join(' and ')}`;

const bodyOf = (result: PartnerResult): Record<string, unknown> => {
  const body = result.kind === 'sent' ? result.body : undefined;
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};
};
