import type { Colleague, Queue, ServedBrand } from '#contract/calls-agent.ts';
import {
  type CannedReply,
  type ConversationView,
  type Entry,
  isForAgents,
  isSaid,
  type OfBrand,
  type Preview,
  type QueueRow,
} from '#contract/chat.ts';
import type { Purpose } from '#contract/consent.ts';
import type { CardLayout } from '#contract/layout.ts';
import type { SearchHit } from '#contract/search.ts';
import { raised } from '#contract/visit.ts';
import type { Filter } from './holder.ts';

/** What the agent did and the hub has not acknowledged yet; kept in storage under its client id until it has. */
export type Outgoing = {
  clientId: string;
  conversation: string;
  /** Milliseconds since 1970; the order in which things are sent. */
  at: number;
  /** waiting: sent again by itself; failed: refused, sent again only by the agent. */
  state: 'waiting' | 'failed';
  /** One sentence of the hub where it refused. */
  cause?: string;
} & (
  | { kind: 'message' | 'note'; text: string }
  | { kind: 'share'; integration: string; partner: string; purpose: Purpose }
  /** `part`: how much of it has left, 0 to 1. */
  | { kind: 'file'; name: string; bytes: number; part?: number }
);

/** One conversation as far as the panel knows it; `entries` is merged from answers and stream, ordered by seq. */
export interface Talk {
  /** gone: the hub has no such chat any more. */
  status: 'loading' | 'ready' | 'failed' | 'gone';
  view?: ConversationView;
  entries: readonly Entry[];
  /** When `view` was read, in milliseconds since 1970. */
  readAt?: number;
}

/** The send preview while it is open. */
export interface Leave {
  conversation: string;
  integration: string;
  partner: string;
  purpose: Purpose;
  status: 'loading' | 'ready' | 'failed' | 'sending';
  preview?: Preview;
  cause?: string;
}

/** Words that the agent chose on a partner's card, on their way into the reply (R72). */
export interface Fill {
  conversation: string;
  text: string;
  /** The partner whose add-on offered them. */
  from: string;
}

/** A search as far as it came. */
export interface Search {
  words: string;
  /** paused: enough was found for now, or the agent stopped it; done: everything was looked at. */
  status: 'searching' | 'paused' | 'done' | 'failed';
  /** Newest first, each chat once. */
  hits: readonly SearchHit[];
  /** Everything after this was looked at; absent before the first answer. */
  next?: { before: number; at: string };
  /** One sentence of the hub where it refused. */
  cause?: string;
}

/** Everything the panel draws; replaced, never changed. */
export interface PanelState {
  phase: 'loading' | 'ready' | 'failed' | 'gone';
  /** Whose chats these are, by name; empty before the first answer (R64). */
  brands: readonly ServedBrand[];
  /** Names of brands that wait for a second step of this agent; their chats are left out. */
  stepAsked?: readonly string[] | undefined;
  me?: Queue['me'];
  /** Files may be sent. */
  files?: true | undefined;
  rows: readonly QueueRow[];
  /** Which of the rows are shown; kept per browser. */
  filter: Filter;
  /** The brand whose rows alone are shown, by its id; absent: all. Kept per browser. */
  brand?: string | undefined;
  /** Who else answers chats, as last read; absent before that. */
  colleagues?: readonly OfBrand<Colleague>[] | 'failed' | undefined;
  /** Whether what this agent chose, available or away, is on its way, or was not saved. */
  choosing?: 'saving' | 'failed' | undefined;
  selected?: string;
  talks: Readonly<Record<string, Talk>>;
  /** The live stream; `beatAt` is its last sign of life in milliseconds since 1970. */
  link: { up: boolean; beatAt?: number };
  outbox: readonly Outgoing[];
  /** Conversations whose visitor writes just now; that alone is known, never a word (R62). */
  typing: readonly string[];
  drafts: Readonly<Record<string, string>>;
  /** Files picked for the next reply, by conversation: in memory alone, and kept while another chat is open. */
  picked: Readonly<Record<string, readonly File[]>>;
  /** Drafts that another window wrote in the place of one of this window, by the same keys. */
  elsewhere: Readonly<Record<string, string>>;
  /** The brands' canned replies as they were last read; absent before that. */
  replies?: readonly OfBrand<CannedReply>[] | 'failed' | undefined;
  /** How the agent arranged the cards, by brand (R73). */
  layouts: Readonly<Record<string, CardLayout>>;
  /** What the agent looks for in all chats, as far as it came; absent where nothing is looked for. */
  search?: Search | undefined;
  /** The line that a hit leads to, until it was shown. */
  jump?: { conversation: string; seq: number } | undefined;
  fill?: Fill | undefined;
  leave?: Leave;
  /** The share whose result stands above the reply: its id once the hub gave one, else its client id. */
  result?: { conversation: string; clientId: string; share?: string };
  /** One sentence about something that did not work, with the conversation it belongs to. */
  notice?: { conversation: string; text: string };
  /** Entries that came at once after a gap; they are counted aloud instead of being read one by one. */
  caughtUp: number;
}

/** The panel before its first answer. */
export const emptyState: PanelState = {
  phase: 'loading',
  brands: [],
  filter: 'all',
  rows: [],
  talks: {},
  link: { up: false },
  outbox: [],
  typing: [],
  drafts: {},
  picked: {},
  elsewhere: {},
  layouts: {},
  caughtUp: 0,
};

/** What the composer writes: words to the visitor, or a note that only agents see (R66). */
export type Writes = 'message' | 'note';

/** Where the half-written words of a chat are kept: a note has a draft of its own. */
export const draftKey = (conversation: string, kind: Writes): string =>
  kind === 'note' ? `${conversation}/note` : conversation;

/** What other windows wrote in the places of this chat's drafts. */
export function elsewhereOf({ elsewhere }: Pick<PanelState, 'elsewhere'>, id: string): Partial<Record<Writes, string>> {
  const [message, note] = [elsewhere[draftKey(id, 'message')], elsewhere[draftKey(id, 'note')]];
  return { ...(message === undefined ? {} : { message }), ...(note === undefined ? {} : { note }) };
}

/** The id under which its agent's browser sent a line; undefined for what nobody typed. */
export const clientIdOf = (entry: Entry): string | undefined =>
  isSaid(entry) || entry.kind === 'note' ? entry.clientId : undefined;

/** Two lists of entries as one: each seq once, in order. */
function mergeEntries(a: readonly Entry[], b: readonly Entry[]): readonly Entry[] {
  const bySeq = new Map(a.map((e) => [e.seq, e]));
  for (const e of b) bySeq.set(e.seq, e);
  return [...bySeq.values()].sort((x, y) => x.seq - y.seq);
}

/** One line of a chat, from the stream or from an answer; twice is as once, by seq and by client id. */
export function withEntry(state: PanelState, entry: Entry): PanelState {
  const talk = state.talks[entry.conversation];
  const talks = talk
    ? { ...state.talks, [entry.conversation]: { ...talk, entries: mergeEntries(talk.entries, [entry]) } }
    : state.talks;
  const clientId = clientIdOf(entry);
  return {
    ...state,
    talks,
    outbox: clientId ? state.outbox.filter((o) => o.clientId !== clientId) : state.outbox,
  };
}

/** True when a line of this conversation is missing before `entry` (P1: `n` has no gap, and what is for agents counts apart). */
export function leavesGap(state: PanelState, entry: Entry): boolean {
  const talk = state.talks[entry.conversation];
  if (talk?.status !== 'ready') return false;
  const last = talk.entries.findLast((e) => isForAgents(e) === isForAgents(entry));
  return Math.abs(entry.n) > Math.abs(last?.n ?? 0) + 1;
}

/** A conversation as the hub answered it, joined with what the stream brought meanwhile. */
export function withView(state: PanelState, view: ConversationView, at: number): PanelState {
  const old = state.talks[view.conversation];
  const known = new Set(view.entries.flatMap((e) => clientIdOf(e) ?? []));
  const marks = raised(old?.view?.marks, view.marks); // the stream may have told of a later one
  const talk: Talk = {
    status: 'ready',
    view: { ...view, marks },
    entries: mergeEntries(old?.entries ?? [], view.entries),
    readAt: at,
  };
  return {
    ...state,
    talks: { ...state.talks, [view.conversation]: talk },
    outbox: state.outbox.filter((o) => !known.has(o.clientId)),
  };
}

/** True when the hub was heard within the last 60 s and the stream stands: only then the panel says "live" (R75). */
export const isLive = (link: PanelState['link'], now: number): boolean =>
  link.up && link.beatAt !== undefined && now - link.beatAt <= 60_000;

/** True when a send would do something: a field leaves, and nothing that the partner needs is lacking. */
export const mayLeave = (preview: Preview | undefined): boolean =>
  preview !== undefined && preview.lacking.length === 0 && preview.rows.some((r) => r.leaves);
