import { Problem, problem } from '#contract/problem.ts';
import { type Field, fieldNames, fromLogin } from '#contract/visitor.ts';
import type { LoginFacts, OauthLoginAuth, OidcLoginAuth } from '#sdk';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { digest, newToken } from '../store/seal.ts';
import {
  collectLogin,
  endLogin,
  insertLogin,
  keepLogin,
  type LoginRow,
  readClaimed,
  redeemLogin,
  stageOf,
  takeLogin,
} from './login-transaction.ts';
import { type Claimed, issuerOf, type LoginPartner, type LoginWay } from './login-way.ts';
import type { OauthClient } from './oauth.ts';
import { stateHash } from './oauth-callback.ts';
import { type OauthCode, OauthError } from './oauth-error.ts';
import type { Origins } from './partner.ts';
import type { Stops } from './stops.ts';
import type { Vault } from './vault.ts';

/** What came from a provider and waits for the visitor's choice in this browser. */
interface ClaimedLogin {
  brandId: string;
  partner: string;
  sandbox: boolean;
  claims: Claimed;
}

/** What the chat's frame is told; the values are given once. */
type Collected =
  | { state: 'waiting' }
  | { state: 'over' }
  | { state: 'here'; partner: string; sandbox: boolean; values: Claimed; own: Field[] };

/**
 * Visitors' sign-ins as intents: no method takes or gives a token (DESIGN.md 1.7). Nothing of the account is kept, not
 * even (iss, sub): each sign-in stands for itself, so no two visits are linked by it, and by an e-mail never
 * (SECURITY.md OA16).
 */
export interface Logins {
  /** True for a sandbox provider, false for a real one, undefined where none is set up. */
  sandboxOf(provider: string): boolean | undefined;
  /** Tries the provider before it is turned on (R2); its issuer. Raises `connect-refused` with the reason in plain words. */
  tryOut(provider: string, brandId: string): Promise<string>;
  /** A frame asks: the code its new tab opens with. `pick` fetches the result later. Raises `not-found`, `too-many`. */
  ask(asked: { brandSlug: string; integrationId: string; pick: string }): Promise<string>;
  /** The new tab opens: where to go, and the cookie that ties the callback to it. Raises `login-over`. */
  begin(code: string): Promise<{ url: string; cookie: string; partner: string; sandbox: boolean }>;
  /** Takes a callback, once. Raises `login-over`, and nothing is filled in in any case. */
  callback(provider: string, params: URLSearchParams, cookie: string | undefined): Promise<void>;
  /** What this browser may choose from. Raises `login-over`. */
  claimed(cookie: string | undefined): ClaimedLogin;
  /** The visitor's choice, each value as they left it; none of them ends it. Raises `login-over`. */
  choose(cookie: string | undefined, picked: Claimed): Promise<void>;
  /** What the frame's `pick` opens. */
  collect(pick: string): Promise<Collected>;
  /** Sources of the values a chat begins with, inside its transaction: only what came and was not changed is named. */
  sources(tx: Tx, brandId: string, pick: string, values: Claimed): Partial<Record<Field, string>>;
  /** Forgets what took too long: claims do not outlive their ten minutes. */
  sweep(): Promise<void>;
}

/** The ways there are, by the kind the facts name. */
interface LoginWays {
  oidc_login: LoginWay<OidcLoginAuth>;
  oauth_login: LoginWay<OauthLoginAuth>;
}

/** What createLogins is handed; the same as a connector, with the sign-ins' own wrappers. */
export interface LoginDeps {
  store: Store;
  vault: Vault;
  ways: LoginWays;
  stops: Stops;
  facts(provider: string): LoginFacts | undefined;
  clients(provider: string): { client: OauthClient; sandbox: boolean } | undefined;
  origin: string;
  origins: Origins;
  now: () => Date;
  ids: () => string;
}

const over = (detail?: string) => problem('login-over', detail);
/** Faults of the provider or of our settings, as the console tells them; all else is about one visitor's try. */
const troubles: Partial<Record<OauthCode, string>> = {
  invalid_client: 'no longer takes our client and its secret. Look at its settings.',
  unreachable: 'could not be reached at the last sign-in.',
  no_answer: 'did not answer at the last sign-in.',
  unavailable: 'said at the last sign-in that it is not available.',
  endpoint_refused: 'named an address outside its own hosts at the last sign-in.',
  clock_differs: 'has another time than this hub’s clock. Set the clock.',
};

/** Makes the desk of visitors' sign-ins (SECURITY.md OA6-OA9, OA16). */
export function createLogins(d: LoginDeps): Logins {
  const { store, vault, stops } = d;
  /** The way of a provider; each reads facts of its own kind, which is what it is found by. */
  const wayOf = ({ facts }: LoginPartner) => d.ways[facts.auth.kind] as LoginWay;
  const uri = (provider: string) => `${d.origin}/oauth/callback/${provider}`;

  function partnerOf(provider: string): LoginPartner {
    const facts = d.facts(provider) ?? problem('not-found');
    const known = d.clients(provider) ?? problem('not-found');
    return { facts, sandbox: known.sandbox, client: known.client };
  }
  /** For calls on behalf of one brand: the tick of each write asks whether they are stopped. */
  const fenced = (partner: LoginPartner, brandId: string): LoginPartner => ({
    ...partner,
    fence: () => stops.check(brandId, partner.facts.id),
  });
  /** Nobody is led to a partner, and no call is made to one, while that is stopped (SECURITY.md control 8). Raises `login-over`. */
  const refuseStopped = (brandId: string, provider: string) =>
    stops.refuses(brandId, provider)
      ? over(`${partnerOf(provider).facts.name} cannot be used here just now.`)
      : undefined;
  const marked = (t: LoginRow) => (t.sandbox ? `${t.provider} (sandbox)` : t.provider);
  const named = (t: LoginRow) => partnerOf(t.provider).facts.name;

  /** Ends a sign-in that failed: an audit row says why in a word of ours, and nothing came of it. */
  const fail = (t: LoginRow, code: string) =>
    store.write((tx) => {
      endLogin(tx, t.id);
      const sentence = troubles[code as OauthCode];
      if (sentence)
        tx.hot('update integration set trouble = ? where id = ?').run(`${named(t)} ${sentence}`, t.integrationId);
      note(tx, d.now().getTime(), {
        brandId: t.brandId,
        actor: 'visitor',
        act: 'login-refused',
        detail: `${marked(t)}: ${code}`,
      });
    });

  return {
    sandboxOf: (provider) => (d.facts(provider) ? d.clients(provider)?.sandbox : undefined),

    async tryOut(provider, brandId) {
      const partner = partnerOf(provider);
      const { name } = partner.facts;
      if (stops.refuses(brandId, provider)) problem('connect-refused', `Calls to ${name} are stopped here.`);
      try {
        await wayOf(partner).tryOut(fenced(partner, brandId));
        return issuerOf(partner, d.origins);
      } catch (e) {
        const code = e instanceof OauthError ? e.code : 'failed';
        if (code === 'invalid_client')
          return problem('connect-refused', `${name} does not know our client or its secret. Look at the settings.`);
        if (code === 'endpoint_refused')
          return problem('connect-refused', `${name} names an address outside its own hosts.`);
        return problem(
          'connect-refused',
          `${name} did not answer as ${partner.facts.auth.kind === 'oidc_login' ? 'an OpenID Connect provider does' : 'expected'}.`,
        );
      }
    },

    async ask({ brandSlug, integrationId, pick }) {
      const row = store.read.hot('select provider, sandbox, brand_id from integration where id = ?').get(integrationId);
      const partner = partnerOf((row?.provider as string | undefined) ?? '');
      if (partner.sandbox !== (row?.sandbox === 1)) problem('not-found');
      refuseStopped(row?.brand_id as string, row?.provider as string);
      const code = newToken();
      const hashes = { pickHash: digest(pick), codeHash: digest(code) };
      const issuer = issuerOf(partner, d.origins);
      await store.write((tx) => insertLogin(tx, { id: d.ids(), brandSlug, integrationId, issuer, ...hashes }, d.now()));
      return code;
    },

    async begin(code) {
      const t = await store.write((tx) =>
        takeLogin(tx, vault, 'asked', 'started', { code_hash: digest(code) }, d.now()),
      );
      if (!t) return over();
      refuseStopped(t.brandId, t.provider);
      try {
        const partner = partnerOf(t.provider);
        const { url, ...secrets } = await wayOf(partner).begin(fenced(partner, t.brandId), uri(t.provider));
        const cookie = newToken();
        await store.write((tx) =>
          keepLogin(tx, vault, t, 'started', secrets, { state: secrets.stateHash, cookie: digest(cookie) }),
        );
        return { url, cookie, partner: partner.facts.name, sandbox: partner.sandbox };
      } catch (e) {
        await fail(t, e instanceof OauthError ? e.code : 'failed');
        return over(`${named(t)} does not answer just now.`);
      }
    },

    async callback(provider, params, cookie) {
      const [state, ...more] = params.getAll('state');
      const partner = partnerOf(provider);
      // Used up before the code leaves, so a replay finds nothing and calls nobody (OA8); one address per adapter (OA6).
      const t =
        state && cookie && more.length === 0
          ? await store.write((tx) => {
              const issuer = issuerOf(partner, d.origins);
              const by = { state_hash: stateHash(state), cookie_hash: digest(cookie), issuer };
              return takeLogin(tx, vault, 'started', 'called_back', by, d.now());
            })
          : undefined;
      if (!t) {
        const detail = `${provider}: callback without a live sign-in`;
        await store.write((tx) =>
          note(tx, d.now().getTime(), { brandId: null, actor: 'nobody', act: 'login-refused', detail }),
        );
        return over('This sign-in was not started in this browser, was used already, or took too long.');
      }
      refuseStopped(t.brandId, t.provider);
      try {
        if (!t.kept || !('verifier' in t.kept)) throw new OauthError('callback_malformed');
        const input = { params, redirectUri: uri(provider), secrets: t.kept };
        const claims = await wayOf(partner).finish(fenced(partner, t.brandId), input);
        await store.write((tx) => {
          keepLogin(tx, vault, t, 'claimed', { claims });
          const at = d.now();
          tx.hot('update integration set last_good_at = ?, trouble = null where id = ?').run(
            at.toISOString(),
            t.integrationId,
          );
          note(tx, at.getTime(), { brandId: t.brandId, actor: 'visitor', act: 'login', detail: marked(t) });
        });
      } catch (e) {
        const code = e instanceof OauthError ? e.code : 'failed';
        await fail(t, code);
        if (e instanceof Problem) throw e;
        const { name } = partner.facts;
        return over(code === 'denied' ? `You did not go on at ${name}.` : `${name} did not complete the sign-in.`);
      }
    },

    claimed(cookie) {
      const t = cookie === undefined ? undefined : readClaimed(store.read, vault, digest(cookie), d.now());
      if (!t?.kept || !('claims' in t.kept)) return over();
      return { brandId: t.brandId, partner: named(t), sandbox: t.sandbox, claims: t.kept.claims };
    },

    async choose(cookie, picked) {
      if (cookie === undefined) return over();
      await store.write((tx) => {
        const t = takeLogin(tx, vault, 'claimed', 'chosen', { cookie_hash: digest(cookie) }, d.now());
        if (!t?.kept || !('claims' in t.kept)) return over();
        const offered = t.kept.claims;
        const names = fieldNames.filter((f) => picked[f] !== undefined && offered[f] !== undefined);
        if (names.length === 0) return endLogin(tx, t.id);
        const only = (of: Claimed) => Object.fromEntries(names.map((f) => [f, of[f] as string]));
        keepLogin(tx, vault, t, 'chosen', { picked: only(picked), claims: only(offered) });
      });
    },

    async collect(pick) {
      const stage = stageOf(store.read, digest(pick), d.now());
      if (stage !== 'chosen') return { state: stage };
      const got = await store.write((tx) => collectLogin(tx, vault, digest(pick), digest, d.now()));
      if (!got) return { state: 'over' };
      const { row, picked, claims } = got;
      const own = fieldNames.filter((f) => picked[f] !== undefined && picked[f] !== claims[f]);
      return { state: 'here', partner: named(row), sandbox: row.sandbox, values: picked, own };
    },

    sources(tx, brandId, pick, values) {
      const handed = redeemLogin(tx, vault, { pickHash: digest(pick), brandId }, d.now());
      if (!handed) return {};
      const same = fieldNames.filter(
        (f) => values[f] !== undefined && handed.digests[f] === digest(values[f] as string),
      );
      return Object.fromEntries(same.map((f) => [f, fromLogin + handed.integrationId]));
    },

    async sweep() {
      const late = store.read.hot('select 1 as ok from login_transaction where expires_ms <= ?').get(d.now().getTime());
      if (late)
        await store.write((tx) => tx.hot('delete from login_transaction where expires_ms <= ?').run(d.now().getTime()));
    },
  };
}
