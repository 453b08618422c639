import { type Agent, afterEndMs, type Entry, type EntryBody, type MaskedKind } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import type { Field } from '#contract/visitor.ts';
import { type AddressDeps, looksRight, noteAddresses } from '../consent/addresses.ts';
import { brandConfigOrNone } from '../store/brand-config.ts';
import { chatRow } from '../store/chats.ts';
import { appendEntry, readEntry } from '../store/entries.ts';
import type { Store, Tx } from '../store/open.ts';
import { digest } from '../store/seal.ts';
import { currentNotice } from '../store/share-facts.ts';
import { makeSubject, putValue, type SubjectKeys, valuesOf } from '../store/subjects.ts';
import { awayAt } from './away.ts';
import { checkAsked, recordedOf } from './form.ts';
import { holdByReply, route } from './holding.ts';
import { masksOf, maskText } from './masking.ts';
import { reopen } from './reopen.ts';

/** What chat needs. */
export interface ChatDeps extends AddressDeps {
  store: Store;
  keys: SubjectKeys;
  now: () => Date;
  ids: () => string;
  publish(entries: readonly Entry[], brandId: string): void;
}

/** Whom a visitor's token speaks for: one conversation of one brand (SECURITY.md 4.8). */
export interface Visitor {
  brandId: string;
  subjectId: string;
  conversationId: string;
  tokenHash: string;
}

/** The first message with what the visitor chose to give. */
export interface FirstMessage {
  brandSlug: string;
  /** Made by the visitor's frame; stored as SHA-256 only. */
  token: string;
  clientId: string;
  text: string;
  values: Partial<Record<Field, string>>;
  /** Where a value came from, where that is not the visitor's own typing (GATE.md j, value.source). */
  sources?: (tx: Tx, brandId: string) => Partial<Record<Field, string>>;
  /** What was said to the notice before recording. */
  recorded?: boolean | undefined;
}

/** Whose chat began and which; not new where the same call came again. */
export interface Begun {
  brandId: string;
  subjectId: string;
  conversationId: string;
  isNew: boolean;
}

/**
 * Starts a chat: subject, key, values, conversation and first entry in one commit, durable when this resolves (P1). The
 * answer may be lost: a repeat by the same token finds its chat again (R62), and with other words or values it is a
 * `conflict` (DB6). `along` joins the commit. Raises `not-found` for a brand that is not here, `bad-input` for a malformed address.
 */
export async function startChat(
  d: ChatDeps,
  first: FirstMessage,
  along: (tx: Tx, who: Begun) => Entry[] = () => [],
): Promise<{ conversation: string; entry: Entry }> {
  const { email, phone } = first.values;
  if (email && !looksRight({ kind: 'email', value: email }))
    problem('bad-input', 'That e-mail address looks incomplete.');
  if (phone && !looksRight({ kind: 'phone', value: phone }))
    problem('bad-input', 'That phone number looks incomplete.');
  const done = await d.store.write((tx) => {
    const brand = tx.hot('select id from brand where slug = ?').get(first.brandSlug);
    if (!brand) problem('not-found');
    const brandId = brand.id as string;
    const again = repeated(tx, d, brandId, first);
    if (again) {
      along(tx, { brandId, subjectId: again.subjectId, conversationId: again.entry.conversation, isNew: false });
      return { brandId, entry: again.entry, fresh: [] };
    }
    checkAsked(tx, brandId, first.values);
    const at = d.now().toISOString();
    const made = makeConversation(tx, d, brandId, first, at);
    tx.hot(
      'insert into visitor_token (token_hash, brand_id, conversation_id, subject_id, created_at) values (?, ?, ?, ?, ?)',
    ).run(digest(first.token), brandId, made.entry.conversation, made.subjectId, at);
    const conversationId = made.entry.conversation;
    const more = along(tx, { brandId, subjectId: made.subjectId, conversationId, isNew: true });
    return { brandId, entry: made.entry, fresh: [made.entry, ...more, ...route(tx, d, brandId)] };
  });
  if (done.fresh.length > 0) d.publish(done.fresh, done.brandId);
  return { conversation: done.entry.conversation, entry: done.entry };
}

/** The first entry of the chat this token already opened, for the very same message. */
function repeated(
  tx: Tx,
  d: ChatDeps,
  brandId: string,
  first: FirstMessage,
): { entry: Entry; subjectId: string } | undefined {
  const row = tx
    .hot('select conversation_id, subject_id from visitor_token where token_hash = ? and brand_id = ?')
    .get(digest(first.token), brandId);
  if (!row) return undefined;
  const subjectId = row.subject_id as string;
  const key = d.keys.of(tx, brandId, subjectId);
  const stored = valuesOf(tx, key, brandId, subjectId).filter((v) => v.source === 'visitor');
  const given = Object.entries(first.values).filter(([, value]) => value);
  const same =
    given.length === stored.length && given.every(([f, v]) => stored.some((s) => s.field === f && s.value === v));
  const chat = tx.hot('select recorded from conversation where id = ?').get(row.conversation_id as string);
  if (!same || (chat?.recorded !== null && chat?.recorded !== Number(first.recorded ?? false)))
    problem('conflict', 'This chat was begun with other details.');
  const entry = tx
    .hot('select * from entry where conversation_id = ? and n = 1 and client_key = ?')
    .get(row.conversation_id as string, `visitor:${first.clientId}`);
  const before = entry && readEntry(entry, key);
  const { text } = maskText(first.text, masksOf(brandConfigOrNone(tx, brandId)));
  if (before?.kind !== 'message' || before.text !== text) problem('conflict', 'This chat was begun with other words.');
  return { entry: before, subjectId };
}

type Message = Omit<Extract<EntryBody, { kind: 'message' }>, 'kind' | 'masked'>;

/** Words as they are stored: numbers that must never be are taken out here, before anything of them is written (R52). */
export function withoutNumbers<const B extends { text: string }>(
  tx: Tx,
  brandId: string,
  body: B,
): B & { masked?: MaskedKind[] } {
  const { text, masked } = maskText(body.text, masksOf(brandConfigOrNone(tx, brandId)));
  return { ...body, text, ...(masked.length > 0 ? { masked } : {}) };
}
const messageOf = (tx: Tx, brandId: string, message: Message): EntryBody =>
  withoutNumbers(tx, brandId, { kind: 'message', ...message });
const firstOf = (first: FirstMessage): Message => ({
  author: 'visitor',
  by: 'visitor',
  text: first.text,
  clientId: first.clientId,
});

function makeConversation(tx: Tx, d: ChatDeps, brandId: string, first: FirstMessage, at: string) {
  const subjectId = d.ids();
  const conversationId = d.ids();
  const notice = currentNotice(tx, brandId);
  const key = makeSubject(tx, d.keys, brandId, subjectId);
  const sources = first.sources?.(tx, brandId) ?? {};
  for (const [field, value] of Object.entries(first.values))
    if (value)
      putValue(tx, key, brandId, subjectId, {
        field: field as Field,
        value,
        source: sources[field as Field] ?? 'visitor',
        noticeHash: notice?.hash ?? null,
        seq: tx.seq(),
        at,
      });
  noteAddresses(tx, d, { brandId, subjectId }, first.values);
  const { n } = tx
    .hot('select coalesce(max(number), 0) + 1 as n from conversation where brand_id = ?')
    .get(brandId) as { n: number };
  tx.hot(
    `insert into conversation (id, brand_id, subject_id, number, opened_at, closed_at, last_n, last_seq, seen_n, left_offline,
     recorded) values (?, ?, ?, ?, ?, null, 0, 0, 0, ?, ?)`,
  ).run(
    conversationId,
    brandId,
    subjectId,
    n,
    at,
    awayAt(tx, brandId, new Date(at)) ? 1 : 0,
    recordedOf(tx, brandId, first.recorded),
  );
  return {
    subjectId,
    entry: appendEntry(tx, { brandId, conversationId, subjectId, key, at }, messageOf(tx, brandId, firstOf(first))),
  };
}

/** Whose token this is, or undefined; an ended chat's token stops 24 hours after its end (SECURITY.md 4.8). */
export function visitorOf(d: Pick<ChatDeps, 'store' | 'now'>, token: string): Visitor | undefined {
  const row = d.store.read
    .hot(
      `select t.*, c.closed_at from visitor_token t join conversation c on c.id = t.conversation_id where t.token_hash = ?`,
    )
    .get(digest(token));
  if (!row) return undefined;
  const closed = row.closed_at as string | null;
  if (closed !== null && d.now().getTime() > Date.parse(closed) + afterEndMs) return undefined;
  return {
    brandId: row.brand_id as string,
    subjectId: row.subject_id as string,
    conversationId: row.conversation_id as string,
    tokenHash: row.token_hash as string,
  };
}

/** A conversation of a brand. */
export interface Where {
  brandId: string;
  conversationId: string;
}

/**
 * Stores one message, durable when this resolves; the same client id gives the stored one back (DB6). An agent who replies
 * to a chat nobody holds, holds it from then on (R66). What `along` adds joins its commit.
 */
export const sendMessage = (
  d: ChatDeps,
  where: Where,
  message: Message,
  more: { agent?: Agent; along?: (tx: Tx) => Entry[] } = {},
): Promise<Entry> =>
  writeLine(
    d,
    where,
    (tx) => messageOf(tx, where.brandId, message),
    (tx) => [...(more.along?.(tx) ?? []), ...(more.agent ? holdByReply(tx, d, where, more.agent) : [])],
  );

/** Stores one note, which only agents ever see (R66); masked, durable and told once, as a message is. */
export const writeNote = (
  d: ChatDeps,
  where: Where,
  note: { by: string; text: string; clientId: string },
): Promise<Entry> => writeLine(d, where, (tx) => withoutNumbers(tx, where.brandId, { kind: 'note', ...note }));

/** What a line is made of, inside the transaction; nothing where there is nothing to write. */
type BodyOf<E> = (tx: Tx, chat: { key: Buffer; subjectId: string }) => E;

/** Stores one line, and what `along` adds to a new one, and tells of them once, durable when this resolves. Raises `not-found` for another brand's chat (DB4). */
export async function writeLine<B extends EntryBody | undefined>(
  d: ChatDeps,
  where: Where,
  bodyOf: BodyOf<B>,
  along: (tx: Tx) => Entry[] = () => [],
): Promise<Entry | Extract<B, undefined>> {
  const { entry, fresh } = await d.store.write((tx) => {
    const chat = chatRow(tx, where);
    const subjectId = chat.subject_id as string;
    const key = d.keys.of(tx, where.brandId, subjectId);
    const body = bodyOf(tx, { key, subjectId });
    if (!body) return { entry: undefined as Extract<B, undefined>, fresh: [] };
    const entry = appendEntry(tx, { ...where, subjectId, key, at: d.now().toISOString() }, body);
    const isNew = entry.seq > (chat.last_seq as number);
    // A message that is only repeated opens nothing: its chat may have been ended since.
    const back =
      isNew &&
      (body.kind === 'message' || body.kind === 'file') &&
      reopen(tx, where, chat.closed_at as string | null, d.now());
    const routed = back ? route(tx, d, where.brandId) : [];
    return { entry, fresh: isNew ? [entry, ...along(tx), ...routed] : [] };
  });
  if (fresh.length > 0) d.publish(fresh, where.brandId);
  return entry;
}
