import type { Question } from '#contract/chat.ts';
import { type DeclaredField, declaredFor, receivesOf } from '#contract/connection.ts';
import { problem } from '#contract/problem.ts';
import { type Field, fromPartner, isField, visitorFields } from '#contract/visitor.ts';
import { regimeOf, stateOf, termsHold } from '../gate/derive.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { digest, newToken } from '../store/seal.ts';
import {
  type NoticeBlock,
  type NoticeText,
  noticeTexts,
  readShareFacts,
  type ShareFacts,
  type ShareKey,
  sameTopic,
} from '../store/share-facts.ts';
import { appendEvent, type ConsentDeps, type NewEvent } from './events.ts';
import { noticeFor } from './languages.ts';
import { mainReason, type Topic } from './notices.ts';
import { declaredLater, mayAsk, standingOf } from './standing.ts';

/** How long a question may stay on a screen before its nonce dies, in milliseconds (GATE.md c: 15 minutes). */
const nonceMs = 15 * 60_000;

/**
 * What a screen said beside its question stands before the nonce's dot: `s` that the browser asks not to share (GATE.md
 * h), `c` that this is the second step after an opt-out (GATE.md c). Only the hash of the whole is kept, so nobody can
 * put a letter there afterwards.
 */
const marks = { conflict: 's', confirms: 'c' } as const;
const marked = (nonce: string, mark: keyof typeof marks): boolean =>
  nonce.includes('.') && (nonce.split('.')[0] ?? '').includes(marks[mark]);

/** Issues the nonce that makes one answer to a screen possible. */
function issueNonce(
  tx: Tx,
  d: ConsentDeps,
  reader: Omit<Reader, 'surface'>,
  screen: { noticeHash: string; fields: readonly Field[]; conflict: boolean; confirms?: boolean },
): string {
  const before = `${screen.conflict ? marks.conflict : ''}${screen.confirms ? marks.confirms : ''}`;
  const nonce = `${before && `${before}.`}${newToken()}`;
  tx.hot(
    `insert into ui_nonce (nonce_hash, brand_id, subject_id, session_hash, integration_id, purpose, notice_hash,
     fields_json, issued_seq, expires_ms, used) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
  ).run(
    digest(nonce),
    reader.brandId,
    reader.subjectId,
    reader.sessionHash,
    reader.integrationId,
    reader.purpose,
    screen.noticeHash,
    JSON.stringify(screen.fields),
    tx.seq(),
    d.now().getTime() + nonceMs,
  );
  return nonce;
}

/** The second step of a yes after an opt-out: a screen of its own for the very fields that were said yes to (GATE.md c). */
export const confirmNonce = (tx: Tx, d: ConsentDeps, screen: LiveScreen, fields: readonly Field[], session: string) =>
  issueNonce(tx, d, { ...screen, sessionHash: session }, { ...screen, fields, confirms: true });

/** Who reads a question and where; `sessionHash` ties its nonce to one token or cookie. */
export interface Reader extends ShareKey {
  sessionHash: string;
  surface: 'question' | 'preferences';
  /** Languages they want, best first (languages.ts); the default one where left out. */
  wanted?: readonly string[];
}

/** Facts of an active connection that declares the purpose: a partner that is gone asks nothing. */
function askable(tx: Tx, d: ConsentDeps, key: ShareKey): ShareFacts | undefined {
  const known = tx
    .hot('select 1 as ok from integration where id = ? and brand_id = ?')
    .get(key.integrationId, key.brandId);
  const facts = known && readShareFacts(tx, d.keys, key);
  return facts?.integration.active && declaredFor(facts.manifest, key.purpose).length > 0 ? facts : undefined;
}
const activeFacts = (tx: Tx, d: ConsentDeps, key: ShareKey): ShareFacts => askable(tx, d, key) ?? problem('not-found');

/**
 * An agent asks (GATE.md k.17): creates `requested` and nothing else; the visitor's own click grants. Raises
 * `asked-already` where an answer or a question stands, or this chat said Not now: an agent never asks over a no, nor
 * twice (R68).
 */
export function askVisitor(tx: Tx, d: ConsentDeps, key: ShareKey, conversationId: string): ShareFacts {
  const facts = activeFacts(tx, d, key);
  if (!mayAsk(tx, facts, conversationId, d.now())) problem('asked-already');
  request(tx, d, facts, { ...key, by: 'operator', method: 'agent' });
  return facts;
}

/**
 * The person asks to be asked again (R45, START): `requested`, never `given`, where a no stands; undefined where none
 * does, or where nothing can be asked.
 */
export function requestAgain(tx: Tx, d: ConsentDeps, key: ShareKey): ShareFacts | undefined {
  const facts = readable(() => askable(tx, d, key));
  if (!facts || standingOf(facts, d.now()) !== 'no') return undefined;
  request(tx, d, facts, { ...key, by: 'self', method: 'keyword' });
  return facts;
}

function request(tx: Tx, d: ConsentDeps, facts: ShareFacts, how: ShareKey & Pick<NewEvent, 'by' | 'method'>): void {
  const fields = declaredFor(facts.manifest, facts.purpose).map((f) => f.name);
  appendEvent(tx, d, {
    ...how,
    type: 'requested',
    fields,
    asked: fields,
    terms: {},
    manifestHash: facts.manifestHash,
    noticeHash: facts.noticeHash ?? null,
    regime: regimeOf(facts),
    validUntil: null,
  });
}

/**
 * Serves one question: stores that its notice was shown and issues the nonce that makes one answer possible (GATE.md
 * c). The nonce is 256 random bits kept as SHA-256, which no page script can make. Fields without a value are asked
 * only where the partner needs them.
 */
export function serveQuestion(tx: Tx, d: ConsentDeps, reader: Reader): Question {
  const facts = activeFacts(tx, d, reader);
  const notice = noticeFor(tx, reader.brandId, reader.wanted ?? []);
  const block = notice?.blocks.find(sameTopic(reader.integrationId, reader.purpose));
  if (!notice || !block) problem('not-found');
  const declared = declaredFor(facts.manifest, reader.purpose);
  // What a partner supplied is not the person's to pass on to another: it is neither asked for nor shown here (k.15).
  const own = facts.values.filter((v) => !v.source.startsWith(fromPartner));
  const asked = declared.filter((f) => f.need || f.freeText || f.receives || own.some((v) => v.field === f.name));
  const seq = tx.seq();
  tx.hot('delete from ui_nonce where expires_ms < ?').run(d.now().getTime());
  // Shown once is shown: a page that is opened again adds no row (the table only grows).
  const place = [reader.brandId, reader.subjectId, notice.hash, reader.surface, reader.integrationId, reader.purpose];
  const known = tx
    .hot(
      `select 1 as ok from notice_served where brand_id = ? and subject_id = ? and notice_hash = ? and surface = ?
       and integration_id = ? and purpose = ?`,
    )
    .get(...place);
  if (!known)
    tx.hot(
      `insert into notice_served (id, brand_id, subject_id, notice_hash, surface, integration_id, purpose, seq)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(d.ids(), ...place, seq);
  const signal = facts.signalSeqs.length > 0;
  const nonce = issueNonce(tx, d, reader, {
    noticeHash: notice.hash,
    fields: asked.map((f) => f.name),
    conflict: signal,
  });
  const topic = { ...facts, integration: reader.integrationId, sandbox: facts.integration.sandbox };
  return {
    ...questionOf(topic, notice, block),
    nonce,
    ...changedSince(tx, facts, asked, d.now()),
    ...(signal ? { signal } : {}),
    fields: asked.map((f) => {
      const value = f.freeText || f.receives ? undefined : own.find((v) => v.field === f.name)?.value;
      return { ...askedField(f), ...(value === undefined ? {} : { value }) };
    }),
  };
}

/** What changed since the yes that stands, for whoever reads the question again; nothing where no yes stands. */
function changedSince(
  tx: Tx,
  facts: ShareFacts,
  asked: readonly DeclaredField[],
  now: Date,
): Pick<Question, 'changed'> {
  const { head } = facts;
  if (!head || stateOf(head, facts.integration.revokedBeforeSeq, now) !== 'granted') return {};
  if (asked.some((f) => head.fields.includes(f.name) && !termsHold(facts, f))) return { changed: { words: true } };
  const fields = declaredLater(tx, facts).filter((name) => asked.some((f) => f.name === name));
  return fields.length > 0 ? { changed: { fields } } : {};
}

const askedField = ({ name, because, need }: DeclaredField) => ({
  field: name,
  label: visitorFields[name].label,
  because,
  need,
});

/** One question with every declared field, no value and no nonce: what there is to draw before anybody reads it. */
export function questionOf(topic: Topic, { lang }: Pick<NoticeText, 'lang'>, block: NoticeBlock): Question {
  const { manifest, integration, purpose, sandbox } = topic;
  return {
    nonce: '',
    integration,
    partner: manifest.name,
    sandbox,
    ...receivesOf(declaredFor(manifest, purpose)),
    ...(manifest.ai ? { ai: true as const } : {}),
    purpose,
    because: mainReason(topic),
    notice: block.text,
    noticeLang: lang,
    ...(block.facts ? { noticeFacts: block.facts } : {}),
    recipient: { ...manifest.recipient, retention: manifest.retention, policy: manifest.policy },
    fields: declaredFor(manifest, purpose).flatMap((f) => (isField(f.name) ? [askedField(f)] : [])),
  };
}

/** A screen that may be answered: what stood on it. */
export interface LiveScreen extends ShareKey {
  noticeHash: string;
  fields: Field[];
  /** It said that the browser asks not to share, and that a yes counts for this partner only. */
  conflict: boolean;
  /** It was the second step after an opt-out. */
  confirms: boolean;
}

/**
 * Takes a nonce: it must be live, of this session and person, and of the notice that is current; then it is used up.
 * Raises `nonce-dead` for anything else, and no event is left (GATE.md c).
 */
export function takeNonce(
  tx: Tx,
  d: ConsentDeps,
  who: { brandId: string; subjectId: string; sessionHash: string },
  nonce: string,
): LiveScreen {
  const row = tx
    .hot(
      `update ui_nonce set used = 1 where nonce_hash = ? and brand_id = ? and subject_id = ? and session_hash = ?
       and used = 0 and expires_ms > ? returning *`,
    )
    .get(digest(nonce), who.brandId, who.subjectId, who.sessionHash, d.now().getTime());
  if (!row || noticeTexts(tx, who.brandId).every((t) => t.hash !== row.notice_hash)) problem('nonce-dead');
  return {
    brandId: who.brandId,
    subjectId: who.subjectId,
    integrationId: row.integration_id as string,
    purpose: row.purpose as ShareKey['purpose'],
    noticeHash: row.notice_hash as string,
    fields: JSON.parse(row.fields_json as string) as Field[],
    conflict: marked(nonce, 'conflict'),
    confirms: marked(nonce, 'confirms'),
  };
}
