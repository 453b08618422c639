import { defaultLanguage, longestText, noticeLanguages } from '#contract/notice.ts';
import { problem } from '#contract/problem.ts';
import { jcsHash } from '../gate/digest.ts';
import type { Tx } from '../store/open.ts';
import { type Draft, languagesOf, textKey, topicOf, type Worded, wordsOf } from './notices.ts';

type Read = Pick<Tx, 'hot'>;

/** Who changes a draft and when. */
export interface Editor {
  brandId: string;
  /** `user:<id>`. */
  by: string;
  /** ISO 8601. */
  at: string;
}

/** The one draft of a brand, or undefined where nothing waits to be published. */
export function draftOf(read: Read, brandId: string): (Draft & { by: string; at: string }) | undefined {
  const row = read.hot('select body_json, by, at from notice_draft where brand_id = ?').get(brandId);
  return row && { ...(JSON.parse(row.body_json as string) as Draft), by: row.by as string, at: row.at as string };
}

/** A link starts with a scheme or looks like one; a colon inside a sentence is none. */
const links = /\b([a-z][a-z0-9+.-]*):\/\/|\b(javascript|data|vbscript|file|blob|mailto|tel|http):\S|\bwww\./gi;
/** Marks that turn the direction of what follows, so that a sentence reads otherwise than it is stored; controls. */
const tricks = /[\u202a-\u202e\u2066-\u2069]|(?!\s)\p{Cc}/u;

/** Why a text cannot be kept, in words, or undefined. An empty one can: it is no text yet. */
function wrongText(text: string): string | undefined {
  if (text === '') return undefined;
  if (text.replace(/[\s\p{Cf}]/gu, '') === '') return 'This holds nothing but spaces. Write a text, or leave it empty.';
  const plain = plainText(text);
  if (plain.length > longestText)
    return `This has ${plain.length} characters; up to ${longestText} fit. Shorten it a little.`;
  if ([...plain.matchAll(links)].some(([, scheme]) => scheme?.toLowerCase() !== 'https'))
    return 'A link must start with https://.';
  if (tricks.test(plain)) return 'This holds an invisible character that changes how the text reads. Take it out.';
  return undefined;
}

/** One paragraph, one spelling: what is stored is what is read. */
const plainText = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** The texts of one topic as a form shows them: what is drafted, else what stands; empty where nothing is. */
export function draftedTexts(topic: Worded, langs: readonly string[], draft: Draft | undefined) {
  return Object.fromEntries(langs.map((lang) => [lang, draft?.texts[textKey(topic, lang)] ?? topic.texts[lang] ?? '']));
}

/** Names what a form was drawn from, so that it cannot overwrite what another tab stored meanwhile. */
export const seenOf = (texts: Readonly<Record<string, string>>): string => jcsHash(texts);

/** What became of a form: stored; refused, with a reason by language; or drawn from what another tab has changed. */
export type Saved = { saved: true } | { wrong: Record<string, string> } | { moved: true };

/**
 * Stores the texts of one topic in the draft. One text that cannot be kept keeps all of them out. Raises `not-found`
 * for what is no topic of this brand, and leaves out languages the draft does not have.
 */
export function saveTexts(
  tx: Tx,
  who: Editor,
  form: { integration: string; purpose: string; texts: Readonly<Record<string, string>>; seen: string },
): Saved {
  const topic = topicOf(tx, who.brandId, form.integration, form.purpose);
  const draft = draftOf(tx, who.brandId) ?? { langs: languagesOf(tx, who.brandId), texts: {} };
  const stored = draftedTexts(topic, draft.langs, draft);
  const given = Object.entries(form.texts).filter(([lang]) => draft.langs.includes(lang));
  const wrong = Object.fromEntries(
    given.flatMap(([lang, text]) => {
      if (text === stored[lang] || text === topic.automatic) return []; // the hub's own words may be longer
      const why = wrongText(text);
      return why ? [[lang, why]] : [];
    }),
  );
  if (Object.keys(wrong).length > 0) return { wrong };
  if (seenOf(stored) !== form.seen) return { moved: true };
  const texts = { ...draft.texts };
  for (const [lang, text] of given) texts[textKey(topic, lang)] = plainText(text);
  put(tx, who, { ...draft, texts });
  return { saved: true };
}

/** Adds or removes a language of the next version. Raises `bad-input` for one that is unknown, or the default one. */
export function setLanguage(tx: Tx, who: Editor, lang: string, on: boolean): void {
  if (lang === defaultLanguage || !(noticeLanguages as readonly string[]).includes(lang))
    problem('bad-input', 'That language cannot be added or removed.');
  const draft = draftOf(tx, who.brandId) ?? { langs: languagesOf(tx, who.brandId), texts: {} };
  const others = draft.langs.filter((l) => l !== lang && l !== defaultLanguage);
  const langs = [defaultLanguage, ...[...others, ...(on ? [lang] : [])].sort()];
  const texts = Object.entries(draft.texts).filter(([key]) => on || !key.endsWith(` ${lang}`));
  put(tx, who, { langs, texts: Object.fromEntries(texts) });
}

/** Forgets the draft; what is published stays as it is. */
export const discardDraft = (tx: Tx, brandId: string): void =>
  tx.hot('delete from notice_draft where brand_id = ?').run(brandId);

/** Keeps what differs from what stands; a draft that changes nothing is no draft. */
function put(tx: Tx, { brandId, by, at }: Editor, draft: Draft): void {
  const words = wordsOf(tx, brandId);
  const stands = (key: string) => {
    const topic = words.find((t) => key.startsWith(`${t.integration} ${t.purpose} `));
    return topic && (topic.texts[key.slice(textKey(topic, '').length)] ?? '');
  };
  const texts = Object.fromEntries(Object.entries(draft.texts).filter(([key, text]) => stands(key) !== text));
  discardDraft(tx, brandId);
  if (Object.keys(texts).length === 0 && jcsHash(draft.langs) === jcsHash(languagesOf(tx, brandId))) return;
  tx.hot('insert into notice_draft (brand_id, body_json, by, at) values (?, ?, ?, ?)').run(
    brandId,
    JSON.stringify({ langs: draft.langs, texts }),
    by,
    at,
  );
}
