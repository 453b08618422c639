import type { Manifest } from '#contract/connection.ts';
import type { ConsentBy, ConsentType, Purpose } from '#contract/consent.ts';
import type { BrandConfig } from '#contract/settings.ts';
import type { Field } from '#contract/visitor.ts';
import { brandConfigOrNone, readBrandConfig } from './brand-config.ts';
import { type Closure, closureOf, everyoneIn } from './closure.ts';
import type { Tx } from './open.ts';
import { type Said, saidOfAll } from './statements.ts';
import { type StoredValue, type SubjectKeys, valuesOfAll } from './subjects.ts';

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
  /** The subject whose answers count for this person, and all who were found to be the same (GATE.md a). */
  closure: Closure;
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

/** The head of one subject's own consent machine, or undefined where it was never asked and never answered. */
export function ownHead(read: Read, key: ShareKey): Head | undefined {
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

const negative: readonly ConsentType[] = ['refused', 'withdrawn', 'revoked', 'invalidated'];

/**
 * The head of a person: what the root answered, unless somebody merged into it since had said no: the most restrictive
 * wins, and a yes of theirs does not come along (GATE.md k.10). Nothing is written, so an un-merge brings back what was.
 * An opt-out of the person's address from before they were known counts as their answer until a later one (k.12).
 */
function headOf(read: Read, closure: Closure, key: ShareKey): Head | undefined {
  let head = ownHead(read, { ...key, subjectId: closure.root });
  if (!head || !negative.includes(head.type))
    for (const { id, seq } of closure.merged) {
      if (head && head.seq > seq && head.type !== 'requested' && head.type !== 'deferred') continue;
      const theirs = ownHead(read, { ...key, subjectId: id });
      if (theirs && negative.includes(theirs.type)) head = theirs;
    }
  const opted = closure.rows
    .flatMap((row) => json<Suppressed[]>(row.suppressed_json ?? '[]'))
    .filter((s) => s.integration === '*' || s.integration === key.integrationId)
    .sort((a, b) => a.seq - b.seq)
    .at(-1);
  return opted && opted.seq > (head?.seq ?? 0) && !(head && negative.includes(head.type))
    ? suppressedHead(opted)
    : head;
}

/** An opt-out that was made with an address alone, as the person's row keeps it. */
export interface Suppressed {
  /** `*` is every integration of the brand. */
  integration: string;
  seq: number;
  /** ISO 8601 UTC. */
  at: string;
}

const suppressedHead = ({ seq, at }: Suppressed): Head => ({
  seq,
  at,
  type: 'withdrawn',
  by: 'self',
  method: 'suppression',
  fields: [],
  asked: [],
  terms: {},
  noticeHash: null,
  manifestHash: '',
  validUntil: null,
  leafIndex: null,
});

/** The signals seen of a person that act at this brand, oldest first: GPC, and DNT where the brand says so (GATE.md h). */
export function actingSignals(
  read: Read,
  brandId: string,
  closure: Pick<Closure, 'root' | 'merged'>,
): { kind: 'gpc' | 'dnt'; seq: number }[] {
  const rows = everyoneIn(closure)
    .flatMap((id) =>
      read.hot('select kind, seq from signal_seen where brand_id = ? and subject_id = ?').all(brandId, id),
    )
    .map((r) => ({ kind: r.kind as 'gpc' | 'dnt', seq: r.seq as number }))
    .sort((a, b) => a.seq - b.seq);
  return rows.filter((s) => s.kind === 'gpc' || dntActs(read, brandId));
}

/** True where the brand says that Do Not Track acts like Global Privacy Control (GATE.md h), or nobody can read it (R16). */
export function dntActs(read: Read, brandId: string): boolean {
  return brandConfigOrNone(read, brandId)?.dntActsLikeGpc ?? true;
}

const ages = ['below_consent_age', 'teen', 'adult'] as const;

/** What the rows of a closure come to: each fact as the strictest of them has it. */
function strictest(rows: Closure['rows']): ShareFacts['subject'] {
  return {
    erased: rows.some((r) => r.erased_at !== null),
    restricted: rows.some((r) => r.restricted !== 0),
    objected: rows.some((r) => r.objected !== 0),
    noProfiling: rows.some((r) => r.no_profiling !== 0),
    // A word nobody knows is handed on as it stands, and the gate refuses the value.
    age:
      rows.length === 1
        ? (rows[0]?.age_class as 'adult')
        : (ages.find((a) => rows.some((r) => r.age_class === a)) as 'adult'),
    epoch: rows[0]?.epoch as number,
  };
}

/**
 * Reads the facts of one share for the whole closure of its subject; `subjectId` of the result is the root. Throws when
 * a record is missing or unreadable, and the gate then denies (R16).
 */
export function readShareFacts(read: Read, keys: Pick<SubjectKeys, 'of'>, asked: ShareKey): ShareFacts {
  const { brandId, integrationId, purpose } = asked;
  const closure = closureOf(read, brandId, asked.subjectId);
  const key = { ...asked, subjectId: closure.root };
  const i = read.hot('select * from integration where id = ? and brand_id = ?').get(integrationId, brandId);
  if (!i || closure.rows.length === 0) throw new Error('a record of this share is missing');
  const m = read
    .hot('select body_json from manifest where brand_id = ? and hash = ?')
    .get(brandId, i.manifest_hash as string);
  if (!m) throw new Error('the manifest of this connection is missing');
  const notice = currentNotice(read, brandId);
  const subject = strictest(closure.rows);
  return {
    brandId,
    subjectId: closure.root,
    integrationId,
    purpose,
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
    closure,
    subject,
    said: subject.erased ? {} : saidOfAll(read, keys, brandId, closure),
    values: subject.erased ? [] : valuesOfAll(read, keys, brandId, closure),
    head: headOf(read, closure, key),
    signalSeqs: actingSignals(read, brandId, closure).map((s) => s.seq),
    block: notice?.blocks.find((x) => x.integration === integrationId && x.purpose === purpose),
    noticeHash: notice?.hash,
    servedSeqs: everyoneIn(closure).flatMap((id) =>
      read
        .hot(
          `select seq from notice_served where brand_id = ? and subject_id = ? and integration_id = ? and purpose = ?
           and notice_hash = ?`,
        )
        .all(brandId, id, integrationId, purpose, notice?.hash ?? '')
        .map((r) => r.seq as number),
    ),
  };
}
