import type { Purpose } from '#contract/consent.ts';
import { defaultLanguage } from '#contract/notice.ts';
import { problem } from '#contract/problem.ts';
import { jcsHash } from '../gate/digest.ts';
import { missingFacts, termsOfField } from '../gate/manifest.ts';
import { languageName, topicWords } from '../i18n/en.ts';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { noticeTexts, sameTopic } from '../store/share-facts.ts';
import { offered } from './languages.ts';
import { discardDraft, draftOf } from './notice-draft.ts';
import { changesBetween, partnersOf, type TextChange } from './notice-versions.ts';
import {
  composeNotice,
  insertVersion,
  missingIn,
  sameNotice,
  type Topic,
  topicsOf,
  type Unpublished,
} from './notices.ts';

type Read = Pick<Tx, 'hot'>;

/** What publishing would do to the yeses to one purpose of one partner; zero and zero where nobody said yes. */
interface Effect {
  integration: string;
  partner: string;
  purpose: Purpose;
  changes: TextChange[];
  /** People whose yes no longer counts and who are asked again (D15). */
  stale: number;
  /** People whose yes stays as it is. */
  stays: number;
}

/** What publishing the draft would do, said before it is done. */
export interface Plan {
  /** Names all of this; publishing takes back the one that was read. */
  seen: string;
  /** The number the version would get. */
  version: number;
  effects: Effect[];
  langs: { lang: string; offered: boolean; missing: number; change?: 'added' | 'removed' }[];
  /** Why it cannot be published, a sentence each; empty where it can. */
  obstacles: string[];
}

/** Counts real yeses: those in force now, by whether their terms are among `lost` or only among `kept`. */
function countYes(read: Read, brandId: string, topic: Topic, terms: { lost: string[]; kept: string[] }, now: Date) {
  const row = read
    .hot(
      `with yes as (select exists (select 1 from json_each(e.terms_json) t join json_each(?) x on x.value = t.value) as lost,
         exists (select 1 from json_each(e.terms_json) t join json_each(?) x on x.value = t.value) as kept
       from consent_head h join consent_event e on e.seq = h.event_seq
       join integration i on i.id = h.integration_id
       where h.brand_id = ? and h.integration_id = ? and h.purpose = ? and e.type in ('given', 'renewed')
         and e.seq >= i.revoked_before_seq and (e.valid_until is null or e.valid_until > ?))
       select coalesce(sum(lost), 0) as stale, coalesce(sum(kept and not lost), 0) as stays from yes`,
    )
    .get(
      JSON.stringify(terms.lost),
      JSON.stringify(terms.kept),
      brandId,
      topic.integration,
      topic.purpose,
      now.toISOString(),
    );
  return { stale: row?.stale as number, stays: row?.stays as number };
}

function effectOf(
  read: Read,
  brandId: string,
  topic: Topic,
  plan: { before: Unpublished[]; after: Unpublished[] },
  now: Date,
) {
  const hashes = (texts: readonly Unpublished[]) =>
    texts.flatMap((t) => t.blocks.find(sameTopic(topic.integration, topic.purpose))?.hash ?? []);
  const after = hashes(plan.after);
  const terms = (of: string[]) =>
    topic.manifest.fields
      .filter((f) => f.purpose === topic.purpose)
      .flatMap((f) => of.map((hash) => termsOfField(topic.manifest, f, hash)));
  const before = hashes(plan.before);
  const lost = terms(before.filter((hash) => !after.includes(hash)));
  return countYes(read, brandId, topic, { lost, kept: terms(before.filter((hash) => after.includes(hash))) }, now);
}

/** The version the draft would become, or undefined where nothing would change. */
function nextVersion(read: Read, brandId: string) {
  const draft = draftOf(read, brandId);
  const before = noticeTexts(read, brandId);
  const texts = composeNotice(read, brandId, draft);
  if (!draft || sameNotice(before, texts)) return undefined;
  const topics = topicsOf(read, brandId);
  const lacking = topics.flatMap(({ manifest }) => {
    const lacks = missingFacts(manifest);
    return lacks.length > 0 ? [`${manifest.name} lacks: ${lacks.join(', ')}.`] : [];
  });
  const language = languageName(defaultLanguage);
  const missing = missingIn(texts[0], topics).map(
    ({ manifest, purpose }) => `The ${language} text is missing: ${topicWords({ partner: manifest.name, purpose })}.`,
  );
  const { n } = read
    .hot('select count(distinct published_seq) + 1 as n from notice where brand_id = ?')
    .get(brandId) as { n: number };
  return {
    seen: jcsHash({ before: before.map((t) => t.hash), after: texts.map(({ lang, blocks }) => ({ lang, blocks })) }),
    version: n,
    before,
    texts,
    topics,
    obstacles: [...missing, ...new Set(lacking)],
  };
}

/** What publishing the draft would do to real people, or undefined where nothing would change. */
export function planOf(read: Read, brandId: string, now: Date): Plan | undefined {
  const next = nextVersion(read, brandId);
  if (!next) return undefined;
  const { before, texts, topics, seen, version, obstacles } = next;
  const changes = changesBetween(before, texts, partnersOf(read, brandId));
  const whole = offered(texts);
  const added = (lang: string) => before.every((t) => t.lang !== lang);
  const gone = before.filter((was) => texts.every((t) => t.lang !== was.lang));
  return {
    seen,
    version,
    obstacles,
    effects: topics.map((topic) => ({
      integration: topic.integration,
      partner: topic.manifest.name,
      purpose: topic.purpose,
      changes: changes.filter(sameTopic(topic.integration, topic.purpose)),
      ...effectOf(read, brandId, topic, { before, after: texts }, now),
    })),
    langs: [
      ...texts.map((t) => ({
        lang: t.lang,
        offered: whole.includes(t),
        missing: missingIn(t, topics).length,
        ...(added(t.lang) ? { change: 'added' as const } : {}),
      })),
      ...gone.map(({ lang }) => ({ lang, offered: false, missing: 0, change: 'removed' as const })),
    ],
  };
}

/** What publishing needs. */
export interface PublishDeps {
  store: Store;
  now: () => Date;
  /** Told when strips of the whole brand changed. */
  touch(brandId: string): void;
  /** Told when questions on visitors' screens must be drawn anew. */
  redraw(brandId: string): void;
}

/**
 * Publishes the draft as it was read under `seen`, in one transaction: a row a language, the ledger row that names them,
 * the end of the draft and of every open question. Raises `moved-on` where draft, notice or connections changed since,
 * and `bad-input` naming what is missing.
 */
export async function publishDraft(
  d: PublishDeps,
  who: { brandId: string; userId: string },
  seen: string,
): Promise<void> {
  await d.store.write((tx) => {
    const now = d.now();
    const next = nextVersion(tx, who.brandId);
    if (next?.seen !== seen) problem('moved-on');
    if (next.obstacles.length > 0) problem('bad-input', next.obstacles.join(' '));
    const by = `user:${who.userId}`;
    insertVersion(tx, who.brandId, next.texts, now.toISOString(), by);
    discardDraft(tx, who.brandId);
    const detail = `version ${next.version}`;
    note(tx, now.getTime(), { brandId: who.brandId, actor: by, act: 'publish-notice', detail });
  });
  d.touch(who.brandId);
  d.redraw(who.brandId);
}
