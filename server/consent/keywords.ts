import type { Entry } from '#contract/chat.ts';
import { declaredFor, receivesOf } from '#contract/connection.ts';
import { type Keyword, type StopWord, stopWords } from '#contract/keyword.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import { appendEntry } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { type AddressDeps, suppressAddresses } from './addresses.ts';
import { type OptOutDeps, optOutIn, purposesOf } from './opt-out.ts';
import { requestAgain } from './questions.ts';

/** What a keyword needs. */
export interface KeywordDeps extends OptOutDeps, AddressDeps {}

/** Whose message it was, and where. */
interface Sender {
  brandId: string;
  subjectId: string;
  conversationId: string;
}

/** What a message asked for; `wrote` is the word it used where several ask for the same. */
interface Heard {
  word: Keyword;
  wrote?: StopWord;
}

/**
 * The keyword a message consists of, in any case, outer spaces and a full stop left out (GATE.md h, "SMS"); undefined for
 * anything longer. The words of text messages count in the chat as well (R45): a no too many can be taken back, a no
 * that was not heard cannot.
 */
export function keywordOf(text: string): Heard | undefined {
  const said = text
    .normalize('NFKC')
    .trim()
    .replace(/\s*\.$/, '')
    .toUpperCase();
  const wrote = stopWords.find((word) => word === said);
  if (wrote) return { word: 'stop', wrote };
  return said === 'START' ? { word: 'start' } : said === 'HELP' ? { word: 'help' } : undefined;
}

/** True while the newest of a person's keywords is STOP: nothing is sent to them by itself (R45). */
export function isSilent(read: Pick<Tx, 'hot'>, { brandId, subjectId }: Omit<Sender, 'conversationId'>): boolean {
  return newestKeyword(read, brandId, subjectId) === 'stop';
}

function newestKeyword(read: Pick<Tx, 'hot'>, brandId: string, subjectId: string): Keyword | undefined {
  let newest = { seq: 0, word: undefined as Keyword | undefined };
  for (const id of everyoneIn(closureOf(read, brandId, subjectId))) {
    const row = read
      .hot(
        `select seq, body_json ->> '$.word' as word from entry
         where brand_id = ? and subject_id = ? and kind = 'keyword' and body_json ->> '$.word' <> 'help'
         order by seq desc limit 1`,
      )
      .get(brandId, id);
    if (row && (row.seq as number) > newest.seq) newest = { seq: row.seq as number, word: row.word as Keyword };
  }
  return newest.word;
}

/**
 * Does what a keyword says, inside the transaction that stores the message (R45, GATE.md h): STOP turns every partner of
 * the brand off for this person and every address they gave, and is confirmed once; START asks again and grants nothing;
 * HELP answers. After the commit the caller publishes `entries` and cancels the leases of `person`.
 */
export function heed(tx: Tx, d: KeywordDeps, who: Sender, heard: Heard): { person: string; entries: Entry[] } {
  const { word } = heard;
  const { root: person } = closureOf(tx, who.brandId, who.subjectId);
  const key = d.keys.of(tx, who.brandId, who.subjectId);
  const line = (body: Parameters<typeof appendEntry>[2]) =>
    appendEntry(tx, { ...who, key, at: d.now().toISOString() }, body);
  if (word === 'help') return { person, entries: [line({ kind: 'keyword', ...heard })] };
  const integrations = tx
    .hot('select id from integration where brand_id = ?')
    .all(who.brandId)
    .map((r) => r.id as string);
  const silent = isSilent(tx, who);
  if (word === 'start') {
    if (!silent) return { person, entries: [] }; // nothing was stopped, so it is a word like any other
    // The line first: live readers take entries in order, and skip what comes after a newer one.
    const told = line({ kind: 'keyword', ...heard });
    const asked = integrations.flatMap((integrationId) =>
      purposesOf(tx, { ...who, integrationId }).flatMap((purpose) => {
        const facts = requestAgain(tx, d, { ...who, integrationId, purpose });
        if (!facts) return [];
        const { name: partner } = facts.manifest;
        const more = receivesOf(declaredFor(facts.manifest, purpose));
        return [line({ kind: 'asked', integration: integrationId, partner, purpose, by: 'visitor', ...more })];
      }),
    );
    return { person, entries: [told, ...asked] };
  }
  const done = integrations.map((integrationId) => optOutIn(tx, d, { ...who, integrationId, method: 'keyword' }));
  suppressAddresses(tx, d, who);
  const changed = done.some(({ seq }) => seq > 0);
  // Exactly one confirmation, which the stop itself does not keep away; a second STOP with nothing left to stop has none.
  const told = silent && !changed ? [] : [line({ kind: 'keyword', ...heard })];
  return { person, entries: [...done.flatMap(({ entries }) => entries), ...told] };
}
