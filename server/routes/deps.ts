import type { Logger } from 'pino';
import type { ChatDeps } from '../chat/conversations.ts';
import type { CountryOf } from '../chat/country.ts';
import type { Live } from '../chat/live.ts';
import type { RoutingDesk } from '../chat/routing.ts';
import type { InboxDeps } from '../connect/inbox.ts';
import type { LinkDesk } from '../consent/mailed-link.ts';
import type { MergeDeps } from '../consent/merge.ts';
import type { Alarm } from '../egress/alarm.ts';
import type { KeyDesk } from '../egress/key-desk.ts';
import type { LedgerSigner } from '../egress/ledger.ts';
import type { Logins } from '../egress/login.ts';
import type { Origins } from '../egress/partner.ts';
import type { Runner } from '../egress/runner.ts';
import type { Stops } from '../egress/stops.ts';
import type { WebhooksOut } from '../egress/webhook-out.ts';
import type { People } from '../people/people.ts';
import type { RowWorker } from '../store/row-worker.ts';
import type { Limits } from './limits.ts';

/** All that the routes call; made once in main.ts, or by a test. */
export interface HubDeps extends InboxDeps, ChatDeps, MergeDeps {
  /** The hub's own origin. */
  origin: string;
  people: People;
  logins: Logins;
  keyDesk: KeyDesk;
  /** Mails a visitor the link to their own page. */
  linkDesk: LinkDesk;
  alerts: RowWorker;
  webhooksOut: WebhooksOut;
  /** The files' own origin; without one no file is taken or given. */
  filesOrigin?: string;
  /** Signs links to files. */
  fileKey: Buffer;
  /** Told when the notice changed: questions on visitors' screens are drawn anew. */
  redraw(brandId: string): void;
  live: Live;
  /** Who is there, and the chats given out by it. */
  routing: RoutingDesk;
  runner: Runner;
  /** Erases whoever asked to be forgotten. */
  forgetting: RowWorker;
  signer: LedgerSigner;
  /** Loopback bases of sandbox partners; empty without the demo. */
  origins: Origins;
  /** The address calls to partners leave from, where the operator named one. */
  egressAddress?: string;
  /** Whether sending is stopped. */
  stops: Stops;
  limits: Limits;
  log: Logger;
  alarm: Alarm;
  /** Whether a provider's add-on says that a repeated send changes nothing (GATE.md e.2.8). */
  idempotent(provider: string): boolean;
  /** Key of the short names people have in the ledger view. */
  pseudonymKey: Buffer;
  /** Addresses of reverse proxies in front of the hub; none means the socket's peer is the client. */
  proxies: readonly string[];
  /** The country of a client's address, undefined where it names none. */
  countryOf: CountryOf;
  /** Key with which the operator's own command proves itself (routes/doctor.ts). */
  doctorKey: Buffer;
  /** Reads a built file of `dist/` by name; undefined where there is none. */
  asset(name: string): { body: Buffer; type: string; tag: string } | undefined;
}
