import type { Manifest } from '#contract/connection.ts';
import { defaultLanguage } from '#contract/notice.ts';
import { type LedgerSigner, proveRow } from '../egress/ledger.ts';
import { issueReceipt } from '../gate/receipt.ts';
import type { ConsentRow } from '../gate/receipt-check.ts';
import { type Answer, receiptRecord } from '../gate/record.ts';
import type { Store } from '../store/open.ts';
import type { ReceiptFacts } from './receipts.ts';

/** What signing a receipt needs. */
export interface IssueDeps {
  store: Store;
  signer: LedgerSigner;
  /** The hub's own origin, for the addresses in the record. */
  origin: string;
}

/**
 * The signed receipt of one answer: record, row, and its proof or the promise of one (GATE.md g). Undefined for an id
 * that is not here. It only reads: drawn again after its proof is there, it is the same, to the byte.
 */
export function receiptFile(d: IssueDeps, id: string): string | undefined {
  const { read } = d.store;
  const kept = read.hot('select record_json, leaf_index from receipt where id = ?').get(id);
  if (!kept) return undefined;
  const facts = JSON.parse(kept.record_json as string) as ReceiptFacts;
  const proven = proveRow(read, kept.leaf_index as number);
  const manifest = read
    .hot('select body_json from manifest where brand_id = ? and hash = ?')
    .get(facts.brandId, facts.manifestHash);
  if (!proven || !manifest) return undefined;
  const notice = read
    .hot('select lang from notice where brand_id = ? and hash = ?')
    .get(facts.brandId, facts.noticeHash);
  const lang = (notice?.lang as string | undefined) ?? defaultLanguage;
  const { slug, country, ...brand } = facts.brand;
  const page = `${d.origin}/privacy/${slug}`;
  const yes = facts.type === 'given' || facts.type === 'renewed';
  const row = JSON.parse(proven.row) as ConsentRow;
  const record = receiptRecord({
    receiptId: facts.id,
    recordId: facts.id,
    principalId: facts.principal,
    createdAt: facts.at,
    brand: { id: facts.brandId, ...brand },
    jurisdictions: [country],
    authority: 'the data protection authority of your country',
    integrationId: facts.integrationId,
    manifest: JSON.parse(manifest.body_json as string) as Manifest,
    purpose: facts.purpose,
    notice: { hash: facts.noticeHash, url: `${page}/notices/${facts.noticeHash}`, lang },
    withdrawUrl: page,
    answer: {
      type: facts.type as Answer,
      fields: yes ? facts.yes : facts.no,
      by: row.by,
      explicit: row.by === 'self' || row.by === 'guardian',
      at: facts.at,
      validUntil: facts.validUntil,
    },
  });
  return issueReceipt({ record, row, tlog: proven.tlog }, d.signer.key);
}
