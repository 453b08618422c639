import type { Manifest } from '#contract/connection.ts';
import type { ConsentBy, ConsentType, Purpose } from '#contract/consent.ts';
import type { Copy, CopyAnswer, CopyRecipient, CopySource } from '#contract/copy.ts';
import type { Field } from '#contract/visitor.ts';
import { type IssueDeps, receiptFile } from '../consent/issue-receipt.ts';
import { noticeVersion } from '../consent/notice-versions.ts';
import { lastReference } from '../egress/reference.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { ledgerRows, recipientName } from '../store/disclosures.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { sourceOf } from '../store/sources.ts';
import { statementKinds, statements } from '../store/statements.ts';
import { type SubjectKeys, valuesOfAll } from '../store/subjects.ts';
import { chatsOf } from './copy-chats.ts';
import { requestsOf } from './requests.ts';

/** What a copy is made from. */
export interface CopyDeps extends IssueDeps {
  keys: SubjectKeys;
  now: () => Date;
  pseudonymKey: Buffer;
}
type Read = Pick<Tx, 'hot'>;
type Who = { brandId: string; subjectId: string };

/** More than anybody's, and a bound all the same. */
const mostRows = 100_000;

/**
 * Everything the hub keeps of a person, whole (R39, GDPR 15, 20): both halves of whoever was found to be one. Left out,
 * because they are others': notes and tags agents make for each other, who held a chat, agents' addresses and user ids;
 * and what opens things: keys, tokens, codes. Numbers taken out of messages are nowhere (R52). Guess: GDPR 15(4) lets
 * notes stay out of a copy one takes alone; the page says that they can be asked for. A part that cannot be read is
 * absent, so that the rest is given (R16).
 */
export function copyOf(d: CopyDeps, who: Who): Copy {
  const { read } = d.store;
  const closure = closureOf(read, who.brandId, who.subjectId);
  const ids = everyoneIn(closure);
  const of = <T>(one: (subjectId: string) => T[]): T[] => ids.flatMap((id) => readable(() => one(id)) ?? []);
  return {
    v: 1,
    madeAt: d.now().toISOString(),
    brand: brandOf(d, who.brandId),
    profile: (readable(() => valuesOfAll(read, d.keys, who.brandId, closure)) ?? []).flatMap(
      (v) =>
        readable(() => [
          { field: v.field, value: v.value, source: copySource(read, who.brandId, v.source), at: v.at },
        ]) ?? [],
    ),
    said: of((subjectId) => saidBy(d, { ...who, subjectId })),
    foundBy: of((id) =>
      read
        .hot('select distinct kind, verified_at from identifier where brand_id = ? and subject_id = ? order by kind')
        .all(who.brandId, id)
        .map((r) => ({
          kind: r.kind as string,
          ...(r.verified_at === null ? {} : { verifiedAt: r.verified_at as string }),
        })),
    ),
    signals: of((id) =>
      read
        .hot('select distinct kind from signal_seen where brand_id = ? and subject_id = ? order by kind')
        .all(who.brandId, id)
        .map((r) => ({ kind: r.kind as string })),
    ),
    chats: of((subjectId) => chatsOf(read, d.keys, { ...who, subjectId })),
    answers: of((subjectId) => answersOf(d, { ...who, subjectId })),
    recipients: recipientsOf(d, who, ids),
    ledger: ledgerRows(read, d.pseudonymKey, { brandId: who.brandId, subjectIds: ids, limit: mostRows }).map(
      ({ subjectId: _, person: __, ...row }) => row,
    ),
    requests: requestsOf(read, who),
  };
}

function brandOf(d: CopyDeps, brandId: string): Copy['brand'] {
  const row = d.store.read.hot('select name, slug, legal_name, address, contact from brand where id = ?').get(brandId);
  return {
    name: row?.name as string,
    legalName: row?.legal_name as string,
    address: row?.address as string,
    contact: row?.contact as string,
    page: `${d.origin}/privacy/${row?.slug}`,
  };
}

/** Where a value came from, in the words of a copy; a connection that is gone has its id for a name. */
function copySource(read: Read, brandId: string, source: string): CopySource {
  const from = sourceOf(read, brandId, source);
  if (from.by === 'visitor') return { by: 'you' };
  if (from.by === 'other') return { by: 'other', name: from.word };
  return { by: from.by === 'login' ? 'account' : 'partner', name: from.name ?? source.slice(source.indexOf(':') + 1) };
}

/** Every statement; of a reveal the field and the reason, for who of the brand looked is theirs. */
const saidBy = ({ store: { read }, keys }: CopyDeps, who: Who): Copy['said'] =>
  statementKinds.flatMap((kind) =>
    statements(read, keys.of(read, who.brandId, who.subjectId), { ...who, kind }).map(({ value, at, by }) => ({
      kind,
      value: kind === 'revealed' ? revealed(value) : value,
      by,
      at,
    })),
  );

function revealed(value: string): string {
  const { field, reason } = JSON.parse(value) as { field: string; reason: string };
  return `${field}: ${reason}`;
}

function answersOf(d: CopyDeps, { brandId, subjectId }: Who): CopyAnswer[] {
  const { read } = d.store;
  return read
    .hot(
      `select e.*, ${recipientName} as partner, r.id as receipt from consent_event e
       join integration i on i.id = e.integration_id
       left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
       left join receipt r on r.brand_id = e.brand_id and r.event_seq = e.seq
       where e.brand_id = ? and e.subject_id = ? order by e.seq`,
    )
    .all(brandId, subjectId)
    .map((row) => {
      const notice = row.notice_hash === null ? undefined : noticeVersion(read, brandId, row.notice_hash as string);
      const receipt = row.receipt === null ? undefined : receiptFile(d, row.receipt as string);
      return {
        at: row.received_at as string,
        partner: row.partner as string,
        purpose: row.purpose as Purpose,
        event: row.type as ConsentType,
        fields: JSON.parse(row.fields_json as string) as Field[],
        asked: JSON.parse(row.asked_json as string) as Field[],
        by: row.by as ConsentBy,
        method: row.method as string,
        regime: row.regime as string,
        ...(row.valid_until === null ? {} : { validUntil: row.valid_until as string }),
        ...(notice ? { notice: { version: notice.version, href: d.origin + notice.href } } : {}),
        ...(receipt ? { receipt } : {}),
      };
    });
}

/** Whoever this person was asked about or sent to, with what it gave back. */
function recipientsOf(d: CopyDeps, who: Who, ids: readonly string[]): CopyRecipient[] {
  const { read } = d.store;
  const met = ids.flatMap((id) =>
    ['consent_event', 'disclosure', 'decision'].flatMap((table) =>
      read
        .hot(`select distinct integration_id as id from ${table} where brand_id = ? and subject_id = ?`)
        .all(who.brandId, id)
        .map((r) => r.id as string),
    ),
  );
  return [...new Set(met)].flatMap((integrationId) => {
    const row = read
      .hot(
        `select i.sandbox, m.body_json from integration i
         left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash where i.id = ? and i.brand_id = ?`,
      )
      .get(integrationId, who.brandId);
    const manifest = readable(() => JSON.parse(row?.body_json as string) as Manifest);
    if (!row || !manifest) return [];
    const ref = readable(() => lastReference(read, d.keys, { ...who, integrationId }));
    const gave = ref && { at: ref.at, ...(ref.record ? { record: ref.record } : {}), card: ref.card ?? [] };
    const { name, recipient, role, retention, policy } = manifest;
    return [
      { partner: name, sandbox: row.sandbox === 1, ...recipient, role, retention, policy, ...(gave ? { gave } : {}) },
    ];
  });
}
