import { isSaid } from '#contract/chat.ts';
import type { SearchHit, SearchPage } from '#contract/search.ts';
import { closureOf } from '../store/closure.ts';
import { readEntry, tagsOf } from '../store/entries.ts';
import { readable } from '../store/readable.ts';
import { valuesOfAll } from '../store/subjects.ts';
import type { ChatDeps } from './conversations.ts';
import { type Contacts, hide, isWhole } from './hide.ts';
import { heldIn, pieceOf, soughtIn } from './matcher.ts';
import type { ContactsOfChat } from './veil.ts';
import { isOwn, stranger } from './views.ts';

type Deps = Pick<ChatDeps, 'store' | 'keys'>;

/** How much one call opens: lines of the log, and characters of what was written, so that no call holds the hub up. */
export interface SearchBudget {
  rows: number;
  chars: number;
}
const usual: SearchBudget = { rows: 1_000, chars: 200_000 };

/** What is known of a chat as a whole; agents see all of it elsewhere too. */
interface Head {
  key: Buffer;
  number: number;
  title: string;
  ended: boolean;
  words: string;
  /** What this reader does not read; they find the chat by a whole address they know, all the same (R51). */
  hidden: Contacts | undefined;
}

/** Newest lines of the log before one, of all these brands together. */
const newest = (d: Deps, brandIds: readonly string[], before: number, limit: number): Record<string, unknown>[] =>
  brandIds
    .flatMap((id) =>
      d.store.read
        .hot('select * from entry where brand_id = ? and seq < ? order by seq desc limit ?')
        .all(id, before, limit),
    )
    .sort((a, b) => (b.seq as number) - (a.seq as number))
    .slice(0, limit);

/** Opens what a chat is found by; nothing where the person was forgotten or the record cannot be read (R16). */
function headOf(d: Deps, brandId: string, conversationId: string, of: ContactsOfChat): Head | undefined {
  const { read } = d.store;
  const c = read
    .hot('select number, subject_id, closed_at from conversation where id = ? and brand_id = ?')
    .get(conversationId, brandId);
  if (!c) return undefined;
  const subjectId = c.subject_id as string;
  return readable(() => {
    const key = d.keys.of(read, brandId, subjectId);
    // A partner's word about a person is not what a chat is found by: it may be shown only while a yes stands (R22).
    const own = valuesOfAll(read, d.keys, brandId, closureOf(read, brandId, subjectId)).filter(isOwn);
    const value = (field: string) => own.find((v) => v.field === field)?.value;
    const hidden = of(conversationId);
    const title = hide(value('name') ?? stranger(subjectId), hidden);
    const number = c.number as number;
    const contacts = hidden ? [] : [value('email'), value('phone')];
    const known = [`#${number}`, title, ...contacts, ...tagsOf(read, key, conversationId)];
    const words = hide(known.filter(Boolean).join(', '), hidden);
    return { key, number, title, ended: c.closed_at !== null, words, hidden };
  });
}

/**
 * Looks through the chats of these brands, as through one log (R64), for lines that hold all words, newest first:
 * messages, notes, and what a chat is known by. One call opens no more than its budget and says where the next goes on.
 * Nothing is kept and nothing is logged; what was sealed for somebody who is forgotten is not found. A word like `#12` is
 * a chat's number. What is `hidden` from the reader is found by nobody's guess at a part of it (R51).
 */
export function searchChats(
  d: Deps,
  {
    brandIds,
    query,
    before = Number.MAX_SAFE_INTEGER,
    hidden,
  }: { brandIds: readonly string[]; query: string; before?: number | undefined; hidden: ContactsOfChat },
  budget: SearchBudget = usual,
): SearchPage {
  const sought = soughtIn(query);
  const number = sought.find((word) => /^#\d+$/.test(word));
  const words = sought.filter((word) => word !== number);
  const heads = new Map<string, Head | undefined>();
  const found = new Map<string, SearchHit>();
  const rows = newest(d, brandIds, before, budget.rows);
  let chars = 0;
  let last: Record<string, unknown> | undefined;
  for (const row of rows) {
    if (chars > budget.chars) break;
    last = row;
    const conversation = row.conversation_id as string;
    const brand = row.brand_id as string;
    const isNew = !heads.has(conversation);
    if (isNew) heads.set(conversation, headOf(d, brand, conversation, hidden));
    const head = heads.get(conversation);
    if (!head || found.has(conversation) || (number && number !== `#${head.number}`)) continue;
    const { number: no, title, ended } = head;
    const hit = { conversation, brand, number: no, title, ended, at: row.at as string };
    const inHead = [...heldIn(head.words, words), ...words.filter((word) => isWhole(word, head.hidden))];
    chars += isNew ? head.words.length : 0;
    if (isNew && inHead.length === words.length) {
      found.set(conversation, { ...hit, kind: 'chat', ...pieceOf(head.words, sought) });
      continue;
    }
    if (!['message', 'file', 'note'].includes(row.kind as string)) continue;
    const line = readable(() => readEntry(row, head.key));
    if (!line || !(isSaid(line) || line.kind === 'note')) continue;
    const text = hide(line.kind === 'file' ? line.name : line.text, head.hidden);
    chars += text.length;
    const inLine = heldIn(text, words);
    // The words may stand in both: "Ada refund" finds where Ada's chat speaks of a refund.
    if (inLine.length === 0 || words.some((word) => !inLine.includes(word) && !inHead.includes(word))) continue;
    const by = line.kind !== 'note' && line.author === 'visitor' ? head.title : line.by;
    const kind = line.kind === 'note' ? 'note' : 'message';
    found.set(conversation, { ...hit, kind, seq: line.seq, by, ...pieceOf(text, inLine) });
  }
  const whole = rows.length < budget.rows && last === rows.at(-1);
  const hits = [...found.values()];
  return last && !whole ? { hits, next: { before: last.seq as number, at: last.at as string } } : { hits };
}
