import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { AdapterFacts, LoginFacts } from '#sdk';
import { keptManifest } from './connect/mapping.ts';
import { scopesToAsk } from './connect/scopes.ts';
import type { Alarm } from './egress/alarm.ts';
import { type Connector, createConnector } from './egress/connector.ts';
import { createHttp, type Http, type HttpDeps } from './egress/http.ts';
import { createKeyDesk, type KeyDesk } from './egress/key-desk.ts';
import { createLogins, type Logins } from './egress/login.ts';
import { createMailer, type Mailer, type MailServer } from './egress/mail.ts';
import { createOauth, type OauthClient } from './egress/oauth.ts';
import { createOauthLogin } from './egress/oauth-login.ts';
import { createOpenid } from './egress/openid.ts';
import type { Origins } from './egress/partner.ts';
import { createRevoker } from './egress/revoker.ts';
import type { StopFile } from './egress/stop-file.ts';
import { createStops, type Stops } from './egress/stops.ts';
import { createTally, type Tally } from './egress/tally.ts';
import { createTokens, type Tokens } from './egress/tokens.ts';
import type { Tripwire } from './egress/tripwire.ts';
import type { Vault } from './egress/vault.ts';
import { createHooks, type Hooks } from './egress/verify.ts';
import { createWebhooksOut, type WebhooksOut, webhookOutMs } from './egress/webhook-out.ts';
import type { Store } from './store/open.ts';
import { deriveKey } from './store/seal.ts';

/** What egress is made from. */
interface EgressOptions {
  store: Store;
  vault: Vault;
  /** The hub's root secret: the unguessable part of the addresses that partners call is derived from it. */
  key: Buffer;
  origin: string;
  facts: ReadonlyMap<string, AdapterFacts>;
  loginFacts: ReadonlyMap<string, LoginFacts>;
  clients(provider: string): { client: OauthClient; sandbox: boolean } | undefined;
  sandboxPartners: { origins: Origins; allow: readonly string[] };
  egress?: Pick<HttpDeps, 'pause' | 'totalMs'> & EgressSeams;
  mail?: MailServer | undefined;
  tripwire?: Pick<Tripwire, 'through'>;
  stopFile?: StopFile;
  localAddress?: string;
  alarm: Alarm;
  /** Told when a brand's connections look different. */
  changed(brandId: string): void;
  /** Told when a partner permits something else than before. */
  regranted(brandId: string, integrationId: string): void;
  log: Logger;
  now: () => Date;
  monotonic: () => number;
  ids: () => string;
}

/** What a test puts in the place of the world outside. */
export interface EgressSeams {
  /** Receivers of webhooks on this machine, and a name server. */
  webhooksOut?: Pick<HttpDeps, 'allow' | 'resolve' | 'totalMs'>;
}

/** The one way out and whoever holds partners' keys; nothing else of the hub is handed the vault (SECURITY.md control 1). */
export function composeEgress(o: EgressOptions): {
  http: Http;
  tokens: Tokens;
  connector: Connector;
  keyDesk: KeyDesk;
  logins: Logins;
  hooks: Hooks;
  webhooksOut: WebhooksOut;
  mailer: Mailer | undefined;
  stops: Stops;
  tally: Tally;
  /** Begins nothing more of its own. */
  stop(): void;
  close(): Promise<void>;
} {
  const { store, vault, facts, now, monotonic, ids, clients, origin } = o;
  const { origins, allow } = o.sandboxPartners;
  const stops = createStops(store, o.stopFile);
  const tally = createTally({ read: store.read, alarm: o.alarm });
  const { webhooksOut: receivers, ...seams } = o.egress ?? {};
  const past = o.tripwire && { through: o.tripwire.through };
  const from = o.localAddress && { localAddress: o.localAddress };
  const http = createHttp({ allow, monotonic, tally: tally.written, ...seams, ...past, ...from });
  // None of the sandbox partners' allowances: an address that a brand typed leads outside, always (SECURITY.md 4.4).
  const outward = createHttp({
    allow: [],
    monotonic,
    tally: tally.written,
    totalMs: webhookOutMs,
    ...receivers,
    ...past,
  });
  const random = () => randomBytes(4).readUInt32BE() / 2 ** 32;
  const oauth = createOauth({ http, origins, monotonic, now });
  const factsOf = (provider: string) => facts.get(provider);
  const partners = {
    clients(provider: string, sandbox: boolean) {
      const known = clients(provider);
      // A real app's secret never goes to a sandbox partner, nor the other way round.
      return known?.sandbox === sandbox ? known.client : undefined;
    },
    facts: factsOf,
    hosts(brandId: string, integrationId: string) {
      try {
        return keptManifest(store.read, brandId, integrationId).hosts;
      } catch {
        return []; // unreadable: no host is approved (R16)
      }
    },
    random,
    log: o.log,
  };
  const revoker = createRevoker({
    ...partners,
    store,
    vault,
    oauth,
    holdsGrant: (brandId, provider, grant) => tokens.holdsGrant(brandId, provider, grant),
    alarm: o.alarm,
    now,
    ids,
    changed: o.changed,
  });
  const tokens = createTokens({
    ...partners,
    store,
    vault,
    oauth,
    sole: true, // the data folder is locked for life
    regranted: o.regranted,
    async abandoned(at, grant) {
      await store.write((tx) => revoker.bury(tx, at, grant));
      revoker.wake();
    },
    held: (brandId, integrationId) => stops.holds({ brandId, integrationId }),
    monotonic,
    now: () => now().getTime(),
  });
  const connector = createConnector({
    store,
    vault,
    oauth,
    tokens,
    revoker,
    stops,
    facts: factsOf,
    clients,
    scopes(brandId, provider) {
      const auth = facts.get(provider)?.auth;
      return auth?.kind === 'oauth2' ? scopesToAsk(store.read, auth, brandId, provider) : [];
    },
    origin,
    now,
    ids,
  });
  const keyDesk = createKeyDesk({
    http,
    oauth,
    tokens,
    store,
    revoker,
    stops,
    facts: factsOf,
    origins,
    monotonic,
  });
  const logins = createLogins({
    store,
    vault,
    ways: {
      oidc_login: createOpenid({ http, origins, monotonic, now }),
      oauth_login: createOauthLogin({ http, origins, monotonic, log: o.log }),
    },
    stops,
    facts: (provider) => o.loginFacts.get(provider),
    clients,
    origin,
    origins,
    now,
    ids,
  });
  const hooks = createHooks({ store, vault, key: deriveKey(o.key, 'webhooks'), facts, clients, origin, now });
  const webhooksOut = createWebhooksOut({ store, vault, http: outward, now, random, log: o.log });
  const mailer = o.mail && createMailer({ server: o.mail, ...past });
  return {
    http,
    tokens,
    connector,
    keyDesk,
    logins,
    hooks,
    webhooksOut,
    mailer,
    stops,
    tally,
    stop() {
      tally.stop();
      revoker.stop();
    },
    async close() {
      await webhooksOut.stop();
      await outward.close();
      await http.close();
      await revoker.idle(); // what was under way has failed by now, and is stored as that
    },
  };
}
