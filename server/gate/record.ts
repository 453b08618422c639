import type { DeclaredField, Manifest } from '#contract/connection.ts';
import type { ConsentBy, ConsentType, Purpose } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import type { Field } from '#contract/visitor.ts';
import { profiles } from './record-schema.ts';

/** The answers a receipt is made of (GATE.md g). */
export type Answer = Extract<ConsentType, 'given' | 'renewed' | 'refused' | 'withdrawn'>;

/** All that a record of one answer says. Times are ISO 8601 UTC; ids are random, never a subject id. */
export interface RecordInput {
  readonly receiptId: string;
  readonly recordId: string;
  /** A pseudonym of the person, fresh for each receipt, so that two receipts of one person share nothing. */
  readonly principalId: string;
  readonly createdAt: string;
  readonly brand: {
    readonly id: string;
    readonly legalName: string;
    readonly address: string;
    readonly contact: string;
  };
  /** Country codes (ISO 3166-1 alpha-2) whose law the answer was taken under. */
  readonly jurisdictions: readonly string[];
  /** Name of the authority the person can complain to. */
  readonly authority: string;
  readonly integrationId: string;
  readonly manifest: Manifest;
  readonly purpose: Purpose;
  readonly notice: { readonly hash: string; readonly url: string; readonly lang: string };
  /** Where the yes is taken back: the brand's preference page. */
  readonly withdrawUrl: string;
  readonly answer: {
    readonly type: Answer;
    readonly fields: readonly Field[];
    readonly by: ConsentBy;
    readonly explicit: boolean;
    readonly at: string;
    readonly validUntil: string | null;
  };
}

/** A party of the record: id, name, role, address, contact, type. */
interface Party {
  readonly '@type': 'dpv:DataController' | 'dpv:DataProcessor' | 'dpv:ThirdParty';
  readonly 'dpv:hasIdentifier': string;
  readonly 'dpv:hasName': string;
  readonly 'schema:PostalAddress': string;
  readonly 'schema:contactPoint': string;
  readonly 'dpv:hasEntity': 'dpv:LegalEntity';
}

const pdTerms: Record<Field, string> = {
  name: 'pd:Name',
  email: 'pd:EmailAddress',
  phone: 'pd:TelephoneNumber',
  company: 'pd:Professional',
  transcript: 'pd:Communication',
};

/** DPV status of an answer (GATE.md c, second table). */
export const statusTerms: Readonly<Record<Answer, string>> = {
  given: 'dpv:ConsentGiven',
  renewed: 'dpv:RenewedConsentGiven',
  refused: 'dpv:ConsentRefused',
  withdrawn: 'dpv:ConsentWithdrawn',
};

/** DPV term of who expressed an answer; a browser's signal and a spoken answer are the person's own. */
export const byTerms: Readonly<Record<ConsentBy, string>> = {
  self: 'dpv:DataSubject',
  guardian: 'dpv:ParentOfDataSubject',
  authorised_agent: 'dpv:Representative',
  agent_attested: 'dpv:DataSubject',
  signal: 'dpv:DataSubject',
  operator: 'dpv:DataController',
};

const eea = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' ');
const gdprBasis = { consent: 'eu-gdpr:A6-1-a', contract: 'eu-gdpr:A6-1-b', legal_obligation: 'eu-gdpr:A6-1-c' };
const plainBasis = { consent: 'dpv:Consent', contract: 'dpv:Contract', legal_obligation: 'dpv:LegalObligation' };
// Withdraw, be told, access, rectify, erase, restrict, port, object, complain.
const gdprRights = ['A7-3', 'A13', 'A15', 'A16', 'A17', 'A18', 'A20', 'A21', 'A77'].map((a) => `eu-gdpr:${a}`);

function declared({ manifest, purpose }: RecordInput, name: Field): DeclaredField {
  const field = manifest.fields.find((f) => f.name === name && f.purpose === purpose);
  return field ?? problem('internal', `the manifest declares no ${name} for this purpose`);
}

const personalData = ({ name, because, need, special }: DeclaredField) => ({
  '@type': [pdTerms[name], special ? 'dpv:SpecialCategoryPersonalData' : 'dpv:PersonalData'],
  'dct:identifier': name,
  'dct:description': because,
  'dpv:hasNecessity': need ? 'dpv:Required' : 'dpv:Optional',
});

function validity({ type, validUntil }: RecordInput['answer']) {
  if (validUntil) return { '@type': 'dpv:UntilTimeDuration', 'dct:valid': validUntil };
  const yes = type === 'given' || type === 'renewed';
  const until = yes ? 'Until it is taken back.' : 'Until the person answers anew.';
  return { '@type': 'dpv:UntilEventDuration', 'dct:valid': until };
}

function parties({ brand, manifest, integrationId }: RecordInput): { controller: Party; recipient: Party } {
  const controller: Party = {
    '@type': 'dpv:DataController',
    'dpv:hasIdentifier': brand.id,
    'dpv:hasName': brand.legalName,
    'schema:PostalAddress': brand.address,
    'schema:contactPoint': brand.contact,
    'dpv:hasEntity': 'dpv:LegalEntity',
  };
  const recipient: Party = {
    '@type': manifest.role === 'processor' ? 'dpv:DataProcessor' : 'dpv:ThirdParty',
    'dpv:hasIdentifier': integrationId,
    'dpv:hasName': manifest.recipient.legalName,
    'schema:PostalAddress': manifest.recipient.address,
    'schema:contactPoint': manifest.policy,
    'dpv:hasEntity': 'dpv:LegalEntity',
  };
  return { controller, recipient };
}

function processOf(input: RecordInput, gdpr: boolean) {
  const { manifest, answer } = input;
  const { controller, recipient } = parties(input);
  return {
    '@type': 'dpv:Process',
    'dpv:hasPurpose': `dpv:${input.purpose}`,
    'dpv:hasPersonalData': answer.fields.map((name) => personalData(declared(input, name))),
    'dpv:hasStorageCondition': {
      '@type': 'dpv:StorageCondition',
      'dpv:hasLocation': [...manifest.recipient.countries],
      'dpv:hasDuration': manifest.retention,
    },
    'dpv:hasDataController': controller,
    'dpv:hasRecipient': [recipient],
    'dpv:hasJurisdiction': [...input.jurisdictions],
    'dpv:hasLegalBasis': (gdpr ? gdprBasis : plainBasis)[manifest.basis],
    'dpv:hasDataSource': 'dpv:DataSubject',
    'dpv:hasProcessing': ['dpv:Collect', 'dpv:Store', 'dpv:Share'],
    'dpv:hasConsentControl': { '@type': 'dpv:WithdrawConsent', 'dpv:isExercisedAt': input.withdrawUrl },
    'dpv:hasRight': gdpr ? gdprRights : ['dpv:DataSubjectRight'],
    'dpv:hasAuthority': { '@type': 'dpv:DataProtectionAuthority', 'dpv:hasName': input.authority },
  };
}

/**
 * The receipt of one answer as JSON-LD with DPV terms: a wrapper around the ISO/IEC TS 27560 record (GATE.md g).
 * Raises `internal` for a field the manifest does not declare for this purpose.
 */
export function receiptRecord(input: RecordInput) {
  const { answer, notice } = input;
  const gdpr = input.jurisdictions.some((code) => eea.includes(code));
  return {
    '@context': {
      dpv: 'https://w3id.org/dpv#',
      pd: 'https://w3id.org/dpv/pd#',
      'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
      dct: 'http://purl.org/dc/terms/',
      schema: 'https://schema.org/',
    },
    '@type': 'dpv:ConsentReceipt',
    'dct:conformsTo': profiles.receipt,
    'dct:identifier': input.receiptId,
    'dct:created': input.createdAt,
    'dpv:hasRecordOfActivity': {
      '@type': 'dpv:ConsentRecord',
      'dct:conformsTo': gdpr ? profiles.recordGdpr : profiles.record,
      'dct:identifier': input.recordId,
      'dpv:hasDataSubject': input.principalId,
      'dpv:hasNotice': { '@type': 'dpv:ConsentNotice', '@id': notice.url, 'dct:identifier': notice.hash },
      'dct:language': notice.lang,
      'dpv:hasProcess': processOf(input, gdpr),
      'dpv:hasLegalBasis': answer.explicit ? 'dpv:ExplicitlyExpressedConsent' : 'dpv:ExpressedConsent',
      'dpv:hasConsentStatus': statusTerms[answer.type],
      'dpv:isIndicatedAtTime': answer.at,
      'dpv:hasDuration': validity(answer),
      'dpv:isIndicatedBy': byTerms[answer.by],
    },
  };
}

/** What `receiptRecord` makes. */
export type ReceiptRecord = ReturnType<typeof receiptRecord>;
