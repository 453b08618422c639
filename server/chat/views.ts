import {
  type Agent,
  type Card,
  type ConversationView,
  type Fact,
  isSaid,
  type QueueRow,
  type StripCell,
} from '#contract/chat.ts';
import { declaredFor, receivesOf } from '#contract/connection.ts';
import { combinePurpose, reasons } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { type Field, fieldNames, fromPartner, visitorFields } from '#contract/visitor.ts';
import { mayAsk, standingOf } from '../consent/standing.ts';
import { flaggedSince } from '../consent/under-age.ts';
import { previewShare } from '../egress/preview.ts';
import { lastReference, type Reference } from '../egress/reference.ts';
import { combinable } from '../gate/combine.ts';
import { brandConfigOrNone } from '../store/brand-config.ts';
import { reconnecting } from '../store/broken.ts';
import { chatRow } from '../store/chats.ts';
import { closureOf } from '../store/closure.ts';
import { newestEntries, readEntry, tagsOf } from '../store/entries.ts';
import { marksOf, unreadOf } from '../store/marks.ts';
import { agentIn } from '../store/members.ts';
import type { Tx } from '../store/open.ts';
import { readShareFacts } from '../store/share-facts.ts';
import { partnerNameOf, sourceOf } from '../store/sources.ts';
import { type StoredValue, valuesOfAll } from '../store/subjects.ts';
import type { ChatDeps } from './conversations.ts';
import { type Contacts, hide } from './hide.ts';
import { newestChange } from './holding.ts';
import { masksOf, maskText } from './masking.ts';
import type { ContactsOfChat } from './veil.ts';
import { visitFacts } from './visit.ts';

type Deps = Pick<ChatDeps, 'store' | 'keys' | 'now'>;

/** Given by the person or an agent: how somebody is called is never a partner's word (R22). */
export const isOwn = (v: Pick<StoredValue, 'source'>): boolean => !v.source.startsWith(fromPartner);

/** "Visitor 7F2C" where no name was given: short, stable, and no identifier anywhere else. */
export const stranger = (subjectId: string) => `Visitor ${subjectId.slice(-4).toUpperCase()}`;

/** Last line, name and tags of a chat; none where the person's record cannot be read, so that the queue stays whole (R16). */
function glanceAt(read: Pick<Tx, 'hot'>, d: Deps, brandId: string, subjectId: string, conversationId: string) {
  try {
    const key = d.keys.of(read, brandId, subjectId);
    const last = read
      .hot("select * from entry where conversation_id = ? and kind in ('message', 'file') order by seq desc limit 1")
      .get(conversationId);
    const name = valuesOfAll(read, d.keys, brandId, closureOf(read, brandId, subjectId)).find(
      (v) => v.field === 'name' && isOwn(v),
    )?.value;
    return { line: last && readEntry(last, key), name, tags: tagsOf(read, key, conversationId) };
  } catch {
    return { line: undefined, name: undefined, tags: [] };
  }
}

/** The last words of a chat as this agent reads them: "You" for the reader's own, another agent by name. */
function lastLineOf(line: ReturnType<typeof glanceAt>['line'], me: string, hidden: Contacts | undefined): string {
  if (!line || !isSaid(line)) return '';
  const said = line.kind === 'file' ? `File: ${line.name}` : line.text;
  const by = line.by === me ? 'You' : line.by;
  // Cut last: half of what is hidden would be no less of it.
  return hide(`${line.author === 'agent' ? `${by}: ` : ''}${said}`, hidden).slice(0, 200);
}

/** Who holds a chat, and the line by which somebody else gave it to `me`, until an agent has written since. */
function holding(read: Pick<Tx, 'hot'>, c: Record<string, unknown>, me: Agent): Pick<QueueRow, 'assignee' | 'given'> {
  if (c.assignee === null) return {};
  const last = newestChange(read, c.id as string);
  if (!last?.to) {
    const assignee = agentIn(read, c.brand_id as string, c.assignee as string);
    return assignee ? { assignee } : {};
  }
  const given =
    last.to.id === me.id &&
    last.by?.id !== me.id &&
    !read
      .hot(
        `select 1 as one from entry where conversation_id = ? and kind in ('message', 'file') and seq > ?
         and body_json ->> '$.author' = 'agent' limit 1`,
      )
      .get(c.id as string, last.seq);
  return { assignee: last.to, ...(given && { given: last.seq }) };
}

/** The agent's queue, newest first: every open chat of the brand, whoever holds it; `hidden` is what this agent does not read (R51). */
export function queueOf(
  d: Deps,
  brandId: string,
  me: Agent,
  hidden: ContactsOfChat,
): { rows: QueueRow[]; lastSeq: number } {
  const { read } = d.store;
  const rows = read
    .hot('select * from conversation where brand_id = ? and closed_at is null order by last_seq desc limit 200')
    .all(brandId)
    .map((c): QueueRow => {
      const subjectId = c.subject_id as string;
      const { line, name, tags } = glanceAt(read, d, brandId, subjectId, c.id as string);
      return {
        conversation: c.id as string,
        brand: brandId,
        number: c.number as number,
        title: name ?? stranger(subjectId),
        lastLine: lastLineOf(line, me.name, hidden(c.id as string)),
        lastAt: line?.at ?? (c.opened_at as string),
        lastSeq: c.last_seq as number,
        ...unreadOf(read, c.id as string, c.seen_n as number),
        tags,
        ...holding(read, c, me),
        ...(c.left_offline === 1 && { leftOffline: true as const }),
      };
    });
  const last = read.hot('select coalesce(max(seq), 0) as seq from entry where brand_id = ?').get(brandId);
  return { rows, lastSeq: last?.seq as number };
}

/** One integration of the brand as this person answered it. */
export function stripCell(d: Deps, brandId: string, subjectId: string, id: string, conversationId: string): StripCell {
  const { read } = d.store;
  const row = read
    .hot('select manifest_hash, connection from integration where id = ? and brand_id = ?')
    .get(id, brandId);
  const manifest = read
    .hot('select body_json from manifest where brand_id = ? and hash = ?')
    .get(brandId, row?.manifest_hash as string);
  const { fields } = JSON.parse(manifest?.body_json as string) as {
    fields: { purpose: StripCell['purposes'][number]['purpose'] }[];
  };
  const names = [...new Set(fields.map((f) => f.purpose))];
  const all = names.map((purpose) => readShareFacts(read, d.keys, { brandId, subjectId, integrationId: id, purpose }));
  const purposes = all.map((facts) => {
    const declared = declaredFor(facts.manifest, facts.purpose);
    const state = standingOf(facts, d.now());
    return {
      purpose: facts.purpose,
      because: declared.find((f) => f.need)?.because ?? declared[0]?.because ?? '',
      fields: declared.map((f) => f.name),
      state,
      mayAsk: mayAsk(read, facts, conversationId, d.now()),
      ...receivesOf(declared),
    };
  });
  // The word is about what leaves; what only comes back has its own line in the card (R22).
  const leaving = purposes.filter((p) => !p.receives);
  const heads = all.flatMap((f, n) => (f.head && !purposes[n]?.receives ? [f.head] : []));
  const since = heads
    .map((h) => h.at)
    .sort()
    .at(-1);
  const first = all[0];
  if (!first) problem('internal', 'a manifest without purposes was published');
  // One word for the partner: a yes to anything is a yes, else a no to anything, else a question, else a not now, else nothing.
  const word = (['yes', 'no', 'asked', 'later'] as const).find((s) => leaving.some((p) => p.state === s)) ?? 'open';
  const mark = word === 'yes' || word === 'no' ? word : 'open';
  const off = row?.connection !== 'active';
  return {
    integration: id,
    partner: first.manifest.name,
    sandbox: first.integration.sandbox,
    mark: off ? 'held' : mark,
    state: off ? 'off' : word,
    ...(since ? { since } : {}),
    purposes,
  };
}

/** The strip of one person: every connection of the brand that may share, by name. */
function stripOf(d: Deps, brandId: string, subjectId: string, conversationId: string): StripCell[] {
  return d.store.read
    .hot(
      `select i.id from integration i join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
       where i.brand_id = ? and iif(json_valid(m.body_json), json_array_length(m.body_json, '$.fields') > 0, 0)
       order by i.provider`,
    )
    .all(brandId)
    .flatMap((r) => {
      try {
        return [stripCell(d, brandId, subjectId, r.id as string, conversationId)];
      } catch {
        return []; // unreadable: the gate sends it nothing, and the chat goes on without its cell (R16)
      }
    })
    .filter((cell) => cell.state !== 'off' || cell.since !== undefined);
}

/** A partner's card: lines the partner gave when it last took something, or why there are none (R70). */
function cardOf(d: Deps, brandId: string, subjectId: string, conversationId: string, cell: StripCell): Card {
  const reconnect = reconnecting(d.store.read, brandId, cell.integration);
  const { integration, partner, sandbox } = cell;
  const base = { integration, partner, sandbox, ...(reconnect && { reconnect }) };
  if (cell.state === 'off') return { ...base, rows: [], empty: reasons.D01 };
  const ref =
    cell.state === 'no'
      ? undefined
      : lastReference(d.store.read, d.keys, { brandId, subjectId, integrationId: cell.integration });
  const rows = [...(ref?.card ?? []), ...suppliedRows(ref?.values)];
  const drafts = offered(d.store.read, brandId, ref?.drafts);
  if (ref && rows.length + drafts.length > 0)
    return { ...base, rows, ...(drafts.length > 0 ? { drafts } : {}), at: ref.at };
  if (cell.state === 'yes') return { ...base, rows: [], empty: 'not_sent' };
  const purpose = cell.purposes[0]?.purpose;
  if (!purpose) return { ...base, rows: [], empty: 'not_asked' };
  const share = { brandId, subjectId, integrationId: cell.integration, purpose, conversationId };
  const staying = previewShare(d.store.read, d.keys, share, d.now()).rows.find((r) => !r.leaves);
  const reason = staying && !staying.leaves ? staying.reason : 'not_asked';
  // Of a partner nobody was asked about, or that was put off, only the browser's wish is news.
  const plain = cell.state === 'open' ? 'not_asked' : cell.state === 'later' ? 'not_now' : reason;
  return { ...base, rows: [], empty: reason === reasons.D17 ? reason : plain };
}

/** What an add-on offers for the reply, without the numbers that stand in no message (R52, R72). */
const offered = (read: Pick<Tx, 'hot'>, brandId: string, drafts: NonNullable<Card['drafts']> = []) => {
  const masks = masksOf(brandConfigOrNone(read, brandId));
  return drafts.map(({ label, text }) => ({ label: maskText(label, masks).text, text: maskText(text, masks).text }));
};

/** Where a value came from that the person gave, to the agent; a sandbox partner is marked as one (R15). */
function sourceWords(read: Pick<Tx, 'hot'>, brandId: string, source: string): string {
  const from = sourceOf(read, brandId, source);
  if (from.by === 'visitor') return 'typed';
  return from.by === 'other' ? from.word : `from ${from.name ?? 'a partner'}${from.sandbox ? ' (sandbox)' : ''}`;
}

/** What the partner knows of the person, as rows of its own card: shown there whether or not it may be combined. */
const suppliedRows = (values: Reference['values'] = {}): Card['rows'] =>
  fieldNames.flatMap((field) => {
    const value = values[field];
    return value === undefined ? [] : [{ field, label: visitorFields[field].label, value }];
  });

/** One fact of the person; a partner's word is shown with its name, and only while the yes to it stands (R22). */
function factOf(d: Deps, who: { brandId: string; subjectId: string }, field: Field, v: StoredValue | undefined): Fact {
  const fact = { field, label: visitorFields[field].label };
  if (!v) return fact;
  if (isOwn(v)) return { ...fact, value: v.value, source: sourceWords(d.store.read, who.brandId, v.source), at: v.at };
  const { read } = d.store;
  const integrationId = v.source.slice(fromPartner.length);
  const stands = combinable(
    readShareFacts(read, d.keys, { ...who, integrationId, purpose: combinePurpose }),
    d.now(),
  ).includes(field);
  return stands ? { ...fact, value: v.value, partner: partnerNameOf(read, who.brandId, v.source), at: v.at } : fact;
}

/** What is known of the person, a row for each field; `values` are all there are (R67). */
export const factsOf = (d: Deps, who: { brandId: string; subjectId: string }, values: readonly StoredValue[]): Fact[] =>
  fieldNames
    .filter((field) => !visitorFields[field].freeText)
    .map((field) => {
      const value = values.find((v) => v.field === field);
      return factOf(d, who, field, value);
    });

/** Everything the panel shows of one conversation; `mayClear`: who reads may take a flag away. Raises `not-found` for another brand's (DB4). */
export function conversationView(
  d: Deps,
  brandId: string,
  conversationId: string,
  mayClear: boolean,
  hidden: Contacts | undefined,
): ConversationView {
  const { read } = d.store;
  const c = chatRow(read, { brandId, conversationId });
  const subjectId = c.subject_id as string;
  const key = d.keys.of(read, brandId, subjectId);
  const closure = closureOf(read, brandId, subjectId);
  const values = valuesOfAll(read, d.keys, brandId, closure);
  const entries = newestEntries(read, key, conversationId, 'agent');
  const strip = stripOf(d, brandId, subjectId, conversationId);
  const flagged = flaggedSince(read, { brandId, subjectId });
  return {
    conversation: conversationId,
    brand: brandId,
    number: c.number as number,
    title: values.find((v) => v.field === 'name' && isOwn(v))?.value ?? stranger(subjectId),
    signedIn: closure.root !== subjectId,
    facts: factsOf(d, { brandId, subjectId }, values),
    ...(c.recorded === 0 ? { notRecorded: true } : {}),
    visit: visitFacts(d, { brandId, subjectId, conversationId }, closure, hidden),
    marks: marksOf(c),
    ...(flagged ? { underAge: { since: flagged, mayClear } } : {}),
    strip,
    cards: strip.map((cell) => cardOf(d, brandId, subjectId, conversationId, cell)),
    entries,
    lastSeq: entries.at(-1)?.seq ?? 0,
  };
}
