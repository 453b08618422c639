import { randomBytes } from 'node:crypto';
import type { ServedBrand } from '#contract/calls-agent.ts';
import {
  type CannedReply,
  type Card,
  type ConversationView,
  type Entry,
  type EntryBody,
  isForAgents,
  isSaid,
  type Preview,
  type QueueRow,
  type StripCell,
} from '#contract/chat.ts';
import type { Purpose, RuleId } from '#contract/consent.ts';
import type { CardLayout } from '#contract/layout.ts';
import { type ProblemSlug, problems } from '#contract/problem.ts';
import type { SearchHit, SearchPage } from '#contract/search.ts';
import type { Marks, MarksNews, VisitFact } from '#contract/visit.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';

/** One visitor of the fake hub. */
export interface FakeChat {
  id: string;
  brand: string;
  number: number;
  title: string;
  values: Partial<Record<Field, string>>;
  entries: Entry[];
  strip: StripCell[];
  cards: Card[];
  /** Answers per integration and purpose. */
  yes: Map<string, Field[]>;
  no: Map<string, Field[]>;
  visit: VisitFact[];
  marks: Marks;
}

const fresh = (): string => randomBytes(6).toString('hex');
const crm: Purpose = 'CustomerRelationshipManagement';
const care: Purpose = 'CustomerCare';

/** The two shares the fake CRM declares: contact data, and the transcript as a share of its own. */
const declared: { purpose: Purpose; because: string; fields: Field[] }[] = [
  { purpose: crm, because: 'to find or create your contact record', fields: ['name', 'email', 'phone'] },
  { purpose: care, because: 'to keep what was said with your record', fields: ['transcript'] },
];

const cell = (integration: string, partner: string): StripCell => ({
  integration,
  partner,
  sandbox: true,
  mark: 'open',
  state: 'open',
  purposes: declared.map((d) => ({ ...d, state: 'open', mayAsk: true })),
});

/** Queue, conversations and streams in memory, by the contract's types; no network. */
export function fakeState(now: () => number = Date.now) {
  const chats = new Map<string, FakeChat>();
  const listeners = new Set<
    (event: { entry?: Entry; strip?: string; arranged?: true; typing?: string; marks?: MarksNews; gone?: true }) => void
  >();
  const log: Entry[] = [];
  const seen = new Map<string, Entry>();
  const tell = (event: Parameters<Parameters<typeof listeners.add>[0]>[0]): void => {
    for (const l of listeners) l(event);
  };
  const iso = (): string => new Date(now()).toISOString();

  function add(chat: FakeChat, body: EntryBody): Entry {
    const forAgents = body.kind === 'note' || body.kind === 'tagged' || body.kind === 'assigned';
    const before = chat.entries.filter((e) => isForAgents(e) === forAgents).length;
    const n = forAgents ? -before - 1 : before + 1;
    const entry = { seq: log.length + 1, n, conversation: chat.id, at: iso(), ...body };
    chat.entries.push(entry);
    log.push(entry);
    tell({ entry });
    return entry;
  }
  /** Who holds the chat, and the line by which somebody else gave it to Jens. */
  function holding(chat: FakeChat): Pick<QueueRow, 'assignee' | 'given'> {
    const last = chat.entries.findLast((e) => e.kind === 'assigned');
    if (last?.kind !== 'assigned' || !last.to) return {};
    return { assignee: last.to, ...(last.to.id === 'jens' && last.by?.id !== 'jens' ? { given: last.seq } : {}) };
  }
  /** Messages of the visitor after the last of an agent, and after what an agent had on screen. */
  function unreadOf(chat: FakeChat): Pick<QueueRow, 'unread' | 'unreadSeq'> {
    const answered = chat.entries.findLast((e) => isSaid(e) && e.author === 'agent')?.n ?? 0;
    const from = Math.max(answered, chat.marks.seen.n);
    const unread = chat.entries.filter((e) => isSaid(e) && e.author === 'visitor' && e.n > from);
    const last = unread.at(-1);
    return { unread: unread.length, ...(last && { unreadSeq: last.seq }) };
  }
  const find = (id: string): FakeChat | undefined => chats.get(id);

  function preview(chat: FakeChat, integration: string, purpose: Purpose): Preview {
    const said = `${integration} ${purpose}`;
    const use = declared.find((d) => d.purpose === purpose);
    const partner = chat.strip.find((s) => s.integration === integration)?.partner ?? integration;
    const rows = (use?.fields ?? []).map((field): Preview['rows'][number] => {
      const label = visitorFields[field].label;
      if (chat.yes.get(said)?.includes(field))
        return { field, label, leaves: true, value: chat.values[field] ?? '', rule: 'D18' };
      const no = chat.no.get(said)?.includes(field) ?? false;
      const asked = chat.entries.some((e) => e.kind === 'asked' && e.purpose === purpose);
      const rule: RuleId = no ? 'D16' : chat.yes.has(said) ? 'D16' : asked ? 'D19' : 'D20';
      const reason = rule === 'D16' ? 'scope_not_covered' : rule === 'D19' ? 'awaiting_answer' : 'no_consent';
      return { field, label, leaves: false, rule, reason, saidNo: no };
    });
    return { integration, partner, sandbox: true, purpose, because: use?.because ?? '', lacking: [], rows };
  }

  function setState(
    chat: FakeChat,
    integration: string,
    purpose: Purpose,
    state: 'yes' | 'no' | 'asked' | 'open',
  ): void {
    const c = chat.strip.find((s) => s.integration === integration);
    const p = c?.purposes.find((x) => x.purpose === purpose);
    if (!c || !p) return;
    p.state = state;
    p.mayAsk = state === 'open';
    c.state = state;
    c.mark = state === 'yes' || state === 'no' ? state : 'open';
    c.since = iso();
    for (const card of chat.cards) if (card.rows.length === 0) card.empty = state === 'no' ? 'refused' : 'not_sent';
    tell({ strip: chat.id });
  }

  return {
    /** Whose chats the agent sees, the first brand being everybody's who is not told apart. */
    brands: [{ id: 'harbor', name: 'Harbor Motors', role: 'agent', available: true }] as ServedBrand[],
    /** Brands that wait for a second step. */
    stepAsked: undefined as string[] | undefined,
    /** The first brand's canned replies. */
    replies: [] as CannedReply[],
    /** How the agent arranged the cards. */
    layout: { version: 0, order: [], pinned: [], folded: [] } as CardLayout,
    chats,
    log,
    seen,
    listeners,
    tell,
    add,
    find,
    preview,
    setState,
    /** A visitor opens a chat with a first message. */
    visitor(title: string, text: string, values: FakeChat['values'] = {}, brand = 'harbor'): FakeChat {
      const chat: FakeChat = {
        id: fresh(),
        brand,
        number: chats.size + 1,
        title,
        values: { name: title, transcript: '', ...values },
        entries: [],
        strip: [cell('hubspot', 'HubSpot')],
        cards: [{ integration: 'hubspot', partner: 'HubSpot', sandbox: true, rows: [], empty: 'not_asked' }],
        yes: new Map(),
        no: new Map(),
        visit: [{ kind: 'country', value: ['DK'], source: 'network address' }],
        marks: { seen: { n: 0 }, read: { n: 0 } },
      };
      chats.set(chat.id, chat);
      this.says(chat, text);
      return chat;
    },
    /** Messages that hold the words as they are typed, three lines of the log a call. */
    search({ words, before = log.length + 1 }: { words: string; before?: number | undefined }): SearchPage {
      const looked = log.slice(Math.max(0, before - 4), before - 1).toReversed();
      const hits = looked.flatMap((e): SearchHit[] => {
        const at = e.kind === 'message' ? e.text.toLowerCase().indexOf(words.toLowerCase()) : -1;
        const chat = chats.get(e.conversation);
        if (e.kind !== 'message' || at < 0 || !chat) return [];
        const { id: conversation, brand, number, title } = chat;
        const hit = { conversation, brand, number, title, ended: false, at: e.at, kind: e.kind, seq: e.seq, by: e.by };
        return [{ ...hit, text: e.text, marks: [[at, at + words.length]] }];
      });
      const last = looked.at(-1);
      return last && last.seq > 1 ? { hits, next: { before: last.seq, at: last.at } } : { hits };
    },
    says: (chat: FakeChat, text: string): Entry =>
      add(chat, { kind: 'message', author: 'visitor', by: chat.title, text, clientId: fresh() }),
    /** The visitor sends a file. */
    shows: (chat: FakeChat, name: string): Entry =>
      add(chat, {
        kind: 'file',
        author: 'visitor',
        by: chat.title,
        file: fresh(),
        name,
        type: 'image/png',
        bytes: 2_048,
        clientId: fresh(),
      }),
    /** The visitor writes. */
    types: (chat: FakeChat): void => tell({ typing: chat.id }),
    /** One side had lines up to `n` on screen. */
    reads(chat: FakeChat, side: 'seen' | 'read', n = chat.entries.length): void {
      if (n > chat.marks[side].n) chat.marks = { ...chat.marks, [side]: { n, at: iso() } };
      tell({ marks: { conversation: chat.id, ...chat.marks, unread: unreadOf(chat).unread } });
    },
    /** The visitor answers a question. */
    answers(chat: FakeChat, yes: Field[], no: Field[], purpose: Purpose = crm): void {
      const [integration, partner] = ['hubspot', 'HubSpot'];
      chat.yes.set(`${integration} ${purpose}`, yes);
      chat.no.set(`${integration} ${purpose}`, no);
      add(chat, { kind: 'answered', integration, partner, purpose, yes, no, later: false });
      setState(chat, integration, purpose, yes.length > 0 ? 'yes' : 'no');
    },
    /** The visitor turns the partner off. */
    withdraws(chat: FakeChat, stopped = 0): void {
      for (const purpose of [crm, care]) chat.yes.delete(`hubspot ${purpose}`);
      add(chat, { kind: 'withdrawn', integration: 'hubspot', partner: 'HubSpot', alreadyOut: 0, stopped });
      setState(chat, 'hubspot', crm, 'no');
    },
    /** A share came to something. */
    settles(chat: FakeChat, share: string, state: 'sent' | 'withheld' | 'failed', cause?: string): Entry | undefined {
      const first = chat.entries.find((e) => e.kind === 'share' && e.share === share);
      if (first?.kind !== 'share') return undefined;
      const { integration, partner, purpose, withheld, fields } = first;
      const body = { kind: 'share' as const, share, integration, partner, purpose, state, withheld };
      const entry = add(chat, { ...body, fields: state === 'sent' ? fields : [], ...(cause ? { cause } : {}) });
      if (state === 'sent') {
        const rows = [{ label: 'Record', value: chat.title }];
        chat.cards = [{ integration, partner, sandbox: true, rows, at: iso() }];
        tell({ strip: chat.id });
      }
      return entry;
    },
    rows: (): QueueRow[] =>
      [...chats.values()].map((chat): QueueRow => {
        const messages = chat.entries.filter((e) => e.kind === 'message');
        const last = messages.at(-1);
        return {
          conversation: chat.id,
          brand: chat.brand,
          number: chat.number,
          title: chat.title,
          lastLine: last ? (last.author === 'agent' ? `You: ${last.text}` : last.text) : '',
          lastAt: last?.at ?? iso(),
          lastSeq: chat.entries.at(-1)?.seq ?? 0,
          ...unreadOf(chat),
          tags: chat.entries.flatMap((e) => (e.kind === 'tagged' ? [e.tags] : [])).at(-1) ?? [],
          ...holding(chat),
        };
      }),
    view: (chat: FakeChat): ConversationView => ({
      conversation: chat.id,
      brand: chat.brand,
      number: chat.number,
      title: chat.title,
      signedIn: false,
      facts: (['email', 'phone', 'company'] as const).map((field) => {
        const value = chat.values[field];
        return { field, label: visitorFields[field].label, ...(value ? { value, source: 'typed', at: iso() } : {}) };
      }),
      visit: chat.visit,
      marks: chat.marks,
      strip: structuredClone(chat.strip),
      cards: structuredClone(chat.cards),
      entries: [...chat.entries],
      lastSeq: log.length,
    }),
  };
}
/** What fakeState returns. */
export type FakeState = ReturnType<typeof fakeState>;

/** A refusal as the hub words it. */
export const refusal = (slug: ProblemSlug, detail?: string): { body: object; status: number } => {
  const { status, title, remedy } = problems[slug];
  return { body: { type: `/problems/${slug}`, title, status, remedy, ...(detail ? { detail } : {}) }, status };
};
