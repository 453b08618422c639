import type { Logger } from 'pino';
import type { AnyAdapter } from '#sdk';
import type { CountryDeps } from './chat/country.ts';
import type { CheckpointDeps } from './egress/checkpoints.ts';
import type { HttpDeps } from './egress/http.ts';
import type { MailServer } from './egress/mail.ts';
import type { OauthClient } from './egress/oauth.ts';
import type { Origins } from './egress/partner.ts';
import type { Sandbox } from './egress/sandbox.ts';
import type { StopFile } from './egress/stop-file.ts';
import type { Tripwire } from './egress/tripwire.ts';
import type { Vault } from './egress/vault.ts';
import type { EgressSeams } from './hub-egress.ts';
import type { HubDeps } from './routes/deps.ts';
import type { Store } from './store/open.ts';

/** Everything a hub is made from; a test hands in other clocks, partners and limits. */
export interface HubOptions {
  store: Store;
  /** The hub's root secret, 32 bytes: it lies in the database, sealed under the hub key (store/root.ts). */
  key: Buffer;
  /** For egress alone. */
  vault: Vault;
  /** The hub's own origin. */
  origin: string;
  /** The files' own origin, on another host; without one files are off. */
  filesOrigin?: string | undefined;
  adapters: readonly AnyAdapter[];
  /** The built script of an adapter, for its sandbox. */
  code(provider: string): string;
  sandbox: Sandbox;
  /** OAuth app of a provider, and whether its partner is a sandbox one. */
  clients(provider: string): { client: OauthClient; sandbox: boolean } | undefined;
  /** Loopback bases of sandbox partners, and the only loopback addresses egress may reach. Never from a setting. */
  sandboxPartners: { origins: Origins; allow: readonly string[] };
  asset: HubDeps['asset'];
  proxies: readonly string[];
  /** The data that tells a country by an address. */
  countryFile: CountryDeps['file'];
  log: Logger;
  now: () => Date;
  monotonic: () => number;
  /** Seams of GATE.md l: where a test holds a call to a partner, and how long one may take in milliseconds. */
  egress?: Pick<HttpDeps, 'pause' | 'totalMs'> & EgressSeams;
  /** Where mail is handed to; without one it waits in the outbox. */
  mail?: MailServer | undefined;
  /** The operator's stops; without it there are none. */
  stopFile?: StopFile;
  /** The one address of this machine that calls to partners leave from. */
  localAddress?: string;
  /** Set by main; without it every module may connect. */
  tripwire?: Pick<Tripwire, 'through'>;
  /** The timer of the ledger's checkpoints. */
  after?: NonNullable<CheckpointDeps['after']>;
}
