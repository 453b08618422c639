import type { Tx } from '../store/open.ts';
import { type NoticeText, noticeTexts, sameTopic } from '../store/share-facts.ts';

/** "de" of "de-AT", in lower case; undefined for what is no language tag (BCP 47). */
export const primaryLanguage = (tag: string | undefined): string | undefined =>
  /^([a-z]{2,3})(?:[-_][a-z0-9]+)*$/i.exec(tag?.trim() ?? '')?.[1]?.toLowerCase();

/** Written Norwegian has three tags; a notice has one. */
const oneName = (lang: string): string => (lang === 'nb' || lang === 'nn' ? 'no' : lang);

/**
 * The languages a reader wants, best first: the page's own, then the browser's by weight (RFC 9110, 12.5.4). A weight
 * of 0 is a refusal; what is no language tag is left out.
 */
export function wantedLanguages(page: string | undefined, acceptLanguage: string | undefined): string[] {
  const listed = (acceptLanguage ?? '').slice(0, 1000).split(',');
  const weighed = listed.map((part) => {
    const [tag, ...parameters] = part.split(';');
    const q = parameters.map((p) => /^\s*q=(.*)$/i.exec(p)?.[1]).find(Boolean);
    return { tag, weight: q === undefined ? 1 : Number(q) };
  });
  const tags = weighed.filter((w) => w.weight > 0).sort((a, b) => b.weight - a.weight);
  const all = [page, ...tags.map((w) => w.tag)].flatMap((tag) => primaryLanguage(tag) ?? []);
  return [...new Set(all.map(oneName))];
}

/** The languages a version is offered in: those that say everything the default one says. */
export function offered<T extends Pick<NoticeText, 'blocks'>>(texts: readonly T[]): T[] {
  const [full, ...others] = texts;
  if (!full) return [];
  const whole = (t: T) => full.blocks.every((b) => t.blocks.some(sameTopic(b.integration, b.purpose)));
  return [full, ...others.filter(whole)];
}

/** The text of the newest notice for a reader: the first offered language that is wanted, else the default one. */
export function noticeFor(read: Pick<Tx, 'hot'>, brandId: string, wanted: readonly string[]): NoticeText | undefined {
  const texts = offered(noticeTexts(read, brandId));
  for (const lang of wanted) {
    const found = texts.find((t) => t.lang === lang);
    if (found) return found;
  }
  return texts[0];
}
