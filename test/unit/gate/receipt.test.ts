import Ajv from 'ajv';
import fc from 'fast-check';
import { calculateJwkThumbprint, compactVerify, exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { Problem } from '#contract/problem.ts';
import { jcs } from '../../../server/gate/jcs.ts';
import { privateKeyOf, publicKeyOf, rawPublicKey } from '../../../server/gate/keys.ts';
import { issueReceipt, openReceipt, verifyReceipt } from '../../../server/gate/receipt.ts';
import { type RecordInput, receiptRecord } from '../../../server/gate/record.ts';
import { recordSchema, validate } from '../../../server/gate/record-schema.ts';
import { manifest } from './base.ts';
import { body, input, origin, publicKey, row, signingKey, tlogOf } from './receipt-fixture.ts';

const jws = issueReceipt(body, signingKey);
const pinned = [rawPublicKey(publicKey)];

describe('receipt, GATE.md g', () => {
  it('GATE-37 verifies offline with the pinned key', () => {
    expect(verifyReceipt(jws, pinned, origin)).toEqual({
      ok: true,
      record: body.record,
      row,
      index: 3,
      size: 6,
      origin,
    });
  });

  it('GATE-37 is a JWS any other library reads: EdDSA, typ, thumbprint as kid, JCS payload', async () => {
    const { payload, protectedHeader } = await compactVerify(jws, publicKey);
    expect(protectedHeader).toEqual({
      alg: 'EdDSA',
      typ: 'consent-receipt+jws',
      kid: await calculateJwkThumbprint(await exportJWK(publicKey)),
    });
    expect(Buffer.from(payload).toString()).toBe(jcs(body));
  });

  it('GATE-37 one bit flipped anywhere fails', () => {
    const bytes = Buffer.from(jws);
    const passed: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
      if (verifyReceipt(copy.toString('latin1'), pinned, origin).ok) passed.push(bit);
    }
    expect(passed).toEqual([]);
  }, 120_000);

  it('GATE-37 another last character fails, also where a decoder would skip its spare bits', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const passed: string[] = [];
    // The end of each part: header, content and signature.
    for (const end of [jws.indexOf('.'), jws.lastIndexOf('.'), jws.length])
      for (const letter of letters) {
        const file = jws.slice(0, end - 1) + letter + jws.slice(end);
        if (file !== jws && verifyReceipt(file, pinned, origin).ok) passed.push(`${end} ${letter}`);
      }
    expect(passed).toEqual([]);
  });

  it('GATE-37 every byte of a receipt counts: each other value of it fails', () => {
    const bytes = Buffer.from(jws);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] as number) ^ by;
        return !verifyReceipt(copy.toString('latin1'), pinned, origin).ok;
      }),
      { numRuns: 1_000 },
    );
  });

  it('GATE-37 one character more or less fails', () => {
    for (const text of [`${jws}A`, `${jws}=`, `${jws}\n`, ` ${jws}`, jws.slice(1), jws.slice(0, -1), `${jws}.`, ''])
      expect(verifyReceipt(text, pinned, origin).ok).toBe(false);
  });

  it('says why: another key, another ledger, a row that is not in the tree, a ledger not signed yet', () => {
    const other = privateKeyOf(Buffer.alloc(32, 2));
    const why = (text: string, key = publicKey, name = origin) => {
      const result = verifyReceipt(text, [rawPublicKey(key)], name);
      return result.ok ? 'genuine' : result.why;
    };
    expect(why(jws, publicKeyOf(rawPublicKey(other)))).toBe('the receipt was signed with another key');
    expect(why(jws, publicKey, 'other.example/ledger')).toBe('the checkpoint is of another ledger');
    const moved = { ...row, evidence: 'AAAA' };
    expect(why(issueReceipt({ ...body, row: moved }, signingKey))).toBe('the row is not in the tree');
    expect(why(issueReceipt({ ...body, row: moved, tlog: tlogOf(moved) }, signingKey))).toBe('genuine');
    const pending = issueReceipt({ ...body, tlog: { pending: { index: 3, seconds: 1 } } }, signingKey);
    expect(verifyReceipt(pending, pinned, origin)).toMatchObject({
      ok: false,
      pending: true,
      why: expect.stringContaining('before it signed the ledger'),
    });
    expect(openReceipt(pending, publicKey).row).toEqual(row);
    expect(why('nonsense')).toBe('this is not a receipt');
  });

  it('R29 R33 a receipt of an earlier key, or over a checkpoint of one, verifies with the list of keys', () => {
    const newer = privateKeyOf(Buffer.alloc(32, 2));
    const raw = [rawPublicKey(newer), rawPublicKey(signingKey)];
    const [mixed, old] = [issueReceipt(body, newer), jws];
    for (const file of [mixed, old]) {
      expect(verifyReceipt(file, raw, origin).ok).toBe(true);
      expect(verifyReceipt(file, raw.toReversed(), origin).ok).toBe(true);
    }
    const why = (file: string, keys: Buffer[]) => verifyReceipt(file, keys, origin);
    expect(why(mixed, raw.slice(0, 1))).toMatchObject({ ok: false, why: 'the checkpoint is not signed by this key' });
    expect(why(mixed, raw.slice(1))).toMatchObject({ ok: false, why: 'the receipt was signed with another key' });
    expect(why(old, [])).toMatchObject({ ok: false, why: 'the receipt was signed with another key' });
  });

  it('refuses a record that tells another story than the row', () => {
    const stories: [string, Partial<RecordInput>][] = [
      ['integration', { integrationId: 'int-other' }],
      ['fields', { answer: { ...input.answer, fields: ['email'] } }],
      ['answer', { answer: { ...input.answer, type: 'refused' } }],
      ['person', { answer: { ...input.answer, by: 'guardian' } }],
      ['notice', { notice: { ...input.notice, hash: 'other' } }],
      ['time', { answer: { ...input.answer, at: '2026-11-22T10:01:00.000Z' } }],
    ];
    for (const [what, over] of stories)
      expect(() => issueReceipt({ ...body, record: receiptRecord({ ...input, ...over }) }, signingKey), what).toThrow(
        `a different ${what}`,
      );
    const purpose = { ...row, purpose: 'dpv:DirectMarketing' };
    expect(() => issueReceipt({ ...body, row: purpose }, signingKey)).toThrow('a different purpose');
  });

  it('GATE-34 holds no personal value, and two receipts of one person share no pseudonym', () => {
    const text = JSON.stringify(openReceipt(jws, publicKey));
    for (const value of ['Ada', 'ada@example.com', 'Brandt']) expect(text).not.toContain(value);
    const second = receiptRecord({ ...input, receiptId: 'r-2', recordId: 'r-2-record', principalId: 'p-77aa' });
    expect(JSON.stringify(second)).not.toContain(input.principalId);
  });
});

describe('the 27560 record, GATE.md g', () => {
  const ajv = new Ajv({ strict: true, strictRequired: false });
  const follows = ajv.compile(recordSchema);

  /** Every place in a value, as a list of keys. */
  function places(value: unknown, at: (string | number)[] = []): (string | number)[][] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
      const here = [...at, Array.isArray(value) ? Number(key) : key];
      return [here, ...places(inner, here)];
    });
  }
  function without(value: unknown, [key, ...rest]: (string | number)[]): unknown {
    if (Array.isArray(value))
      return rest.length > 0
        ? value.with(key as number, without(value[key as number], rest))
        : value.toSpliced(key as number, 1);
    const copy = { ...(value as Record<string, unknown>) };
    if (rest.length > 0) copy[key as string] = without(copy[key as string], rest);
    else delete copy[key as string];
    return copy;
  }

  it('GATE-40 follows our schema, by ajv and by our own reading of it', () => {
    for (const type of ['given', 'renewed', 'refused', 'withdrawn'] as const)
      for (const role of ['processor', 'third_party'] as const)
        for (const jurisdictions of [['DK'], ['US', 'DK'], ['US']])
          for (const validUntil of [null, '2027-11-22T10:00:30.000Z']) {
            const answer = { ...input.answer, type, validUntil };
            const record = receiptRecord({ ...input, jurisdictions, answer, manifest: { ...manifest, role } });
            expect(validate(recordSchema, record)).toEqual([]);
            expect(follows(record)).toBe(true);
          }
  });

  it('GATE-40 a receipt with one required field removed is refused', () => {
    const removable = places(body.record).filter((at) => at[0] !== '@context');
    let refused = 0;
    for (const at of removable) {
      const record = without(body.record, at) as typeof body.record;
      // Ours and ajv must agree, also where taking away one of several leaves a good record.
      expect(validate(recordSchema, record).length === 0, at.join('/')).toBe(follows(record));
      if (follows(record)) continue;
      expect(() => issueReceipt({ ...body, record }, signingKey), at.join('/')).toThrow(Problem);
      refused++;
    }
    expect(refused).toBeGreaterThan(50);
  });

  it('GATE-40 has every field of the table', () => {
    const { 'dpv:hasRecordOfActivity': record } = body.record;
    const process = record['dpv:hasProcess'];
    expect(record['dct:conformsTo']).toBe('https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr');
    expect(Object.keys(record).sort()).toEqual([
      '@type',
      'dct:conformsTo',
      'dct:identifier',
      'dct:language',
      'dpv:hasConsentStatus',
      'dpv:hasDataSubject',
      'dpv:hasDuration',
      'dpv:hasLegalBasis',
      'dpv:hasNotice',
      'dpv:hasProcess',
      'dpv:isIndicatedAtTime',
      'dpv:isIndicatedBy',
    ]);
    expect(Object.keys(process).sort()).toEqual([
      '@type',
      'dpv:hasAuthority',
      'dpv:hasConsentControl',
      'dpv:hasDataController',
      'dpv:hasDataSource',
      'dpv:hasJurisdiction',
      'dpv:hasLegalBasis',
      'dpv:hasPersonalData',
      'dpv:hasProcessing',
      'dpv:hasPurpose',
      'dpv:hasRecipient',
      'dpv:hasRight',
      'dpv:hasStorageCondition',
    ]);
    expect(process['dpv:hasPersonalData']).toEqual([
      {
        '@type': ['pd:EmailAddress', 'dpv:PersonalData'],
        'dct:identifier': 'email',
        'dct:description': 'to find or create your contact record',
        'dpv:hasNecessity': 'dpv:Required',
      },
      {
        '@type': ['pd:Name', 'dpv:PersonalData'],
        'dct:identifier': 'name',
        'dct:description': 'to greet you by name',
        'dpv:hasNecessity': 'dpv:Optional',
      },
    ]);
  });

  it('R17 knows no field the manifest does not declare for this purpose', () => {
    expect(() => receiptRecord({ ...input, answer: { ...input.answer, fields: ['transcript'] } })).toThrow(Problem);
    expect(() => receiptRecord({ ...input, answer: { ...input.answer, fields: ['phone'] } })).toThrow(Problem);
  });
});
