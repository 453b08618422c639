import type { Purpose } from './consent.ts';
import type { Field, FieldClass } from './visitor.ts';

/** How a right reaches a partner: by its API, by a person, or not at all (DESIGN.md 3). */
export type Capability = 'api' | 'manual' | 'none';

/** One field an adapter asks for; together with the facts this is the manifest of GATE.md a. */
export interface DeclaredField {
  name: Field;
  class: FieldClass;
  purpose: Purpose;
  need: boolean;
  because: string;
  special: boolean;
  freeText: boolean;
  /** Comes back from the partner and is added to what the brand knows of the person: asked for, never sent (R22). */
  receives?: true;
}

/** The adapter's published declaration. Content-addressed: its hash is SHA-256 over its JCS bytes; never edited. */
export interface Manifest {
  provider: string;
  name: string;
  fields: DeclaredField[];
  basis: 'consent' | 'contract' | 'legal_obligation';
  legalCitation: string;
  role: 'processor' | 'third_party';
  sale: boolean;
  recipient: { legalName: string; address: string; countries: string[] };
  retention: string;
  policy: string;
  hosts: string[];
  calls: string[];
  receives: string[];
  /** Where the partner puts a field, in the partner's own words; only where the add-on says so. */
  targets?: Partial<Record<Field, string>>;
  /** The recipient works on it with AI (R30); part of the terms. Absent: it does not. */
  ai?: true;
  capabilities: { erase: Capability; rectify: Capability; restrict: Capability; suppress: Capability };
}

/** The declared fields that count for one purpose: what is asked, shown and sent is never more than these (GATE.md a). */
export const declaredFor = (manifest: Pick<Manifest, 'fields'>, purpose: string): DeclaredField[] =>
  manifest.fields.filter((f) => f.purpose === purpose);

/**
 * Names of what a connection that shares nothing brings in, as in "name, e-mail and phone"; undefined for one that
 * shares: the first is turned on, the second is linked to an account (R2, R21).
 */
export const bringsIn = (manifest: Pick<Manifest, 'fields' | 'receives'>): string[] | undefined =>
  manifest.fields.length > 0 ? undefined : manifest.receives.map((line) => (line.split(':')[0] ?? '').toLowerCase());
/** Those of them that leave; what only comes back is asked for in the same way and never sent (GATE.md k.15). */
export const sentFor = (manifest: Pick<Manifest, 'fields'>, purpose: string): DeclaredField[] =>
  declaredFor(manifest, purpose).filter((f) => !f.receives);

/** Marks what asks about fields that come back, as its readers want it; nothing where they leave. */
export const receivesOf = (declared: readonly DeclaredField[]): { receives?: true } =>
  declared.some((f) => f.receives) ? { receives: true } : {};

/** Names one declared field of a manifest: a name may stand under two purposes, once to leave and once to come back. */
export const fieldKey = (f: Pick<DeclaredField, 'name' | 'purpose'>): string => `${f.purpose}.${f.name}`;

/** A list or a fact of a manifest that two versions can differ in, beside the fields. */
type ManifestList = 'country' | 'call' | 'host' | 'receives';
/** The same for what is one word or sentence. */
export type ManifestFact =
  | 'name'
  | 'legalName'
  | 'address'
  | 'role'
  | 'sale'
  | 'ai'
  | 'retention'
  | 'policy'
  | 'basis'
  | 'legalCitation'
  | 'erase'
  | 'rectify'
  | 'restrict'
  | 'suppress';

/** One difference between two versions of a manifest (R86). */
export type ManifestChange =
  | { kind: 'added' | 'removed'; what: 'field'; field: DeclaredField; newPurpose?: true }
  | { kind: 'changed'; what: 'field'; field: DeclaredField; before: DeclaredField }
  | { kind: 'added' | 'removed'; what: ManifestList; value: string }
  | { kind: 'changed'; what: ManifestFact; before: string; after: string };

/**
 * How a connection is let in (R2): `signin` by an admin's sign-in at the partner, `key` by something typed here,
 * `incoming` not at all, as it only sends, and `login` by visitors' own sign-in.
 */
export type Way = 'signin' | 'key' | 'incoming' | 'login';

/** What an admin reads before connecting (R14): every line comes from the adapter's facts and declaration. */
export interface DataSheet extends Manifest {
  way: Way;
  docs: string;
  scopes: string[];
  /** What a visitors' sign-in asks of the provider's API; empty for everybody else. */
  asks: string[];
  /** How sure its tests are (PARTNERS.md 1). */
  verification: string;
}

/** A brand's link to one partner as the console shows it. */
export interface ConnectionView {
  id: string;
  provider: string;
  partner: string;
  way: Way;
  sandbox: boolean;
  state: 'active' | 'revoked';
  account: string;
  connectedAt: string;
  lastGoodAt?: string;
  /**
   * One plain sentence (R5; UI.md 5, Health). degraded: the last call failed, and what waits is tried again by itself,
   * from `nextTryAt` on where it is held back; needs_reconnect: signing in again ends the trouble; revoked: it is off.
   */
  health: { state: 'ok' | 'degraded' | 'needs_reconnect' | 'revoked'; cause: string; nextTryAt?: string };
  /** When its key is renewed, at the first call from then on; absent where it has none. */
  renews?: string | 'next call' | 'never';
  waiting: number;
  /** Recipients that somebody at the brand has to tell by hand. */
  followUps: number;
  /** What it brings in, for a connection that shares nothing. */
  brings?: string[];
  /** Nothing is sent while this stands; shares wait. */
  stopped?: StopView;
  /** How the end of its last key stands at the partner; times are ISO 8601 UTC (R8). */
  revocation?: { state: RevocationWord; since: string; at?: string; attempts: number };
  /** Since when the brand says that this partner takes calls from the hub's address alone (SECURITY.md control 3). */
  allowListed?: string;
  /** Things a newer version of the add-on wants and does not get before somebody approves them (R86). */
  changes: number;
}

/** Permissions of a connection beside what its fields need: more than that, and what the partner did not give (R9). */
export interface ScopeState {
  surplus: string[];
  /** Each with the fields that are not shared because of it. */
  missing: { scope: string; fields: Field[] }[];
}

/** `kept`: the same grant was connected again, so nothing was revoked; `lasting`: a typed key that no call can end. */
export type RevocationWord = 'pending' | 'revoked' | 'unconfirmed' | 'kept' | 'lasting';

/** One stop of sending as the console shows it; times are ISO 8601 UTC. */
export interface StopView {
  /** Connection id; '' for all of the brand's. */
  integration: string;
  /** What is stopped: a partner's name, or '' for everything. */
  partner: string;
  /** Who may let it go on: a person of the brand, or whoever runs the hub. */
  whose: 'brand' | 'operator';
  why: string;
  at: string;
  resumed?: { why: string; at: string };
}

/** One field of a connection as the brand maps it (R13). */
export interface MappedField {
  field: DeclaredField;
  /**
   * on: may be asked for and sent; off: the brand turned it off; held: its share waits for an approval; ungranted: it
   * waits for a permission of the partner.
   */
  state: 'on' | 'off' | 'held' | 'ungranted';
  target?: string;
}

/** What a brand lets one connection have. `version` counts its changes, so that two tabs do not overwrite each other. */
export interface FieldMap {
  version: number;
  fields: MappedField[];
}

/**
 * Why a choice of fields cannot be: nothing would be left to send, a share lacks what it needs, or waits for an approval,
 * or for the partner's permission.
 */
export type FieldObjection =
  | { why: 'nothing' | 'held' | 'ungranted' }
  | { why: 'needed'; field: Field; purpose: Purpose; rest: Field[] };

/** What a newer version of an add-on would change at one connection (R86). */
export interface Upgrade {
  version: number;
  /** Hash of the manifest that would be approved: what was read is what is approved. */
  manifest: string;
  /** Off until approved. */
  waits: ManifestChange[];
  /** Gone already: narrowing asks nobody. */
  stopped: ManifestChange[];
}
