import type { ConsentType } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import { regimeOf } from '../gate/derive.ts';
import type { Tx } from '../store/open.ts';
import type { ShareFacts } from '../store/share-facts.ts';
import type { ConsentDeps } from './events.ts';

/** What a receipt says, as it was when the answer was stored; the signed record is drawn from it when it is fetched. */
export interface ReceiptFacts {
  id: string;
  /** A pseudonym for this receipt alone, so that two receipts of one person share nothing (GATE.md g). */
  principal: string;
  /** The brand as it was. */
  brand: { legalName: string; address: string; contact: string; country: string; slug: string };
  brandId: string;
  integrationId: string;
  purpose: ShareFacts['purpose'];
  manifestHash: string;
  noticeHash: string;
  type: ConsentType;
  yes: Field[];
  no: Field[];
  at: string;
  validUntil: string | null;
  regime: string;
}

/** An answer that was just stored. */
export interface StoredAnswer {
  seq: number;
  leafIndex: number;
  at: string;
  type: ConsentType;
  yes: readonly Field[];
  no: readonly Field[];
  validUntil?: string | null;
}

function brandOf(tx: Tx, brandId: string): ReceiptFacts['brand'] {
  const b = tx.hot('select legal_name, address, contact, country, slug from brand where id = ?').get(brandId);
  const text = (name: string) => String(b?.[name] ?? '');
  return {
    legalName: text('legal_name'),
    address: text('address'),
    contact: text('contact'),
    country: text('country'),
    slug: text('slug'),
  };
}

/** Keeps one receipt for one answer (GATE.md g) and returns its id, a random name that ties it to nobody. */
export function makeReceipt(tx: Tx, d: ConsentDeps, facts: ShareFacts, answer: StoredAnswer): string {
  const id = d.ids();
  const kept: ReceiptFacts = {
    id,
    principal: d.ids(),
    brand: brandOf(tx, facts.brandId),
    brandId: facts.brandId,
    integrationId: facts.integrationId,
    purpose: facts.purpose,
    manifestHash: facts.manifestHash,
    noticeHash: facts.noticeHash ?? '',
    type: answer.type,
    yes: [...answer.yes],
    no: [...answer.no],
    at: answer.at,
    validUntil: answer.validUntil ?? null,
    regime: regimeOf(facts),
  };
  tx.hot(
    'insert into receipt (id, brand_id, subject_id, event_seq, record_json, leaf_index) values (?, ?, ?, ?, ?, ?)',
  ).run(id, facts.brandId, facts.subjectId, answer.seq, JSON.stringify(kept), answer.leafIndex);
  return id;
}
