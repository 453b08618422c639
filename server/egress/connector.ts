import { Problem, problem } from '#contract/problem.ts';
import { type AdapterFacts, isOauth } from '#sdk';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { digest, newToken } from '../store/seal.ts';
import { noteReconnected } from './circuit.ts';
import {
  endTransaction,
  insertTransaction,
  keepTokens,
  readPending,
  type Transaction,
  takeForCallback,
} from './connect-transaction.ts';
import type { Oauth, OauthClient, OauthPartner } from './oauth.ts';
import { stateHash } from './oauth-callback.ts';
import { OauthError } from './oauth-error.ts';
import type { TokenSet } from './oauth-tokens.ts';
import type { Ended, Revoker } from './revoker.ts';
import type { Stops } from './stops.ts';
import type { Tokens } from './tokens.ts';
import type { Vault } from './vault.ts';

/** Who connects: the signed-in person in one console session. */
export interface ConnectingPerson {
  brandId: string;
  userId: string;
  sessionId: string;
}

/** What came back from a partner and waits for the admin's word; its tokens stay in here. */
export interface PendingConnect {
  id: string;
  provider: string;
  sandbox: boolean;
  account: { id: string; name: string };
  scopes: readonly string[];
  /** Asked for and not given (SECURITY.md OA11). */
  missing: readonly string[];
}

/** The intents the hub hands egress to link a partner account: no method takes or gives a token (DESIGN.md 1.7). */
export interface Connector {
  /** True for a sandbox partner, false for a real app, undefined where no app is set up. */
  sandboxOf(provider: string): boolean | undefined;
  /** Where to send the browser, and the value of the cookie that ties the callback to it. Raises `connect-refused`. */
  begin(who: ConnectingPerson, provider: string): Promise<{ url: string; cookie: string }>;
  /** Takes a callback, once; the id to confirm. Raises `connect-refused`, and nothing is connected in any case. */
  callback(provider: string, params: URLSearchParams, cookie: string | undefined): Promise<string>;
  /** What waits for this very session. Raises `connect-refused`. */
  pending(who: ConnectingPerson, id: string): Promise<PendingConnect>;
  /** Throws away what came back: revoked at the partner, never used. */
  discard(who: ConnectingPerson, id: string): Promise<void>;
  /** Moves the sealed tokens of a pending connect to its connection, inside the caller's transaction. */
  adopt(tx: Tx, who: ConnectingPerson, id: string, integrationId: string): void;
  /** When its key is renewed, as Tokens.renewal says; undefined where there is none, or it cannot be read (R5). */
  renewal(brandId: string, integrationId: string): number | undefined;
  /**
   * Ends the grant of a connection inside the caller's transaction: from its commit on nobody here can use it, and what is
   * left of it is a sealed copy for its revocation at the partner (R8, P4), or nothing where no call can end it.
   */
  end(tx: Tx, brandId: string, integrationId: string): Ended;
  /** Wipes here what the partner itself has ended, inside the caller's transaction. */
  forget(tx: Tx, brandId: string, integrationId: string): Ended;
  /** Revokes at partners what is due; resolves when each was tried once. */
  revoke(): Promise<void>;
  /** Ends what a stopped hub left half ended: keys of connections that are off (P4). */
  sweep(): Promise<void>;
}

/** What createConnector is handed. */
export interface ConnectorDeps {
  store: Store;
  vault: Vault;
  oauth: Oauth;
  tokens: Tokens;
  revoker: Revoker;
  stops: Stops;
  facts(provider: string): AdapterFacts | undefined;
  clients(provider: string): { client: OauthClient; sandbox: boolean } | undefined;
  /** Scopes to ask for: those of the fields the brand has on at this provider (R9). */
  scopes(brandId: string, provider: string): readonly string[];
  /** The hub's own origin. */
  origin: string;
  now: () => Date;
  ids: () => string;
}

/** One redirect address per adapter, so that no partner can answer for another (SECURITY.md OA6). */
const redirectUri = (origin: string, provider: string): string => `${origin}/oauth/callback/${provider}`;

/** Makes the desk that links partner accounts (SECURITY.md OA6-OA9). */
export function createConnector(d: ConnectorDeps): Connector {
  const { store, vault, oauth, tokens, revoker, stops } = d;

  function partnerOf(provider: string, brandId: string): OauthPartner {
    const facts = d.facts(provider);
    if (!facts || !isOauth(facts)) problem('not-found');
    const known = d.clients(provider) ?? problem('connect-refused', `No app is set up for ${facts.name}.`);
    const fence = () => stops.check(brandId, provider);
    return { facts, sandbox: known.sandbox, client: known.client, fence };
  }
  const refuseStopped = (brandId: string, provider: string) => stops.refuse(brandId, provider, d.facts(provider)?.name);
  const audit = (brandId: string | null, actor: string, act: string, detail: string) =>
    store.write((tx) => note(tx, d.now().getTime(), { brandId, actor, act, detail }));

  function read(tx: Tx, who: ConnectingPerson, id: string) {
    const t = readPending(tx, vault, { id, ...who }, d.now());
    if (!t || !('tokens' in t.kept)) problem('connect-refused', 'There is nothing to confirm in this session.');
    return { t, kept: t.kept };
  }

  /** The transaction is used up before the code leaves, so a replay finds nothing and calls nobody (OA8). */
  async function take(provider: string, params: URLSearchParams, cookie: string | undefined): Promise<Transaction> {
    const [state, ...more] = params.getAll('state');
    const by =
      state && cookie && more.length === 0 ? { stateHash: stateHash(state), cookieHash: digest(cookie) } : undefined;
    const t = by && (await store.write((tx) => takeForCallback(tx, vault, { ...by, adapter: provider }, d.now())));
    if (t) return t;
    await audit(null, 'nobody', 'connect-refused', 'callback without a live transaction');
    return problem('connect-refused', 'This sign-in was not started here, was used already, or took too long.');
  }

  /** A grant of no connection: revoked like one of a connection that ended. */
  function giveBack(tx: Tx, t: Transaction, grant: TokenSet): void {
    revoker.bury(tx, { brandId: t.brandId, integrationId: '', provider: t.adapter, sandbox: t.sandbox }, grant);
  }
  async function tryRevoking(): Promise<void> {
    revoker.wake();
    await revoker.idle();
  }

  return {
    sandboxOf: (provider) => d.clients(provider)?.sandbox,

    async begin(who, provider) {
      refuseStopped(who.brandId, provider);
      const partner = partnerOf(provider, who.brandId);
      const { sandbox } = partner;
      const scopes = d.scopes(who.brandId, provider);
      const actor = `user:${who.userId}`;
      const begun = await oauth
        .begin(partner, { redirectUri: redirectUri(d.origin, provider), scopes })
        .catch(async (e: unknown) => {
          const code = e instanceof OauthError ? e.code : 'failed';
          await audit(who.brandId, actor, 'connect-refused', `${provider}: ${code}`);
          return problem('connect-refused', `${partner.facts.name} does not take a sign-in just now.`);
        });
      const cookie = newToken();
      const kept = { verifier: begun.verifier, scopes, dpop: begun.dpop };
      const made = { id: d.ids(), ...who, stateHash: begun.stateHash, adapter: provider, sandbox, kept };
      await store.write((tx) => {
        insertTransaction(tx, vault, { ...made, cookieHash: digest(cookie) }, d.now());
        note(tx, d.now().getTime(), { brandId: who.brandId, actor, act: 'connect-start', detail: provider });
      });
      return { url: begun.url, cookie };
    },

    async callback(provider, params, cookie) {
      const t = await take(provider, params, cookie);
      const partner = partnerOf(provider, t.brandId);
      let got: TokenSet | undefined;
      try {
        refuseStopped(t.brandId, provider);
        if (!('verifier' in t.kept)) throw new OauthError('callback_malformed');
        const transaction = { stateHash: t.stateHash, ...t.kept };
        const fresh = await oauth.finish(partner, {
          params,
          redirectUri: redirectUri(d.origin, provider),
          transaction,
        });
        got = fresh;
        const account = await oauth.account(partner, fresh);
        await store.write((tx) => keepTokens(tx, vault, t, { tokens: fresh, account }));
        return t.id;
      } catch (e) {
        // A grant that was given and cannot be used is handed back, not forgotten (SECURITY.md control 8).
        await store.write((tx) => {
          endTransaction(tx, t.id);
          if (got) giveBack(tx, t, got);
        });
        await tryRevoking();
        const code = e instanceof OauthError ? e.code : 'failed';
        await audit(t.brandId, `user:${t.userId}`, 'connect-refused', `${provider}: ${code}`);
        if (e instanceof Problem) throw e;
        const { name } = partner.facts;
        const said = code === 'denied' ? `${name} was not allowed; nothing changed.` : undefined;
        return problem('connect-refused', said ?? `${name} did not complete the sign-in.`);
      }
    },

    pending: (who, id) =>
      store.write((tx) => {
        const { t, kept } = read(tx, who, id);
        const { scopes, missing } = kept.tokens;
        return { id, provider: t.adapter, sandbox: t.sandbox, account: kept.account, scopes, missing };
      }),

    async discard(who, id) {
      const t = await store.write((tx) => {
        const { t, kept } = read(tx, who, id);
        endTransaction(tx, id);
        giveBack(tx, t, kept.tokens); // they were never stored for use
        return t;
      });
      await tryRevoking();
      await audit(who.brandId, `user:${who.userId}`, 'connect-refused', `${t.adapter}: not this account`);
    },

    adopt(tx, who, id, integrationId) {
      const { t, kept } = read(tx, who, id);
      refuseStopped(who.brandId, t.adapter);
      endTransaction(tx, id);
      tokens.putIn(tx, who.brandId, integrationId, kept.tokens);
      noteReconnected(tx, { brandId: who.brandId, integrationId, now: d.now() });
    },

    renewal(brandId, integrationId) {
      try {
        return tokens.renewal(brandId, integrationId);
      } catch {
        return undefined;
      }
    },

    async sweep() {
      const left = store.read
        .hot(
          `select v.brand_id, v.integration_id from vault v join integration i on i.id = v.integration_id
           where i.connection <> 'active'`,
        )
        .all();
      for (const row of left)
        await store.write((tx) => this.end(tx, row.brand_id as string, row.integration_id as string));
      revoker.wake(); // what was pending when the hub stopped goes on
    },

    forget(tx, brandId, integrationId) {
      tokens.takeOut(tx, brandId, integrationId);
      return 'nothing';
    },

    end(tx, brandId, integrationId) {
      const out = tokens.takeOut(tx, brandId, integrationId);
      if (!out) return 'nothing';
      const { tokens: grant, ...at } = out;
      return revoker.bury(tx, { brandId, integrationId, ...at }, grant);
    },
    revoke: tryRevoking,
  };
}
