import { sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { jcs } from '../../../server/gate/jcs.ts';
import { rawPublicKey } from '../../../server/gate/keys.ts';
import { issueReceipt, verifyReceipt } from '../../../server/gate/receipt.ts';
import { receiptRecord } from '../../../server/gate/record.ts';
import { manifest } from './base.ts';
import { body, input, origin, signingKey } from './receipt-fixture.ts';

type Path = readonly (string | number)[];
const record = ['dpv:hasRecordOfActivity'];
const process = [...record, 'dpv:hasProcess'];
const data = [...process, 'dpv:hasPersonalData', 0];
const party = (role: string, at: Path): [string, Path][] => [
  [`${role}: party id`, [...at, 'dpv:hasIdentifier']],
  [`${role}: party name`, [...at, 'dpv:hasName']],
  [`${role}: party role †`, [...at, '@type']],
  [`${role}: party address`, [...at, 'schema:PostalAddress']],
  [`${role}: party contact`, [...at, 'schema:contactPoint']],
  [`${role}: party type`, [...at, 'dpv:hasEntity']],
];

/** The table of GATE.md g, by the names of ISO/IEC TS 27560, with its wrapper. */
const table: [string, Path][] = [
  ['receipt: schema_version', ['dct:conformsTo']],
  ['receipt_id', ['dct:identifier']],
  ['receipt: created', ['dct:created']],
  ['receipt: the record', record],
  ['schema_version', [...record, 'dct:conformsTo']],
  ['record_id', [...record, 'dct:identifier']],
  ['pii_principal_id', [...record, 'dpv:hasDataSubject']],
  ['privacy_notice', [...record, 'dpv:hasNotice']],
  ['language', [...record, 'dct:language']],
  ['purpose', [...process, 'dpv:hasPurpose']],
  ['pii_information', [...process, 'dpv:hasPersonalData']],
  ['pii_information, one', [...data, 'dct:identifier']],
  ['pii_type', [...data, '@type', 0]],
  ['storage_locations', [...process, 'dpv:hasStorageCondition', 'dpv:hasLocation']],
  ['retention_period', [...process, 'dpv:hasStorageCondition', 'dpv:hasDuration']],
  ['pii_controllers', [...process, 'dpv:hasDataController']],
  ['recipient_third_parties', [...process, 'dpv:hasRecipient']],
  ['jurisdiction', [...process, 'dpv:hasJurisdiction']],
  ['withdrawal_method', [...process, 'dpv:hasConsentControl']],
  ['withdrawal_method, where', [...process, 'dpv:hasConsentControl', 'dpv:isExercisedAt']],
  ['privacy_rights †', [...process, 'dpv:hasRight']],
  ...party('controller', [...process, 'dpv:hasDataController']),
  ...party('recipient', [...process, 'dpv:hasRecipient', 0]),
  ['event_type', [...record, 'dpv:hasLegalBasis']],
  ['event_state', [...record, 'dpv:hasConsentStatus']],
  ['event_time', [...record, 'dpv:isIndicatedAtTime']],
  ['validity_duration', [...record, 'dpv:hasDuration']],
  ['entity_id', [...record, 'dpv:isIndicatedBy']],
  ['lawful_basis †', [...process, 'dpv:hasLegalBasis']],
  ['collection_method †', [...process, 'dpv:hasDataSource']],
  ['processing_method †', [...process, 'dpv:hasProcessing']],
  ['pii_optional †', [...data, 'dpv:hasNecessity']],
  ['special †', [...data, '@type', 1]],
  ['authority †', [...process, 'dpv:hasAuthority']],
];

function changed(value: unknown, path: Path, to?: unknown): unknown {
  const copy = structuredClone(value) as Record<string | number, unknown>;
  const last = path.at(-1) as string | number;
  const at = path.slice(0, -1).reduce((o, key) => o[key] as Record<string | number, unknown>, copy);
  if (to !== undefined) at[last] = to;
  else if (Array.isArray(at)) at.splice(Number(last), 1);
  else delete at[last];
  return copy;
}

/** A receipt signed as a hub would that checks nothing: only the reader stands between it and "genuine". */
function signedAnyway(record: unknown): string {
  const head = issueReceipt(body, signingKey).split('.')[0];
  const signed = `${head}.${Buffer.from(jcs({ ...body, record })).toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed), signingKey).toString('base64url')}`;
}
const check = (record: unknown) => verifyReceipt(signedAnyway(record), [rawPublicKey(signingKey)], origin);

test.each(table)('GATE-40 %s: without it, or empty, a receipt is neither made nor believed', (_, path) => {
  expect(check(body.record).ok).toBe(true);
  for (const without of [changed(body.record, path), changed(body.record, path, '')]) {
    expect(() => issueReceipt({ ...body, record: without as never }, signingKey)).toThrow('the record lacks');
    expect(check(without)).toMatchObject({ ok: false, why: expect.stringMatching(/^the record lacks \//) });
  }
});

test('GATE-40 each field says whether it is of a special category, also where it is not', () => {
  const special = { ...manifest, fields: manifest.fields.map((f) => ({ ...f, special: f.name === 'email' })) };
  const types = receiptRecord({ ...input, manifest: special })['dpv:hasRecordOfActivity']['dpv:hasProcess'][
    'dpv:hasPersonalData'
  ].map((d) => d['@type'][1]);
  expect(types).toEqual(['dpv:SpecialCategoryPersonalData', 'dpv:PersonalData']);
});
