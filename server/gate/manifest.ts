import type { DeclaredField, Manifest } from '#contract/connection.ts';
import { combinePurpose, type Purpose, purposes } from '#contract/consent.ts';
import { isField, visitorFields } from '#contract/visitor.ts';
import { jcsHash } from './digest.ts';

/** The name of a manifest: base64url of SHA-256 over its JCS bytes. */
export const manifestHash = (manifest: Manifest): string => jcsHash(manifest);

/** One block of a notice: what is read about one integration and purpose, in one language. */
export interface NoticeBlock {
  readonly integration: string;
  readonly purpose: Purpose;
  readonly lang: string;
  /** The words, or any JSON they are drawn from. */
  readonly body: unknown;
}

/** The name of a notice block: base64url of SHA-256 over its JCS bytes. */
export const noticeBlockHash = ({ integration, purpose, lang, body }: NoticeBlock): string =>
  jcsHash({ integration, purpose, lang, body });

/** What a yes is a yes to, for one field (GATE.md a, "terms"). */
export interface Terms {
  readonly recipient: { readonly legalName: string; readonly address: string };
  readonly role: Manifest['role'];
  readonly sale: boolean;
  readonly countries: readonly string[];
  readonly retention: string;
  readonly ai?: boolean;
  readonly purpose: Purpose;
  readonly field: DeclaredField;
  /** noticeBlockHash of what was read. */
  readonly blockHash: string;
}

/** base64url of SHA-256 over the JCS bytes of the terms; two equal hashes are the same yes (D15). */
export const termsOf = (terms: Terms): string =>
  jcsHash({
    recipient: { legalName: terms.recipient.legalName, address: terms.recipient.address },
    role: terms.role,
    sale: terms.sale,
    countries: terms.countries,
    retention: terms.retention,
    ...(terms.ai ? { ai: true } : {}), // said only where true, so that terms without it keep their hash (R30)
    purpose: terms.purpose,
    field: terms.field,
    notice: terms.blockHash,
  });

/** Terms that were worked out, of manifests that nobody can change any more; they go when their manifest does. */
const known = new WeakMap<Manifest, Map<string, string>>();

/** The terms of one declared field of a manifest, read with one notice block. */
export function termsOfField(manifest: Manifest, field: DeclaredField, blockHash: string): string {
  const work = () =>
    termsOf({
      recipient: manifest.recipient,
      role: manifest.role,
      sale: manifest.sale,
      countries: manifest.recipient.countries,
      retention: manifest.retention,
      ai: manifest.ai === true,
      purpose: field.purpose,
      field,
      blockHash,
    });
  const at = manifest.fields.indexOf(field);
  if (!Object.isFrozen(manifest) || at < 0) return work();
  const terms = known.get(manifest) ?? new Map<string, string>();
  if (terms.size === 0) known.set(manifest, terms);
  const name = `${at}|${blockHash}`;
  const found = terms.get(name) ?? work();
  if (terms.size < 100) terms.set(name, found);
  return found;
}

const blank = (text: string | undefined): boolean => !text?.trim();
const noneOf = (words: readonly string[] | undefined): boolean => !words?.length || words.some(blank);

// The four facts D04 asks for.
const recipientFacts: readonly [string, (m: Manifest) => boolean][] = [
  ['legal name', (m) => blank(m.recipient?.legalName)],
  ['postal address', (m) => blank(m.recipient?.address)],
  ['role', (m) => m.role !== 'processor' && m.role !== 'third_party'],
  ['country', (m) => noneOf(m.recipient?.countries)],
];
// Combining what a partner says has its own yes (R22): no field that leaves stands under its purpose.
const mixed = (fields: readonly DeclaredField[]): boolean =>
  fields.some((f) => (f.receives ? f.purpose !== combinePurpose || f.freeText : f.purpose === combinePurpose)) &&
  fields.some((f) => f.receives);
// A visitors' sign-in shares nothing and calls nobody: it says what it brings in, and what for (R21).
const bringsOnly = (m: Manifest): boolean => !m.calls?.length && !noneOf(m.receives);
const publishFacts: typeof recipientFacts = [
  ...recipientFacts,
  ['because', (m) => (m.fields?.length ? m.fields.some((f) => blank(f.because)) : !bringsOnly(m))],
  ['retention', (m) => blank(m.retention)],
  ['legal basis', (m) => !['consent', 'contract', 'legal_obligation'].includes(m.basis)],
  ['law it rests on', (m) => m.basis === 'legal_obligation' && blank(m.legalCitation)], // D05 allows none without
  ['policy', (m) => !m.policy?.startsWith('https://')], // it becomes a link on public pages
  ['hosts', (m) => noneOf(m.hosts)],
  ['class of each field', (m) => !m.fields?.every(isClassed)],
  ['purposes', (m) => (m.fields?.length ? m.fields.some((f) => !purposes.includes(f.purpose)) : !bringsOnly(m))],
  ['purpose of its own for what comes back', (m) => mixed(m.fields ?? [])],
];

/** True for a field the hub knows, in the class the hub gave it: anything else is neither published nor sent (R13). */
export const isClassed = (f: Pick<DeclaredField, 'name' | 'class'>): boolean =>
  isField(f.name) && visitorFields[f.name].class === f.class;

/** The facts a manifest lacks, in words; one that lacks any cannot be published (R14, R26, GATE.md i row 30). */
export const missingFacts = (manifest: Manifest): string[] =>
  publishFacts.filter(([, missing]) => missing(manifest)).map(([word]) => word);

/** The input `recipientDocumented` of D04: legal name, postal address, role and country are all there. */
export const recipientDocumented = (manifest: Manifest): boolean =>
  recipientFacts.every(([, missing]) => !missing(manifest));
