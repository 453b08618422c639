import * as z from 'zod/mini';
import { call, fileHead, id, none, purpose, text, upTo, word } from './call.ts';
import type { Agent, CannedReply, ConversationView, Entry, OfBrand, Preview, QueueRow } from './chat.ts';
import type { FileLink, ShownFile } from './file.ts';
import { arrangement, type CardLayout } from './layout.ts';
import { type SearchPage, searchInput } from './search.ts';
import type { Marks } from './visit.ts';
import { contactFields, type Field, fieldNames } from './visitor.ts';

/** One brand whose chats an agent sees, and what the agent is there. */
export interface ServedBrand {
  id: string;
  name: string;
  role: string;
  available: boolean;
}

/** What the panel shows first, over all brands of the agent (R64). `lastSeq` is where its stream goes on. */
export interface Queue {
  /** By name; never empty. */
  brands: ServedBrand[];
  /** Names of brands that ask for a second step this agent has not set up; their chats are left out. */
  stepAsked?: string[];
  /** `name` is what visitors read, as in an entry's `by`. */
  me: Agent;
  rows: QueueRow[];
  /** Files may be sent: the hub has a host of their own for them. */
  files?: true;
  lastSeq: number;
}

/** A colleague to whom a chat can be handed, and how many chats are open there. */
export interface Colleague extends Agent {
  available: boolean;
  open: number;
}

/** The calls of the agent's panel. */
export const agentCalls = {
  panelQueue: call<Queue>()({ method: 'GET', path: '/api/panel/queue', caller: 'agent', input: none }),
  panelConversation: call<ConversationView>()({
    method: 'GET',
    path: '/api/panel/conversations/:id',
    caller: 'agent',
    input: none,
  }),
  panelSend: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/messages',
    caller: 'agent',
    input: z.strictObject({ clientId: id, text }),
  }),
  /** An agent writes a reply just now; the visitor reads by what name, nothing is stored (R62). */
  panelTyping: call<{ told: true }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/typing',
    caller: 'agent',
    input: none,
  }),
  /** Lines up to `n` stood on an agent's screen; only ever raised (R62). */
  panelSeen: call<{ marks: Marks }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/seen',
    caller: 'agent',
    input: upTo,
  }),
  /** One file: `input` is the first line of the body, its bytes follow (contract/file.ts). */
  panelFile: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/files',
    caller: 'agent',
    input: fileHead,
  }),
  /** What opens a file of the brand's chats for a minute, on the files' own host. */
  panelFileLink: call<FileLink>()({
    method: 'POST',
    path: '/api/panel/files/:id/link',
    caller: 'agent',
    input: none,
  }),
  /** A picture of the brand's chats, small enough to be shown beside its name (R62); `not-found` for every other file. */
  panelFilePicture: call<ShownFile>()({
    method: 'GET',
    path: '/api/panel/files/:id/picture',
    caller: 'agent',
    input: none,
  }),
  /** A note on this chat, for agents only: no visitor and no partner ever gets it (R66). */
  panelNote: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/notes',
    caller: 'agent',
    input: z.strictObject({ clientId: id, text }),
  }),
  /** Adds a tag to this chat, or takes it away; `tags` is what it has then. Twice is as once, whatever the case (R66). */
  panelTag: call<{ tags: readonly string[] }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/tags',
    caller: 'agent',
    input: z.strictObject({ tag: word, on: z.boolean() }),
  }),
  /**
   * Takes this chat or hands it to a colleague (R66). `from` is who held it on the screen: where somebody else does by
   * now, nothing changes and the answer is `changed-meanwhile`. Twice is as once. `note` is for agents only.
   */
  panelAssign: call<{ assignee: Agent }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/assign',
    caller: 'agent',
    input: z.strictObject({ to: id, from: z.nullable(id), note: z.optional(text) }),
  }),
  /** Everybody of the agent's brands, by name, with who is there; who is in two stands there twice. */
  panelColleagues: call<{ colleagues: OfBrand<Colleague>[] }>()({
    method: 'GET',
    path: '/api/panel/colleagues',
    caller: 'agent',
    input: none,
  }),
  /** Whether this agent takes chats; kept for each of their brands until it is changed. */
  panelAvailability: call<{ available: boolean }>()({
    method: 'POST',
    path: '/api/panel/availability',
    caller: 'agent',
    input: z.strictObject({ available: z.boolean() }),
  }),
  /** Ends this chat, so that it leaves the queue; twice is as once, and a message opens it again. */
  panelEnd: call<{ ended: true }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/end',
    caller: 'agent',
    input: none,
  }),
  /** The brands' canned replies, by name; they fill the composer and never send (R66, R72). */
  panelReplies: call<{ replies: OfBrand<CannedReply>[] }>()({
    method: 'GET',
    path: '/api/panel/replies',
    caller: 'agent',
    input: none,
  }),
  /** Looks through open and ended chats for lines with all words; POST, so that no word stands in an address. */
  panelSearch: call<SearchPage>()({ method: 'POST', path: '/api/panel/search', caller: 'agent', input: searchInput }),
  /** How this agent arranged the cards, by the id of the brand (R73). */
  panelLayout: call<{ layouts: Record<string, CardLayout> }>()({
    method: 'GET',
    path: '/api/panel/layout',
    caller: 'agent',
    input: none,
  }),
  /** Keeps an arrangement of this chat's brand whole: the last save wins, and the agent's other windows are told of it. */
  panelArrange: call<CardLayout>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/layout',
    caller: 'agent',
    input: arrangement,
  }),
  panelAsk: call<{ entry: Entry }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/ask',
    caller: 'agent',
    input: z.strictObject({ integration: id, purpose }),
  }),
  /**
   * A contact in clear, for an agent whose role does not read it, once its reason is written down: the name of who asked
   * and when stand in the audit, the reason is sealed with the person's key (R51, R53). `not-found` where it is unknown.
   */
  panelReveal: call<{ value: string }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/reveal',
    caller: 'agent',
    input: z.strictObject({
      field: z.enum(contactFields),
      reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(500)),
    }),
  }),
  /** This person seems under age: all sharing stops at once (R27). Twice is as once. */
  panelUnderAge: call<{ flagged: true }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/under-age',
    caller: 'agent',
    input: none,
  }),
  /** An owner takes the flag away and says why; only in the console. */
  panelClearUnderAge: call<{ flagged: false }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/under-age/clear',
    caller: 'agent',
    input: z.strictObject({ reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(500)) }),
  }),
  /** Writes down an answer given on the visitor's behalf (GATE.md k.17, k.18); owners and admins only (R68). */
  panelRecord: call<{ stopped: number; validUntil: string | null }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/recorded',
    caller: 'agent',
    input: z.strictObject({
      integration: id,
      purpose,
      by: z.enum(['guardian', 'authorised_agent', 'agent_attested']),
      answer: z.enum(['yes', 'no']),
      fields: z.array(z.enum(fieldNames as [Field, ...Field[]])).check(z.maxLength(40)),
      evidence: z.string().check(z.maxLength(500)),
    }),
  }),
  /** Takes back a merge of who is in this chat with somebody signed in (GATE.md k.10). */
  panelUnmerge: call<{ unmerged: true }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/unmerge',
    caller: 'agent',
    input: none,
  }),
  /** Reads only: the decision the claim would make now. POST because ids and purpose travel in a body. */
  panelPreview: call<Preview>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/preview',
    caller: 'agent',
    input: z.strictObject({ integration: id, purpose }),
  }),
  /** Queues one share and answers at once; its outcome arrives in the stream as a `share` entry. */
  panelShare: call<{ share: string; entry: Entry }>()({
    method: 'POST',
    path: '/api/panel/conversations/:id/shares',
    caller: 'agent',
    input: z.strictObject({ clientId: id, integration: id, purpose }),
  }),
} as const;
