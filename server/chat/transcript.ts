import type { Transcript } from '#contract/calls-visitor.ts';
import { type Entry, isSaid } from '#contract/chat.ts';
import { problem } from '#contract/problem.ts';
import { type AddressDeps, mailboxName, oneAddress } from '../consent/addresses.ts';
import { isSilent } from '../consent/keywords.ts';
import { givenMailbox, mailedHref } from '../consent/mailed-link.ts';
import { type TranscriptWords, transcriptWords } from '../i18n/transcript.ts';
import { entriesOf } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { type ChatDeps, type Visitor, writeLine } from './conversations.ts';

type Read = Pick<Tx, 'hot'>;

/** Transcripts that may be mailed of one chat. */
const most = 3;

/** What mailing needs beside the chat: the one outbox, and the hub's own origin. */
export interface TranscriptDeps extends ChatDeps, AddressDeps {
  origin: string;
  /** Puts one mail on its way, inside the transaction; it goes with the person. */
  mail(tx: Tx, to: string, subject: string, body: string, of: { brandId: string; subjectId: string }): void;
}

/** Words set in, line by line, so that nobody can write a line that reads as another's. */
const setIn = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `  ${line}`)
    .join('\n');

function partOf(entry: Entry, words: TranscriptWords): string[] {
  if (entry.kind === 'ended') {
    const { you, agent, named } = words.ended;
    const who = entry.by === 'visitor' ? you : entry.name ? named(entry.name) : agent;
    return [`${words.at(entry.at)}\n  ${who}`];
  }
  if (!isSaid(entry)) return [];
  const head = `${entry.author === 'visitor' ? words.you : entry.by}, ${words.at(entry.at)}`;
  // Its name alone: a mailbox is not where the file itself was meant to go.
  if (entry.kind === 'file') return [`${head}\n${setIn(words.file(entry.name))}`];
  const masked = entry.masked ? `\n  (${words.masked(entry.masked)})` : '';
  return [`${head}\n${setIn(entry.text)}${masked}`];
}

const brandOf = (read: Read, brandId: string): { name: string; slug: string } =>
  read.hot('select name, slug from brand where id = ?').get(brandId) as { name: string; slug: string };

/**
 * A chat as its visitor may keep it: what both sides said, agents by the name visitors read. Lines for agents alone, and
 * numbers that were taken out, are not read at all (R60). The link leads to the public page, where the reader proves who
 * they are; `own`, only in a mail to the person's own mailbox, proves it in one click (R36).
 */
function transcriptOf(
  d: Pick<TranscriptDeps, 'keys' | 'origin'>,
  read: Read,
  v: Visitor,
  words: TranscriptWords,
  own?: string,
): string {
  const key = d.keys.of(read, v.brandId, v.subjectId);
  const brand = brandOf(read, v.brandId);
  return [
    words.title(brand.name),
    ...entriesOf(read, key, v.conversationId).flatMap((entry) => partOf(entry, words)),
    `${words.myData}\n${own ?? `${d.origin}/privacy/${encodeURIComponent(brand.slug)}`}\n`,
  ]
    .join('\n\n')
    .concat(own ? `\n${words.onlyYours}\n` : '');
}

const leftOf = (read: Read, v: Visitor): number =>
  most -
  (read.hot("select count(*) as n from entry where conversation_id = ? and kind = 'mailed'").get(v.conversationId)
    ?.n as number);

/**
 * The transcript as the visitor reads it, in the first of the languages they want that is spoken here; the address they
 * gave themselves, and whether and how often it can be mailed.
 */
export function readTranscript(
  d: Pick<TranscriptDeps, 'store' | 'keys' | 'origin'>,
  v: Visitor,
  wanted: readonly string[],
): Transcript {
  const { read } = d.store;
  const given = givenMailbox(d, read, v);
  return {
    text: transcriptOf(d, read, v, transcriptWords(wanted)),
    ...(given ? { to: given } : {}),
    left: leftOf(read, v),
    ...(isSilent(read, v) ? { stopped: true } : {}),
  };
}

/**
 * Where a mail goes, and a link that opens the person's page where that is the mailbox they said is theirs: an address
 * typed beside it proves nobody. Then it goes there as they gave it, for one that only looks the same after normalising
 * may be another's.
 */
function addressed(d: TranscriptDeps, tx: Tx, v: Visitor, to: string): { to: string; own?: string } {
  const given = givenMailbox(d, tx, v);
  const mailbox = mailboxName(d.pepper, v.brandId, to);
  if (!given || !oneAddress.test(given) || mailboxName(d.pepper, v.brandId, given) !== mailbox) return { to };
  return {
    to: given,
    own: mailedHref(tx, d, { ...v, slug: brandOf(tx, v.brandId).slug, mailbox }, 'transcript'),
  };
}

/**
 * Mails the transcript, as it is read but for the link, to an address the visitor names, and writes the line in the same
 * commit (R60). The same client id mails once. Raises `bad-input` for what is no address, `too-many` for the fourth of a
 * chat, `stopped` while the person's newest keyword is STOP: asking for a mail does not take a STOP back, START does (R45).
 */
export function mailTranscript(
  d: TranscriptDeps,
  v: Visitor,
  { to, clientId, wanted }: { to: string; clientId: string; wanted: readonly string[] },
): Promise<Entry> {
  const words = transcriptWords(wanted);
  if (!oneAddress.test(to)) problem('bad-input', 'That e-mail address looks incomplete.');
  return writeLine(d, v, (tx) => {
    const before = tx
      .hot('select 1 as one from entry where conversation_id = ? and client_key = ?')
      .get(v.conversationId, `mailed:${clientId}`);
    if (!before) {
      if (isSilent(tx, v)) problem('stopped');
      if (leftOf(tx, v) <= 0) problem('too-many', 'This chat was mailed three times already.');
      const mailed = addressed(d, tx, v, to);
      const text = transcriptOf(d, tx, v, words, mailed.own);
      d.mail(tx, mailed.to, words.title(brandOf(tx, v.brandId).name), text, v);
    }
    return { kind: 'mailed' as const, to, clientId };
  });
}
