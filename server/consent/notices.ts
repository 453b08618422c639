import { declaredFor, type Manifest } from '#contract/connection.ts';
import type { Purpose } from '#contract/consent.ts';
import { defaultLanguage } from '#contract/notice.ts';
import { problem } from '#contract/problem.ts';
import { appendRow, minuteOf } from '../egress/ledger.ts';
import { jcsHash } from '../gate/digest.ts';
import { manifestHash, missingFacts, noticeBlockHash } from '../gate/manifest.ts';
import { country, purposeWords } from '../i18n/en.ts';
import type { Tx } from '../store/open.ts';
import { type NoticeBlock, type NoticeText, noticeTexts, sameTopic } from '../store/share-facts.ts';

type Read = Pick<Tx, 'hot'>;

/** Publishes a manifest (content-addressed, never edited). Raises `bad-input` naming the facts it lacks (R14, D04). */
export function publishManifest(tx: Tx, brandId: string, manifest: Manifest, at: string): string {
  const missing = missingFacts(manifest);
  if (missing.length > 0) problem('bad-input', `${manifest.name} cannot be listed without: ${missing.join(', ')}.`);
  return keepManifest(tx, brandId, manifest, at);
}

/** Keeps a manifest under its hash, as one that is already published and now says less; an empty one shares nothing. */
export function keepManifest(tx: Tx, brandId: string, manifest: Manifest, at: string): string {
  const hash = manifestHash(manifest);
  tx.hot(
    `insert into manifest (hash, brand_id, provider, body_json, published_at) values (?, ?, ?, ?, ?)
     on conflict (brand_id, hash) do nothing`,
  ).run(hash, brandId, manifest.provider, JSON.stringify(manifest), at);
  return hash;
}

/** What one block is about: a purpose that an active connection declares. */
export interface Topic {
  integration: string;
  purpose: Purpose;
  manifest: Manifest;
  sandbox: boolean;
}

/** A notice as it would be published: what an editor changed, or what stands. */
export type Unpublished = Omit<NoticeText, 'hash'>;

/** What an editor changed and did not publish yet. */
export interface Draft {
  /** Every language of the next version; the default one is always in it. */
  langs: string[];
  /** By textKey; empty for a text that was taken away. */
  texts: Record<string, string>;
}

/** The name of one text of a draft. */
export const textKey = ({ integration, purpose }: Pick<Topic, 'integration' | 'purpose'>, lang: string): string =>
  `${integration} ${purpose} ${lang}`;

/** Everything a notice must speak about: each purpose of each active connection, in a fixed order. */
export function topicsOf(read: Read, brandId: string): Topic[] {
  return read
    .hot(
      `select i.id, i.sandbox, m.body_json from integration i
       join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
       where i.brand_id = ? and i.connection = 'active' order by i.id`,
    )
    .all(brandId)
    .flatMap((row) => {
      const manifest = JSON.parse(row.body_json as string) as Manifest;
      const purposes = [...new Set(manifest.fields.map((f) => f.purpose))];
      const integration = row.id as string;
      return purposes.map((purpose) => ({ integration, purpose, manifest, sandbox: row.sandbox === 1 }));
    });
}

const nameOf = (read: Read, brandId: string) =>
  read.hot('select name from brand where id = ?').get(brandId)?.name as string;

/**
 * The words the hub finds for a topic, in its default language. They name recipient, place, purpose and time, and no
 * field: a field added later must not make the old yes to another field stale (GATE.md k.2); each field's own words
 * are in its declaration.
 */
function automaticText({ manifest: m, purpose }: Topic, brand: string): string {
  const { legalName, address, countries } = m.recipient;
  const place = countries.map(country).join(', ');
  const who = `${legalName}, ${address} (${place})`;
  if (declaredFor(m, purpose).some((f) => f.receives))
    return `What ${who}, knows of you may be added to what ${brand} knows, where you say yes to it here. It is shown with its source, never sent on, and deleted when you take your yes back. The chat goes on either way.`;
  const ai = m.ai ? 'It uses AI to work on it. ' : '';
  return `${who}, may get what you say yes to here at ${brand}, for ${purposeWords[purpose]}. ${ai}Kept ${m.retention}. The chat goes on either way.`;
}

/**
 * One block. Below a text a person wrote stand the recipient's facts; they are hashed with it, so that such a block
 * changes with them as the hub's own words do. Fields stay out of it here too (GATE.md k.2).
 */
function blockOf({ integration, purpose, manifest }: Topic, lang: string, text: string, automatic: string) {
  if (lang === defaultLanguage && text === automatic)
    return { integration, purpose, text, hash: noticeBlockHash({ integration, purpose, lang, body: text }) };
  const facts = { ...manifest.recipient, retention: manifest.retention };
  const hash = noticeBlockHash({ integration, purpose, lang, body: { text, facts } });
  return { integration, purpose, text, hash, facts };
}

const blockFor = (blocks: readonly NoticeBlock[], topic: Pick<Topic, 'integration' | 'purpose'>) =>
  blocks.find(sameTopic(topic.integration, topic.purpose));

/** Every version that ever was, newest first: what a partner's block said before it was disconnected is in them. */
function* versions(read: Read, brandId: string): Generator<Map<string, NoticeBlock[]>> {
  const rows = read
    .hot('select published_seq, lang, body_json from notice where brand_id = ? order by published_seq desc')
    .all(brandId);
  let seq: unknown;
  let version = new Map<string, NoticeBlock[]>();
  for (const row of rows) {
    if (seq !== undefined && row.published_seq !== seq) {
      yield version;
      version = new Map();
    }
    seq = row.published_seq;
    version.set(row.lang as string, (JSON.parse(row.body_json as string) as { blocks: NoticeBlock[] }).blocks);
  }
  yield version;
}

/** A topic with its text in each language as it stands without a draft, and with the hub's own words. */
export interface Worded extends Topic {
  automatic: string;
  /** By language; absent where nothing is written. */
  texts: Record<string, string>;
}

/**
 * The words of every topic as the newest version that knew it has them. The hub's own are made anew, because they
 * follow the add-on's declaration; a person's stay (a partner that comes back finds them again).
 */
export function wordsOf(read: Read, brandId: string): Worded[] {
  const brand = nameOf(read, brandId);
  const found = new Map<Topic, Record<string, string>>();
  const topics = topicsOf(read, brandId);
  for (const version of versions(read, brandId)) {
    for (const topic of topics) {
      if (found.has(topic) || !blockFor(version.get(defaultLanguage) ?? [], topic)) continue;
      const texts: Record<string, string> = {};
      for (const [lang, blocks] of version) {
        const block = blockFor(blocks, topic);
        if (block?.facts) texts[lang] = block.text;
      }
      found.set(topic, texts);
    }
    if (found.size === topics.length) break;
  }
  return topics.map((topic) => {
    const automatic = automaticText(topic, brand);
    return { ...topic, automatic, texts: { [defaultLanguage]: automatic, ...found.get(topic) } };
  });
}

/** One topic of the brand with its words. Raises `not-found` for one that is not declared, or another brand's. */
export const topicOf = (read: Read, brandId: string, integration: string, purpose: string): Worded =>
  wordsOf(read, brandId).find(sameTopic(integration, purpose)) ?? problem('not-found');

/** The languages of the newest version; before the first, the default one alone. */
export function languagesOf(read: Read, brandId: string): string[] {
  const known = noticeTexts(read, brandId).map((t) => t.lang);
  return known.length > 0 ? known : [defaultLanguage];
}

/** The notice as it would be now: what stands, with a draft's changes over it, for what the connections declare. */
export function composeNotice(read: Read, brandId: string, draft?: Draft): Unpublished[] {
  const topics = wordsOf(read, brandId);
  return (draft?.langs ?? languagesOf(read, brandId)).map((lang) => ({
    lang,
    blocks: topics.flatMap((topic) => {
      const text = draft?.texts[textKey(topic, lang)] ?? topic.texts[lang];
      return text ? [blockOf(topic, lang, text, topic.automatic)] : [];
    }),
  }));
}

/** True where two notices are the same in every language, to the byte. */
export function sameNotice(a: readonly Unpublished[], b: readonly Unpublished[]): boolean {
  const bytes = (texts: readonly Unpublished[]) => jcsHash(texts.map(({ lang, blocks }) => ({ lang, blocks })));
  return bytes(a) === bytes(b);
}

/**
 * Stores one version: a row a language with one place in the order, and the ledger row that names them where a person
 * published (`by`, `user:<id>`). Every open question dies with the version before (GATE.md c). Returns the default
 * language's hash.
 */
export function insertVersion(tx: Tx, brandId: string, texts: readonly Unpublished[], at: string, by?: string): string {
  const seq = tx.seq();
  const hashes = texts.map(({ lang, blocks }) => {
    const name = jcsHash({ lang, blocks });
    // A notice whose content comes back (connect, disconnect, connect) is a version of its own: the hash carries its seq.
    const known = tx.hot('select 1 as ok from notice where brand_id = ? and hash = ?').get(brandId, name);
    const hash = known ? jcsHash({ lang, blocks, again: seq }) : name;
    tx.hot(
      'insert into notice (hash, brand_id, lang, body_json, published_seq, published_at) values (?, ?, ?, ?, ?, ?)',
    ).run(hash, brandId, lang, JSON.stringify({ blocks, ...(by ? { by } : {}) }), seq, at);
    return hash;
  });
  // What a person set stands in the ledger; the hub's own words follow the connection and are named by each answer.
  if (by)
    appendRow(tx, brandId, { v: 1, t: 'setting', setting: 'notice', notices: hashes, minute: minuteOf(new Date(at)) });
  tx.hot('delete from ui_nonce where brand_id = ?').run(brandId);
  return hashes[0] ?? problem('internal', 'a notice without a language');
}

/** Publishes the brand's notice anew after a connection or declaration changed; one that says the same is kept. */
export function publishNotice(tx: Tx, brandId: string, at: string): string {
  const before = noticeTexts(tx, brandId);
  const texts = composeNotice(tx, brandId);
  return before[0] && sameNotice(before, texts) ? before[0].hash : insertVersion(tx, brandId, texts, at);
}

/** Topics without a block in a language. */
export const missingIn = (text: Pick<NoticeText, 'blocks'> | undefined, topics: readonly Topic[]): Topic[] =>
  topics.filter((t) => !blockFor(text?.blocks ?? [], t));

/** The first reason a field of a topic is asked for: the head of the question. */
export function mainReason({ manifest, purpose }: Pick<Topic, 'manifest' | 'purpose'>): string {
  const declared = declaredFor(manifest, purpose);
  return declared.find((f) => f.need)?.because ?? declared[0]?.because ?? '';
}
