import type { Entry, EntryBody } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import type { Score } from '#contract/survey.ts';
import { raiseMark } from './marks.ts';
import type { Tx } from './open.ts';
import { mac, seal, unseal } from './seal.ts';

type Read = Pick<Tx, 'hot'>;

/** Where an entry goes, and the key of the person it is about. */
export interface EntryPlace {
  brandId: string;
  conversationId: string;
  subjectId: string;
  key: Buffer;
  at: string;
}

/** Whose eyes a list of lines is for: a visitor never gets what is for agents only (R66). */
export type Reader = 'visitor' | 'agent';

/** Kinds that no visitor ever gets (contract isForAgents). */
const agentsOnly: ReadonlySet<EntryBody['kind']> = new Set(['note', 'tagged', 'assigned']);

/** Their words are sealed with the person's key and go with it; sent again under the same key they are stored once. */
const wordsOf = (body: EntryBody): { text: string; clientKey: string | null } | undefined => {
  if (body.kind === 'message') return { text: body.text, clientKey: `${body.author}:${body.clientId}` };
  if (body.kind === 'rated') return { text: JSON.stringify([body.score, body.comment]), clientKey: 'rated' };
  if (body.kind === 'mailed') return { text: body.to, clientKey: `mailed:${body.clientId}` };
  // The file's id is made of its bytes: other bytes under the same client id are other words.
  if (body.kind === 'file')
    return { text: JSON.stringify([body.file, body.name]), clientKey: `${body.author}:${body.clientId}` };
  if (body.kind === 'tagged') return { text: JSON.stringify([body.tag, ...body.tags]), clientKey: null };
  return body.kind === 'note' ? { text: body.text, clientKey: `note:${body.clientId}` } : undefined;
};
/** What of a line is never stored clear. */
const sealedAway = {
  text: undefined,
  name: undefined,
  tag: undefined,
  tags: undefined,
  score: undefined,
  comment: undefined,
  to: undefined,
};
/** The other way round: words that were sealed, back into their line. */
function putWords(body: EntryBody, text: string): void {
  if (body.kind === 'message' || body.kind === 'note') body.text = text;
  else if (body.kind === 'mailed') body.to = text;
  else if (body.kind === 'rated') [body.score, body.comment] = JSON.parse(text) as [Score, string];
  else if (body.kind === 'file') [, body.name = ''] = JSON.parse(text) as string[];
  else if (body.kind === 'tagged') [body.tag = '', ...body.tags] = JSON.parse(text) as string[];
}

/** The next number of a conversation; what is for agents only takes none that a visitor would miss. */
function nextNumber(tx: Tx, { brandId, conversationId }: EntryPlace, forAgents: boolean): number {
  const row = forAgents
    ? tx.hot('select min(coalesce(min(n), 0), 0) - 1 as n from entry where conversation_id = ?').get(conversationId)
    : tx
        .hot('update conversation set last_n = last_n + 1 where id = ? and brand_id = ? returning last_n as n')
        .get(conversationId, brandId);
  if (!row) problem('not-found');
  return row.n as number;
}

/**
 * Appends one line to a conversation, numbered without a gap, inside the caller's transaction.
 * A message, file or note whose client id was seen before gives the stored line back; with other words it is a `conflict`
 * (SECURITY.md DB6).
 */
export function appendEntry(tx: Tx, place: EntryPlace, body: EntryBody): Entry {
  const { brandId, conversationId, subjectId, key, at } = place;
  const words = wordsOf(body);
  const clientKey = words?.clientKey ?? null;
  const text = words?.text ?? null;
  if (clientKey !== null) {
    const before = tx
      .hot('select * from entry where conversation_id = ? and client_key = ?')
      .get(conversationId, clientKey);
    if (before) {
      if (before.text_hash !== mac(key, text ?? ''))
        problem('conflict', 'This client id was used for another message.');
      return readEntry(before, key);
    }
  }
  const n = nextNumber(tx, place, agentsOnly.has(body.kind));
  const stored = words ? { ...body, ...sealedAway } : body;
  const { seq } = tx
    .hot(
      `insert into entry (brand_id, conversation_id, subject_id, n, kind, body_json, text_enc, client_key, text_hash, at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning seq`,
    )
    .get(
      brandId,
      conversationId,
      subjectId,
      n,
      body.kind,
      JSON.stringify(stored),
      text === null ? null : seal(key, `entry|${conversationId}|${n}`, text),
      clientKey,
      text === null ? null : mac(key, text),
      at,
    ) as { seq: number };
  tx.hot('update conversation set last_seq = ? where id = ?').run(seq, conversationId);
  // Answered is dealt with, in every window. A visitor who writes may have been offline: that proves no reading (R62).
  if ((body.kind === 'message' || body.kind === 'file') && body.author === 'agent')
    raiseMark(tx, 'seen', conversationId, n, at);
  return { seq, n, conversation: conversationId, at, ...body };
}

/** One stored line, opened. */
export function readEntry(row: Record<string, unknown>, key: Buffer): Entry {
  const body = JSON.parse(row.body_json as string) as EntryBody;
  const {
    seq,
    n,
    at,
    conversation_id: conversation,
  } = row as {
    seq: number;
    n: number;
    at: string;
    conversation_id: string;
  };
  if (row.text_enc !== null)
    putWords(body, unseal(key, `entry|${conversation}|${n}`, row.text_enc as string).toString());
  return { seq, n, conversation, at, ...body };
}

/** The newest lines of a conversation that this reader may see, oldest first: what a person is shown at once. */
export function newestEntries(read: Read, key: Buffer, conversationId: string, reader: Reader, most = 2_000): Entry[] {
  const whose = reader === 'agent' ? '' : 'and n > 0';
  return read
    .hot(`select * from entry where conversation_id = ? ${whose} order by seq desc limit ?`)
    .all(conversationId, most)
    .toReversed()
    .map((row) => readEntry(row, key));
}

/** Lines of a conversation after `seq` as its visitor may see them, oldest first; all of them where no limit is given. */
export function entriesOf(read: Read, key: Buffer, conversationId: string, afterSeq = 0, limit = -1): Entry[] {
  return read
    .hot('select * from entry where conversation_id = ? and seq > ? and n > 0 order by seq limit ?')
    .all(conversationId, afterSeq, limit)
    .map((row) => readEntry(row, key));
}

/** The tags of a conversation: what its newest change left (R66). */
export function tagsOf(read: Read, key: Buffer, conversationId: string): readonly string[] {
  const row = read
    .hot("select * from entry where conversation_id = ? and kind = 'tagged' order by seq desc limit 1")
    .get(conversationId);
  const line = row && readEntry(row, key);
  return line?.kind === 'tagged' ? line.tags : [];
}

/** What was said in a conversation, oldest first: author and words, nothing else is read. */
export const messagesOf = (
  read: Read,
  key: Buffer,
  conversationId: string,
  before = Number.MAX_SAFE_INTEGER,
): { author: 'visitor' | 'agent'; text: string }[] =>
  read
    .hot(
      `select n, body_json ->> '$.author' as author, text_enc from entry
       where conversation_id = ? and kind = 'message' and n < ? order by n`,
    )
    .all(conversationId, before)
    .map((row) => ({
      author: row.author as 'visitor' | 'agent',
      text: unseal(key, `entry|${conversationId}|${row.n}`, row.text_enc as string).toString(),
    }));

/** Number of the line in which a share was first put; undefined where it has none yet. */
export const shareLine = (read: Read, conversationId: string, shareId: string): number | undefined =>
  (read
    .hot("select min(n) as n from entry where conversation_id = ? and kind = 'share' and body_json ->> '$.share' = ?")
    .get(conversationId, shareId)?.n as number | null) ?? undefined;
