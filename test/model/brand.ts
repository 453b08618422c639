import type { Manifest } from '#contract/connection.ts';
import type { Purpose } from '#contract/consent.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';
import type { AdapterFacts } from '#sdk';
import { publishManifest, publishNotice } from '../../server/consent/notices.ts';
import type { Tx } from '../../server/store/open.ts';
import { putValue, subjectKeys } from '../../server/store/subjects.ts';

/** The keys of the people here, under a key-encryption key of no secrecy. */
export const keys = subjectKeys(Buffer.alloc(32, 7));
/** The purpose of every share here; one machine per person and partner is enough to race. */
export const purpose: Purpose = 'CustomerRelationshipManagement';
const declared: Field[] = ['name', 'email', 'phone'];
/** A marker for one value of one person, found again in whatever leaves. */
export const canary = (subject: string, field: Field): string => `canary ${field} of ${subject}`;

/** The declaration of one partner; another version says another retention, so every answer to the old one is stale. */
export const manifestFor = (facts: AdapterFacts, version: number): Manifest => ({
  provider: facts.id,
  name: facts.name,
  fields: declared.map((name) => ({
    name,
    class: visitorFields[name].class,
    purpose,
    need: false,
    because: `to keep your ${name}`,
    special: false,
    freeText: false,
  })),
  basis: 'consent',
  legalCitation: '',
  role: 'processor',
  sale: false,
  recipient: { legalName: `${facts.name} Inc.`, address: '1 Vendor Way', countries: ['US'] },
  retention: `${version + 1} years`,
  policy: facts.policy,
  hosts: facts.hosts,
  calls: facts.calls,
  receives: [],
  capabilities: { erase: 'none', rectify: 'none', restrict: 'none', suppress: 'none' },
});

const config = {
  places: ['DK'],
  consentAge: 16,
  childDirected: false,
  sites: [],
  signalStopsAllConsentSharing: true,
  askedMeansWait: true,
  optOutDefaultEnabled: false,
  refusalStopsProcessors: true,
};

/** What one brand starts with. */
interface Cast {
  brandId: string;
  subjects: readonly string[];
  partners: readonly string[];
  manifestOf(partner: string): Manifest;
  at: string;
}

/** Stores a brand with its connected partners and its people, each value a canary. */
export function seedBrand(tx: Tx, { brandId, subjects, partners, manifestOf, at }: Cast): void {
  tx.hot(
    `insert into brand (id, slug, legal_name, name, address, contact, country, settings_json, wrapped_key, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    brandId,
    brandId,
    'Harbor Motors ApS',
    'Harbor Motors',
    'Nordre Kaj 4',
    'x',
    'DK',
    JSON.stringify(config),
    '',
    at,
  );
  for (const id of partners) {
    const hash = publishManifest(tx, brandId, manifestOf(id), at);
    tx.hot(
      `insert into integration (id, brand_id, provider, sandbox, account_id, account_name, connection, conn_epoch,
         revoked_before_seq, manifest_hash, connected_at, last_good_at, trouble)
         values (?, ?, ?, 1, 'a-1', 'Account', 'active', 1, 0, ?, ?, null, null)`,
    ).run(id, brandId, id, hash, at);
  }
  publishNotice(tx, brandId, at);
  for (const id of subjects) {
    tx.hot(
      `insert into subject (id, brand_id, created_seq, merged_into, epoch, age_class, restricted, objected, erased_at)
         values (?, ?, ?, null, 1, 'adult', 0, 0, null)`,
    ).run(id, brandId, tx.seq());
    const key = keys.make(tx, brandId, id);
    for (const field of declared)
      putValue(tx, key, brandId, id, {
        field,
        value: canary(id, field),
        source: 'visitor',
        noticeHash: null,
        seq: tx.seq(),
        at,
      });
    tx.hot(
      `insert into conversation (id, brand_id, subject_id, number, opened_at, closed_at, last_n, last_seq, seen_n)
         values (?, ?, ?, ?, ?, null, 0, 0, 0)`,
    ).run(`chat-${id}`, brandId, id, subjects.indexOf(id) + 1, at);
  }
}
