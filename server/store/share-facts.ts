import type { Manifest } from '#contract/connection.ts';
import type { ConsentBy, ConsentType, Purpose } from '#contract/consent.ts';
import type { BrandConfig } from '#contract/settings.ts';
import type { Field } from '#contract/visitor.ts';
import { brandConfigOrNone, readBrandConfig } from './brand-config.ts';
import type { Tx } from './open.ts';
import { type Said, saidOf } from './statements.ts';
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

/** One block of a notice: what is said about one integration and one purpose, with its own hash (GATE.md a). */
export interface NoticeBlock {
  integration: string;
  purpose: Purpose;
  text: string;
  hash: string;
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
    noProfiling: boolean;
    /** As found out; what counts is derived from it and from `said` (gate/age.ts). */
    age: 'adult' | 'teen' | 'below_consent_age';
    epoch: number;
  };
  said: Said;
  values: StoredValue[];
  head: Head | undefined;
  signalSeqs: number[];
  /** The newest notice's block for this integration and purpose, and when it was served to this person. */
  block: NoticeBlock | undefined;
  noticeHash: string | undefined;
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

/** The newest notice of a brand: hash and blocks. */
export function currentNotice(read: Read, brandId: string): { hash: string; blocks: NoticeBlock[] } | undefined {
  const row = read
    .hot('select hash, body_json from notice where brand_id = ? order by published_seq desc limit 1')
    .get(brandId);
  return row && { hash: row.hash as string, blocks: json<{ blocks: NoticeBlock[] }>(row.body_json).blocks };
}

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

/** True where the brand says that Do Not Track acts like Global Privacy Control (GATE.md h), or nobody can read it (R16). */
export function dntActs(read: Read, brandId: string): boolean {
  return brandConfigOrNone(read, brandId)?.dntActsLikeGpc ?? true;
}

/** Reads the facts of one share; throws when a record is missing or unreadable, and the gate then denies (R16). */
export function readShareFacts(read: Read, keys: Pick<SubjectKeys, 'of'>, key: ShareKey): ShareFacts {
  const { brandId, subjectId, integrationId, purpose } = key;
  const i = read.hot('select * from integration where id = ? and brand_id = ?').get(integrationId, brandId);
  const s = read.hot('select * from subject where id = ? and brand_id = ?').get(subjectId, brandId);
  if (!i || !s) throw new Error('a record of this share is missing');
  const m = read
    .hot('select body_json from manifest where brand_id = ? and hash = ?')
    .get(brandId, i.manifest_hash as string);
  if (!m) throw new Error('the manifest of this connection is missing');
  const notice = currentNotice(read, brandId);
  const erased = s.erased_at !== null;
  const opened = erased ? undefined : keys.of(read, brandId, subjectId);
  return {
    ...key,
    config: readBrandConfig(read, brandId),
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
      restricted: s.restricted !== 0,
      objected: s.objected !== 0,
      noProfiling: s.no_profiling !== 0,
      age: s.age_class as 'adult',
      epoch: s.epoch as number,
    },
    said: opened ? saidOf(read, opened, brandId, subjectId) : {},
    values: opened ? valuesOf(read, opened, brandId, subjectId) : [],
    head: headOf(read, key),
    signalSeqs: actingSignals(read, brandId, subjectId).map((s) => s.seq),
    block: notice?.blocks.find((x) => x.integration === integrationId && x.purpose === purpose),
    noticeHash: notice?.hash,
    servedSeqs: read
      .hot(
        `select seq from notice_served where brand_id = ? and subject_id = ? and integration_id = ? and purpose = ?
         and notice_hash = ?`,
      )
      .all(brandId, subjectId, integrationId, purpose, notice?.hash ?? '')
      .map((r) => r.seq as number),
  };
}
