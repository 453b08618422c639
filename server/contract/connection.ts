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

/** What an admin reads before connecting (R14): every line comes from the adapter's facts and declaration. */
export interface DataSheet extends Manifest {
  docs: string;
  scopes: string[];
  /** How sure its tests are (PARTNERS.md 1). */
  verification: string;
}

/** A brand's link to one partner as the console shows it. */
export interface ConnectionView {
  id: string;
  provider: string;
  partner: string;
  sandbox: boolean;
  state: 'active' | 'revoked';
  account: string;
  connectedAt: string;
  lastGoodAt?: string;
  /** One plain sentence (UI.md 5, Health); `reconnect` where signing in again is what ends the trouble. */
  health: { ok: boolean; cause: string; reconnect?: boolean };
  waiting: number;
  /** Recipients that somebody at the brand has to tell by hand. */
  followUps: number;
  /** What it brings in, for a connection that shares nothing. */
  brings?: string[];
}
