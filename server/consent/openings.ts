import type { Field } from '#contract/visitor.ts';
import { loadShare } from '../egress/context.ts';
import { type LedgerSigner, proveRow } from '../egress/ledger.ts';
import { readShare } from '../egress/share-row.ts';
import { consentKey, consentLink, epochKey, fieldCommitment, openingKey, rowKey } from '../gate/keyed.ts';
import type { Openings, OwnRow } from '../gate/openings.ts';
import type { Store, Tx } from '../store/open.ts';
import type { SubjectKeys } from '../store/subjects.ts';

/** What the proof keys of a person are made from. */
export interface OpeningDeps {
  store: Pick<Store, 'read'>;
  keys: SubjectKeys;
  signer: Pick<LedgerSigner, 'origin'>;
  now: () => Date;
}
type Read = Pick<Tx, 'hot'>;
const b64 = (bytes: Buffer) => bytes.toString('base64url');

/** The values a share would hold now; nothing where a record of it is gone, which must not keep the keys back. */
function valuesNow(read: Read, d: OpeningDeps, shareId: string): { field: Field; value: string }[] {
  const share = readShare(read, shareId);
  try {
    return share ? loadShare(read, d.keys, share, d.now(), ['transcript']).facts.values : [];
  } catch {
    return [];
  }
}

function openingsOfSend(
  read: Read,
  d: OpeningDeps,
  key: Buffer,
  send: Record<string, unknown>,
  row: OwnRow['row'],
  answers: readonly number[],
): NonNullable<OwnRow['open']> {
  const id = send.id as string;
  const commitments = row.c as Partial<Record<Field, string>>;
  const values = valuesNow(read, d, send.share_id as string);
  const fields = (JSON.parse(send.fields_json as string) as Field[]).map((field) => {
    const same = values.find(
      (v) => v.field === field && fieldCommitment(key, field, id, v.value) === commitments[field],
    );
    // A value that was changed since is not the one that left: then the key goes alone.
    return [`f:${field}`, { key: b64(openingKey(key, field, id)), ...(same ? { value: same.value } : {}) }] as const;
  });
  const answer = answers.find((index) => consentLink(key, id, index) === row.consent);
  return {
    ...Object.fromEntries(fields),
    consent: { key: b64(consentKey(key, id)), ...(answer === undefined ? {} : { value: answer }) },
    epoch: { key: b64(epochKey(key, id)), value: send.subject_epoch as number },
  };
}

function rowsOf(d: OpeningDeps, brandId: string, subjectId: string): OwnRow[] {
  const { read } = d.store;
  const key = d.keys.of(read, brandId, subjectId);
  const answers = read
    .hot('select leaf_index from consent_event where brand_id = ? and subject_id = ? and leaf_index is not null')
    .all(brandId, subjectId)
    .map((e) => e.leaf_index as number);
  const sends = read.hot('select * from disclosure where brand_id = ? and subject_id = ?').all(brandId, subjectId);
  const own = (index: number, open?: (row: OwnRow['row']) => NonNullable<OwnRow['open']>): OwnRow[] => {
    const proven = proveRow(read, index);
    if (!proven) return [];
    const row = JSON.parse(proven.row) as OwnRow['row'];
    return [{ index, row, tlog: proven.tlog, key: b64(rowKey(key)), ...(open ? { open: open(row) } : {}) }];
  };
  // A send that stood on no answer (contract, legal obligation) keyed -1 in its place.
  return [
    ...answers.flatMap((index) => own(index)),
    ...sends.flatMap((send) =>
      own(send.leaf_index as number, (row) => openingsOfSend(read, d, key, send, row, [...answers, -1])),
    ),
  ];
}

/**
 * The proof keys of a person, or of the subjects that are one person: every ledger row of theirs by index, with its proof
 * and what opens it (GATE.md f, g). For that person alone: whoever holds it can read what their rows say. Throws for a
 * person without a key.
 */
export function openingsOf(d: OpeningDeps, who: { brandId: string; subjectIds: readonly string[] }): Openings {
  const rows = who.subjectIds.flatMap((subjectId) => rowsOf(d, who.brandId, subjectId));
  return { v: 1, ledger: d.signer.origin, rows: rows.sort((a, b) => a.index - b.index) };
}
