import { jcs } from '../../../server/gate/jcs.ts';
import { evidenceTag, rowTag } from '../../../server/gate/keyed.ts';
import { privateKeyOf, publicKeyOf, rawPublicKey } from '../../../server/gate/keys.ts';
import { manifestHash } from '../../../server/gate/manifest.ts';
import { inclusionProof, root } from '../../../server/gate/merkle.ts';
import { signCheckpoint, tlogProof } from '../../../server/gate/note.ts';
import type { ConsentRow } from '../../../server/gate/receipt-check.ts';
import { type RecordInput, receiptRecord } from '../../../server/gate/record.ts';
import { manifest } from './base.ts';
import { growTree } from './tree.ts';

export const origin = 'hub.example/ledger';
export const signingKey = privateKeyOf(Buffer.alloc(32, 1));
export const publicKey = publicKeyOf(rawPublicKey(signingKey));

/** Ada's yes to the CRM: e-mail and name. */
export const input: RecordInput = {
  receiptId: 'r-1',
  recordId: 'r-1-record',
  principalId: 'p-5f2c',
  createdAt: '2026-11-22T10:00:31.000Z',
  brand: {
    id: 'harbor',
    legalName: 'Harbor Motors ApS',
    address: 'Nordre Kaj 4, 8000 Aarhus',
    contact: 'privacy@harbor.example',
  },
  jurisdictions: ['DK'],
  authority: 'Datatilsynet',
  integrationId: 'int-crm',
  manifest,
  purpose: 'CustomerRelationshipManagement',
  notice: { hash: 'bm90aWNlLTE', url: 'https://hub.example/privacy/harbor', lang: 'en' },
  withdrawUrl: 'https://hub.example/privacy/harbor',
  answer: {
    type: 'given',
    fields: ['email', 'name'],
    by: 'self',
    explicit: true,
    at: '2026-11-22T10:00:30.000Z',
    validUntil: null,
  },
};

const person = Buffer.alloc(32, 9);
const nonce = Buffer.alloc(16, 4);

/** The ledger row of the same answer. */
export const row: ConsentRow = {
  v: 1,
  t: 'consent',
  tag: rowTag(person, nonce),
  nonce: nonce.toString('base64url'),
  integration: input.integrationId,
  purpose: `dpv:${input.purpose}`,
  event: 'given',
  fields: ['email', 'name'],
  manifest: manifestHash(manifest),
  notice: input.notice.hash,
  regime: 'opt_in',
  by: 'self',
  method: 'question',
  evidence: evidenceTag(person, 'e-1', 'screen'),
  minute: '2026-11-22T10:00Z',
};

/** The proof that `proven` is row 3 of a ledger of 6 rows. */
export function tlogOf(proven: ConsentRow = row): string {
  const rows = ['a', 'b', 'c', jcs(proven), 'd', 'e'].map((text) => Buffer.from(text));
  const tree = growTree(rows);
  const checkpoint = signCheckpoint({ origin, size: 6, root: root(6, tree) }, signingKey);
  return tlogProof({ index: 3, proof: inclusionProof(3, 6, tree), checkpoint });
}

/** A whole body, ready to be signed. */
export const body = { record: receiptRecord(input), row, tlog: tlogOf() };
