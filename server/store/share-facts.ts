import type { Manifest } from '#contract/connection.ts';
import type { ConsentBy, ConsentType, Purpose } from '#contract/consent.ts';
import { defaultLanguage, type NoticeFacts } from '#contract/notice.ts';
import type { BrandConfig } from '#contract/settings.ts';
import type { Field } from '#contract/visitor.ts';
import { readBrandConfig } from './brand-config.ts';
import { type Closure, closureOf, everyoneIn } from './closure.ts';
import type { Tx } from './open.ts';
import { onceByText } from './parsed.ts';
import { actingSignals } from './signals.ts';
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
const manifestOf = onceByText((text) => json<Manifest>(text));
const blocksOf = onceByText((text) => json<{ blocks: NoticeBlock[] }>(text).blocks);

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
      blocks: blocksOf(row.body_json as string),
    }));
}

/** The newest notice of a brand in its default language. */
export const currentNotice = (read: Read, brandId: string): NoticeText | undefined => noticeTexts(read, brandId)[0];

/** How the head of one subject's own consent machine reads, also where the rest of its record is damaged. */
export const lastType = (read: Read, key: ShareKey): ConsentType | undefined =>
  read
    .hot(
      `select e.type from consent_head h join consent_event e on e.seq = h.event_seq
       where h.brand_id = ? and h.subject_id = ? and h.integration_id = ? and h.purpose = ?`,
    )
    .get(key.brandId, key.subjectId, key.integrationId, key.purpose)?.type as ConsentType | undefined;

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

/** When this block was served: it counts, not the notice around it, where another partner's words may change (GATE.md d). */
function servedSeqs(
  read: Read,
  key: ShareKey,
  closure: Closure,
  texts: readonly NoticeText[],
  blockHashes: readonly string[],
): number[] {
  const block = (hash: unknown) =>
    read
      .hot(
        `select b.value ->> '$.hash' as hash from notice n, json_each(n.body_json, '$.blocks') b where n.brand_id = ?
         and n.hash = ? and b.value ->> '$.integration' = ? and b.value ->> '$.purpose' = ?`,
      )
      .get(key.brandId, hash as string, key.integrationId, key.purpose)?.hash as string;
  return everyoneIn(closure)
    .flatMap((id) =>
      read
        .hot(
          `select seq, notice_hash from notice_served where brand_id = ? and subject_id = ? and integration_id = ?
           and purpose = ?`,
        )
        .all(key.brandId, id, key.integrationId, key.purpose),
    )
    .filter((r) => texts.some((t) => t.hash === r.notice_hash) || blockHashes.includes(block(r.notice_hash)))
    .map((r) => r.seq as number);
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
 * a record is missing or unreadable, and the gate then denies (R16). `noticeHash` names the notice on the screen that is
 * answered; the default language's newest where left out.
 */
export function readShareFacts(
  read: Read,
  keys: Pick<SubjectKeys, 'of'>,
  asked: ShareKey,
  noticeHash?: string,
): ShareFacts {
  const { brandId, integrationId, purpose } = asked;
  const closure = closureOf(read, brandId, asked.subjectId);
  const key = { ...asked, subjectId: closure.root };
  const i = read.hot('select * from integration where id = ? and brand_id = ?').get(integrationId, brandId);
  if (!i || closure.rows.length === 0) throw new Error('a record of this share is missing');
  const m = read
    .hot('select body_json from manifest where brand_id = ? and hash = ?')
    .get(brandId, i.manifest_hash as string);
  if (!m) throw new Error('the manifest of this connection is missing');
  const texts = noticeTexts(read, brandId);
  const blockIn = (text?: NoticeText) => text?.blocks.find(sameTopic(integrationId, purpose));
  const notice = noticeHash === undefined ? texts[0] : texts.find((t) => t.hash === noticeHash);
  const blockHashes = texts.flatMap((t) => blockIn(t)?.hash ?? []);
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
    manifest: manifestOf(m.body_json as string),
    manifestHash: i.manifest_hash as string,
    closure,
    subject,
    said: subject.erased ? {} : saidOfAll(read, keys, brandId, closure),
    values: subject.erased ? [] : valuesOfAll(read, keys, brandId, closure),
    head: headOf(read, closure, key),
    signalSeqs: actingSignals(read, brandId, closure).map((s) => s.seq),
    block: blockIn(notice),
    noticeHash: notice?.hash,
    blockHashes,
    servedSeqs: servedSeqs(read, key, closure, texts, blockHashes),
  };
}
