import type { Manifest } from '#contract/connection.ts';
import type { ConsentBy, ConsentType, Purpose } from '#contract/consent.ts';
import { defaultLanguage, type NoticeFacts } from '#contract/notice.ts';
import type { Field } from '#contract/visitor.ts';
import type { Tx } from './open.ts';
import { type StoredValue, type SubjectKeys, valuesOf } from './subjects.ts';

/** The head of one consent machine: the last answer, or the open question where there is none (GATE.md c). */
export interface Head {
  seq: number;
  type: ConsentType;
  by: ConsentBy;
  /** Where it was answered; a screen that showed a signal's conflict is named so (GATE.md h). */
  method: string;
  fields: Field[];
  asked: Field[];
  terms: Partial<Record<Field, string>>;
  noticeHash: string | null;
  manifestHash: string;
  validUntil: string | null;
  at: string;
  leafIndex: number | null;
}

/** The brand's answers to the questions of GATE.md d; stored as JSON in `brand.settings_json`. */
export interface BrandConfig {
  regime: 'opt_in' | 'opt_out' | 'unknown';
  childDirected: boolean;
  /** Origins that may embed the widget. */
  sites: string[];
  signalStopsAllConsentSharing: boolean;
  askedMeansWait: boolean;
  optOutDefaultEnabled: boolean;
  refusalStopsProcessors: boolean;
  /** `DNT: 1` acts like `Sec-GPC: 1` (GATE.md h); false where it is left out. */
  dntActsLikeGpc?: boolean;
}

/** One block of a notice: what is said about one integration and one purpose, with its own hash (GATE.md a). */
export interface NoticeBlock {
  integration: string;
  purpose: Purpose;
  text: string;
  hash: string;
  /** Below a text the brand wrote; absent where the hub wrote it, because its own words name them. */
  facts?: NoticeFacts;
}

/** Finds the block about one integration and purpose. */
export const sameTopic =
  (integration: string, purpose: string) =>
  (block: Pick<NoticeBlock, 'integration' | 'purpose'>): boolean =>
    block.integration === integration && block.purpose === purpose;

/** A notice in one language. */
export interface NoticeText {
  hash: string;
  lang: string;
  blocks: NoticeBlock[];
}

/** Everything one decision needs, read in one transaction; no I/O afterwards (GATE.md d). */
export interface ShareFacts {
  brandId: string;
  subjectId: string;
  integrationId: string;
  purpose: Purpose;
  config: BrandConfig;
  integration: { provider: string; sandbox: boolean; active: boolean; connEpoch: number; revokedBeforeSeq: number };
  manifest: Manifest;
  manifestHash: string;
  subject: {
    erased: boolean;
    restricted: boolean;
    objected: boolean;
    age: 'adult' | 'teen' | 'below_consent_age';
    epoch: number;
  };
  values: StoredValue[];
  head: Head | undefined;
  signalSeqs: number[];
  /** The newest notice's block for this integration and purpose, in the language of the notice that was named. */
  block: NoticeBlock | undefined;
  noticeHash: string | undefined;
  /** That block in every language of the newest notice: a yes counts for the very one it was given to (GATE.md a). */
  blockHashes: string[];
  /** When one of these was served to this person, in whichever notice it stood. */
  servedSeqs: number[];
}

type Read = Pick<Tx, 'hot'>;
/** Which share a decision is about. */
export interface ShareKey {
  brandId: string;
  subjectId: string;
  integrationId: string;
  purpose: Purpose;
}

const json = <T>(text: unknown): T => JSON.parse(text as string) as T;

/** The newest version of a brand's notice, a text for each of its languages, the default one first. */
export function noticeTexts(read: Read, brandId: string): NoticeText[] {
  return read
    .hot(
      `select hash, lang, body_json from notice where brand_id = ? and published_seq =
       (select max(published_seq) from notice where brand_id = ?) order by lang <> ?, lang`,
    )
    .all(brandId, brandId, defaultLanguage)
    .map((row) => ({
      hash: row.hash as string,
      lang: row.lang as string,
      blocks: json<{ blocks: NoticeBlock[] }>(row.body_json).blocks,
    }));
}

/** The newest notice of a brand in its default language. */
export const currentNotice = (read: Read, brandId: string): NoticeText | undefined => noticeTexts(read, brandId)[0];

/** The head of one consent machine, or undefined where nothing was ever asked or answered. */
export function headOf(read: Read, key: ShareKey): Head | undefined {
  const e = read
    .hot(
      `select e.* from consent_head h join consent_event e on e.seq = h.event_seq
       where h.brand_id = ? and h.subject_id = ? and h.integration_id = ? and h.purpose = ?`,
    )
    .get(key.brandId, key.subjectId, key.integrationId, key.purpose);
  if (!e) return undefined;
  return {
    seq: e.seq as number,
    type: e.type as ConsentType,
    by: e.by as ConsentBy,
    method: e.method as string,
    fields: json(e.fields_json),
    asked: json(e.asked_json),
    terms: json(e.terms_json),
    noticeHash: e.notice_hash as string | null,
    manifestHash: e.manifest_hash as string,
    validUntil: e.valid_until as string | null,
    at: e.received_at as string,
    leafIndex: e.leaf_index as number | null,
  };
}

/** The signals seen of a person that act at this brand, oldest first: GPC, and DNT where the brand says so (GATE.md h). */
export function actingSignals(read: Read, brandId: string, subjectId: string): { kind: 'gpc' | 'dnt'; seq: number }[] {
  const rows = read
    .hot('select kind, seq from signal_seen where brand_id = ? and subject_id = ? order by seq')
    .all(brandId, subjectId)
    .map((r) => ({ kind: r.kind as 'gpc' | 'dnt', seq: r.seq as number }));
  return rows.filter((s) => s.kind === 'gpc' || dntActs(read, brandId));
}

/** True where the brand says that Do Not Track acts like Global Privacy Control (GATE.md h); no when unsaid. */
export function dntActs(read: Read, brandId: string): boolean {
  const row = read.hot('select settings_json from brand where id = ?').get(brandId);
  return Boolean(json<Partial<BrandConfig>>(row?.settings_json ?? '{}').dntActsLikeGpc);
}

/** When this block was served: it counts, not the notice around it, where another partner's words may change (GATE.md d). */
function servedSeqs(read: Read, key: ShareKey, texts: readonly NoticeText[], blockHashes: readonly string[]): number[] {
  const block = (hash: unknown) =>
    read
      .hot(
        `select b.value ->> '$.hash' as hash from notice n, json_each(n.body_json, '$.blocks') b where n.brand_id = ?
         and n.hash = ? and b.value ->> '$.integration' = ? and b.value ->> '$.purpose' = ?`,
      )
      .get(key.brandId, hash as string, key.integrationId, key.purpose)?.hash as string;
  return read
    .hot(
      `select seq, notice_hash from notice_served where brand_id = ? and subject_id = ? and integration_id = ?
       and purpose = ?`,
    )
    .all(key.brandId, key.subjectId, key.integrationId, key.purpose)
    .filter((r) => texts.some((t) => t.hash === r.notice_hash) || blockHashes.includes(block(r.notice_hash)))
    .map((r) => r.seq as number);
}

/**
 * Reads the facts of one share; throws when a record is missing or unreadable, and the gate then denies (R16).
 * `noticeHash` names the notice on the screen that is answered; the default language's newest where left out.
 */
export function readShareFacts(
  read: Read,
  keys: Pick<SubjectKeys, 'of'>,
  key: ShareKey,
  noticeHash?: string,
): ShareFacts {
  const { brandId, subjectId, integrationId, purpose } = key;
  const i = read.hot('select * from integration where id = ? and brand_id = ?').get(integrationId, brandId);
  const s = read.hot('select * from subject where id = ? and brand_id = ?').get(subjectId, brandId);
  const b = read.hot('select settings_json from brand where id = ?').get(brandId);
  if (!i || !s || !b) throw new Error('a record of this share is missing');
  const m = read
    .hot('select body_json from manifest where brand_id = ? and hash = ?')
    .get(brandId, i.manifest_hash as string);
  if (!m) throw new Error('the manifest of this connection is missing');
  const texts = noticeTexts(read, brandId);
  const blockIn = (text?: NoticeText) => text?.blocks.find(sameTopic(integrationId, purpose));
  const notice = noticeHash === undefined ? texts[0] : texts.find((t) => t.hash === noticeHash);
  const blockHashes = texts.flatMap((t) => blockIn(t)?.hash ?? []);
  const erased = s.erased_at !== null;
  return {
    ...key,
    config: json(b.settings_json),
    integration: {
      provider: i.provider as string,
      sandbox: i.sandbox === 1,
      active: i.connection === 'active',
      connEpoch: i.conn_epoch as number,
      revokedBeforeSeq: i.revoked_before_seq as number,
    },
    manifest: json(m.body_json),
    manifestHash: i.manifest_hash as string,
    subject: {
      erased,
      restricted: s.restricted === 1,
      objected: s.objected === 1,
      age: s.age_class as 'adult',
      epoch: s.epoch as number,
    },
    values: erased ? [] : valuesOf(read, keys.of(read, brandId, subjectId), brandId, subjectId),
    head: headOf(read, key),
    signalSeqs: actingSignals(read, brandId, subjectId).map((s) => s.seq),
    block: blockIn(notice),
    noticeHash: notice?.hash,
    blockHashes,
    servedSeqs: servedSeqs(read, key, texts, blockHashes),
  };
}
