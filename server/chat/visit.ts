import { problem } from '#contract/problem.ts';
import type { EarlierChat, SeenPage, VisitFact } from '#contract/visit.ts';
import { objectionsOf } from '../consent/objections.ts';
import { brandConfigOrNone } from '../store/brand-config.ts';
import { type Closure, everyoneIn } from '../store/closure.ts';
import { readEntry } from '../store/entries.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { saidOfAll, statedAt } from '../store/statements.ts';
import { putDevice, putPages, visitOf } from '../store/visit.ts';
import { type ChatDeps, type Visitor, type Where, withoutNumbers } from './conversations.ts';
import { deviceOf } from './device.ts';
import { type Contacts, hide } from './hide.ts';
import { pageOf } from './page.ts';

type Deps = Pick<ChatDeps, 'store' | 'keys' | 'now'>;
type Who = Where & { subjectId: string };

/** Earlier chats that are listed, the newest first, and characters of the first words of each. */
const mostEarlier = 20;
const mostWords = 80;

/**
 * True where pages before the one of now are neither kept nor shown: the person objects to profiling, or to every use
 * (R26), or nobody can say. A browser's signal alone does not stop the trail: it is about what is shared (GATE.md h), and
 * no page ever leaves, for it is no field a partner could declare (our guess; the stricter reading would hide it).
 */
function noTrail(read: Pick<Tx, 'hot'>, who: Who): boolean {
  const { all, profiling } = objectionsOf(read, who);
  return all || profiling;
}

const samePage = (a: SeenPage | undefined, b: { address: string }): boolean => a?.address === b.address;

/**
 * Keeps the page a visitor is on, and the one before it in the trail, sealed with the person's key (R67). The same page
 * again changes its title at most. True where anything changed. Raises `bad-input` for a page that is not of the brand's
 * own sites.
 */
export async function keepPage(d: Deps, who: Visitor, said: { address: string; title: string }): Promise<boolean> {
  const { brandId } = who;
  const page = pageOf(said, brandConfigOrNone(d.store.read, brandId)?.sites ?? []);
  if (!page) problem('bad-input', 'This is not a page of the brand’s own sites.');
  return d.store.write((tx) => {
    const place = { ...who, key: d.keys.of(tx, brandId, who.subjectId) };
    const before = visitOf(tx, place);
    const { text: title } = withoutNumbers(tx, brandId, { text: page.title });
    const same = samePage(before.page, page);
    if (same && before.page?.title === title) return false;
    const at = same && before.page ? before.page.at : d.now().toISOString();
    const past = same || !before.page ? before.trail : [...before.trail, before.page];
    putPages(tx, place, { page: { ...page, title, at }, trail: noTrail(tx, who) ? [] : past });
    return true;
  });
}

/** Keeps which browser a chat was begun with, inside the caller's transaction; the user agent itself is kept nowhere. */
export function keepDevice(tx: Tx, d: Deps, who: Who, userAgent: string | undefined): void {
  const words = deviceOf(userAgent);
  if (!words) return;
  const key = d.keys.of(tx, who.brandId, who.subjectId);
  putDevice(tx, { ...who, key }, words, d.now().toISOString());
}

/** Every country the person's network addresses were of; a record nobody can read shows as unknown (R16). */
function countryFact(d: Deps, brandId: string, closure: Closure): VisitFact {
  const { read } = d.store;
  const fact = { kind: 'country', source: 'network address' } as const;
  const seen = readable(() => saidOfAll(read, d.keys, brandId, closure).seen) ?? [];
  if (seen.length === 0) return fact;
  const at = everyoneIn(closure)
    .flatMap((id) => statedAt(read, brandId, id, 'country') ?? [])
    .sort()
    .at(-1);
  return { ...fact, value: [...seen], ...(at ? { at } : {}) };
}

/** The first words of a chat, one line of them. */
function firstWords(
  d: Deps,
  brandId: string,
  chat: Record<string, unknown>,
  hidden: Contacts | undefined,
): string | undefined {
  const row = d.store.read
    .hot("select * from entry where conversation_id = ? and kind = 'message' and n > 0 order by n limit 1")
    .get(chat.id as string);
  const line = row && readEntry(row, d.keys.of(d.store.read, brandId, chat.subject_id as string));
  if (line?.kind !== 'message') return undefined;
  const words = hide(line.text.replace(/\s+/g, ' '), hidden); // cut last: half of what is hidden would be no less of it
  return words.length > mostWords ? `${words.slice(0, mostWords - 1).toWellFormed()}…` : words;
}

/** The other chats of whoever is the same person, in this brand alone (DB4); one that cannot be read has no words (R16). */
function earlierFact(
  d: Deps,
  { brandId, conversationId }: Who,
  closure: Closure,
  hidden: Contacts | undefined,
): VisitFact {
  const value = everyoneIn(closure)
    .flatMap((id) =>
      d.store.read
        .hot(
          'select * from conversation where brand_id = ? and subject_id = ? and id <> ? order by number desc limit ?',
        )
        .all(brandId, id, conversationId, mostEarlier),
    )
    .sort((a, b) => (b.number as number) - (a.number as number))
    .slice(0, mostEarlier)
    .map((c): EarlierChat => {
      const words = readable(() => firstWords(d, brandId, c, hidden));
      return {
        conversation: c.id as string,
        number: c.number as number,
        at: c.opened_at as string,
        open: c.closed_at === null,
        ...(words ? { words } : {}),
      };
    });
  return { kind: 'earlier', source: 'chats here', value };
}

/**
 * What an agent sees of the visit, each with its source, without what is `hidden` from them; what cannot be read shows as
 * unknown (R67, R16, R51).
 */
export function visitFacts(d: Deps, who: Who, closure: Closure, hidden: Contacts | undefined): VisitFact[] {
  const { read } = d.store;
  const stored = readable(() => visitOf(read, { ...who, key: d.keys.of(read, who.brandId, who.subjectId) }));
  const { page, trail = [], device } = stored ?? {};
  const stopped = noTrail(read, who);
  return [
    { kind: 'page', source: 'your site', ...(page ? { value: page, at: page.at } : {}) },
    {
      kind: 'trail',
      source: 'your site',
      ...(stopped ? { stopped: true } : page ? { value: trail.toReversed() } : {}),
    },
    countryFact(d, who.brandId, closure),
    { kind: 'device', source: 'browser', ...(device ? { value: device.words, at: device.at } : {}) },
    earlierFact(d, who, closure, hidden),
  ];
}
