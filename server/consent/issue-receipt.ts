import type { Manifest } from '#contract/connection.ts';
import { type LedgerSigner, proveRow } from '../egress/ledger.ts';
import { type ConsentRow, issueReceipt } from '../gate/receipt.ts';
import { type Answer, receiptRecord } from '../gate/record.ts';
import type { Store } from '../store/open.ts';
import type { ReceiptFacts } from './receipts.ts';

/** What signing a receipt needs. */
export interface IssueDeps {
  store: Store;
  signer: LedgerSigner;
  now: () => Date;
  ids: () => string;
  /** The hub's own origin, for the addresses in the record. */
  origin: string;
}

/**
 * The signed receipt of one answer: record, row and proof, checkpointed now so that it never waits (GATE.md g).
 * Undefined for an id that is not here. The principal is a new pseudonym each time it is drawn.
 */
export async function receiptFile(d: IssueDeps, id: string): Promise<string | undefined> {
  const { read } = d.store;
  const kept = read.hot('select record_json, leaf_index from receipt where id = ?').get(id);
  if (!kept) return undefined;
  const facts = JSON.parse(kept.record_json as string) as ReceiptFacts;
  const proven = await proveRow(d.store, d.signer, kept.leaf_index as number, d.now());
  const brand = read.hot('select * from brand where id = ?').get(facts.brandId);
  const manifest = read
    .hot('select body_json from manifest where brand_id = ? and hash = ?')
    .get(facts.brandId, facts.manifestHash);
  if (!proven || !brand || !manifest) return undefined;
  const page = `${d.origin}/privacy/${brand.slug}`;
  const yes = facts.type === 'given' || facts.type === 'renewed';
  const row = JSON.parse(proven.row) as ConsentRow;
  const record = receiptRecord({
    receiptId: facts.id,
    recordId: facts.id,
    principalId: d.ids(),
    createdAt: facts.at,
    brand: {
      id: facts.brandId,
      legalName: brand.legal_name as string,
      address: brand.address as string,
      contact: brand.contact as string,
    },
    jurisdictions: [brand.country as string],
    authority: 'the data protection authority of your country',
    integrationId: facts.integrationId,
    manifest: JSON.parse(manifest.body_json as string) as Manifest,
    purpose: facts.purpose,
    notice: { hash: facts.noticeHash, url: page, lang: 'en' },
    withdrawUrl: page,
    answer: {
      type: facts.type as Answer,
      fields: yes ? facts.yes : facts.no,
      by: 'self',
      explicit: true,
      at: facts.at,
      validUntil: facts.validUntil,
    },
  });
  return issueReceipt({ record, row, tlog: proven.tlog }, d.signer.key);
}
