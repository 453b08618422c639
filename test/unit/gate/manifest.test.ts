import { describe, expect, it } from 'vitest';
import type { DeclaredField, Manifest } from '#contract/connection.ts';
import {
  evidenceTag,
  fieldCommitment,
  keyedValue,
  openingKey,
  rowKey,
  rowTag,
  tagOf,
} from '../../../server/gate/keyed.ts';
import {
  manifestHash,
  missingFacts,
  noticeBlockHash,
  recipientDocumented,
  termsOf,
  termsOfField,
} from '../../../server/gate/manifest.ts';
import { manifest } from './base.ts';

const [email, name, transcript] = manifest.fields as [DeclaredField, DeclaredField, DeclaredField];
const block = {
  integration: 'int-crm',
  purpose: 'CustomerRelationshipManagement',
  lang: 'en',
  body: 'Acme may get …',
} as const;

describe('missingFacts, R14', () => {
  const lacking: [string, Partial<Manifest>][] = [
    ['legal name', { recipient: { ...manifest.recipient, legalName: ' ' } }],
    ['postal address', { recipient: { ...manifest.recipient, address: '' } }],
    ['role', { role: '' as Manifest['role'] }],
    ['country', { recipient: { ...manifest.recipient, countries: [] } }],
    ['because', { fields: [{ ...email, because: '' }, name] }],
    ['retention', { retention: '' }],
    ['legal basis', { basis: '' as Manifest['basis'] }],
    ['legal basis', { basis: 'legitimate_interest' as Manifest['basis'] }],
    ['law it rests on', { basis: 'legal_obligation', legalCitation: ' ' }],
    ['policy', { policy: '' }],
    ['hosts', { hosts: [] }],
    ['purposes', { fields: [{ ...email, purpose: 'Curiosity' as DeclaredField['purpose'] }] }],
  ];
  it('R14 a complete manifest lacks nothing', () => {
    expect(missingFacts(manifest)).toEqual([]);
    expect(recipientDocumented(manifest)).toBe(true);
  });
  for (const [fact, over] of lacking)
    it(`R14 R26 names the missing ${fact}: ${JSON.stringify(over)}`, () => {
      expect(missingFacts({ ...manifest, ...over })).toEqual([fact]);
    });
  it('R14 a manifest without fields has neither purposes nor reasons', () => {
    expect(missingFacts({ ...manifest, fields: [] })).toEqual(['because', 'purposes']);
  });
  it('R21 a manifest that shares nothing says what it brings in, and what for', () => {
    expect(missingFacts({ ...manifest, fields: [], calls: [], receives: ['Name: to fill in the form'] })).toEqual([]);
    expect(missingFacts({ ...manifest, fields: [], calls: [], receives: [' '] })).toEqual(['because', 'purposes']);
  });
  it('D04 asks for the first four facts only', () => {
    const documented = lacking.map(([fact, over]) => [fact, recipientDocumented({ ...manifest, ...over })]);
    expect(documented.filter(([, ok]) => !ok).map(([fact]) => fact)).toEqual([
      'legal name',
      'postal address',
      'role',
      'country',
    ]);
  });
});

describe('terms, GATE.md a', () => {
  const blockHash = noticeBlockHash(block);
  const now = termsOfField(manifest, email, blockHash);

  it('D15 change with each thing the yes was a yes to', () => {
    const changed = [
      termsOfField({ ...manifest, recipient: { ...manifest.recipient, legalName: 'Other, Inc.' } }, email, blockHash),
      termsOfField({ ...manifest, recipient: { ...manifest.recipient, address: 'elsewhere' } }, email, blockHash),
      termsOfField({ ...manifest, recipient: { ...manifest.recipient, countries: ['US', 'IN'] } }, email, blockHash),
      termsOfField({ ...manifest, role: 'processor' }, email, blockHash),
      termsOfField({ ...manifest, sale: true }, email, blockHash),
      termsOfField({ ...manifest, retention: 'ten years' }, email, blockHash),
      termsOfField(manifest, { ...email, purpose: 'DirectMarketing' }, blockHash),
      termsOfField(manifest, { ...email, because: 'to write to you' }, blockHash),
      termsOfField(manifest, { ...email, need: false }, blockHash),
      termsOfField(manifest, name, blockHash),
      termsOfField(manifest, email, noticeBlockHash({ ...block, body: 'Acme might get …' })),
      termsOfField(manifest, email, noticeBlockHash({ ...block, lang: 'da' })),
    ];
    expect(new Set([now, ...changed]).size).toBe(changed.length + 1);
  });

  it('R30 differ where the recipient begins to use AI, and are what they were where it does not', () => {
    const [field] = manifest.fields;
    if (!field) throw new Error('no field');
    const before = termsOfField(manifest, field, 'block');
    expect(termsOfField({ ...manifest, ai: true }, field, 'block')).not.toBe(before);
    const { ai: _, ...without } = { ...manifest, ai: undefined };
    expect(termsOfField(without, field, 'block')).toBe(before);
  });

  it('GATE-k.2 stay byte-identical for old fields when the manifest grows a field, a host or a call', () => {
    const grown = {
      ...manifest,
      fields: [...manifest.fields, { ...transcript, purpose: email.purpose }],
      hosts: ['api.crm.example', 'eu.crm.example'],
      calls: [...manifest.calls, 'POST /notes'],
    };
    expect(termsOfField(grown, email, blockHash)).toBe(now);
    expect(manifestHash(grown)).not.toBe(manifestHash(manifest));
  });

  it('are the hash of exactly the named parts', () => {
    const { legalName, address, countries } = manifest.recipient;
    const { role, sale, retention } = manifest;
    const parts = { recipient: { legalName, address }, role, sale, countries, retention, purpose: email.purpose };
    expect(termsOf({ ...parts, field: email, blockHash })).toBe(now);
  });
});

describe('keyed values, GATE.md f', () => {
  const [ada, eve] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const nonce = Buffer.alloc(16, 3);

  it('GATE-44 the opening keys of the export open own rows and own commitments, and nobody else’s', () => {
    const commitment = fieldCommitment(ada, 'email', 'd-1', 'ada@example.com');
    expect(keyedValue(openingKey(ada, 'email', 'd-1'), 'ada@example.com')).toBe(commitment);
    expect(keyedValue(openingKey(ada, 'email', 'd-1'), 'eve@example.com')).not.toBe(commitment);
    expect(tagOf(rowKey(ada), nonce)).toBe(rowTag(ada, nonce));
    expect(tagOf(rowKey(eve), nonce)).not.toBe(rowTag(ada, nonce));
  });

  it('GATE-34 nothing is equal in two rows of one person: each field, disclosure and event has a key of its own', () => {
    const values = [
      fieldCommitment(ada, 'email', 'd-1', 'x'),
      fieldCommitment(ada, 'email', 'd-2', 'x'),
      fieldCommitment(ada, 'name', 'd-1', 'x'),
      fieldCommitment(eve, 'email', 'd-1', 'x'),
      evidenceTag(ada, 'e-1', 'x'),
      evidenceTag(ada, 'e-2', 'x'),
    ];
    expect(new Set(values).size).toBe(values.length);
  });
});
